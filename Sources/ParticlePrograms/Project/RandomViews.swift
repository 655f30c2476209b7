import Foundation
import Metadata
import Randomness
import StarFormat

/// Orientations spread evenly over all rotations, at random but always the same, with normally distributed origins.
struct RandomViews {
    var count: Int
    var offsetSpreadInAngstrom: Double

    /// As a particle table; the optics group has values that nothing uses but that the file needs.
    func table(box: Int, pixelSizeInAngstrom: Double, isVolume: Bool) -> ParticleTable {
        var rot: [Double] = [], tilt: [Double] = [], psi: [Double] = [], x: [Double] = [], y: [Double] = []
        for i in 0..<count {
            var generator = CounterGenerator(seed: 1, stream: i)
            rot.append(360 * generator.uniform())
            tilt.append(acos(1 - 2 * generator.uniform()) * 180 / .pi)
            psi.append(360 * generator.uniform())
            x.append(offsetSpreadInAngstrom * generator.standardNormal())
            y.append(offsetSpreadInAngstrom * generator.standardNormal())
        }
        var rows = StarTable(name: "particles")
        rows.set("rlnAngleRot", doubles: rot)
        rows.set("rlnAngleTilt", doubles: tilt)
        rows.set("rlnAnglePsi", doubles: psi)
        rows.set("rlnOriginXAngst", doubles: x)
        rows.set("rlnOriginYAngst", doubles: y)
        rows.fill("rlnOpticsGroup", with: 1)
        let optics = OpticsGroup(
            name: "optics1", pixelSizeInAngstrom: pixelSizeInAngstrom, imageSize: box, imageDimensionality: isVolume ? 3 : 2,
            voltageInKilovolts: 300, sphericalAberrationInMillimetres: 2.7, amplitudeContrast: 0.1)
        return ParticleTable(rows: rows, opticsGroups: [optics])
    }
}
