import Geometry
import StarFormat

extension ParticleTable {
    /// Changes the origins so that a point of the reference comes to lie in the centre.
    ///
    /// The point, turned by each particle's angles, is taken from its origin.
    /// - Parameter centre: in pixels of the particles' images, from the centre of the box.
    package mutating func recentre(on centre: SIMD3<Double>) throws {
        try rows.recentre(on: centre, pixelSizes: try opticsGroupIndices().map { opticsGroups[$0].pixelSizeInAngstrom })
    }
}

extension StarTable {
    /// As above, for rows whose pixel sizes (Å) are known from elsewhere.
    package mutating func recentre(on centre: SIMD3<Double>, pixelSizes: [Double]) throws {
        let (rot, tilt, psi) = (ParticleColumn.rot.label, ParticleColumn.tilt.label, ParticleColumn.psi.label)
        try require([ParticleColumn.originX.label, ParticleColumn.originY.label, rot, tilt, psi])
        let angles = (try doubles(rot), try doubles(tilt), try doubles(psi))
        let shifts = (0..<rowCount).map { row in
            EulerAngles(rot: angles.0[row], tilt: angles.1[row], psi: angles.2[row]).matrix * centre * pixelSizes[row]
        }
        for (axis, column) in [ParticleColumn.originX, .originY, .originZ].enumerated() where contains(column.label) {
            let origins = try doubles(column.label, expected: "a number in Å")
            set(column.label, doubles: zip(origins, shifts).map { $0 - $1[axis] })
        }
    }
}
