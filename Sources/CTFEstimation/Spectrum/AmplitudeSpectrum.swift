import Arrays

/// The average amplitude spectrum of a micrograph: square, zero frequency at its centre (n/2, n/2), both Friedel halves.
///
/// Pixel (x, y) stands for the frequency (x − n/2, y − n/2) / (n · pixel size) in 1/Å. What motion correction writes as
/// `_PS.mrc` has this layout; its header holds the pixel size.
package struct AmplitudeSpectrum: Sendable {
    package let image: RealArray
    /// Half the finest distance that the spectrum reaches; larger than that of the micrograph where it was cropped.
    package let pixelSizeInAngstrom: Double

    /// Independent values per pixel, 0 … 1: less than 1 where a taper has mixed neighbours.
    package let independentShare: Double

    /// - Precondition: a square image of an even number of at least 32 pixels, a positive pixel size.
    package init(image: RealArray, pixelSizeInAngstrom: Double, independentShare: Double = 1) {
        precondition(Self.isUsable(image.shape) && pixelSizeInAngstrom > 0)
        self.image = image
        self.independentShare = independentShare
        self.pixelSizeInAngstrom = pixelSizeInAngstrom
    }

    package static func isUsable(_ shape: Shape) -> Bool { shape.isSquare && shape.x >= 32 && shape.x % 2 == 0 }

    package var box: Int { image.shape.x }
    /// Å that one pixel stands for: frequency = pixels / extent.
    package var extentInAngstrom: Double { Double(box) * pixelSizeInAngstrom }
    /// Distance in Å at the edge of the spectrum.
    package var nyquistInAngstrom: Double { 2 * pixelSizeInAngstrom }
}
