import Foundation

/// File names by a shell pattern.
enum FilePattern {
    /// The files that a pattern (`*`, `?`, `[…]`, a leading `~`) stands for, in alphabetical order.
    static func matches(_ pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard !pattern.isEmpty, glob(pattern, GLOB_TILDE, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { index in found.gl_pathv[index].map { String(cString: $0) } }
    }
}
