import Foundation
import Parallel
import StarFormat

/// Reading and writing of a particle table of a million rows and thirty columns.
enum StarBenchmark {
    static let benchmark = Benchmark(name: "star", summary: "a STAR table of 1,000,000 rows × 30 columns") { floor, _ in
        let path = NSTemporaryDirectory() + "relion-bench-\(getpid()).star"
        defer { unlink(path) }
        let rows = 1_000_000
        var document = StarDocument(tables: [table(rows: rows)])
        let writing = try shortestTime(total: 0.1) { try document.write(to: path) }
        let gigabytes = Double((try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0) * 1e-9
        let bound = (rate: floor.copyOne / 2, by: "memory (1 thread)")
        let opening = try shortestTime(total: 0.1) { document = try StarDocument(contentsOf: path) }
        let rewriting = try shortestTime(total: 0.1) { try document.write(to: path) }
        let label = "rlnValue12"
        let decoding = try shortestTime(total: 0.1) { _ = try document.tables[0].doubles(label) }
        return [
            Measurement(name: "write typed table", seconds: writing, work: gigabytes, unit: "GB", bound: bound),
            Measurement(name: "parse", seconds: opening, work: gigabytes, unit: "GB", bound: bound),
            Measurement(name: "write unchanged table", seconds: rewriting, work: gigabytes, unit: "GB", bound: bound),
            Measurement(name: "decode one column of numbers", seconds: decoding, work: Double(rows) * 1e-6, unit: "M values"),
        ]
    }

    private static func table(rows: Int) -> StarTable {
        var table = StarTable(name: "particles")
        table.set("rlnImageName", strings: (0..<rows).map { "\($0 % 1000 + 1)@Extract/job010/movies/stack\($0 / 1000).mrcs" })
        table.set("rlnMicrographName", strings: (0..<rows).map { "MotionCorr/job002/movies/mic\($0 / 1000).mrc" })
        table.set("rlnOpticsGroup", ints: (0..<rows).map { $0 % 5 + 1 })
        for column in 3..<30 { table.set("rlnValue\(column)", doubles: (0..<rows).map { Double(($0 &* 7919 &+ column) % 100_000) / 97 }) }
        return table
    }
}
