import Reporting

/// An image as STAR files name it: `file.mrc`, or `N@stack.mrcs` with N counted from 1.
package struct ImageName: Hashable, Sendable, CustomStringConvertible {
    package var path: String
    /// Position in the stack counted from 0; nil for the whole file.
    package var index: Int?

    package init(path: String, index: Int? = nil) {
        self.path = path
        self.index = index
    }

    /// - Throws: `InputError` when what stands before `@` is not a number of 1 or more.
    package init(parsing text: String) throws {
        guard let at = text.firstIndex(of: "@") else {
            self.init(path: text)
            return
        }
        let number = text[..<at]
        let path = String(text[text.index(after: at)...])
        guard let position = Int(number), position >= 1, !path.isEmpty else {
            throw InputError(place: "image name \"\(text)\"", found: "\"\(number)\" before the @",
                             expected: "a position in the stack, counted from 1, as in 000001@stack.mrcs")
        }
        self.init(path: path, index: position - 1)
    }

    /// `000012@stack.mrcs`, as RELION writes it.
    package var description: String {
        guard let index else { return path }
        let digits = String(index + 1)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits + "@" + path
    }
}
