import Arrays

/// What the engine knows of an optics group: how its images lie on the references' frequencies, and what distorts them.
package struct OpticsGeometry: Sendable {
    /// Box size of the images, pixels (even), and their pixel size, Å.
    package var box: Int
    package var pixelSize: Double
    package var voltageInKilovolts = 300.0
    package var sphericalAberrationInMillimetres = 2.7
    package var amplitudeContrast = 0.1
    /// Images have been multiplied by their CTF already.
    package var isPremultiplied = false
    /// Magnification matrix [m00, m01, m10, m11]; identity where there is none.
    package var magnification: [Double] = [1, 0, 0, 1]
    /// Symmetric (even) Zernike coefficients, added to the phase of the CTF, radians.
    package var evenZernike: [Double] = []
    /// Antisymmetric (odd) Zernike coefficients, radians.
    package var oddZernike: [Double] = []
    /// Beam tilt, mrad.
    package var beamTiltX = 0.0
    package var beamTiltY = 0.0
    /// Modulation transfer of the detector against frequency in 1/px of the original micrograph; empty: none.
    package var modulationTransfer: [(frequency: Double, value: Double)] = []
    /// Pixel size of the original micrograph, Å.
    package var micrographPixelSize: Double

    package init(box: Int, pixelSize: Double, micrographPixelSize: Double? = nil) {
        self.box = box
        self.pixelSize = pixelSize
        self.micrographPixelSize = micrographPixelSize ?? pixelSize
    }
}
