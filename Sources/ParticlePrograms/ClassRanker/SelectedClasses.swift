import Arrays
import ImageFormats
import Imaging
import Metadata
import Reporting
import Selection
import StarFormat

/// The files that a selection of classes consists of: class averages, particles, and the marks from which it can be changed.
struct SelectedClasses {
    let model: ModelFile
    /// Indices of the classes, from 0, in the order of `class_averages.star`.
    let indices: [Int]
    /// One a class; nil: no column of scores.
    var scores: [Double?]?

    /// - Parameter recentres: averages are moved so that the centre of their positive values is in the middle, and written beside
    ///   the file as a stack.
    func writeAverages(to path: String, recentres: Bool = false) throws {
        let classes = indices.map { model.classes[$0] }
        var table = StarTable(name: "")
        var names = classes.map(\.referenceImage)
        if recentres, !names.isEmpty {
            let stack = PathName(path).stem + ".mrcs"
            let read = try names.map { try ImageFile.read($0) }
            try ImageFile.writeStack(
                read.map { $0.image.translated(by: -$0.image.centreOfMass()) }, to: stack, pixelSizeInAngstrom: read[0].header.pixelSizeInAngstrom)
            names = names.indices.map { ImageLocations.name(slice: $0, file: stack) }
        }
        table.set("rlnReferenceImage", strings: names)
        if let scores { table.set("rlnPredictedClassScore", doubles: indices.map { scores[$0] ?? 0 }) }
        table.set("rlnClassDistribution", doubles: classes.map(\.distribution))
        table.set("rlnAccuracyRotations", doubles: classes.map(\.rotationAccuracy))
        table.set("rlnAccuracyTranslationsAngst", doubles: classes.map(\.translationAccuracy))
        table.set("rlnEstimatedResolution", doubles: classes.map(\.estimatedResolution))
        try StarDocument(tables: [table]).write(to: path)
    }

    /// `backup_selection.star`: 0 or 1 for each class of the model.
    func writeMarks(to path: String) throws {
        var table = StarTable(name: "")
        let chosen = Set(indices)
        table.set("rlnSelected", ints: model.classes.indices.map { chosen.contains($0) ? 1 : 0 })
        try StarDocument(tables: [table]).write(to: path)
    }

    /// Indices of the classes that such a file marks.
    static func readMarks(_ path: String, classCount: Int) throws -> [Int] {
        let document = try StarDocument(contentsOf: path)
        guard let table = document.tables.first(where: { $0.contains("rlnSelected") }) else {
            throw InputError(place: path, found: "there is no column _rlnSelected", expected: "a backup_selection.star with a mark for each class")
        }
        let marks = try table.ints("rlnSelected")
        guard marks.count == classCount else {
            throw InputError(place: path, found: "\(marks.count) marks", expected: "\(classCount), one for each class of the model")
        }
        return marks.indices.filter { marks[$0] != 0 }
    }

    /// The particles of the classes, in their order.
    func particles(of all: ParticleTable) throws -> ParticleTable {
        let chosen = Set(indices)
        let classes = try all.rows.ints(ParticleColumn.classNumber.label)
        return all.selecting(rows: classes.indices.filter { chosen.contains(classes[$0] - 1) })
    }

    /// Gives particles new groups (`rlnGroupName`), about `count` of them, of micrographs with similar scale.
    /// - Returns: the number of groups.
    func regroup(_ particles: inout ParticleTable, count: Int) throws -> Int {
        let smallest = 10
        guard particles.count / max(1, count) >= smallest else {
            throw InputError(place: "--regroup \(count)", found: "\(particles.count) selected particles", expected: "at least \(smallest) for each group",
                             remedy: "Ask for fewer groups")
        }
        let numbers = try particles.rows.ints(ParticleColumn.groupNumber.label)
        let optics = try particles.integers(.opticsGroup)
        var groups: [Int: Regrouping.Group] = [:]
        for (row, number) in numbers.enumerated() {
            guard model.groups.indices.contains(number - 1) else {
                throw particles.rows.mismatch(ParticleColumn.groupNumber.label, row, found: "\(number)", expected: "a group of the model, 1 to \(model.groups.count)")
            }
            groups[number, default: .init(number: number, scale: model.groups[number - 1].scale, opticsGroup: optics[row], particleCount: 0)]
                .particleCount += 1
        }
        let new = Regrouping.newGroups(of: groups.values.sorted { $0.number < $1.number }, count: count)
        let digits = String(count).count
        particles.set(.groupName, numbers.map { number in
            let text = String(new[number] ?? 0)
            return "group_" + String(repeating: "0", count: max(0, digits - text.count)) + text
        })
        particles.rows.removeColumn(ParticleColumn.groupNumber.label)
        return Set(new.values).count
    }
}
