import Arrays
import Foundation
import Geometry
import ImageFormats
import Metadata
import Optics
import ProgramKit
import Reporting
import StarFormat

/// What a refinement found out: references, and the pose of every particle.
struct RepositionInput: Sendable {
    let optimiser: OptimiserFile
    let model: ModelFile
    let particles: ParticleTable
    let micrographNames: [String]
    /// Detector transfer of each optics group; nil where it names no file.
    let detectors: [DetectorTransfer?]
    private let groups: [Int]
    private let poses: [Pose]

    /// Where one particle is and how it lies.
    struct Pose: Sendable {
        /// Pixels of the micrograph.
        var x: Double
        var y: Double
        var angles: EulerAngles
        /// Å.
        var originX: Double
        var originY: Double
        /// Counted from 0.
        var referenceIndex: Int
        /// Factor of the particle's intensity group.
        var scale: Double
        var normCorrection: Double
    }

    /// - Throws: `InputError` for files that are missing or do not fit together.
    init(optimiser path: String, data: String?) throws {
        optimiser = try OptimiserFile(contentsOf: path)
        particles = try ParticleTable(contentsOf: data ?? optimiser.dataFile)
        model = try ModelFile(contentsOf: optimiser.modelFile, opticsGroupCount: particles.opticsGroups.count)
        var check = InputCheck()
        check.require(
            model.dataDimensionality == 2, optimiser.modelFile, found: "a refinement of subtomograms is not available yet",
            expected: "a refinement of images")
        check.require(
            model.bodyCount <= 1, optimiser.modelFile, found: "a refinement of several bodies", expected: "one of whole particles")
        try check.finish()
        let labels = [ParticleColumn.micrographName, .coordinateX, .coordinateY, .psi, .classNumber].map(\.label)
        try particles.rows.require(labels, remedy: "Particles of a refinement have these columns")
        micrographNames = try particles.strings(.micrographName)
        groups = try particles.opticsGroupIndices()
        poses = try Self.poses(particles, optimiser, model)
        detectors = try particles.opticsGroups.map { try $0.mtfFile.map(Self.detector) }
        for group in particles.opticsGroups where group.imageSize == nil {
            throw InputError(place: particles.name, found: "optics group \(group.name) has no rlnImageSize", expected: "a box size in pixels")
        }
    }

    func optics(of particle: Int) -> OpticsGroup { particles.opticsGroups[groups[particle]] }
    func group(of particle: Int) -> Int { groups[particle] }
    func pose(of particle: Int) -> Pose { poses[particle] }
    var isHelical: Bool { optimiser.isHelical }

    private static func poses(_ table: ParticleTable, _ optimiser: OptimiserFile, _ model: ModelFile) throws -> [Pose] {
        let (x, y) = (try table.values(.coordinateX), try table.values(.coordinateY))
        let (rot, tilt, psi) = (try table.values(.rot), try table.values(.tilt), try table.values(.psi))
        let (originX, originY) = (try table.values(.originX), try table.values(.originY))
        let classes = try table.integers(.classNumber)
        let norm = try table.values(.normCorrection)
        let scales = optimiser.correctsScale ? try self.scales(table, model) : nil
        let is3D = model.referenceDimensionality == 3
        return try (0..<table.count).map { i in
            guard (1...model.classes.count).contains(classes[i]) else {
                throw table.rows.mismatch(
                    ParticleColumn.classNumber.label, i, found: "\(classes[i])", expected: "from 1 to \(model.classes.count)")
            }
            return Pose(
                x: x[i], y: y[i], angles: EulerAngles(rot: is3D ? rot[i] : 0, tilt: is3D ? tilt[i] : 0, psi: psi[i]),
                originX: originX[i], originY: originY[i], referenceIndex: classes[i] - 1, scale: scales?[i] ?? 1,
                normCorrection: norm[i])
        }
    }

    private static func scales(_ table: ParticleTable, _ model: ModelFile) throws -> [Double] {
        guard table.contains(.groupNumber) else {
            let found = try table.groups()
            let byName = Dictionary(model.groups.map { ($0.name, $0.scale) }, uniquingKeysWith: { first, _ in first })
            return found.groupOfParticle.map { byName[found.names[$0]] ?? 1 }
        }
        return try table.integers(.groupNumber).enumerated().map { row, number in
            guard (1...max(1, model.groups.count)).contains(number), number <= model.groups.count else {
                throw table.rows.mismatch(
                    ParticleColumn.groupNumber.label, row, found: "\(number)", expected: "from 1 to \(model.groups.count)")
            }
            return model.groups[number - 1].scale
        }
    }

    static func detector(_ path: String) throws -> DetectorTransfer {
        let document = try StarDocument(contentsOf: path)
        guard let table = document.tables.first(where: { $0.contains("rlnMtfValue") }) else {
            throw InputError(place: path, found: "there is no column rlnMtfValue", expected: "the MTF curve of a detector")
        }
        return try DetectorTransfer(
            frequenciesPerPixel: try table.doubles("rlnResolutionInversePixel"), values: try table.doubles("rlnMtfValue"), name: path)
    }

    /// The reference of a class, a cube or a square image.
    func referenceMap(_ index: Int) throws -> RealArray {
        let name = model.classes[index].referenceImage
        let map = model.referenceDimensionality == 3 ? try ImageFile.readVolume(name).volume : try ImageFile.read(name).image
        guard map.shape.isCube || map.shape.isSquare, map.shape.x == model.imageSize else {
            throw InputError(place: name, found: "a reference of \(map.shape) pixels", expected: "\(model.imageSize) on every side")
        }
        return map
    }
}
