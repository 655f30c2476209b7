import Foundation
import Randomness

/// What is true of one movie.
package struct MovieTruth: Sendable {
    /// Mean of the particles' defocus without their heights and the slope of the ice.
    package var defocus: Defocus
    package var motion: SampleMotion
    package var particles: [Particle]

    package struct Particle: Sendable {
        /// Centre in the first frame, pixels from the corner's pixel.
        package var place: SIMD2<Double>
        package var rot: Double
        package var tilt: Double
        package var psi: Double
        package var defocus: Defocus
        /// From 0.
        package var species: Int
    }

    /// Draws the truth of movie `index` (from 0); it does not depend on how many movies there are.
    package init(_ index: Int, settings: MovieSettings, speciesCount: Int) {
        var generator = CounterGenerator(seed: settings.seed, stream: MovieStream.truth(index))
        let mean = generator.uniform(settings.defocusRange.lowerBound, settings.defocusRange.upperBound)
        let difference = abs(generator.normal()) * settings.astigmatism
        let whole = Defocus(u: mean + difference / 2, v: mean - difference / 2, angleInDegrees: generator.uniform(0, 180))
        let (sx, sy) = generator.normalPair()
        let slope = settings.iceSlope * SIMD2(sx, sy)
        motion = SampleMotion(frameCount: settings.frameCount, size: settings.size, drift: settings.drift,
                              local: settings.localMotion, using: &generator)
        let places = ParticlePlacement.draw(
            settings.particlesPerMovie, size: settings.size, margin: 0.5 * settings.minimumDistance / settings.pixelSizeInAngstrom,
            distance: settings.minimumDistance / settings.pixelSizeInAngstrom, using: &generator)
        let middle = Double(settings.size) / 2
        particles = places.map { place in
            let rot = generator.uniform(-180, 180), tilt = acos(generator.uniform(-1, 1)) * 180 / .pi
            let psi = generator.uniform(-180, 180)
            let height = slope.x * (place.x - middle) + slope.y * (place.y - middle) + settings.defocusSpread * generator.normal()
            let species = speciesCount > 1 && generator.uniform() < settings.secondFraction ? 1 : 0
            return Particle(place: place, rot: rot, tilt: tilt, psi: psi,
                            defocus: Defocus(u: whole.u + height, v: whole.v + height, angleInDegrees: whole.angleInDegrees),
                            species: species)
        }
        defocus = whole
    }
}
