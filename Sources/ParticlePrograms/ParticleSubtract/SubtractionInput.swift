import Arrays
import Geometry
import ImageFormats
import Metadata
import Optics
import ProgramKit
import Reporting
import StarFormat

/// A refinement and its particles, checked for subtraction.
struct SubtractionInput: Sendable {
    let optimiser: OptimiserFile
    /// The model of each half set, or the only one.
    let models: [ModelFile]
    let particles: ParticleTable
    let images: [ImageName]
    /// Optics group of each particle, counted from 0.
    let groups: [Int]
    /// Box size by optics group, pixels; nil for a group without particles.
    let boxes: [Int?]
    let poses: [Pose]
    /// Detector transfer by optics group, where the groups differ; nil where a group names no file.
    let detectors: [DetectorTransfer?]

    /// Where one particle lies, and on what scale its image is.
    struct Pose: Sendable {
        var angles: EulerAngles
        /// Å.
        var originX: Double
        var originY: Double
        /// Counted from 0.
        var modelIndex: Int
        var classIndex: Int
        /// Factor of the projection.
        var scale = 1.0
        /// Factor of the image.
        var imageFactor = 1.0
    }

    /// - Throws: `InputError` for files that are missing, do not fit together, or are of a kind that is not available yet.
    init(optimiser path: String, data: String?, ignoresClass: Bool) throws {
        let optimiser = try OptimiserFile(contentsOf: path)
        let particles = try ParticleTable(contentsOf: data ?? optimiser.dataFile)
        let files = [optimiser.modelFile] + (optimiser.hasRandomHalves ? [optimiser.modelFileOfHalf2] : [])
        let models = try files.map { try ModelFile(contentsOf: $0, opticsGroupCount: particles.opticsGroups.count) }
        try Self.checkKind(optimiser, models[0], path)
        for (model, file) in zip(models, files) where model.classes.isEmpty
            || model.classes.count != models[0].classes.count || model.imageSize != models[0].imageSize {
            throw InputError(place: file, found: "\(model.classes.count) references of \(model.imageSize) pixels",
                             expected: "at least one, and as many of the same size in both half sets")
        }
        guard particles.count > 0 else { throw InputError(place: particles.name, found: "there are no particles") }
        self.optimiser = optimiser
        self.particles = particles
        self.models = models
        groups = try particles.opticsGroupIndices()
        images = try particles.strings(.imageName).map { try ImageName(parsing: $0) }
        boxes = try Self.boxes(images, groups, particles)
        poses = try Self.poses(particles, optimiser, models, ignoresClass: ignoresClass)
        let hasSeveralMTFs = Set(particles.opticsGroups.map { $0.mtfFile ?? "" }).count > 1
        detectors = try particles.opticsGroups.map { hasSeveralMTFs ? try $0.mtfFile.map(RepositionInput.detector) : nil }
    }

    var opticsGroups: [OpticsGroup] { particles.opticsGroups }

    /// Å; of the image of a particle.
    func pixelSize(of particle: Int) -> Double { opticsGroups[groups[particle]].pixelSizeInAngstrom }

    private static func checkKind(_ optimiser: OptimiserFile, _ model: ModelFile, _ path: String) throws {
        var check = InputCheck()
        check.require(
            model.dataDimensionality == 2 && optimiser.tomogramsFile.isEmpty, path,
            found: "subtraction from subtomograms is not available yet", expected: "a refinement of images")
        check.require(
            model.bodyCount <= 1 && optimiser.bodyFile.ifGiven == nil, path,
            found: "subtraction after multi-body refinement is not available yet", expected: "a refinement of whole particles")
        try check.finish()
    }

    private static func boxes(_ images: [ImageName], _ groups: [Int], _ table: ParticleTable) throws -> [Int?] {
        var boxes = [Int?](repeating: nil, count: table.opticsGroups.count)
        let reader = StackReaderCache()
        var check = InputCheck()
        for (name, group) in zip(images, groups) {
            guard let stack = check.attempt({ try reader.reader(for: name) }) else { break }
            let shape = stack.header.shape, position = name.index ?? 0
            check.require(position < stack.count, name.description, found: "the stack has \(stack.count) images")
            let expected = boxes[group] ?? shape.x
            check.require(
                shape == .square(expected) && expected % 2 == 0, name.path, found: "images of \(shape)",
                expected: "square images of one even size in optics group \(table.opticsGroups[group].name)")
            boxes[group] = expected
        }
        try check.finish()
        return boxes
    }

