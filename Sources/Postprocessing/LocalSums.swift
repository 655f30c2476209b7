import Arrays
import Parallel

/// Sums over sampling points, weighted with the sphere's mask, of spatial frequency and filtered map.
struct LocalSums {
    private let box: Int
    private var frequency: RealArray
    private var map: RealArray
    private var weight: RealArray

    init(box: Int) {
        self.box = box
        frequency = RealArray(shape: .cube(box))
        map = frequency
        weight = frequency
    }

    /// Sections in parallel, points within a section in their order.
    mutating func add(_ measurements: [LocalProbe.Measurement], sphere: SoftSphere, pool: ThreadPool) {
        let n = box, reach = sphere.reach, side = sphere.side
        frequency.values.withUnsafeMutableBufferPointer { frequency in
            map.values.withUnsafeMutableBufferPointer { map in
                weight.values.withUnsafeMutableBufferPointer { weight in
                    nonisolated(unsafe) let frequency = frequency, map = map, weight = weight  // Sections are disjoint.
                    pool.forEach(count: n) { z, _ in
                        for measurement in measurements {
                            let point = measurement.correlation
                            let sz = z - (point.z + n / 2 - reach)
                            guard sz >= 0, sz < side else { continue }
                            let left = point.x + n / 2 - reach, top = point.y + n / 2 - reach
                            let inverse = Float(1 / point.resolutionInAngstrom)
                            let xs = max(0, left)..<max(max(0, left), min(n, left + side))
                            for y in max(0, top)..<max(max(0, top), min(n, top + side)) {
                                let row = (z * n + y) * n, from = (sz * side + y - top) * side - left
                                for x in xs {
                                    let w = sphere.values[from + x]
                                    frequency[row + x] += w * inverse
                                    map[row + x] += measurement.filtered[from + x]
                                    weight[row + x] += w
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Å; 0 where no point reached.
    func resolution() -> RealArray {
        RealArray(shape: weight.shape, values: zip(weight.values, frequency.values).map { $1 > 0 ? $0 / $1 : 0 })
    }

    func filtered() -> RealArray {
        RealArray(shape: weight.shape, values: zip(map.values, weight.values).map { $1 > 0 ? $0 / $1 : 0 })
    }
}
