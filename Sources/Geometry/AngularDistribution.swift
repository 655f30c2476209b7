import Foundation

/// The distribution of projection directions as cylinders on a sphere, in the BILD format of Chimera.
package struct AngularDistribution: Sendable {
    /// Radius of the sphere and place of its centre, in the units of the map (Å).
    package var radius: Double
    package var centre: Vector3
    /// Turns directions, e.g. by the orientation of a body.
    package var rotation: RotationMatrix
    /// Length of the longest cylinder as a fraction of the radius.
    package var lengthFraction: Double
    /// Diameter of the cylinders as a fraction of the spacing of directions; 1: they touch.
    package var widthFraction: Double

    package init(
        radius: Double, centre: Vector3 = .zero, rotation: RotationMatrix = .identity, lengthFraction: Double = 0.3,
        widthFraction: Double = 0.5
    ) {
        self.radius = radius
        self.centre = centre
        self.rotation = rotation
        self.lengthFraction = lengthFraction
        self.widthFraction = widthFraction
    }

    /// Deviations from the mean, in standard deviations, that get the bluest and the reddest colour.
    private static let colourRange = -1.0...5.0
    /// Chimera refuses cylinders without length.
    private static let shortest = 0.01

    /// The text of a BILD file: colour from blue (few) to red (many) and length by the share of each direction.
    /// - Precondition: one share per direction of `sampling`.
    package func bild(shares: [Double], sampling: OrientationSampling) -> String {
        precondition(shares.count == sampling.directions.count)
        let mean = shares.reduce(0, +) / Double(shares.count)
        let squares = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(max(1, shares.count - 1))).squareRoot()
        let largest = shares.max() ?? 0
        let width = widthFraction * .pi * radius * sampling.angularStep() / 360
        var text = ""
        for (view, share) in zip(sampling.directions, shares) where share > 0 {
            let vector = rotation * view.vector
            let end = radius * (1 + lengthFraction * share / largest)
            let extent = (end - radius) * vector
            if max(abs(extent.x), abs(extent.y), abs(extent.z)) <= Self.shortest { continue }
            let z = deviation > 0 ? (share - mean) / deviation : 0
            let range = Self.colourRange
            let red = (min(range.upperBound, max(range.lowerBound, z)) + 1) / 6
            let (a, b) = (radius * vector + centre, end * vector + centre)
            text += String(format: ".color %g 0 %g\n", red, 1 - red)
            text += String(format: ".cylinder %g %g %g %g %g %g %g\n", a.x, a.y, a.z, b.x, b.y, b.z, width)
        }
        return text
    }
}
