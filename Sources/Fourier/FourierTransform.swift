import Arrays
import ComplexModule
import Parallel

/// The discrete Fourier transform of real images and volumes of one shape: plans, made once, used from any thread.
///
/// Convention (RELION's): half-plane x >= 0, FFTW order, origin in the corner, exponent −2πi, **forward scaled by 1/N, inverse
/// unscaled**. `inverse(forward(a)) == a` up to rounding.
///
/// A volume is transformed section by section in x and y, then in blocks of lines along z; the blocks do not depend on the
/// number of threads, nor do the bits of the result.
package final class FourierTransform: Sendable {
    package let shape: Shape
    private let section: SectionPlans
    private let lines: LineTransform?

    package init(shape: Shape) {
        precondition(shape.count > 0)
        self.shape = shape
        section = SectionPlans(x: shape.x, y: shape.y)
        lines = shape.z > 1 ? LineTransform(length: shape.z) : nil
    }

    // MARK: Whole arrays

    /// - Precondition: `real.shape == shape`.
    package func forward(_ real: RealArray, pool: ThreadPool? = nil) -> FourierArray {
        precondition(real.shape == shape)
        var result = FourierArray(realShape: shape)
        real.values.withUnsafeBufferPointer { input in
            result.values.withUnsafeMutableBufferPointer { output in
                forward(input.baseAddress!, into: output.baseAddress!, pool: pool)
            }
        }
        return result
    }

    /// - Precondition: `spectrum.realShape == shape`.
    package func inverse(_ spectrum: consuming FourierArray, pool: ThreadPool? = nil) -> RealArray {
        precondition(spectrum.realShape == shape)
        var result = RealArray(shape: shape)
        spectrum.values.withUnsafeMutableBufferPointer { input in
            result.values.withUnsafeMutableBufferPointer { output in
                inverse(overwriting: input.baseAddress!, into: output.baseAddress!, pool: pool)
            }
        }
        return result
    }

    // MARK: Raw memory

    /// - Parameters:
    ///   - real: `shape.count` values.
    ///   - spectrum: `shape.halfPlane.count` coefficients; must not overlap `real`.
    package func forward(_ real: UnsafePointer<Float>, into spectrum: UnsafeMutablePointer<ComplexFloat>,
                         pool: ThreadPool? = nil) {
        let plane = shape.x * shape.y, halfPlane = shape.halfPlane.x * shape.y
        guard lines != nil else {
            section.forward(real, into: spectrum)
            scale(spectrum, count: halfPlane, by: 1 / Float(shape.count))
            return
        }
        nonisolated(unsafe) let input = real, output = spectrum  // Sections are disjoint.
        (pool ?? .one).forEach(count: shape.z) { z, _ in
            section.forward(input + z * plane, into: output + z * halfPlane)
        }
        transformLines(spectrum, pool: pool ?? .one, scale: 1 / Float(shape.count), isForward: true)
    }

    /// Overwrites the spectrum.
    package func inverse(overwriting spectrum: UnsafeMutablePointer<ComplexFloat>, into real: UnsafeMutablePointer<Float>,
                         pool: ThreadPool? = nil) {
        guard lines != nil else {
            section.inverse(spectrum, into: real)
            return
        }
        let plane = shape.x * shape.y, halfPlane = shape.halfPlane.x * shape.y
        transformLines(spectrum, pool: pool ?? .one, scale: 1, isForward: false)
        nonisolated(unsafe) let input = spectrum, output = real  // Sections are disjoint.
        (pool ?? .one).forEach(count: shape.z) { z, _ in
            section.inverse(input + z * halfPlane, into: output + z * plane)
        }
    }

    /// Whether sections are larger than caches, so that transforms in place work in blocks.
    package var worksInBlocks: Bool { section.blocked != nil }
    /// Number of floats of a buffer for the transforms in place.
    package var inPlaceCount: Int { 2 * shape.halfPlane.count }
    /// Floats from one row of the real array to the next in a buffer for the transforms in place.
    package var inPlaceRowStride: Int { 2 * shape.halfPlane.x }

    /// Real rows padded to `inPlaceRowStride` values in, interleaved coefficients out, in the same `inPlaceCount` floats.
    package func forwardInPlace(_ buffer: UnsafeMutablePointer<Float>, pool: ThreadPool? = nil) {
        let stride = inPlaceRowStride * shape.y
        nonisolated(unsafe) let data = buffer  // Sections are disjoint.
        let factor = 1 / Float(shape.count)
        (pool ?? .one).forEach(count: shape.z) { z, _ in section.forwardInPlace(data + z * stride, factor: lines == nil ? factor : 1) }
        if lines != nil {
            let spectrum = UnsafeMutableRawPointer(buffer).assumingMemoryBound(to: ComplexFloat.self)
            transformLines(spectrum, pool: pool ?? .one, scale: factor, isForward: true)
        }
    }

    package func inverseInPlace(_ buffer: UnsafeMutablePointer<Float>, pool: ThreadPool? = nil) {
        let spectrum = UnsafeMutableRawPointer(buffer).assumingMemoryBound(to: ComplexFloat.self)
        if lines != nil { transformLines(spectrum, pool: pool ?? .one, scale: 1, isForward: false) }
        let stride = inPlaceRowStride * shape.y
        nonisolated(unsafe) let data = buffer  // Sections are disjoint.
        (pool ?? .one).forEach(count: shape.z) { z, _ in section.inverseInPlace(data + z * stride) }
    }

    // MARK: Batches

    /// Transforms `count` arrays stored one after the other; one array is one item of the parallel loop.
    package func forwardBatch(_ real: UnsafePointer<Float>, into spectra: UnsafeMutablePointer<ComplexFloat>, count: Int,
                              pool: ThreadPool) {
        let n = shape.count, h = shape.halfPlane.count
        nonisolated(unsafe) let input = real, output = spectra  // Arrays are disjoint.
        pool.forEach(count: count) { i, _ in forward(input + i * n, into: output + i * h) }
    }

    /// Overwrites the spectra.
    package func inverseBatch(overwriting spectra: UnsafeMutablePointer<ComplexFloat>, into real: UnsafeMutablePointer<Float>,
                              count: Int, pool: ThreadPool) {
        let n = shape.count, h = shape.halfPlane.count
        nonisolated(unsafe) let input = spectra, output = real  // Arrays are disjoint.
        pool.forEach(count: count) { i, _ in inverse(overwriting: input + i * h, into: output + i * n) }
    }

    // MARK: Lines along z

    private func transformLines(_ spectrum: UnsafeMutablePointer<ComplexFloat>, pool: ThreadPool, scale: Float,
                                isForward: Bool) {
        guard let lines else { return }
        let plane = shape.halfPlane.x * shape.y, depth = shape.z, batch = LineTransform.batch
        let blocks = (plane + batch - 1) / batch
        nonisolated(unsafe) let data = spectrum  // Blocks of lines are disjoint.
        pool.forEachChunk(count: blocks, chunk: 32) { range, _ in
            let block = lines.makeBlock()
            for index in range {
                let first = index * batch, width = min(batch, plane - first)
                for z in 0..<depth {
                    (block.base + z * batch).update(from: data + z * plane + first, count: width)
                }
                if isForward { lines.forward(block.base) } else { lines.inverse(block.base) }
                for z in 0..<depth {
                    let target = data + z * plane + first, source = block.base + z * batch
                    if scale == 1 {
                        target.update(from: source, count: width)
                    } else {
                        for i in 0..<width { target[i] = source[i].multiplied(by: scale) }
                    }
                }
            }
        }
    }
}

extension ThreadPool {
    /// For callers that are themselves one item of a parallel loop.
    package static let one = ThreadPool(threads: 1)
}

@inline(__always)
func scale(_ values: UnsafeMutablePointer<ComplexFloat>, count: Int, by factor: Float) {
    UnsafeMutableRawPointer(values).withMemoryRebound(to: Float.self, capacity: 2 * count) { floats in
        for i in 0..<2 * count { floats[i] *= factor }
    }
}

extension Complex where RealType == Float {
    @inline(__always)
    package func multiplied(by factor: Float) -> ComplexFloat { Complex(real * factor, imaginary * factor) }

    /// The product by the textbook formula: library products check for infinities, which a hot loop cannot afford.
    @inline(__always)
    package func times(_ other: ComplexFloat) -> ComplexFloat {
        Complex(real * other.real - imaginary * other.imaginary, real * other.imaginary + imaginary * other.real)
    }

    /// |z|², without the library's protection against overflow.
    @inline(__always)
    package var power: Float { real * real + imaginary * imaginary }
}
