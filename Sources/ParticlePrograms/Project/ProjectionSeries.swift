import Arrays
import Foundation
import Geometry
import ImageFormats
import Metadata
import Optics
import Projection
import Randomness
import Reporting
import StarFormat

/// The projections that belong to the rows of a particle table.
struct ProjectionSeries: Sendable {
    let pixelSizeInAngstrom: Double
    private var table: ParticleTable
    private let orientations: [RotationMatrix]
    /// Å.
    private let origins: [Vector3]
    private let contrast: ContrastSource?
    private let noise: [SpectralNoise]?
    /// Experimental images to subtract from.
    private let images: [ImageName]?
    private let reader = StackReaderCache()
    /// Orientations that take the place of the experimental ones.
    private let replacement: Replacement?

    private struct Replacement: Sendable {
        var angles: [EulerAngles]
        var origins: [Vector3]
        var factor: Float
    }

    var count: Int { table.count }

    /// Reads a STAR file of orientations; images need not be named unless `needsImages`.
    static func readViews(_ path: String, needsImages: Bool) throws -> ParticleTable {
        var document = try StarDocument(contentsOf: path)
        let name = document.contains("particles") ? "particles" : document.tables.first { $0.name != "optics" }?.name
        if !needsImages, let name, var rows = document.firstTable(name), !rows.contains(ParticleColumn.imageName.label) {
            rows.fill(ParticleColumn.imageName.label, with: "")
            document.set(rows)
        }
        return try ParticleTable(document, content: .particles)
    }

    init(table: ParticleTable, program: ProjectProgram, box: Int, pixelSizeInAngstrom: Double) throws {
        self.table = table
        self.pixelSizeInAngstrom = pixelSizeInAngstrom
        let poses = try Self.poses(table)
        orientations = poses.angles.map(\.matrix)
        origins = poses.origins
        contrast = try ContrastSource(table: table, options: program.transfer, box: box, pixelSizeInAngstrom: pixelSizeInAngstrom,
                                      isForced: program.noise.simulates, usesVolumes: program.views.rotatesVolumes)
        noise = try Self.noise(table, program, box: box)
        images = program.noise.subtracts || program.noise.simulates
            ? try table.strings(.imageName).map { try ImageName(parsing: $0) } : nil
        replacement = program.noise.simulates ? try Self.replacement(table, poses, program) : nil
    }

    private static func poses(_ table: ParticleTable) throws -> (angles: [EulerAngles], origins: [Vector3]) {
        let rot = try table.values(.rot), tilt = try table.values(.tilt), psi = try table.values(.psi)
        let x = try table.values(.originX), y = try table.values(.originY), z = try table.values(.originZ)
        return (
            (0..<table.count).map { EulerAngles(rot: rot[$0], tilt: tilt[$0], psi: psi[$0]) },
            (0..<table.count).map { Vector3(x[$0], y[$0], z[$0]) }
        )
    }

    private static func noise(_ table: ParticleTable, _ program: ProjectProgram, box: Int) throws -> [SpectralNoise]? {
        guard program.noise.addsNoise else { return nil }
        guard let path = program.noise.noiseModel.ifGiven else {
            let sigma = program.noise.whiteNoise / (Double(box) * 2.0.squareRoot())
            return Array(repeating: .white(sigma: sigma), count: table.count)
        }
        return try NoiseModel(path: path).variances(for: table).map { .coloured(variance: $0) }
    }

    private static func replacement(_ table: ParticleTable, _ own: (angles: [EulerAngles], origins: [Vector3]),
                                    _ program: ProjectProgram) throws -> Replacement {
        let factor = Float(program.noise.signalFactor)
        if let path = program.noise.simulatedAngles.ifGiven {
            let other = try readViews(path, needsImages: false)
            if other.count < table.count {
                throw InputError(place: path, found: "\(other.count) rows", expected: "at least as many as in --ang, \(table.count)")
            }
            let poses = try poses(other)
            return Replacement(angles: poses.angles, origins: poses.origins, factor: factor)
        }
        let picks = (0..<table.count).map { i -> Int in
            var generator = CounterGenerator(seed: 2, stream: i)
            return Int(generator.uniform() * Double(table.count))
        }
        return Replacement(angles: picks.map { own.angles[$0] }, origins: picks.map { own.origins[$0] }, factor: factor)
    }

