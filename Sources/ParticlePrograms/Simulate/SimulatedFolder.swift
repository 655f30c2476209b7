import Arrays
import Foundation
import ImageFormats
import Reporting
import Simulation
import StarFormat

/// The files of one simulated set, as a RELION project would hold extracted particles:
/// `Particles/mic001.mrcs` …, `particles.star` (what a user would know), `truth.star` (everything), `reference.mrc`.
struct SimulatedFolder: Sendable {
    /// Without a slash at its end; names in the STAR files start with it.
    let path: String
    let settings: SimulationSettings
    let mode: PixelMode

    init(path: String, settings: SimulationSettings, mode: PixelMode) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        self.settings = settings
        self.mode = mode
    }

    var particlesName: String { path + "/particles.star" }
    var truthName: String { path + "/truth.star" }

    func create() throws {
        do {
            try FileManager.default.createDirectory(atPath: path + "/Particles", withIntermediateDirectories: true)
        } catch {
            throw InputError(place: "--o \(path)", found: "the folder cannot be made", remedy: "\(error.localizedDescription)")
        }
    }

    /// `reference.mrc` for the first species, `reference2.mrc` for the second, cut to the particles' box.
    func writeMap(_ map: RealArray, species: Int) throws {
        let cut = map.shape.x == settings.box ? map : centre(of: map)
        try ImageFile.write(cut, to: path + (species == 0 ? "/reference.mrc" : "/reference\(species + 1).mrc"),
                            pixelSizeInAngstrom: settings.pixelSizeInAngstrom)
    }

    private func centre(of map: RealArray) -> RealArray {
        let box = settings.box, first = map.shape.x / 2 - box / 2
        var result = RealArray(shape: .cube(box))
        for z in 0..<box { for y in 0..<box { for x in 0..<box { result[x, y, z] = map[x + first, y + first, z + first] } } }
        return result
    }

    func openStack(micrograph: Int) throws -> StackWriter {
        try StackWriter(path: stackName(micrograph), shape: .square(settings.box), mode: mode,
                        pixelSizeInAngstrom: settings.pixelSizeInAngstrom)
    }

    private func stackName(_ micrograph: Int) -> String { "\(path)/Particles/\(micrographName(micrograph)).mrcs" }

    private func micrographName(_ micrograph: Int) -> String { String(format: "mic%03d", micrograph + 1) }

    func writeTables(_ truth: [ParticleTruth]) throws {
        var particles = StarTable(name: "particles")
        var indexInStack: [Int: Int] = [:]
        particles.set("rlnImageName", strings: truth.map { particle in
            let index = indexInStack[particle.micrograph, default: 0] + 1
            indexInStack[particle.micrograph] = index
            return String(format: "%06d@", index) + stackName(particle.micrograph)
        })
        particles.set("rlnMicrographName", strings: truth.map { "\(path)/Micrographs/\(micrographName($0.micrograph)).mrc" })
        particles.set("rlnOpticsGroup", ints: truth.map { _ in 1 })
        particles.set("rlnDefocusU", doubles: truth.map(\.defocus.u))
        particles.set("rlnDefocusV", doubles: truth.map(\.defocus.v))
        particles.set("rlnDefocusAngle", doubles: truth.map(\.defocus.angleInDegrees))
        particles.set("rlnCtfBfactor", doubles: truth.map { _ in 0 })
        particles.set("rlnCtfScalefactor", doubles: truth.map { _ in 1 })
        particles.set("rlnPhaseShift", doubles: truth.map { _ in settings.microscope.phaseShiftInDegrees })
        try StarDocument(tables: [optics, particles]).write(to: particlesName)

        particles.set("rlnAngleRot", doubles: truth.map(\.rot))
        particles.set("rlnAngleTilt", doubles: truth.map(\.tilt))
        particles.set("rlnAnglePsi", doubles: truth.map(\.psi))
        particles.set("rlnOriginXAngst", doubles: truth.map { -$0.shift.x })
        particles.set("rlnOriginYAngst", doubles: truth.map { -$0.shift.y })
        particles.set("rlnClassNumber", ints: truth.map(\.classNumber))
        particles.set("rlnRandomSubset", ints: truth.indices.map { $0 % 2 + 1 })
        try StarDocument(tables: [optics, particles]).write(to: truthName)
    }

    private var optics: StarTable {
        var table = StarTable(name: "optics")
        let microscope = settings.microscope
        table.set("rlnOpticsGroupName", strings: ["opticsGroup1"])
        table.set("rlnOpticsGroup", ints: [1])
        table.set("rlnMicrographOriginalPixelSize", doubles: [settings.pixelSizeInAngstrom])
        table.set("rlnVoltage", doubles: [microscope.voltageInKilovolts])
        table.set("rlnSphericalAberration", doubles: [microscope.sphericalAberrationInMillimetres])
        table.set("rlnAmplitudeContrast", doubles: [microscope.amplitudeContrast])
        table.set("rlnImagePixelSize", doubles: [settings.pixelSizeInAngstrom])
        table.set("rlnImageSize", ints: [settings.box])
        table.set("rlnImageDimensionality", ints: [2])
        table.set("rlnCtfDataAreCtfPremultiplied", ints: [0])
        if microscope.beamTilt != SIMD2(0, 0) {
            table.set("rlnBeamTiltX", doubles: [microscope.beamTilt.x])
            table.set("rlnBeamTiltY", doubles: [microscope.beamTilt.y])
        }
        return table
    }
}
