/// How pixels are stored in a file, by the mode numbers of the MRC2014 format.
package enum PixelMode: Int, Sendable, CaseIterable {
    case int8 = 0
    case int16 = 1
    case float32 = 2
    case uint16 = 6
    case float16 = 12
    /// Two unsigned 4-bit pixels a byte, the first in the low half (SerialEM).
    case uint4 = 101

    var bitsPerPixel: Int {
        switch self {
        case .int8: 8
        case .int16, .uint16, .float16: 16
        case .float32: 32
        case .uint4: 4
        }
    }
}