    /// Image `i`: the projection, with noise; or the experimental image without its signal; or that with another signal.
    func image(_ i: Int, renderer: ViewRenderer) throws -> RealArray {
        let transfer = try contrast?.values(i)
        var view = ReferenceView(orientation: orientations[i], shift: -origins[i] / pixelSizeInAngstrom, transfer: transfer)
        view.noise = noise?[i].draw(shape: renderer.shape, stream: i)
        var result = renderer.render(view)
        if let images {
            let experiment = try reader.image(images[i])
            if experiment.shape != result.shape {
                throw InputError(place: images[i].description, found: "an image of \(experiment.shape)",
                                 expected: "the map's box, \(result.shape)")
            }
            for k in result.values.indices { result.values[k] = experiment.values[k] - result.values[k] }
        }
        if let replacement {
            let view = ReferenceView(orientation: replacement.angles[i].matrix, shift: -replacement.origins[i] / pixelSizeInAngstrom,
                                     transfer: transfer)
            let signal = renderer.render(view)
            for k in result.values.indices { result.values[k] += replacement.factor * signal.values[k] }
        }
        return result
    }

    /// The table with the names of the new images and, where they were replaced, the new orientations.
    mutating func finishTable(imageNames: [String]) throws -> ParticleTable {
        if images != nil { table.rows.set("rlnImageOriginalName", strings: try table.strings(.imageName)) }
        table.set(.imageName, imageNames)
        if let replacement {
            table.set(.rot, replacement.angles.prefix(count).map(\.rot))
            table.set(.tilt, replacement.angles.prefix(count).map(\.tilt))
            table.set(.psi, replacement.angles.prefix(count).map(\.psi))
            table.set(.originX, replacement.origins.prefix(count).map(\.x))
            table.set(.originY, replacement.origins.prefix(count).map(\.y))
            if table.contains(.originZ) { table.set(.originZ, replacement.origins.prefix(count).map(\.z)) }
        }
        return table
    }
}

/// Transfer functions of the rows of a table: computed for images, read for volumes.
struct ContrastSource: Sendable {
    private let functions: [ContrastTransferFunction]
    private let volumes: [String]?
    private let offsets: [[Float]?]
    private let groups: [Int]
    private let grid: FrequencyGrid
    private let form: ContrastTransferFunction.Form
    private let intact: ContrastTransferFunction.IntactRange
    private let isSquared: Bool
    private let box: Int

    /// nil when no option asks for a CTF.
    init?(table: ParticleTable, options: ProjectTransferOptions, box: Int, pixelSizeInAngstrom: Double, isForced: Bool,
          usesVolumes: Bool) throws {
        guard options.appliesCTF || options.appliesSquaredCTF || isForced else { return nil }
        let grid = FrequencyGrid(box: box, pixelSizeInAngstrom: pixelSizeInAngstrom)
        if usesVolumes {
            try table.rows.require(["rlnCtfImage"])
            volumes = try table.rows.strings("rlnCtfImage")
            functions = []
        } else {
            volumes = nil
            functions = try table.contrastTransferFunctions()
        }
        offsets = table.opticsGroups.map { $0.aberrations.phaseOffset(on: grid, magnification: $0.magnification) }
        groups = try table.opticsGroupIndices()
        self.grid = grid
        form = options.flipsPhases ? .magnitude : .signed
        intact = options.leavesFirstPeak ? .untilFirstPeak : .none
        isSquared = options.appliesSquaredCTF
        self.box = box
    }

    func values(_ i: Int) throws -> [Float] {
        var values = try volumes.map { try TransferVolume.read($0[i], box: box).transfer }
            ?? functions[i].values(on: grid, form: form, intact: intact, phaseOffset: offsets[groups[i]])
        if isSquared { for k in values.indices { values[k] *= values[k] } }
        return values
    }
}
