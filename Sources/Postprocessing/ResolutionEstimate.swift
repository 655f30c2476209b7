/// Where a correlation curve first falls below the threshold of 0.143.
package struct ResolutionEstimate: Sendable, Equatable {
    /// The last shell before the fall.
    package let shell: Int
    /// Of that shell; 999 when even the first one is below.
    package let resolutionInAngstrom: Double
    /// Of the crossing, by linear interpolation to the next shell.
    package let interpolatedInAngstrom: Double

    package init(_ curve: [Double], box: Int, pixelSizeInAngstrom: Double) {
        let threshold = PostprocessingSettings.resolutionThreshold, none = 999.0
        let crossing = curve.indices.dropFirst().first { !(curve[$0] >= threshold) } ?? curve.count
        let shell = crossing - 1
        let side = Double(box) * pixelSizeInAngstrom
        self.shell = shell
        resolutionInAngstrom = shell > 0 ? side / Double(shell) : none
        if crossing < curve.count, curve[crossing].isFinite {
            let above = curve[shell] - threshold, below = curve[crossing] - threshold
            let position = Double(shell) + (above > below ? above / (above - below) : 0)
            interpolatedInAngstrom = position > 0 ? side / position : none
        } else {
            interpolatedInAngstrom = resolutionInAngstrom
        }
    }
}
