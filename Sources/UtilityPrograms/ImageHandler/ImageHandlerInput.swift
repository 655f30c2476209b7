import Arrays
import Foundation
import ImageFormats
import Reporting
import StarFormat

/// The images that one run works on, in order, and where they were named.
struct ImageHandlerInput: Sendable {
    enum Source: Sendable {
        case file
        /// All images of one stack.
        case stack
        /// Rows of a table of a STAR file.
        case star(StarDocument, table: String)
    }

    struct Item: Sendable {
        var name: ImageName
        var psiInDegrees = 0.0
        /// Origin in Å, or in pixels in files of RELION 3.0.
        var origin = (x: 0.0, y: 0.0)
        var originIsInAngstrom = true
        /// Number of the optics group in the STAR file.
        var opticsGroup: Int?
        var opticsPixelSizeInAngstrom: Double?
    }

    var path: String
    var source: Source
    var items: [Item]
    /// Label of the STAR file's column of image names.
    var nameLabel = "rlnImageName"

    /// - Parameters:
    ///   - keepsStacksWhole: a stack is one item (a movie to be averaged), not one a section.
    ///   - usesMovieNames: reads `rlnMicrographMovieName`.
    init(path: String, keepsStacksWhole: Bool, usesMovieNames: Bool) throws {
        self.path = path
        if PathName(path).pathExtension.lowercased() == "star" {
            let document = try StarDocument(contentsOf: path)
            let labels = usesMovieNames ? ["rlnMicrographMovieName"] : ["rlnImageName", "rlnMicrographName"]
            guard let (label, table) = labels.lazy.compactMap({ label in
                document.tables.first { $0.contains(label) && !$0.isEmpty }.map { (label, $0) }
            }).first else {
                throw InputError(place: path, found: "no table has a column of images", expected: labels.map { "_" + $0 }.joined(separator: " or "))
            }
            nameLabel = label
            source = .star(document, table: table.name)
            items = try Self.items(of: table, label: label, optics: document.firstTable("optics"))
        } else {
            let name = try ImageName(parsing: path)
            let header = try StackReader(path: name.path, layout: name.index == nil ? .byName : .sections).header
            if name.index == nil && header.shape.z == 1 && header.imageCount > 1 && !keepsStacksWhole {
                source = .stack
                items = (0..<header.imageCount).map { Item(name: ImageName(path: name.path, index: $0)) }
            } else if name.index == nil && path.lowercased().hasSuffix(".mrcs") && !keepsStacksWhole {
                source = .stack
                items = [Item(name: ImageName(path: name.path, index: 0))]
            } else {
                source = .file
                items = [Item(name: name)]
            }
        }
    }

    private static func items(of table: StarTable, label: String, optics: StarTable?) throws -> [Item] {
        let names = try table.strings(label)
        let psi = try table.doublesIfPresent("rlnAnglePsi")
        let inAngstrom = table.contains("rlnOriginXAngst")
        let x = try table.doublesIfPresent(inAngstrom ? "rlnOriginXAngst" : "rlnOriginX")
        let y = try table.doublesIfPresent(inAngstrom ? "rlnOriginYAngst" : "rlnOriginY")
        let groups = try table.intsIfPresent("rlnOpticsGroup")
        var pixelSizes: [Int: Double] = [:]
        if let optics, optics.contains("rlnOpticsGroup") {
            for sizeLabel in ["rlnImagePixelSize", "rlnMicrographPixelSize"] where optics.contains(sizeLabel) {
                for (group, size) in zip(try optics.ints("rlnOpticsGroup"), try optics.doubles(sizeLabel)) {
                    pixelSizes[group] = pixelSizes[group] ?? size
                }
            }
        }
        return try names.indices.map { row in
            var item = Item(name: try ImageName(parsing: names[row]))
            item.psiInDegrees = psi?[row] ?? 0
            item.origin = (x?[row] ?? 0, y?[row] ?? 0)
            item.originIsInAngstrom = inAngstrom
            item.opticsGroup = groups?[row]
            item.opticsPixelSizeInAngstrom = item.opticsGroup.flatMap { pixelSizes[$0] }
            return item
        }
    }

    var isStar: Bool {
        if case .star = source { return true }
        return false
    }
}
