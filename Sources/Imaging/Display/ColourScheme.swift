/// False colours for grey levels, by the names users know.
package enum ColourScheme: String, Sendable, CaseIterable {
    case grey
    /// Black, grey, white, red: high values stand out.
    case fire
    /// Blue, black, grey, white: low values stand out.
    case ice
    /// Blue, grey, red.
    case fireAndIce
    case rainbow
    /// Cyan, blue, black, red, yellow: for difference images.
    case difference

    /// Red, green and blue of a grey level.
    package func colour(_ level: UInt8) -> SIMD3<UInt8> {
        let grey = Int(level)
        switch self {
        case .grey: return SIMD3(repeating: level)
        case .fire:
            return grey < 128 ? Self.rgb(2 * grey, 2 * grey, 2 * grey) : Self.rgb(255, 2 * (255 - grey), 2 * (255 - grey))
        case .ice:
            return grey < 128 ? Self.rgb(0, 255 - 2 * grey, 255 - 2 * grey)
                : Self.rgb(2 * (grey - 128), 2 * (grey - 128), 2 * (grey - 128))
        case .fireAndIce:
            // Three ramps of 85 levels.
            let ramp = 3 * (grey % 85)
            switch grey / 85 {
            case 0: return Self.rgb(0, 255 - ramp, 255 - ramp)
            case 1: return Self.rgb(ramp, ramp, ramp)
            case 2: return Self.rgb(255, 255 - ramp, 255 - ramp)
            default: return Self.rgb(255, 0, 0)
            }
        case .rainbow:
            // Red for low to blue for high inverted levels, four ramps of 64.
            let inverted = 255 - grey
            let ramp = 255 * (inverted % 64) / 64
            switch inverted / 64 {
            case 0: return Self.rgb(255, ramp, 0)
            case 1: return Self.rgb(255 - ramp, 255, 0)
            case 2: return Self.rgb(0, 255, ramp)
            default: return Self.rgb(0, 255 - ramp, 255)
            }
        case .difference:
            let outer = 3 * (grey - 128)
            return Self.rgb(outer, 3 * (abs(grey - 128) - 42), -outer)
        }
    }

    /// Interleaved red, green, blue of all `levels`.
    package func colours(_ levels: [UInt8]) -> [UInt8] {
        let table = (0...255).map { colour(UInt8($0)) }
        return levels.flatMap { level in
            let colour = table[Int(level)]
            return [colour.x, colour.y, colour.z]
        }
    }

    private static func rgb(_ red: Int, _ green: Int, _ blue: Int) -> SIMD3<UInt8> {
        func clamp(_ value: Int) -> UInt8 { UInt8(min(255, max(0, value))) }
        return SIMD3(clamp(red), clamp(green), clamp(blue))
    }
}
