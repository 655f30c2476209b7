import Arrays
import CKernels
import Fourier

/// One thread's search over angles: the best correlation at each pixel so far. The earliest of equal angles is kept.
///
/// Maps of single angles are never in memory: each row is compared as soon as it is made. Seven eighths of the time are
/// the transforms of the rows.
final class AngleSearch {
    /// Coefficients of the reference, in the rows and columns of the transform.
    let rotated: AlignedBuffer<ComplexFloat>
    let best: AlignedBuffer<Float>
    let angle: AlignedBuffer<Float>
    private let transform: BandLimitedInverse
    private let scratch: BandLimitedInverse.Scratch
    private var micrograph: [ComplexFloat] = []

    init(_ transform: BandLimitedInverse) {
        self.transform = transform
        scratch = transform.makeScratch()
        let pixels = transform.size * transform.size
        rotated = AlignedBuffer(count: transform.rows * transform.columns)
        (best, angle) = (AlignedBuffer(uninitialisedCount: pixels), AlignedBuffer(uninitialisedCount: pixels))
    }

    /// - Parameter micrograph: its coefficients, in the rows and columns of the transform.
    func begin(_ micrograph: [ComplexFloat]) {
        self.micrograph = micrograph
        best.base.update(repeating: -.infinity, count: best.count)
        angle.base.update(repeating: 0, count: angle.count)
    }

    /// - Parameter isTurned: takes the reference of `rotated` turned by 180°.
    func correlate(_ number: Int, isTurned: Bool) {
        let (columns, size, turned) = (transform.columns, transform.size, Int32(isTurned ? 1 : 0))
        let (reference, best, angle) = (rotated.base, best.base, angle.base)
        micrograph.withUnsafeBufferPointer { image in
            guard let image = image.baseAddress else { return }
            transform.inverse(scratch: scratch) { row, product in
                let first = row * columns
                correlate_coefficients(
                    floats(reference + first), floats(image + first), turned, floats(product), columns)
            } take: { y, pixels in
                keep_best(pixels, Float(number), best + y * size, angle + y * size, size)
            }
        }
    }
}

extension AngleSearch {
    /// The better of this search and another one, over other angles.
    func merge(_ other: AngleSearch) {
        for index in 0..<best.count {
            let (new, old) = (other.best.base[index], best.base[index])
            guard new > old || (new == old && other.angle.base[index] < angle.base[index]) else { continue }
            (best.base[index], angle.base[index]) = (new, other.angle.base[index])
        }
    }
}

/// Complex values as their parts, one after the other.
private func floats(_ values: UnsafePointer<ComplexFloat>) -> UnsafePointer<Float> {
    UnsafeRawPointer(values).assumingMemoryBound(to: Float.self)
}

private func floats(_ values: UnsafeMutablePointer<ComplexFloat>) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(values).assumingMemoryBound(to: Float.self)
}
