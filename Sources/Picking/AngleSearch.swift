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
        (best, angle, map) = (AlignedBuffer(count: pixels), AlignedBuffer(count: pixels), AlignedBuffer(count: pixels))
        best.base.update(repeating: -.infinity, count: pixels)
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
        let (new, old, angles, name) = (map.base, best.base, angle.base, Float(number))
        for index in 0..<map.count {
            let isBetter = new[index] > old[index] || (new[index] == old[index] && name < angles[index])
            old[index] = isBetter ? new[index] : old[index]
            angles[index] = isBetter ? name : angles[index]
        }
    }
}
