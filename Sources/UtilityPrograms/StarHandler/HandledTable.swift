import ImageFormats
import Metadata
import ProgramKit
import Reporting
import StarFormat

/// The table that `relion_star_handler` works on: images with optics groups, or any plain table.
struct HandledTable {
    private enum Content {
        case images(ParticleTable)
        case plain(StarTable)
    }

    private var content: Content

    /// - Parameter tableName: read where there are no optics groups; empty: the first table.
    init(contentsOf path: String, ignoringOptics: Bool, tableName: String, reporter: Reporter) throws {
        let document = try StarDocument(contentsOf: path)
        if !ignoringOptics {
            if let images = try Self.images(document, reporter: reporter) {
                content = .images(images)
                return
            }
            reporter.warning("\(path) has no optics groups: it is taken as a plain table.")
        }
        let wanted = tableName.isEmpty ? document.tables.first(where: { !$0.isEmpty }) : try document.table(tableName)
        guard let table = wanted, !table.isEmpty else {
            throw InputError(place: path, found: "there are no rows", expected: "a table with rows")
        }
        content = .plain(table)
    }

    init(_ images: ParticleTable) { content = .images(images) }
    init(_ table: StarTable) { content = .plain(table) }

    /// Nil for a file that is not one of images with optics groups and cannot be made one.
    private static func images(_ document: StarDocument, reporter: Reporter) throws -> ParticleTable? {
        let contents = ParticleTable.Content.allCases.filter { document.contains($0.rawValue) }
        if let optics = document.firstTable("optics"), !optics.isEmpty {
            return contents.isEmpty ? nil : try ParticleTable(document, content: nil)
        }
        guard let table = document.tables.first(where: { !$0.isEmpty }), table.version < StarTable.currentVersion,
            ["rlnVoltage", "rlnSphericalAberration", "rlnDetectorPixelSize", "rlnMagnification"].allSatisfy(table.contains)
        else { return nil }
        reporter.warning(
            "\(document.name) is of RELION 3.0 or older: optics groups are made from its columns. Check the table data_optics.")
        return try ParticleTable(document, content: nil) { try ImageHeader.sizeIfPresent(of: $0) }
    }

    var images: ParticleTable? {
        if case .images(let images) = content { images } else { nil }
    }

    var rows: StarTable {
        get {
            switch content {
            case .images(let images): images.rows
            case .plain(let table): table
            }
        }
        set {
            switch content {
            case .images(var images):
                images.rows = newValue
                content = .images(images)
            case .plain: content = .plain(newValue)
            }
        }
    }

    func selecting(rows: [Int]) -> HandledTable {
        switch content {
        case .images(let images): HandledTable(images.selecting(rows: rows))
        case .plain(let table): HandledTable(table.selecting(rows: rows))
        }
    }

    mutating func removeUnusedOpticsGroups() throws {
        guard case .images(var images) = content else { return }
        try images.removeUnusedOpticsGroups()
        content = .images(images)
    }

    var document: StarDocument {
        switch content {
        case .images(let images): images.document
        case .plain(let table): StarDocument(tables: [table])
        }
    }
}

extension ImageHeader {
    /// Box size and dimensionality of an image, nil where the file is not there.
    /// - Throws: `InputError` for images that are not square, or of odd size.
    static func sizeIfPresent(of name: String) throws -> (size: Int, dimensionality: Int)? {
        guard let header = try? ImageFile.readHeader(name) else { return nil }
        let (x, y, z) = (header.shape.x, header.shape.y, header.shape.z)
        guard x == y, z == 1 || z == x, x % 2 == 0 else {
            throw InputError(place: name, found: "an image of \(header.shape) pixels", expected: "a square (or cube) of even size")
        }
        return (x, z == 1 ? 2 : 3)
    }
}
