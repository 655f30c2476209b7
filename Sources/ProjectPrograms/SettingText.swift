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

    /// `KEY=VALUE`, a word each.
    static func changes(_ words: [String]) throws -> [(key: String, value: String)] {
        try words.map { word in
            guard let sign = word.firstIndex(of: "="), sign > word.startIndex else {
                throw InputError(place: "--set", found: "\"\(word)\"", expected: "KEY=VALUE, such as nr_classes=50")
            }
            let value = String(word[word.index(after: sign)...])
            return (String(word[..<sign]), ["true": "Yes", "false": "No"][value.lowercased()] ?? value)
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
