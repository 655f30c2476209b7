import Reporting

/// Settings as people type them.
enum SettingText {
    /// `KEY == VALUE; KEY == VALUE`, as in schedules.
    static func changes(_ text: String) throws -> [(key: String, value: String)] {
        try text.split(separator: ";").filter { !$0.allSatisfy(\.isWhitespace) }.map { part in
            guard let sign = part.firstRange(of: "==") else {
                throw InputError(place: "--addJobOptions", found: "\"\(part)\"", expected: "KEY == VALUE; KEY == VALUE")
            }
            return (trimmed(part[..<sign.lowerBound]), trimmed(part[sign.upperBound...]))
        }
    }

    /// `KEY=VALUE`, a word each, for jobs: `true` and `false` are Yes and No there.
    static func changes(_ words: [String]) throws -> [(key: String, value: String)] {
        try pairs(words, place: "--set", example: "nr_classes=50").map { ($0.key, ["true": "Yes", "false": "No"][$0.value.lowercased()] ?? $0.value) }
    }

    /// `KEY=VALUE`, a word each, as it is.
    static func pairs(_ words: [String], place: String, example: String) throws -> [(key: String, value: String)] {
        try words.map { word in
            guard let sign = word.firstIndex(of: "="), sign > word.startIndex else {
                throw InputError(place: place, found: "\"\(word)\"", expected: "KEY=VALUE, such as \(example)")
            }
            return (String(word[..<sign]), String(word[word.index(after: sign)...]))
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
