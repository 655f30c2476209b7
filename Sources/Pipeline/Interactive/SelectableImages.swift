import Foundation
import Metadata
import Reporting
import StarFormat

/// What a person chooses among in a Select job: the classes of a classification, or micrographs.
package struct SelectableImages: Sendable {
    package enum Kind: String, Sendable { case classes, micrographs }

    /// As the Select job's options name it: an optimiser (or model), or a STAR file of micrographs.
    package let input: String
    package let kind: Kind
    /// `12@stack.mrcs`, a map or a micrograph, in the order of the marks.
    package private(set) var images: [String]
    /// Columns of numbers, in the order of the images; those of empty classes may be infinite.
    package private(set) var values: [(label: String, values: [Double])] = []

    package static let marksFile = "backup_selection.star"
    /// Of classes: particles whose best class it is.
    package static let particleCountLabel = "particles"

    /// - Throws: `InputError` for a file that holds neither.
    package init(_ project: Project, input: String) throws {
        self.input = input
        var document = try StarDocument(contentsOf: project.path(input))
        var data: String?
        if let optimiser = document.firstTable("optimiser_general") {
            guard let model = optimiser.string("rlnModelStarFile", row: 0) else {
                throw InputError(place: input, found: "there is no _rlnModelStarFile", expected: "the optimiser of a classification")
            }
            data = optimiser.string("rlnExperimentalDataStarFile", row: 0)
            document = try StarDocument(contentsOf: project.path(model))
        }
        if let classes = document.firstTable("model_classes") {
            kind = .classes
            images = try classes.strings("rlnReferenceImage")
            if let data, project.exists(data) { values.append((Self.particleCountLabel, try Self.counts(project.path(data), classes: images.count))) }
            values += Self.numbers(of: classes)
        } else if let table = document.tables.first(where: { $0.contains("rlnMicrographName") && !$0.contains("rlnImageName") }) {
            kind = .micrographs
            images = try table.strings("rlnMicrographName")
            values = Self.numbers(of: table)
        } else {
            throw InputError(place: input, found: "neither classes nor micrographs", expected: "an optimiser or model, or a STAR file of micrographs")
        }
    }

    private static func numbers(of table: StarTable) -> [(label: String, values: [Double])] {
        table.labels.compactMap { label in
            guard let values = try? table.doublesIfPresent(label), values.contains(where: { $0 != values[0] }) else { return nil }
            return (label, values)
        }
    }

    private static func counts(_ path: String, classes: Int) throws -> [Double] {
        guard let table = try StarDocument(contentsOf: path).tables.first(where: { $0.contains("rlnClassNumber") }) else {
            return [Double](repeating: 0, count: classes)
        }
        var counts = [Double](repeating: 0, count: classes)
        for number in try table.ints("rlnClassNumber") where (1...classes).contains(number) { counts[number - 1] += 1 }
        return counts
    }

    /// The marks that a Select job was made with; nil without any that fit.
    package func marks(of job: String, in project: Project) -> [Bool]? {
        guard let document = try? StarDocument(contentsOf: project.path(PathName.joined(job, Self.marksFile))),
            let table = document.tables.first(where: { $0.contains("rlnSelected") }), let marks = try? table.ints("rlnSelected"),
            marks.count == images.count
        else { return nil }
        return marks.map { $0 != 0 }
    }

    package static func write(_ marks: [Bool], of job: String, in project: Project) throws {
        var table = StarTable(name: "")
        table.set("rlnSelected", ints: marks.map { $0 ? 1 : 0 })
        try StarDocument(tables: [table]).write(to: project.path(PathName.joined(job, marksFile)))
    }
}
