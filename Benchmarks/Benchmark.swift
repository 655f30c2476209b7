import Foundation
import Parallel

/// One line of the table: how fast something went, and how fast it could go at best.
struct Measurement: Sendable {
    var name: String
    var seconds: Double
    /// Work done in those seconds, in units of `unit`.
    var work: Double
    /// What the rate is given in per second: `GFlop`, `GB`, `M rows`.
    var unit: String
    /// Rate that the machine could reach, in the same unit, and what bounds it; nil for what is a floor itself.
    var bound: (rate: Double, by: String)?

    var rate: Double { work / seconds }
}

/// What has been measured of the machine, for the bounds of the kernels.
struct MachineFloor: Sendable {
    var threads: Int
    /// GFlop/s of matrix products on one thread and on all.
    var multiplyOne = 0.0
    var multiplyAll = 0.0
    /// GB/s read plus written by copying memory on one thread and on all.
    var copyOne = 0.0
    var copyAll = 0.0
}

/// A group of measurements, known by its name on the command line.
///
/// To add one: a file in a folder of this target with a `static let` benchmark, and a line in `BenchmarkTable.all`.
struct Benchmark: Sendable {
    var name: String
    var summary: String
    var run: @Sendable (_ floor: MachineFloor, _ pool: ThreadPool) throws -> [Measurement]
}

/// Shortest wall-clock time of `body`, run until `total` seconds have passed and at least three times.
func shortestTime(total: Double = 0.5, _ body: () throws -> Void) rethrows -> Double {
    var best = Double.infinity, spent = 0.0, runs = 0
    while spent < total || runs < 3 {
        let start = DispatchTime.now().uptimeNanoseconds
        try body()
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
        best = min(best, seconds)
        spent += seconds
        runs += 1
        // Long bodies are not run again for the count's sake.
        if spent > 4 * total { break }
    }
    return best
}
