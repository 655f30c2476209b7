import Foundation
import ProgramKit
import Reporting
import StarFormat

/// The page of `relion gui` that shows a file, and the way to it.
struct ViewerAddress {
    /// From the project's folder, which is the present one.
    let fragment: String

    /// - Parameter folder: the project's folder, where the server is started.
    /// - Throws: `InputError` for what cannot be shown.
    init(input file: String, options: ViewerOptions, folder: String = FileManager.default.currentDirectoryPath) throws {
        var check = InputCheck()
        check.require(FileManager.default.fileExists(atPath: file), file, found: "there is no such file")
        let input = file.hasPrefix(folder + "/") ? String(file.dropFirst(folder.count + 1)) : file
        check.require(!input.hasPrefix("/") && !input.split(separator: "/").contains(".."), "--i \(input)", found: "lies outside this folder",
                      expected: "a name from the project's folder", remedy: "Go to the folder of the project first")
        check.require(options.scale.isFinite && options.scale > 0, "--scale \(options.scale)", found: "is no size", expected: "a number above 0")
        check.require(options.columns > 0, "--col \(options.columns)", found: "is no number of images", expected: "1 or more")
        check.require(options.black == options.white || options.black < options.white, "--white \(options.white)", found: "is not above black (\(options.black))")
        for (name, value) in [("--lowpass", options.lowPass), ("--highpass", options.highPass), ("--sigma_contrast", options.sigma)] {
            check.require(value.isFinite && value >= 0, "\(name) \(value)", found: "is below 0", expected: "0 or more")
        }
        try check.finish()
        guard input.hasSuffix(".star") else {
            let isStack = ["mrcs", "st", "stk"].contains(PathName(input).pathExtension.lowercased())
            fragment = isStack ? Self.gallery(input, block: nil, column: nil, options) : "#/file/" + Self.encoded(input)
            return
        }
        fragment = try Self.page(ofStarFile: input, at: file, options)
    }

    private static func page(ofStarFile input: String, at file: String, _ options: ViewerOptions) throws -> String {
        let document = try StarDocument(contentsOf: file)
        if options.showsClasses || document.contains("optimiser_general") {
            var model = input
            if document.contains("optimiser_general") { model = try document.table("optimiser_general").strings("rlnModelStarFile").first ?? input }
            return gallery(model, block: "model_classes", column: "rlnReferenceImage", options)
        }
        return gallery(input, block: options.table.isEmpty ? nil : options.table, column: options.imageLabel, options)
    }

    private static func gallery(_ path: String, block: String?, column: String?, _ options: ViewerOptions) -> String {
        func label(_ text: String) -> String? { text.isEmpty ? nil : text.hasPrefix("_") ? String(text.dropFirst()) : text }
        func number(_ value: Double) -> String? { value == 0 ? nil : "\(value)" }
        let hasRange = options.black != options.white
        let values: [(String, String?)] = [
            ("block", block), ("column", column), ("caption", label(options.textLabel)), ("sort", label(options.sortLabel)),
            ("descending", options.isReversed ? "1" : nil), ("sigma", "\(options.sigma)"), ("black", hasRange ? "\(options.black)" : nil),
            ("white", hasRange ? "\(options.white)" : nil), ("lowpass", number(options.lowPass)), ("highpass", number(options.highPass)),
            ("columns", String(options.columns)), ("scale", options.scale == 1 ? nil : "\(options.scale)"),
        ]
        let query = values.compactMap { name, value in value.map { "\(name)=\(encoded($0))" } }.joined(separator: "&")
        return "#/gallery/\(encoded(path))?\(query)"
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~/"))) ?? text
    }

    /// Starts the server in this program's place: it ends as the program would, with Ctrl-C.
    /// - Throws: `InputError` when it cannot be started.
    func open() throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let words: [String] = ["relion", "gui", "--show", fragment]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        execv(own, &arguments)
        let code = errno
        for argument in arguments { free(argument) }
        throw InputError(place: own, found: String(cString: strerror(code)), expected: "the server of relion gui")
    }
}
