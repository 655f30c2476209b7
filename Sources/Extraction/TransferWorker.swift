import Arrays
import Fourier
import Optics

/// Multiplies boxes with transfer functions; one thread's plans and memory.
final class TransferWorker {
    let size: Int
    private let correction: ExtractionSettings.TransferCorrection
    private let transform: FourierTransform
    private let transfers: [ParticleExtraction.Transfer]
    private let grid: FrequencyGrid
    private let fill: Float
    private let box: AlignedBuffer<Float>
    private let spectrum: AlignedBuffer<ComplexFloat>
    /// The function that was used last: particles of one micrograph mostly share it.
    private var current: (transfer: Int, values: [Float])?

    init(
        _ correction: ExtractionSettings.TransferCorrection, _ transform: FourierTransform,
        _ transfers: [ParticleExtraction.Transfer], pixelSizeInAngstrom: Double, fill: Float
    ) {
        (self.correction, self.transform, self.transfers, self.fill) = (correction, transform, transfers, fill)
        size = correction.boxSize
        grid = FrequencyGrid(box: size, pixelSizeInAngstrom: pixelSizeInAngstrom)
        box = AlignedBuffer(count: size * size)
        spectrum = AlignedBuffer(count: grid.count)
    }

    /// Leaves the corrected window in the box.
    func correct(_ window: MicrographWindow, transfer: Int) {
        transformCorrected(window, transfer)
        transform.inverse(overwriting: spectrum.base, into: box.base)
    }

    /// The transform of the corrected window, until the next call.
    func correctedSpectrum(of window: MicrographWindow, transfer: Int) -> UnsafePointer<ComplexFloat> {
        transformCorrected(window, transfer)
        return UnsafePointer(spectrum.base)
    }

    private func transformCorrected(_ window: MicrographWindow, _ transfer: Int) {
        for y in 0..<size { window.copyRow(y, into: box.base + y * size, fill: fill) }
        transform.forward(box.base, into: spectrum.base)
        values(transfer).withUnsafeBufferPointer { values in
            let parts = UnsafeMutableRawPointer(spectrum.base).assumingMemoryBound(to: SIMD2<Float>.self)
            for i in 0..<values.count { parts[i] *= values[i] }
        }
    }

    /// Row y of a smaller window around the same centre; beyond the micrograph's edges its corrected edge is repeated.
    func copyRow(_ y: Int, of window: MicrographWindow, into row: UnsafeMutablePointer<Float>) {
        let (columns, rows) = (window.columns, window.rows)
        let margin = size / 2 - window.size / 2
        let inside = min(max(y, rows.lowerBound), rows.upperBound - 1)
        let source = box.base + (inside + margin) * size + margin
        (row + columns.lowerBound).update(from: source + columns.lowerBound, count: columns.count)
        for x in 0..<columns.lowerBound { row[x] = row[columns.lowerBound] }
        for x in columns.upperBound..<max(columns.upperBound, window.size) { row[x] = row[columns.upperBound - 1] }
    }

    private func values(_ transfer: Int) -> [Float] {
        if let current, current.transfer == transfer { return current.values }
        let (function, aberrations) = (transfers[transfer].function, transfers[transfer].aberrations)
        let values = function.values(
            on: grid, form: correction.form, intact: correction.intact,
            phaseOffset: aberrations.phaseOffset(on: grid, magnification: function.magnification))
        current = (transfer, values)
        return values
    }
}
