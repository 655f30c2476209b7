import Arrays
import Fourier
import Imaging

/// Resampling, windowing, normalisation and inversion of square images of one size; used from any thread.
package final class FinishingPlan: Sendable {
    package let size: Int
    package let outputSize: Int
    private let finish: ParticleFinish
    private let resampledSize: Int
    private let cropping: CroppingTransform?
    private let padding: (small: FourierTransform, large: FourierTransform)?
    private let background: BackgroundRegion?

    package init(_ finish: ParticleFinish, size: Int) {
        (self.finish, self.size) = (finish, size)
        outputSize = finish.outputSize(for: size)
        resampledSize = finish.rescaledSize ?? size
        cropping = resampledSize < size ? CroppingTransform(size: size, newSize: resampledSize) : nil
        padding =
            resampledSize > size
            ? (FourierTransform(shape: .square(size)), FourierTransform(shape: .square(resampledSize))) : nil
        background = finish.normalisation?.region(.square(outputSize))
    }

    /// Working space of one thread.
    package final class Scratch {
        fileprivate let cropping: CroppingTransform.Scratch?
        fileprivate let resampled: AlignedBuffer<Float>

        fileprivate init(_ cropping: CroppingTransform.Scratch?, resampledSize: Int) {
            self.cropping = cropping
            resampled = AlignedBuffer(count: resampledSize * resampledSize)
        }
    }

    package func makeScratch() -> Scratch { Scratch(cropping?.makeScratch(), resampledSize: resampledSize) }

    /// Where an image comes from.
    package enum Source {
        /// Writes row y of the image, `size` pixels.
        case rows((_ y: Int, _ row: UnsafeMutablePointer<Float>) -> Void)
        /// Its transform; for images that are made smaller only.
        case spectrum(UnsafePointer<ComplexFloat>)
    }

    /// Whether images may come as their transforms, which saves one back and forth.
    package var takesSpectra: Bool { cropping != nil }

    /// - Parameters:
    ///   - result: `outputSize` × `outputSize` pixels.
    ///   - seed: of the noise that replaces dust.
    /// - Returns: what came of the normalisation; nil where there is none.
    @discardableResult
    package func run(
        _ source: Source, into result: UnsafeMutableBufferPointer<Float>, seed: Int, scratch: Scratch
    ) -> BackgroundNormalisation.Outcome? {
        precondition(result.count == outputSize * outputSize)
        guard let output = result.baseAddress else { return nil }
        if outputSize == resampledSize {
            resample(source, into: output, scratch)
        } else {
            resample(source, into: scratch.resampled.base, scratch)
            window(scratch.resampled.base, into: result)
        }
        var outcome: BackgroundNormalisation.Outcome?
        if let normalisation = finish.normalisation, let background {
            outcome = normalisation.apply(to: result, region: background, seed: seed)
        }
        if finish.invertsContrast { for i in 0..<result.count { result[i] = -result[i] } }
        return outcome
    }

    private func resample(_ source: Source, into image: UnsafeMutablePointer<Float>, _ scratch: Scratch) {
        switch source {
        case .rows(let fillRow): resample(into: image, scratch, fillRow)
        case .spectrum(let spectrum):
            guard let cropping, let space = scratch.cropping else { preconditionFailure("spectra are not taken") }
            cropping.resample(spectrum: spectrum, into: image, scratch: space)
        }
    }

    private func resample(
        into image: UnsafeMutablePointer<Float>, _ scratch: Scratch, _ fillRow: (Int, UnsafeMutablePointer<Float>) -> Void
    ) {
        if let cropping, let space = scratch.cropping {
            return cropping.resample(into: image, scratch: space, fillRow: fillRow)
        }
        guard let padding else {
            for y in 0..<size { fillRow(y, image + y * size) }
            return
        }
        var small = RealArray(shape: .square(size))
        small.values.withUnsafeMutableBufferPointer { values in
            if let base = values.baseAddress { for y in 0..<size { fillRow(y, base + y * size) } }
        }
        let large = padding.large.inverse(padding.small.forward(small).resized(to: .square(resampledSize)))
        large.values.withUnsafeBufferPointer { if let base = $0.baseAddress { image.update(from: base, count: $0.count) } }
    }

    /// The centres n/2 meet.
    private func window(_ image: UnsafeMutablePointer<Float>, into result: UnsafeMutableBufferPointer<Float>) {
        result.update(repeating: 0)
        let (from, to) = (resampledSize, outputSize)
        let shift = to / 2 - from / 2
        let columns = max(0, -shift)..<min(from, to - shift)
        for y in max(0, -shift)..<min(from, to - shift) {
            for x in columns { result[(y + shift) * to + x + shift] = image[y * from + x] }
        }
    }
}
