import Arrays
import ComplexModule
import Foundation
import ImageFormats
import Projection
import Reporting

/// Accumulators as files: `…_data_real.mrc`, `…_data_imag.mrc`, `…_weight.mrc`. They hold the cube of signed frequencies
/// x = 0 ... `extent`, y and z = −`extent` ... `extent` of a `CentredLayout`, x fastest, with zeros where nothing is stored: RELION's order.
struct AccumulatorFiles {
    let root: String

    init(root: String) { self.root = root }

    /// Beside an output map, without its extension.
    init(output: String) { root = PathName(output).stem }

    private func shape(_ layout: CentredLayout) -> Shape { Shape(x: layout.rowLength, y: layout.rows, z: layout.planes) }

    func write(_ accumulators: BackProjection) throws {
        let layout = accumulators.layout
        func write(_ part: String, _ value: (Int) -> Float) throws {
            var array = RealArray(shape: shape(layout))
            Self.eachRow(layout) { place, start, count in
                for x in 0..<count { array.values[place + x] = value(start + x) }
            }
            try ImageFile.write(array, to: root + part, pixelSizeInAngstrom: nil)
        }
        try write("_data_real.mrc") { accumulators.data[$0].real }
        try write("_data_imag.mrc") { accumulators.data[$0].imaginary }
        try write("_weight.mrc") { accumulators.weight[$0] }
    }

    func read(into accumulators: BackProjection) throws {
        let layout = accumulators.layout
        func read(_ part: String) throws -> [Float] {
            let array = try ImageFile.read(root + part).image
            if array.shape != shape(layout) {
                throw InputError(place: root + part, found: "an array of \(array.shape)",
                                 expected: "\(shape(layout)), which follows from --debug_ori_size, --debug_size and --pad")
            }
            return array.values
        }
        let real = try read("_data_real.mrc"), imaginary = try read("_data_imag.mrc"), weight = try read("_weight.mrc")
        Self.eachRow(layout) { place, start, count in
            for x in 0..<count {
                accumulators.data[start + x] = Complex(real[place + x], imaginary[place + x])
                accumulators.weight[start + x] = weight[place + x]
            }
        }
    }

    /// Calls `body` with the place of each row in the cube, and its start and length in the accumulators.
    private static func eachRow(_ layout: CentredLayout, _ body: (_ place: Int, _ start: Int, _ count: Int) -> Void) {
        var place = 0
        for z in layout.zRange {
            for y in -layout.extent...layout.extent {
                body(place, layout.index(0, y, z), layout.rowCount(y, z))
                place += layout.rowLength
            }
        }
    }
}

/// The mean of CTFs that were inserted like images: a transfer function in three dimensions.
enum TransferAverage {
    /// A cube with zero frequency at n/2.
    static func volume(of accumulators: BackProjection, takesRoot: Bool) -> RealArray {
        let layout = accumulators.layout, box = layout.box, half = box / 2
        let depth = layout.dimension == .three ? box : 1
        var volume = RealArray(shape: Shape(x: box, y: box, z: depth))
        for z in 0..<depth {
            for y in 0..<box {
                for x in 0..<box {
                    let sign = x < half ? -1 : 1
                    let kx = sign * (x - half), ky = sign * (y - half), kz = depth > 1 ? sign * (z - half) : 0
                    guard layout.contains(kx, ky, kz) else { continue }
                    let i = layout.index(kx, ky, kz)
                    if accumulators.weight[i] <= 0 { continue }
                    let mean = accumulators.data[i].real / accumulators.weight[i]
                    volume[x, y, z] = takesRoot ? max(0, mean).squareRoot() : mean
                }
            }
        }
        return volume
    }
}
