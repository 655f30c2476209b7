import Arrays
import Foundation
import ImageFormats
import Reporting
import StarFormat

/// Where the processed images go: which images make up which file.
struct ImageHandlerOutput: Sendable {
    struct File: Sendable {
        var path: String
        /// Positions in the input's items, in the order in which they are stored.
        var items: [Int]
        var isStack: Bool
        /// `--o N@stack.mrcs`: one image of an existing stack is replaced, or added at its end.
        var replacedIndex: Int?
    }

    var files: [File]
    /// New name of each item.
    var names: [ImageName]

    /// Lays the output out as RELION does.
    /// - Throws: `InputError` when the name does not fit the input.
    init(for input: ImageHandlerInput, output: String) throws {
        let pathExtension = PathName(output).pathExtension.lowercased()
        let target = try ImageName(parsing: output)
        if pathExtension == "mrcs" && target.index == nil {
            files = [File(path: output, items: Array(input.items.indices), isStack: true)]
            names = input.items.indices.map { ImageName(path: output, index: $0) }
            return
        }
        if case .file = input.source {
            files = [File(path: target.path, items: [0], isStack: target.index != nil, replacedIndex: target.index)]
            names = [target]
            return
        }
        guard target.index == nil, pathExtension != "png", !output.contains("/") else {
            throw InputError(
                place: "--o \(output)", found: "the input is more than one image",
                expected: "a name ending in .mrcs for one stack, or text without \"/\" to insert before the extension of every file")
        }
        (files, names) = ([], [])
        var fileOfPath: [String: Int] = [:]
        for (position, item) in input.items.enumerated() {
            let path = Self.inserting("_" + output, into: item.name.path)
            if item.name.index == nil {
                files.append(File(path: path, items: [position], isStack: false))
                names.append(ImageName(path: path))
                continue
            }
            let file = fileOfPath[path] ?? files.count
            if file == files.count {
                fileOfPath[path] = file
                files.append(File(path: path, items: [], isStack: true))
            }
            names.append(ImageName(path: path, index: files[file].items.count))
            files[file].items.append(position)
        }
    }

    /// `Extract/stack_lp.mrcs` for `_lp` and `Extract/stack.mrcs`.
    static func inserting(_ text: String, into path: String) -> String {
        let stem = PathName(path).stem
        let suffix = PathName(path).pathExtension
        return suffix.isEmpty ? stem + text : stem + text + "." + suffix
    }

    /// The STAR file of the processed images: `particles_lp.star`, or beside a stack in another folder.
    static func starPath(input: String, output: String) -> String {
        output.contains("/") ? PathName(output).stem + ".star" : inserting("_" + output, into: input)
    }

    /// The input's STAR file with the new names and, in the optics groups, the new box and pixel sizes.
    ///
    /// - Parameter changes: per optics group number, the box and pixel size of its processed images.
    func document(
        for input: ImageHandlerInput, changes: [Int: (box: Int, pixelSizeInAngstrom: Double?)]
    ) throws -> StarDocument? {
        guard case .star(var document, let name) = input.source else { return nil }
        var table = try document.table(name)
        table.set(input.nameLabel, strings: names.map(\.description))
        document.set(table)
        if var optics = document.firstTable("optics"), !changes.isEmpty {
            let groups = try optics.ints("rlnOpticsGroup")
            if optics.contains("rlnImageSize") {
                let old = try optics.ints("rlnImageSize")
                optics.set("rlnImageSize", ints: zip(groups, old).map { changes[$0]?.box ?? $1 })
            }
            if let label = ["rlnImagePixelSize", "rlnMicrographPixelSize"].first(where: optics.contains) {
                let old = try optics.doubles(label)
                optics.set(label, doubles: zip(groups, old).map { changes[$0]?.pixelSizeInAngstrom ?? $1 })
            }
            document.set(optics)
        }
        return document
    }
}
