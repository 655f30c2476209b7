import Reporting
import StarFormat

/// What relion_simulate_movies says is true, found by the names of movies or of what was made of them.
struct MovieTruthFile: Sendable {
    struct Track: Sendable {
        /// Pixels of the movie, in the first frame.
        var place: SIMD2<Double>
        /// Displacement of each frame, pixels.
        var shifts: [SIMD2<Double>]
    }

    /// Names of the movies.
    let movies: [String]
    private let pixelSize: Double
    private let rows: [String: (defocus: (u: Double, v: Double), movie: String)]
    private let particles: [String: [SIMD2<Double>]]

    init(_ path: String) throws {
        let document = try StarDocument(contentsOf: path)
        pixelSize = try document.table("optics").double("rlnMicrographOriginalPixelSize")
        let table = try document.table("micrographs")
        let movies = try table.strings("rlnMicrographMovieName")
        let u = try table.doubles("rlnDefocusU"), v = try table.doubles("rlnDefocusV")
        rows = Dictionary(movies.indices.map { (PathName.key(movies[$0]), ((u[$0], v[$0]), movies[$0])) }, uniquingKeysWith: { first, _ in first })
        self.movies = movies
        let list = try document.table("particles")
        let names = try list.strings("rlnMicrographMovieName"), x = try list.doubles("rlnCoordinateX"), y = try list.doubles("rlnCoordinateY")
        particles = Dictionary(grouping: names.indices) { PathName.key(names[$0]) }.mapValues { $0.map { SIMD2(x[$0], y[$0]) } }
    }

    func defocus(of name: String) -> (u: Double, v: Double)? { rows[PathName.key(name)]?.defocus }

    func places(of name: String) -> [SIMD2<Double>] { particles[PathName.key(name)] ?? [] }

    func distanceInAngstrom(_ one: SIMD2<Double>, _ other: SIMD2<Double>) -> Double {
        let d = one - other
        return pixelSize * (d.x * d.x + d.y * d.y).squareRoot()
    }

    func tracks(of name: String) throws -> [Track] {
        guard let movie = rows[PathName.key(name)]?.movie else { return [] }
        let table = try StarDocument(contentsOf: PathName(movie).stem + "_tracks.star").table("tracks")
        let particle = try table.ints("simParticle")
        let x = try table.doubles("rlnCoordinateX"), y = try table.doubles("rlnCoordinateY")
        let dx = try table.doubles("rlnMicrographShiftX"), dy = try table.doubles("rlnMicrographShiftY")
        var result: [Track] = []
        for row in particle.indices {
            if row == 0 || particle[row] != particle[row - 1] { result.append(Track(place: SIMD2(x[row], y[row]), shifts: [])) }
            result[result.count - 1].shifts.append(SIMD2(dx[row], dy[row]))
        }
        return result
    }
}
