import Foundation
import Randomness

extension SimulationSettings {
    /// Draws orientations (uniform over all rotations), centring errors, defocus, contrast and content of all particles.
    ///
    /// Particles stand in the order of their micrographs. Every particle and every micrograph has its own stream of random
    /// numbers, so that the first images of a larger set of as many particles a micrograph stay the same.
    package func drawTruth(speciesCount: Int) -> [ParticleTruth] {
        let micrographs = (0..<micrographCount).map(drawMicrograph)
        return (0..<particleCount).map { i in
            let index = i * micrographCount / particleCount
            let micrograph = micrographs[index]
            // Odd streams belong to truths, even ones to the images' noise, negative ones to micrographs.
            var generator = CounterGenerator(seed: seed, stream: 2 * i + 1)
            let rot = generator.uniform(-180, 180), psi = generator.uniform(-180, 180)
            let tilt = acos(generator.uniform(-1, 1)) * 180 / .pi
            let (a, b) = generator.normalPair()
            let limit = Self.offsetLimit
            let shift = offset * SIMD2(min(limit, max(-limit, a)), min(limit, max(-limit, b)))
            let height = defocusSpread * generator.normal()
            var defocus = micrograph.defocus
            defocus.u += height
            defocus.v += height
            return ParticleTruth(micrograph: index, rot: rot, tilt: tilt, psi: psi, shift: shift, defocus: defocus,
                                 content: drawContent(speciesCount: speciesCount, using: &generator), scale: micrograph.scale)
        }
    }

    private func drawContent(speciesCount: Int, using generator: inout CounterGenerator) -> ParticleTruth.Content {
        let junk = generator.uniform(), kind = generator.uniform(), second = generator.uniform()
        if junk < junkFraction {
            let width = Double(box) * pixelSizeInAngstrom
            return kind < 0.5 ? .empty : .contaminant(radius: width * (0.08 + 0.2 * second))
        }
        return .species(speciesCount > 1 && second < secondFraction ? 1 : 0)
    }

    private func drawMicrograph(_ index: Int) -> (defocus: Defocus, scale: Double) {
        var generator = CounterGenerator(seed: seed, stream: -1 - index)
        let mean = generator.uniform(defocusRange.lowerBound, defocusRange.upperBound)
        let difference = abs(generator.normal()) * astigmatism
        let angle = generator.uniform(0, 180)
        let scale = max(0.2, 1 + scaleSpread * generator.normal())
        return (Defocus(u: mean + difference / 2, v: mean - difference / 2, angleInDegrees: angle), scale)
    }
}
