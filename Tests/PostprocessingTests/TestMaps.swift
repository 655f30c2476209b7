import Arrays
import Fourier
import Foundation
import ImageFormats
import Parallel
import Postprocessing
import Randomness
import TestSupport

/// Two noisy copies of a lump of blobs: signal dominates at low, noise at high resolution.
enum TestMaps {
    static let pool = ThreadPool(threads: 2)

    static func halves(box: Int = 32, noise: Float = 0.15) -> HalfMaps {
        let signal = blobs(box: box)
        return HalfMaps(first: noisy(signal, noise, stream: 1), second: noisy(signal, noise, stream: 2))
    }

    static func blobs(box: Int) -> RealArray {
        var map = RealArray(shape: .cube(box))
        var generator = CounterGenerator(seed: 7, stream: 0)
        let c = Double(box / 2), radius = Double(box) / 5
        for _ in 0..<30 {
            let p = (0..<3).map { _ in c + (generator.uniform() - 0.5) * 2 * radius }
            for z in 0..<box {
                for y in 0..<box {
                    for x in 0..<box {
                        let dx = Double(x) - p[0], dy = Double(y) - p[1], dz = Double(z) - p[2]
                        let d = dx * dx + dy * dy + dz * dz
                        if d < 20 { map[x, y, z] += Float(exp(-d / 2)) }
                    }
                }
            }
        }
        return map
    }

    static func noisy(_ map: RealArray, _ noise: Float, stream: Int) -> RealArray {
        var generator = CounterGenerator(seed: 1, stream: stream)
        var map = map
        for i in map.values.indices {
            // Sum of four uniform numbers: near enough to a normal one.
            let sum = (0..<4).reduce(0.0) { total, _ in total + generator.uniform() } - 2
            map.values[i] += noise * Float(sum) * 1.73
        }
        return map
    }

    static func mask(box: Int, radius: Double, edge: Double = 4) -> RealArray {
        var mask = RealArray(shape: .cube(box))
        let c = Double(box / 2)
        for z in 0..<box {
            for y in 0..<box {
                for x in 0..<box {
                    let d = ((Double(x) - c) * (Double(x) - c) + (Double(y) - c) * (Double(y) - c)
                        + (Double(z) - c) * (Double(z) - c)).squareRoot()
                    mask[x, y, z] = d < radius ? 1 : d > radius + edge ? 0 : Float(0.5 + 0.5 * cos(.pi * (d - radius) / edge))
                }
            }
        }
        return mask
    }

    static func reference(_ name: String) throws -> RealArray {
        try ImageFile.readVolume(SharedData.tutorial("reference/refine3d/" + name).path).volume
    }
}
