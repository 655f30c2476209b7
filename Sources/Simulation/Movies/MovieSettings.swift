/// Everything that defines a set of simulated movies; the same settings give the same counts bit for bit.
package struct MovieSettings: Sendable {
    package var movieCount = 4
    /// Width and height of a frame in pixels.
    package var size = 1536
    package var frameCount = 16
    package var pixelSizeInAngstrom = 1.2
    /// e/Å².
    package var dosePerFrame = 2.0
    package var microscope = Microscope(voltageInKilovolts: 300, sphericalAberrationInMillimetres: 2.7, amplitudeContrast: 0.1)

    package var particlesPerMovie = 60
    /// Between the centres of particles, Å.
    package var minimumDistance = 190.0
    /// Fraction of the particles that are of the second species, when there is one.
    package var secondFraction = 0.5

    /// Mean defocus of micrographs, uniform, Å.
    package var defocusRange = 8000.0...20000.0
    /// Standard deviation of the particles' height in the ice, Å.
    package var defocusSpread = 150.0
    /// Standard deviation of the astigmatism (U − V) of micrographs, Å.
    package var astigmatism = 200.0
    /// Standard deviation of the slope of the ice along x and y, Å of defocus a pixel.
    package var iceSlope = 0.1
    package var iceThickness = 250.0

    /// Standard deviation of the movement of the stage over the whole movie, along x and y, pixels.
    package var drift = 12.0
    /// Standard deviation of the coefficients of the movement that differs from place to place, pixels.
    package var localMotion = 3.0

    /// Whether pixels differ in sensitivity; files then hold counts before the correction.
    package var hasGain = true
    /// Rows of pixels that see nothing.
    package var deadRows = 1
    /// Pixels that always count many electrons.
    package var hotPixels = 20
    package var seed = 1

    package init() {}

    package var exposure: Double { dosePerFrame * Double(frameCount) }
}
