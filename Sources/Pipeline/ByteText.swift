import Foundation

/// Numbers of bytes for people: `1.3 GB`.
package enum ByteText {
    package static func text(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["bytes", "kB", "MB", "GB"] {
            if value < 1000 { return unit == "bytes" ? "\(bytes) bytes" : String(format: "%.1f ", value) + unit }
            value /= 1000
        }
        return String(format: "%.1f TB", value)
    }
}
