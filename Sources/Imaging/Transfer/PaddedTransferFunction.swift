import Arrays
import Fourier
import Optics

/// Transfer functions of images that were cut out of larger ones.
///
/// Cutting a box out of a micrograph loses what the transfer function carries beyond the box. The function is therefore
/// computed on a finer grid, for a larger box, and its point spread is cut to the box, too.
package struct PaddedTransferFunction: Sendable {
    /// Of the images, in pixels.
    package let box: Int
    package let pixelSizeInAngstrom: Double
    /// The images were multiplied by their transfer function: its square is cut instead, on a grid twice as fine again.
    package let isPremultiplied: Bool
    private let grid: FrequencyGrid
    private let phaseOffset: [Float]?
    private let large: FourierTransform
    private let small: FourierTransform

    /// - Precondition: box > 0.
    package init(
        box: Int, pixelSizeInAngstrom: Double, isPremultiplied: Bool = false, aberrations: Aberrations = .none,
        magnification: Magnification = .none
    ) {
        self.box = box
        self.pixelSizeInAngstrom = pixelSizeInAngstrom
        self.isPremultiplied = isPremultiplied
        let factor = isPremultiplied ? 4 : 2
        grid = FrequencyGrid(box: factor * box, pixelSizeInAngstrom: pixelSizeInAngstrom)
        phaseOffset = aberrations.phaseOffset(on: grid, magnification: magnification)
        large = FourierTransform(shape: .square(factor * box))
        small = FourierTransform(shape: .square(box))
    }

    /// The function on the half-plane grid of the box.
    package func values(
        of function: ContrastTransferFunction, form: ContrastTransferFunction.Form = .signed,
        intact: ContrastTransferFunction.IntactRange = .none, isDamped: Bool = true
    ) -> [Float] {
        var fine = function.values(on: grid, form: form, intact: intact, isDamped: isDamped, phaseOffset: phaseOffset)
        if isPremultiplied { for i in fine.indices { fine[i] *= fine[i] } }
        let spectrum = FourierArray(realShape: grid.realShape, values: fine.map { ComplexFloat($0, 0) })
        let spread = large.inverse(spectrum).movingCornerToCentre().windowed(to: .square(box)).movingCentreToCorner()
        // Forward transforms are divided by the number of pixels, which is smaller now.
        let ratio = Float(box) / Float(grid.realShape.x)
        let values = small.forward(spread).values.map { $0.real * ratio * ratio }
        return isPremultiplied ? values.map { min(1, max(0, $0)).squareRoot() } : values
    }
}