    private static func poses(
        _ table: ParticleTable, _ optimiser: OptimiserFile, _ models: [ModelFile], ignoresClass: Bool
    ) throws -> [Pose] {
        try table.rows.require([ParticleColumn.psi.label], remedy: "Particles of a refinement have this column")
        let (rot, tilt, psi) = (try table.values(.rot), try table.values(.tilt), try table.values(.psi))
        let (x, y) = (try table.values(.originX), try table.values(.originY))
        let classes = try classIndices(table, count: models[0].classes.count, ignoresClass: ignoresClass)
        let halves = optimiser.hasRandomHalves ? try self.halves(table) : [Int](repeating: 0, count: table.count)
        let scales = optimiser.correctsScale ? try self.scales(table, models, halves) : nil
        let norm = try table.values(.normCorrection)
        return try (0..<table.count).map { i in
            var pose = Pose(
                angles: EulerAngles(rot: rot[i], tilt: tilt[i], psi: psi[i]), originX: x[i], originY: y[i],
                modelIndex: halves[i], classIndex: classes[i])
            if let scales { pose.scale = scales[i] }
            if optimiser.correctsNorm {
                guard norm[i] > 0, norm[i].isFinite else {
                    throw table.rows.mismatch(
                        ParticleColumn.normCorrection.label, i, found: "\(norm[i])", expected: "a number above zero")
                }
                pose.imageFactor = models[halves[i]].averageNormCorrection / norm[i]
            }
            return pose
        }
    }

    private static func classIndices(_ table: ParticleTable, count: Int, ignoresClass: Bool) throws -> [Int] {
        if ignoresClass || !table.contains(.classNumber) { return [Int](repeating: 0, count: table.count) }
        return try table.integers(.classNumber).enumerated().map { row, number in
            guard (1...count).contains(number) else {
                throw table.rows.mismatch(
                    ParticleColumn.classNumber.label, row, found: "\(number)", expected: "a class of the refinement, 1 to \(count)",
                    remedy: "Classes of a later classification are left aside with --ignore_class")
            }
            return number - 1
        }
    }

    private static func halves(_ table: ParticleTable) throws -> [Int] {
        let label = ParticleColumn.randomSubset.label
        try table.rows.require([label], remedy: "The refinement had half sets, which must not see each other's reference")
        return try table.integers(.randomSubset).enumerated().map { row, number in
            guard number == 1 || number == 2 else {
                throw table.rows.mismatch(label, row, found: "\(number)", expected: "half set 1 or 2")
            }
            return number - 1
        }
    }

    private static func scales(_ table: ParticleTable, _ models: [ModelFile], _ halves: [Int]) throws -> [Double] {
        let found = try table.groups()
        let scaleOfName = models.map { model in
            Dictionary(model.groups.map { ($0.name, $0.scale) }, uniquingKeysWith: { first, _ in first })
        }
        return try found.groupOfParticle.enumerated().map { row, group in
            guard let scale = scaleOfName[halves[row]][found.names[group]] else {
                throw InputError(
                    place: table.rows.place(ofRow: row), found: "the model has no group \"\(found.names[group])\"",
                    expected: "particles of the refinement")
            }
            return scale
        }
    }

    /// The reference of a class, a cube or a square image.
    func referenceMap(model index: Int, class number: Int) throws -> RealArray {
        let model = models[index], name = model.classes[number].referenceImage
        let map = model.referenceDimensionality == 3 ? try ImageFile.readVolume(name).volume : try ImageFile.read(name).image
        let expected = model.referenceDimensionality == 3 ? Shape.cube(model.imageSize) : Shape.square(model.imageSize)
        guard map.shape == expected else {
            throw InputError(place: name, found: "a reference of \(map.shape) pixels", expected: "\(expected)")
        }
        return map
    }
}
