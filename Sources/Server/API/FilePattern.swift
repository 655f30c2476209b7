import Foundation

/// Which files a field takes: `MRC files (*.{mrc,mrcs})`, or shell patterns alone such as `*.star`.
///
/// What stands before the parentheses is for people. Braces hold alternatives; a file that fits one of the patterns fits.
struct FilePattern: Sendable {
    let patterns: [String]

    init(_ text: String) {
        let inner = text.matches(of: /\(([^()]*)\)/).map { String($0.output.1) }
        // Captions may have other words in parentheses: only what looks like a pattern counts.
        let written = (inner.isEmpty ? [text] : inner).filter { $0.contains("*") || $0.contains("?") || $0.contains(".") }
        patterns = written.flatMap { Self.alternatives(of: $0.trimmingCharacters(in: .whitespaces)) }
    }

    func fits(_ name: String) -> Bool { patterns.isEmpty || patterns.contains { fnmatch($0, name, 0) == 0 } }

    /// `a{b,c}` as `ab` and `ac`; a brace without its other half stands for itself.
    private static func alternatives(of pattern: String) -> [String] {
        guard let start = pattern.firstIndex(of: "{"), let end = pattern[start...].firstIndex(of: "}") else { return [pattern] }
        let head = String(pattern[..<start]), tail = String(pattern[pattern.index(after: end)...])
        let choices = pattern[pattern.index(after: start)..<end].split(separator: ",", omittingEmptySubsequences: false)
        return choices.flatMap { alternatives(of: head + String($0) + tail) }
    }
}
