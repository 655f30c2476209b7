import Foundation

/// A job's folder taken apart: `Class2D/job010/` has the folder `Class2D` and the number 10.
package struct JobName: Sendable, Hashable {
    /// What stands before `/jobNNN`; may have several parts.
    package let folder: String
    package let number: Int
    /// The folder with a slash at the end, spelled as it was found.
    package let path: String
    /// What follows the job's folder in a longer path: `run_it025_data.star`.
    package let rest: String

    /// - Parameter number: written with at least three digits.
    package init(folder: String, number: Int) {
        self.folder = folder
        self.number = number
        rest = ""
        path = "\(folder)/\(Self.digits(number))/"
    }

    private static func digits(_ number: Int) -> String {
        let text = String(number)
        return "job" + String(repeating: "0", count: max(0, 3 - text.count)) + text
    }

    /// Finds the first part of a path that is `job` with at least three digits; nil where there is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let index = parts.firstIndex(where: { Self.number(of: $0) != nil }), index > 0,
            let number = Self.number(of: parts[index])
        else { return nil }
        folder = parts[..<index].joined(separator: "/")
        self.number = number
        path = parts[...index].joined(separator: "/") + "/"
        rest = parts[(index + 1)...].joined(separator: "/")
    }

    /// The number in `job010`; nil for anything else.
    package static func number(of part: some StringProtocol) -> Int? {
        guard part.hasPrefix("job") else { return nil }
        let digits = part.dropFirst(3)
        guard digits.count >= 3, digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
        return Int(digits)
    }
}
