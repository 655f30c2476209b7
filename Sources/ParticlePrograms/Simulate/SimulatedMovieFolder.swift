import Arrays
import Foundation
import ImageFormats
import Reporting
import Simulation
import StarFormat

/// The files of simulated movies, as a microscope would leave them: `Movies/mic001.tiff` … (LZW, counts of 8 bits), `Movies/gain.mrc`,
/// `movies.star` (what relion_import would make of them), and the truth: `truth.star` and `Movies/mic001_tracks.star` ….
struct SimulatedMovieFolder: Sendable {
    /// Without a slash at its end; names in the STAR files start with it.
    let path: String
    let settings: MovieSettings

    init(path: String, settings: MovieSettings) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        self.settings = settings
    }

    var moviesName: String { path + "/movies.star" }
    var truthName: String { path + "/truth.star" }

    private func root(_ movie: Int) -> String { path + String(format: "/Movies/mic%03d", movie + 1) }

    func create() throws {
        do {
            try FileManager.default.createDirectory(atPath: path + "/Movies", withIntermediateDirectories: true)
        } catch {
            throw InputError(place: "--o \(path)", found: "the folder cannot be made", remedy: "\(error.localizedDescription)")
        }
    }

    func write(gain: RealArray) throws {
        try ImageFile.write(gain, to: path + "/Movies/gain.mrc", pixelSizeInAngstrom: settings.pixelSizeInAngstrom)
    }

    func openMovie(_ movie: Int) throws -> TIFFMovieWriter {
        try TIFFMovieWriter(path: root(movie) + ".tiff", shape: .square(settings.size), pixel: .uint8, frameCount: settings.frameCount,
                            packing: .lzw, pixelSizeInAngstrom: settings.pixelSizeInAngstrom)
    }

    /// Where each particle is in each frame: one table, particles in the order of the truth, frames from 1.
    func writeTracks(_ truth: MovieTruth, movie: Int) throws {
        var table = StarTable(name: "tracks")
        let rows = truth.particles.indices.flatMap { particle in (0..<settings.frameCount).map { (particle, $0) } }
        let moves = rows.map { truth.motion.displacement(frame: $0.1, at: truth.particles[$0.0].place) }
        table.set("simParticle", ints: rows.map { $0.0 + 1 })
        table.set("rlnMicrographFrameNumber", ints: rows.map { $0.1 + 1 })
        table.set("rlnCoordinateX", doubles: rows.map { truth.particles[$0.0].place.x })
        table.set("rlnCoordinateY", doubles: rows.map { truth.particles[$0.0].place.y })
        table.set("rlnMicrographShiftX", doubles: moves.map(\.x))
        table.set("rlnMicrographShiftY", doubles: moves.map(\.y))
        try StarDocument(tables: [table]).write(to: root(movie) + "_tracks.star")
    }

    func writeTables(_ truths: [MovieTruth]) throws {
        var movies = StarTable(name: "movies")
        movies.set("rlnMicrographMovieName", strings: truths.indices.map { root($0) + ".tiff" })
        movies.set("rlnOpticsGroup", ints: truths.map { _ in 1 })
        try StarDocument(tables: [optics, movies]).write(to: moviesName)

        var particles = StarTable(name: "particles")
        let rows = truths.indices.flatMap { movie in truths[movie].particles.map { (movie, $0) } }
        particles.set("rlnMicrographMovieName", strings: rows.map { root($0.0) + ".tiff" })
        particles.set("rlnCoordinateX", doubles: rows.map(\.1.place.x))
        particles.set("rlnCoordinateY", doubles: rows.map(\.1.place.y))
        particles.set("rlnOpticsGroup", ints: rows.map { _ in 1 })
        particles.set("rlnDefocusU", doubles: rows.map(\.1.defocus.u))
        particles.set("rlnDefocusV", doubles: rows.map(\.1.defocus.v))
        particles.set("rlnDefocusAngle", doubles: rows.map(\.1.defocus.angleInDegrees))
        particles.set("rlnAngleRot", doubles: rows.map(\.1.rot))
        particles.set("rlnAngleTilt", doubles: rows.map(\.1.tilt))
        particles.set("rlnAnglePsi", doubles: rows.map(\.1.psi))
        particles.set("rlnClassNumber", ints: rows.map { $0.1.species + 1 })
        var micrographs = StarTable(name: "micrographs")
        micrographs.set("rlnMicrographMovieName", strings: truths.indices.map { root($0) + ".tiff" })
        micrographs.set("rlnDefocusU", doubles: truths.map(\.defocus.u))
        micrographs.set("rlnDefocusV", doubles: truths.map(\.defocus.v))
        micrographs.set("rlnDefocusAngle", doubles: truths.map(\.defocus.angleInDegrees))
        try StarDocument(tables: [optics, micrographs, particles]).write(to: truthName)
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
        return table
    }
}
