import Arrays
import CKernels
import Foundation

/// The pixels of half a spectrum between two resolutions, ordered by shells of one pixel's width, for the ring kernels.
///
/// Left out are the axes, where detectors leave lines.
final class RingPixels: Sendable {
    /// One shell; empty shells do not occur.
    struct Shell: Sendable {
        /// Mean frequency of its pixels, 1/Å.
        var frequency: Double
        var pixelCount: Int
    }

    let shells: [Shell]
    let microscope: Microscope
    /// Number of true pixels.
    let count: Int
    private let starts: [UInt32]
    /// Coordinates in blocks of `padded` floats: square, cosine, sine, fourth, weight (see the kernel).
    private let table: AlignedBuffer<Float>
    private let padded: Int
    /// Position in the spectrum's image of each pixel; −1 for padding.
    let places: [Int32]

    /// - Parameter frequencies: 1/Å, from the lowest to the highest.
    init(box: Int, extentInAngstrom: Double, frequencies: ClosedRange<Double>, microscope: Microscope) {
        let low = frequencies.lowerBound * extentInAngstrom, high = frequencies.upperBound * extentInAngstrom
        let first = Int(low)
        var members = [[(x: Int, y: Int)]](repeating: [], count: max(1, Int(high) - first + 1))
        for y in -(box / 2) + 1..<box / 2 where y != 0 {
            for x in 1..<box / 2 {
                let radius = Double(x * x + y * y).squareRoot()
                if radius >= low && radius <= high { members[Int(radius) - first].append((x, y)) }
            }
        }
        members.removeAll { $0.isEmpty }
        var shells: [Shell] = [], starts: [UInt32] = [0]
        for pixels in members {
            let sum = pixels.reduce(0.0) { $0 + Double($1.x * $1.x + $1.y * $1.y).squareRoot() }
            shells.append(Shell(frequency: sum / Double(pixels.count) / extentInAngstrom, pixelCount: pixels.count))
            starts.append(starts[starts.count - 1] + UInt32((pixels.count + 15) / 16 * 16))
        }
        (self.shells, self.starts, self.microscope) = (shells, starts, microscope)
        count = shells.reduce(0) { $0 + $1.pixelCount }
        padded = Int(starts[starts.count - 1])
        table = AlignedBuffer(count: max(1, 5 * padded))
        var places = [Int32](repeating: -1, count: padded)
        let wavelength = microscope.wavelengthInAngstrom
        let aberration = microscope.sphericalAberrationInMillimetres * 1e7 * wavelength * wavelength * wavelength / 2
        for (shell, pixels) in members.enumerated() {
            for (offset, pixel) in pixels.enumerated() {
                let index = Int(starts[shell]) + offset
                let x = Double(pixel.x) / extentInAngstrom, y = Double(pixel.y) / extentInAngstrom
                let square = x * x + y * y
                let entries = [
                    wavelength * square, wavelength * (x * x - y * y), wavelength * 2 * x * y,
                    aberration * square * square, 1,
                ]
                for (block, entry) in entries.enumerated() { table[block * padded + index] = Float(entry) }
                places[index] = Int32((pixel.y + box / 2) * box + pixel.x + box / 2)
            }
        }
        self.places = places
    }

    /// Positions of the pixels of a shell.
    func range(ofShell shell: Int) -> Range<Int> {
        Int(starts[shell])..<Int(starts[shell]) + shells[shell].pixelCount
    }

    /// Number of values that go with the pixels, padding included.
    var valueCount: Int { padded }

    /// Frequency squared, and cos 2φ and sin 2φ times it, of a pixel.
    func coordinates(_ index: Int) -> (square: Double, cosine: Double, sine: Double) {
        let wavelength = microscope.wavelengthInAngstrom
        return (
            Double(table[index]) / wavelength, Double(table[padded + index]) / wavelength,
            Double(table[2 * padded + index]) / wavelength
        )
    }

    // MARK: Kernels

    private func withPixels<Result>(
        _ values: UnsafePointer<Float>, _ body: (inout ring_pixels) -> Result
    ) -> Result {
        starts.withUnsafeBufferPointer { starts in
            let base = table.base
            var pixels = ring_pixels(
                square: base, cosine: base + padded, sine: base + 2 * padded, fourth: base + 3 * padded, value: values,
                weight: base + 4 * padded, starts: starts.baseAddress, shell_count: shells.count)
            return body(&pixels)
        }
    }

    /// The constant part of the rings' phase, in turns: twice the phase shift and the amplitude contrast's.
    private func constant(_ parameters: RingParameters) -> Float {
        Float((parameters.phaseShift + asin(min(1, microscope.amplitudeContrast))) / .pi)
    }

    /// For each shell the sums of m, m² and m · value; m = 2 CTF² − 1.
    func sums(_ parameters: RingParameters, values: [Float], into result: inout [Float]) {
        precondition(values.count == padded && result.count == 3 * shells.count)
        let constant = constant(parameters)
        values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            result.withUnsafeMutableBufferPointer { result in
                withPixels(base) { pixels in
                    kernels_ring_sums(
                        &pixels, Float(parameters.mean), Float(parameters.cosine), Float(parameters.sine), constant,
                        result.baseAddress)
                }
            }
        }
    }

    /// m of every pixel.
    func rings(_ parameters: RingParameters) -> [Float] {
        let constant = constant(parameters)
        return [Float](unsafeUninitializedCapacity: padded) { buffer, count in
            withPixels(table.base) { pixels in
                kernels_ring_values(
                    &pixels, Float(parameters.mean), Float(parameters.cosine), Float(parameters.sine), constant,
                    buffer.baseAddress)
            }
            count = padded
        }
    }
}
