import Arrays
import CFFTW

/// Resamples square images of one size to a smaller one by cropping their transforms; plans, made once, used from any thread.
///
/// The same as `forward`, `resized`, `inverse`, but only coefficients that are kept are computed along y, and the rows of
/// the image are asked for one by one, so that the image need not lie in memory as such: 256 pixels to 64 take half the time.
package final class CroppingTransform: Sendable {
    package let size: Int
    package let newSize: Int
    private let rows: RowTransform
    private let columns: Plan
    private let inverse: SectionPlans

    /// - Precondition: 1 ≤ `newSize` ≤ `size`.
    package init(size: Int, newSize: Int) {
        precondition(newSize >= 1 && newSize <= size)
        (self.size, self.newSize) = (size, newSize)
        rows = RowTransform(length: size)
        inverse = SectionPlans(x: newSize, y: newSize)
        let kept = newSize / 2 + 1
        let block = AlignedBuffer<Float>(count: 2 * kept * size)
        var length = Int32(size)
        columns = Plan {
            fftwf_plan_many_dft(
                1, &length, Int32(kept), block.base.fftwf, nil, Int32(kept), 1, block.base.fftwf, nil, Int32(kept), 1, -1,
                PlanLock.flags)
        }
    }

    /// Working space of one thread.
    package final class Scratch {
        fileprivate let row: AlignedBuffer<Float>
        fileprivate let rowSpectrum: AlignedBuffer<ComplexFloat>
        /// The kept coefficients of all rows.
        fileprivate let block: AlignedBuffer<ComplexFloat>
        fileprivate let spectrum: AlignedBuffer<ComplexFloat>

        fileprivate init(size: Int, newSize: Int) {
            let kept = newSize / 2 + 1
            row = AlignedBuffer(count: size)
            rowSpectrum = AlignedBuffer(count: size / 2 + 1)
            block = AlignedBuffer(count: kept * size)
            spectrum = AlignedBuffer(count: kept * newSize)
        }
    }

    package func makeScratch() -> Scratch { Scratch(size: size, newSize: newSize) }

    /// - Parameters:
    ///   - result: `newSize` × `newSize` pixels.
    ///   - fillRow: writes row y of the image, `size` pixels.
    package func resample(
        into result: UnsafeMutablePointer<Float>, scratch: Scratch,
        fillRow: (_ y: Int, _ row: UnsafeMutablePointer<Float>) -> Void
    ) {
        let kept = newSize / 2 + 1
        for y in 0..<size {
            fillRow(y, scratch.row.base)
            rows.forward(scratch.row.base, into: scratch.rowSpectrum.base)
            (scratch.block.base + y * kept).update(from: scratch.rowSpectrum.base, count: kept)
        }
        fftwf_execute_dft(columns.handle, scratch.block.base.fftwf, scratch.block.base.fftwf)
        crop(scratch.block.base, rowLength: kept, factor: 1 / Float(size * size), into: result, scratch)
    }

    /// The same for an image whose transform is there already, scaled by 1/N as forward transforms are.
    package func resample(
        spectrum: UnsafePointer<ComplexFloat>, into result: UnsafeMutablePointer<Float>, scratch: Scratch
    ) {
        crop(spectrum, rowLength: size / 2 + 1, factor: 1, into: result, scratch)
    }

    /// The kept coefficients themselves, scaled by 1/N as forward transforms are.
    ///
    /// - Parameters:
    ///   - spectrum: `newSize` rows of `newSize` / 2 + 1 coefficients.
    ///   - filledRows: rows that `fillRow` is asked for; the others are zero and cost nothing along x.
    package func forward(
        into spectrum: UnsafeMutablePointer<ComplexFloat>, filledRows: Range<Int>, scratch: Scratch,
        fillRow: (_ y: Int, _ row: UnsafeMutablePointer<Float>) -> Void
    ) {
        let kept = newSize / 2 + 1
        scratch.block.base.update(repeating: ComplexFloat(0, 0), count: kept * size)
        for y in filledRows {
            fillRow(y, scratch.row.base)
            rows.forward(scratch.row.base, into: scratch.rowSpectrum.base)
            (scratch.block.base + y * kept).update(from: scratch.rowSpectrum.base, count: kept)
        }
        fftwf_execute_dft(columns.handle, scratch.block.base.fftwf, scratch.block.base.fftwf)
        copyRows(scratch.block.base, rowLength: kept, factor: 1 / Float(size * size), to: spectrum)
    }

    private func crop(
        _ coefficients: UnsafePointer<ComplexFloat>, rowLength: Int, factor: Float, into result: UnsafeMutablePointer<Float>,
        _ scratch: Scratch
    ) {
        copyRows(coefficients, rowLength: rowLength, factor: factor, to: scratch.spectrum.base)
        inverse.inverse(scratch.spectrum.base, into: result)
    }

    private func copyRows(
        _ coefficients: UnsafePointer<ComplexFloat>, rowLength: Int, factor: Float,
        to spectrum: UnsafeMutablePointer<ComplexFloat>
    ) {
        let kept = newSize / 2 + 1
        for y in 0..<newSize {
            let source = frequencyIndex(signedFrequency(y, length: newSize), length: size)
            let (from, to) = (coefficients + source * rowLength, spectrum + y * kept)
            for x in 0..<kept { to[x] = from[x].multiplied(by: factor) }
        }
    }
}
