import Arrays
import Testing

@testable import Fourier

/// Against the whole transform of a spectrum that is zero beyond the radius.
@Suite struct BandLimitedInverseTests {
    @Test(arguments: [(16, 0), (16, 3), (18, 8), (18, 9), (15, 4), (15, 7), (15, 40), (1, 0)])
    func agreesWithTheWholeTransform(size: Int, radius: Int) {
        let whole = FourierTransform(shape: .square(size)), half = size / 2 + 1
        var spectrum = whole.forward(noise(.square(size)))
        for y in 0..<size {
            for x in 0..<half where max(x, abs(signedFrequency(y, length: size))) > radius {
                spectrum.values[y * half + x] = ComplexFloat(0, 0)
            }
        }
        let transform = BandLimitedInverse(size: size, radius: radius)
        #expect(transform.columns == min(radius + 1, half) && transform.rows == min(2 * radius + 1, size))
        let scratch = transform.makeScratch(), expected = whole.inverse(spectrum)
        var found = RealArray(shape: .square(size))
        // The second time finds the first one's remains in the scratch.
        for rows in [nil, [size - 1, 0, size / 2]] {
            var seen: [Int] = []
            transform.inverse(scratch: scratch, imageRows: rows) { row, target in
                let first = transform.halfPlaneRow(row) * half
                for x in 0..<transform.columns { target[x] = spectrum.values[first + x] }
            } take: { y, pixels in
                seen.append(y)
                for x in 0..<size { found.values[y * size + x] = pixels[x] }
            }
            #expect(seen == rows ?? Array(0..<size))
            for (a, b) in zip(found.values, expected.values) { #expect(abs(a - b) < 1e-5) }
        }
    }
}
