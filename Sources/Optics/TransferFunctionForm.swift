extension ContrastTransferFunction {
    /// Which function of the transfer is wanted.
    package enum Form: Sendable, Hashable {
        case signed
        case magnitude
        /// ±1: for phase flipping.
        case signOnly

        @inline(__always) func applied(to value: Double) -> Double {
            switch self {
            case .signed: value
            case .magnitude: abs(value)
            case .signOnly: value < 0 ? -1 : 1
            }
        }
    }

    /// Frequencies whose contrast is left as it is (transfer 1).
    package enum IntactRange: Sendable, Hashable {
        case none
        /// Below the first peak, |γ| < π/2: for negative stain and inaccurate low-resolution transfer.
        case untilFirstPeak
        case afterFirstPeak

        @inline(__always) func contains(_ gamma: Double) -> Bool {
            switch self {
            case .none: false
            case .untilFirstPeak: abs(gamma) < .pi / 2
            case .afterFirstPeak: abs(gamma) > .pi / 2
            }
        }
    }
}
