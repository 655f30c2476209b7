import Foundation
import Parallel

/// `relion-bench [--j N] [NAME …]`: times kernels and file reading against what the machine can do.
@main
struct Main {
    static func main() {
        var names = Array(CommandLine.arguments.dropFirst())
        var threads = ProcessInfo.processInfo.activeProcessorCount
        if let index = names.firstIndex(of: "--j"), index + 1 < names.count, let number = Int(names[index + 1]), number > 0 {
            threads = number
            names.removeSubrange(index...index + 1)
        }
        if names.contains(where: { $0 == "--help" || $0 == "-h" }) { return printHelp() }
        let unknown = names.filter { name in !BenchmarkTable.all.contains { $0.name == name } }
        guard unknown.isEmpty else {
            FileHandle.standardError.write(Data("relion-bench: no benchmark \(unknown.joined(separator: ", "))\n".utf8))
            printHelp()
            exit(1)
        }
        let pool = ThreadPool(threads: threads)
        print("measuring the machine's floor on \(threads) threads …")
        let (floor, floorLines) = MachineBenchmark.measure(threads: threads, pool: pool)
        var table = ResultTable()
        table.add(floorLines, title: "machine")
        for benchmark in BenchmarkTable.all where names.isEmpty || names.contains(benchmark.name) {
            do {
                table.add(try benchmark.run(floor, pool), title: benchmark.name)
            } catch {
                FileHandle.standardError.write(Data("\(benchmark.name): \(error)\n".utf8))
            }
        }
    }

    static func printHelp() {
        print("relion-bench [--j THREADS] [NAME …]\n")
        for benchmark in BenchmarkTable.all {
            print("  " + benchmark.name.padding(toLength: 14, withPad: " ", startingAt: 0) + benchmark.summary)
        }
    }
}

enum BenchmarkTable {
    static let all: [Benchmark] = [TransformBenchmark.benchmark, MatchingBenchmark.benchmark, StarBenchmark.benchmark, MapBenchmark.benchmark, MovieBenchmark.benchmark, ExtractionBenchmark.benchmark,
                                   MotionBenchmark.benchmark, CTFBenchmark.benchmark, PickingBenchmark.benchmark, SurfaceBenchmark.benchmark]
}

/// Prints lines as they come.
struct ResultTable {
    private func field(_ text: String, _ width: Int, right: Bool = false) -> String {
        let padding = String(repeating: " ", count: max(0, width - text.count))
        return right ? padding + text : text + padding
    }

    mutating func add(_ lines: [Measurement], title: String) {
        print("\n" + field(title, 44) + field("time", 12, right: true) + field("rate", 18, right: true) + field("of bound", 12, right: true))
        for line in lines {
            let time = line.seconds < 1e-3
                ? String(format: "%.1f µs", line.seconds * 1e6)
                : line.seconds < 1 ? String(format: "%.2f ms", line.seconds * 1e3) : String(format: "%.2f s", line.seconds)
            var text = "  " + field(line.name, 42) + field(time, 12, right: true)
            text += field(String(format: "%.2f ", line.rate) + line.unit + "/s", 18, right: true)
            if let bound = line.bound { text += field(String(format: "%.0f %%", 100 * line.rate / bound.rate), 8, right: true) + " of " + bound.by }
            print(text)
            fflush(nil)
        }
    }
}
