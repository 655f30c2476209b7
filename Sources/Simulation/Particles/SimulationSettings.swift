/// Everything that defines a set of simulated particles; the same settings give the same images bit for bit.
package struct SimulationSettings: Sendable {
    package var particleCount = 1000
    /// Pixels of an image, even.
    package var box = 128
    package var pixelSizeInAngstrom = 1.5
    package var microscope = Microscope(voltageInKilovolts: 300, sphericalAberrationInMillimetres: 2.7, amplitudeContrast: 0.1)

    /// Whether images are counts of electrons, normalised, or the contrast itself.
    package enum Noise: Sendable, Equatable {
        case none
        /// Poisson counts of `dose` e/Å² on average.
        case counting(dose: Double)
    }
    package var noise = Noise.counting(dose: 40)
    /// Whether high frequencies fade with the dose.
    package var hasRadiationDamage = false
    /// Thickness of the ice whose own structure adds to the image, Å; 0: none.
    package var iceThickness = 0.0

    package var micrographCount = 10
    /// Mean defocus of micrographs, uniform, Å.
    package var defocusRange = 8000.0...20000.0
    /// Standard deviation of the particles' defocus within a micrograph (their height in the ice), Å.
    package var defocusSpread = 150.0
    /// Standard deviation of the astigmatism (U − V) of micrographs, Å.
    package var astigmatism = 200.0
    /// Standard deviation of the micrographs' contrast about 1.
    package var scaleSpread = 0.1

    /// Standard deviation of the centring error along x and y, Å.
    package var offset = 4.0
    /// Fraction of images without a particle: empty ice or a featureless contaminant.
    package var junkFraction = 0.0
    /// Fraction of the particles that are of the second species, when there is one.
    package var secondFraction = 0.5
    /// Radius outside of which an image's mean and standard deviation are normalised to 0 and 1, pixels.
    package var backgroundRadius = 48.0
    package var seed = 1

    package init() {}

    /// Distance in standard deviations at which the centring error is cut off.
    static let offsetLimit = 3.0
}

/// What is true of one image.
package struct ParticleTruth: Sendable, Equatable {
    /// From 0.
    package var micrograph: Int
    package var rot: Double
    package var tilt: Double
    package var psi: Double
    /// Where the particle's centre lies from the image's centre, Å; the origins that a refinement should find are minus these.
    package var shift: SIMD2<Double>
    package var defocus: Defocus
    package var content: Content
    /// Contrast of the micrograph.
    package var scale: Double

    package enum Content: Sendable, Equatable {
        case species(Int)
        case empty
        /// A blob of the given radius, Å.
        case contaminant(radius: Double)
    }

    /// 1 and 2 for the species, 0 for images without a particle.
    package var classNumber: Int {
        if case .species(let index) = content { return index + 1 }
        return 0
    }
}
