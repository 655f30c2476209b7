/// Something wrong with what the user gave: a file, a value, an option.
///
/// Reads `particles.star:41  _rlnDefocusU = "abc": expected a number in Å. Correct the value or remove the row.`
package struct InputProblem: Sendable, Hashable, CustomStringConvertible {
    /// File (with line or image number) or option, as the user knows it.
    package var place: String
    /// What was found there.
    package var found: String
    /// What was expected instead.
    package var expected: String
    /// What the user can do about it; may be empty.
    package var remedy: String

    package init(place: String, found: String, expected: String = "", remedy: String = "") {
        self.place = place
        self.found = found
        self.expected = expected
        self.remedy = remedy
    }

    package var description: String {
        var text = "\(place)  \(found)"
        if !expected.isEmpty { text += ": expected \(expected)" }
        if !text.hasSuffix(".") { text += "." }
        if !remedy.isEmpty { text += " " + remedy + (remedy.hasSuffix(".") ? "" : ".") }
        return text
    }
}

/// The user's or the system's fault: all problems that one check found, reported together.
package struct InputError: Error, Sendable, CustomStringConvertible {
    package let problems: [InputProblem]

    package init(_ problems: [InputProblem]) { self.problems = problems }

    package init(place: String, found: String, expected: String = "", remedy: String = "") {
        problems = [InputProblem(place: place, found: found, expected: expected, remedy: remedy)]
    }

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
