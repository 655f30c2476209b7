import Arrays
import Fourier

/// One thread's search over angles: the best correlation at each pixel so far. The earliest of equal angles is kept.
final class AngleSearch {
    let rotated: AlignedBuffer<ComplexFloat>
    let best: AlignedBuffer<Float>
    let angle: AlignedBuffer<Float>
    private let product: AlignedBuffer<ComplexFloat>
    private let map: AlignedBuffer<Float>
    private let transform: FourierTransform
    private let micrograph: [ComplexFloat]

    init(_ transform: FourierTransform, micrograph: [ComplexFloat]) {
        (self.transform, self.micrograph) = (transform, micrograph)
        let (pixels, coefficients) = (transform.shape.count, transform.shape.halfPlane.count)
        (rotated, product) = (AlignedBuffer(count: coefficients), AlignedBuffer(count: coefficients))
        let padded = (pixels + 7) / 8 * 8
        (best, angle, map) = (AlignedBuffer(count: padded), AlignedBuffer(count: padded), AlignedBuffer(count: padded))
        best.base.update(repeating: -.infinity, count: padded)
        rotated.base.update(repeating: ComplexFloat(0, 0), count: coefficients)
    }

    /// - Parameter isTurned: takes the reference of `rotated` turned by 180°.
    func correlate(_ number: Int, isTurned: Bool) {
        let (reference, product) = (rotated.base, product.base)
        let sign: Float = isTurned ? 1 : -1
        micrograph.withUnsafeBufferPointer { image in
            for index in 0..<image.count {
                let (r, i) = (reference[index].real, sign * reference[index].imaginary)
                let m = image[index]
                product[index] = ComplexFloat(r * m.real - i * m.imaginary, r * m.imaginary + i * m.real)
            }
        }
        transform.inverse(overwriting: product, into: map.base)
        keepBest(Float(number))
    }

    /// Eight pixels at a time; the buffers are that much longer.
    private func keepBest(_ number: Float) {
        let blocks = (transform.shape.count + 7) / 8
        func asBlocks(_ buffer: AlignedBuffer<Float>) -> UnsafeMutablePointer<SIMD8<Float>> {
            UnsafeMutableRawPointer(buffer.base).assumingMemoryBound(to: SIMD8<Float>.self)
        }
        let (new, old, angles) = (asBlocks(map), asBlocks(best), asBlocks(angle))
        for block in 0..<blocks {
            let isBetter = (new[block] .> old[block]) .| ((new[block] .== old[block]) .& (angles[block] .> number))
            old[block].replace(with: new[block], where: isBetter)
            angles[block].replace(with: number, where: isBetter)
        }
    }
}
