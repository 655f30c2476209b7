import Geometry
import Metadata
import Reporting
import Simulation
import StarFormat

/// Refined particles beside their truths, matched by image name or, where the truth has no images, by place in the micrograph.
struct MatchedParticles {
    let refinedCount: Int
    let junkFraction: Double
    let hasOrientations: Bool
    /// Without junk, which has no orientation.
    var refined: [PoseComparison.Pose] = []
    var truth: [PoseComparison.Pose] = []

    init(refined name: String, truth truthName: String) throws {
        let table = try ParticleTable(contentsOf: name).rows
        if try StarDocument(contentsOf: truthName).table("particles").contains("rlnImageName") {
            try self.init(refined: table, images: truthName)
        } else {
            try self.init(refined: table, pixelSize: ParticleTable(contentsOf: name).optics.double("rlnMicrographOriginalPixelSize"), places: truthName)
        }
    }

    private init(refined table: StarTable, images truthName: String) throws {
        let truthTable = try ParticleTable(contentsOf: truthName).rows
        let names = try table.strings("rlnImageName")
        let places = Dictionary(try truthTable.strings("rlnImageName").enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let classes = try truthTable.ints("rlnClassNumber")
        let rows = try names.enumerated().map { row, image -> Int in
            guard let place = places[image] else {
                throw InputError(place: table.place(ofRow: row), found: "image \(image) is not in \(truthName)",
                                 expected: "particles of that simulation")
            }
            return place
        }
        refinedCount = names.count
        junkFraction = names.isEmpty ? 0 : Double(rows.filter { classes[$0] == 0 }.count) / Double(names.count)
        hasOrientations = table.contains("rlnAngleRot") && table.contains("rlnAngleTilt")
        guard hasOrientations else { return }
        let refinedPoses = try Self.poses(table), truePoses = try Self.poses(truthTable)
        for (i, place) in rows.enumerated() where classes[place] != 0 {
            refined.append(refinedPoses[i])
            truth.append(truePoses[place])
        }
    }

    /// Å between a pick and the particle that it stands for at most.
    private static let reach = 60.0

    /// Particles cut from simulated movies: where no particle was, it is junk; true origins lead from the cut's centre to the particle.
    private init(refined table: StarTable, pixelSize: Double, places truthName: String) throws {
        let truth = try StarDocument(contentsOf: truthName).table("particles")
        let trueNames = try truth.strings("rlnMicrographMovieName"), tx = try truth.doubles("rlnCoordinateX"), ty = try truth.doubles("rlnCoordinateY")
        let byMovie = Dictionary(grouping: trueNames.indices) { PathName.key(trueNames[$0]) }
        let names = try table.strings("rlnMicrographName"), x = try table.doubles("rlnCoordinateX"), y = try table.doubles("rlnCoordinateY")
        let places = names.indices.map { row -> Int? in
            func distance(_ place: Int) -> Double { ((x[row] - tx[place]) * (x[row] - tx[place]) + (y[row] - ty[place]) * (y[row] - ty[place])).squareRoot() }
            guard let nearest = byMovie[PathName.key(names[row])]?.min(by: { distance($0) < distance($1) }) else { return nil }
            return distance(nearest) * pixelSize <= Self.reach ? nearest : nil
        }
        refinedCount = names.count
        junkFraction = names.isEmpty ? 0 : Double(places.filter { $0 == nil }.count) / Double(names.count)
        hasOrientations = table.contains("rlnAngleRot") && table.contains("rlnAngleTilt")
        guard hasOrientations else { return }
        let poses = try Self.poses(table)
        let rot = try truth.doubles("rlnAngleRot"), tilt = try truth.doubles("rlnAngleTilt"), psi = try truth.doubles("rlnAnglePsi")
        for (row, place) in places.enumerated() {
            guard let place else { continue }
            refined.append(poses[row])
            self.truth.append(.init(orientation: EulerAngles(rot: rot[place], tilt: tilt[place], psi: psi[place]).matrix,
                                    origin: pixelSize * SIMD2(x[row] - tx[place], y[row] - ty[place])))
        }
    }

    private static func poses(_ table: StarTable) throws -> [PoseComparison.Pose] {
        let rot = try table.doubles("rlnAngleRot"), tilt = try table.doubles("rlnAngleTilt"), psi = try table.doubles("rlnAnglePsi")
        let x = try table.doubles("rlnOriginXAngst"), y = try table.doubles("rlnOriginYAngst")
        return rot.indices.map { i in
            .init(orientation: EulerAngles(rot: rot[i], tilt: tilt[i], psi: psi[i]).matrix, origin: SIMD2(x[i], y[i]))
        }
    }
}
