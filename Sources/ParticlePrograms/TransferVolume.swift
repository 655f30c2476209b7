import Arrays
import ImageFormats
import Reporting

/// Three-dimensional transfer functions of subtomograms (`rlnCtfImage`) as RELION stores them.
///
/// A cube holds the whole transfer with zero frequency at n/2; a file of (n/2 + 1) × n × n the half x >= 0 in FFTW order; one of twice
/// that depth, behind it, the multiplicity: how many tilt images contributed to each coefficient.
struct TransferVolume {
    /// box × box × (box/2 + 1) values in FFTW order.
    var transfer: [Float]
    var multiplicity: [Float]?

    /// - Throws: `InputError` when the file has none of these shapes.
    static func read(_ name: String, box: Int) throws -> TransferVolume {
        let volume = try ImageFile.read(name).image, shape = volume.shape
        if shape.isCube {
            return TransferVolume(transfer: window(box: box, size: shape.x) { x, y, z in
                let n = shape.x, c = n / 2
                // The centre of an even cube is off the middle: the negative frequency is the one that exists.
                return volume[(c - x + n) % n, (c - y + n) % n, (c - z + n) % n]
            })
        }
        guard shape.x == shape.y / 2 + 1, shape.z == shape.y || shape.z == 2 * shape.y else {
            throw InputError(place: name, found: "a transfer function of \(shape)", expected: "a cube, or half of one in Fourier order")
        }
        let n = shape.y
        func half(from first: Int) -> [Float] {
            window(box: box, size: n) { x, y, z in volume[x, frequencyIndex(y, length: n), first + frequencyIndex(z, length: n)] }
        }
        return TransferVolume(transfer: half(from: 0), multiplicity: shape.z == 2 * n ? half(from: n) : nil)
    }

    /// Values at the frequencies of a box; zero where the file, of size `size`, has none.
    private static func window(box: Int, size: Int, _ value: (Int, Int, Int) -> Float) -> [Float] {
        let limit = size < box ? (size / 2) * (size / 2) : Int.max
        var result: [Float] = []
        result.reserveCapacity(Shape.cube(box).halfPlane.count)
        for zi in 0..<box {
            let z = signedFrequency(zi, length: box)
            for yi in 0..<box {
                let y = signedFrequency(yi, length: box)
                for x in 0...box / 2 { result.append(x * x + y * y + z * z <= limit ? value(x, y, z) : 0) }
            }
        }
        return result
    }
}
