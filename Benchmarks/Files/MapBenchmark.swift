import Arrays
import Foundation
import ImageFormats
import Parallel

/// Reading of maps and particle stacks against reading their bytes (both from the file cache).
enum MapBenchmark {
    static let benchmark = Benchmark(name: "mrc", summary: "MRC maps and stacks, single and half precision") { _, _ in
        var lines: [Measurement] = []
        for mode in [PixelMode.float32, .float16] {
            let path = NSTemporaryDirectory() + "relion-bench-\(getpid()).mrcs"
            defer { unlink(path) }
            let shape = Shape.square(256), count = 500
            var image = RealArray(shape: shape)
            for i in image.values.indices { image.values[i] = Float(i % 997) / 997 }
            let writer = try StackWriter(path: path, shape: shape, mode: mode, pixelSizeInAngstrom: 1)
            let start = DispatchTime.now().uptimeNanoseconds
            for index in 0..<count { try writer.write(image, at: index) }
            try writer.finish()
            let writing = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
            let values = Double(shape.count * count) * 1e-9
            let bytes = try shortestTime { _ = try Data(contentsOf: URL(fileURLWithPath: path)) }
            let reader = try StackReader(path: path)
            let reading = try shortestTime { for index in 0..<count { _ = try reader.image(index) } }
            lines += [
                Measurement(name: "write \(count) images of 256², \(mode)", seconds: writing, work: values, unit: "G pixels"),
                Measurement(
                    name: "read them one by one", seconds: reading, work: values, unit: "G pixels",
                    bound: (values / bytes, "reading the bytes")),
            ]
        }
        return lines
    }
}
