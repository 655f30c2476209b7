/// How a movie's pixels are stored.
package enum MoviePixel: String, Sendable, CaseIterable {
    case uint4, int8, uint8, int16, uint16, float16, float32
    /// Electron events, drawn into counts as the frames are read.
    case events

    package var isInteger: Bool { self != .float16 && self != .float32 }

    /// Bits in the file; 0 for events.
    var bits: Int {
        switch self {
        case .events: 0
        case .uint4: 4
        case .int8, .uint8: 8
        case .int16, .uint16, .float16: 16
        case .float32: 32
        }
    }

    /// The MRC mode that holds the same values.
    var nearestMode: PixelMode {
        switch self {
        case .uint4: .uint4
        case .int8: .int8
        case .uint8, .int16: .int16
        case .uint16: .uint16
        case .float16: .float16
        case .float32, .events: .float32
        }
    }

    init(_ mode: PixelMode) {
        self =
            switch mode {
            case .int8: .int8
            case .int16: .int16
            case .uint16: .uint16
            case .float16: .float16
            case .float32: .float32
            case .uint4: .uint4
            }
    }
}
