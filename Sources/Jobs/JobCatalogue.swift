import Reporting

/// All job types.
package struct JobCatalogue: Sendable {
    package let types: [JobType]
    /// Job types in the order of the list for single particles.
    package let order: [JobType]
    /// Job types in the order of the list for tomography.
    package let tomoOrder: [JobType]

    private let byLabel: [String: Int]

    /// The catalogue of this version. Read once; its text is checked by a test, so that reading cannot fail here.
    package static let standard: JobCatalogue = {
        do {
            return try JobCatalogue(pages: CataloguePage.all, shared: CataloguePage.shared, lists: CataloguePage.lists)
        } catch {
            preconditionFailure("job catalogue: \(error)")
        }
    }()

    init(pages: [CataloguePage], shared: CataloguePage, lists: CataloguePage) throws {
        var parser = try CatalogueParser(shared: shared)
        let types = try pages.map { try parser.jobType($0) }
        self.types = types
        byLabel = Dictionary(types.enumerated().map { ($1.label, $0) }, uniquingKeysWith: { first, _ in first })
        let lists = try CatalogueParser.lists(lists, types: types)
        order = lists.order
        tomoOrder = lists.tomo
    }

    /// The type of a label; labels of jobs may have more parts than their type's (`relion.class2d.helical`).
    package func type(label: String) -> JobType? {
        var name = Substring(label)
        while true {
            if let index = byLabel[String(name)] { return types[index] }
            guard let dot = name.lastIndex(of: ".") else { return nil }
            name = name[..<dot]
        }
    }

    /// The type of a number in files before RELION 3.1.
    package func type(number: Int) -> JobType? { types.first { $0.number == number } }

    /// The types whose jobs lie in a folder of the project.
    package func types(folder: String) -> [JobType] { types.filter { $0.folder == folder } }

    /// As `type(label:)`.
    /// - Throws: `InputError` naming the place and the nearest labels.
    package func requireType(label: String, place: String) throws -> JobType {
        if let type = type(label: label) { return type }
        let nearest = Spelling.nearest(to: label, among: types.map(\.label))
        throw InputError(
            place: place, found: "job type \"\(label)\"", expected: "a job type of this version",
            remedy: nearest.map { "Did you mean \($0)?" } ?? "")
    }
}

/// A file of the catalogue: its name, for messages, and text.
struct CataloguePage: Sendable {
    let name: String
    let text: String
}
