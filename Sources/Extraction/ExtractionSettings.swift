import Imaging
import Optics

/// What is done to each particle between micrograph and stack.
package struct ExtractionSettings: Sendable {
    /// Width of the box that is cut from the micrograph, in its pixels; even.
    package var boxSize: Int
    /// Correction for the transfer function, in the micrograph's pixels; nil: none.
    package var transfer: TransferCorrection?
    package var finish: ParticleFinish

    /// Multiplication with the transfer function, or with its sign.
    package struct TransferCorrection: Sendable {
        /// Width of the box that is multiplied; signal that is delocalised out of the particle's box comes back from there.
        package var boxSize: Int
        package var form: ContrastTransferFunction.Form
        package var intact: ContrastTransferFunction.IntactRange

        package init(
            boxSize: Int, form: ContrastTransferFunction.Form = .signed, intact: ContrastTransferFunction.IntactRange = .none
        ) { (self.boxSize, self.form, self.intact) = (boxSize, form, intact) }
    }

    package init(boxSize: Int, transfer: TransferCorrection? = nil, finish: ParticleFinish = ParticleFinish()) {
        (self.boxSize, self.transfer, self.finish) = (boxSize, transfer, finish)
    }
}

/// What is done to an image once it is cut out, in this order: resampling, windowing, normalisation, inversion.
package struct ParticleFinish: Sendable {
    /// Width to which the image is resampled, in pixels.
    package var rescaledSize: Int?
    /// Width to which the (resampled) image is cut, or padded with zeros.
    package var windowSize: Int?
    package var normalisation: BackgroundNormalisation?
    package var invertsContrast: Bool

    package init(
        rescaledSize: Int? = nil, windowSize: Int? = nil, normalisation: BackgroundNormalisation? = nil,
        invertsContrast: Bool = false
    ) {
        self.rescaledSize = rescaledSize
        self.windowSize = windowSize
        self.normalisation = normalisation
        self.invertsContrast = invertsContrast
    }

    /// Width of the images that come out of images of `size` pixels.
    package func outputSize(for size: Int) -> Int { windowSize ?? rescaledSize ?? size }

    /// Pixel size of what comes out, in units of that of what goes in.
    package func pixelSizeFactor(for size: Int) -> Double { rescaledSize.map { Double(size) / Double($0) } ?? 1 }
}
