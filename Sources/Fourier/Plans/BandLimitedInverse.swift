import Arrays
import CFFTW

/// Inverse transforms of square images whose spectrum ends at a low frequency; plans, made once, used from any thread.
///
/// The same as `FourierTransform.inverse` of a spectrum that is zero elsewhere, but only columns with coefficients are
/// transformed along y, and rows of the image are made one by one, those that are asked for, in a buffer that stays in the
/// cache: for a tenth of the frequencies a third of the time, and no image in memory.
package final class BandLimitedInverse: Sendable {
    /// Pixels along a side of the image.
    package let size: Int
    /// Coefficients in a row of the spectrum: x frequencies 0 ... radius.
    package let columns: Int
    /// Rows of the spectrum: y frequencies 0 ... radius, −radius ... −1; all of them when the radius is half the size.
    package let rows: Int
    private let along: RowTransform
    private let across: Plan

    /// - Precondition: `size` ≥ 1, `radius` ≥ 0; a radius beyond half the size counts as half the size.
    package init(size: Int, radius: Int) {
        precondition(size >= 1 && radius >= 0)
        self.size = size
        columns = min(radius, size / 2) + 1
        rows = min(2 * radius + 1, size)
        along = RowTransform(length: size)
        let block = AlignedBuffer<Float>(count: 2 * columns * size), lines = Int32(columns)
        var length = Int32(size)
        across = Plan {
            fftwf_plan_many_dft(
                1, &length, lines, block.base.fftwf, nil, lines, 1, block.base.fftwf, nil, lines, 1, 1, PlanLock.flags)
        }
    }

    /// Row of a whole half plane (FFTW order) at which a row of the spectrum stands.
    package func halfPlaneRow(_ row: Int) -> Int { row <= rows / 2 ? row : size - rows + row }

    /// Working space of one thread.
    package final class Scratch {
        fileprivate let block: AlignedBuffer<ComplexFloat>
        fileprivate let rowSpectrum: AlignedBuffer<ComplexFloat>
        fileprivate let row: AlignedBuffer<Float>

        fileprivate init(size: Int, columns: Int) {
            block = AlignedBuffer(count: size * columns)
            rowSpectrum = AlignedBuffer(count: size / 2 + 1)
            row = AlignedBuffer(count: size)
        }
    }

    package func makeScratch() -> Scratch { Scratch(size: size, columns: columns) }

    /// - Parameters:
    ///   - imageRows: those that are made, in this order; nil: all.
    ///   - fill: writes the `columns` coefficients of one row of the spectrum.
    ///   - take: gets row y of the image, `size` pixels, which it may overwrite.
    package func inverse(
        scratch: Scratch, imageRows: [Int]? = nil, fill: (_ row: Int, _ coefficients: UnsafeMutablePointer<ComplexFloat>) -> Void,
        take: (_ y: Int, _ pixels: UnsafeMutablePointer<Float>) -> Void
    ) {
        let (block, spectrum, pixels) = (scratch.block.base, scratch.rowSpectrum.base, scratch.row.base)
        let zero = ComplexFloat(0, 0)
        for row in 0..<rows { fill(row, block + halfPlaneRow(row) * columns) }
        (block + (rows / 2 + 1) * columns).update(repeating: zero, count: max(0, size - rows) * columns)
        fftwf_execute_dft(across.handle, block.fftwf, block.fftwf)
        func make(_ y: Int) {
            spectrum.update(from: block + y * columns, count: columns)
            (spectrum + columns).update(repeating: zero, count: size / 2 + 1 - columns)
            along.inverse(spectrum, into: pixels)
            take(y, pixels)
        }
        if let imageRows { imageRows.forEach(make) } else { (0..<size).forEach(make) }
    }
}
