import Arrays
import Foundation
import ImageFormats
import Parallel

/// Decoding of movies: electron events of a Falcon 4 at its usual dose rate, and compressed TIFF frames.
enum MovieBenchmark {
    static let benchmark = Benchmark(name: "movies", summary: "EER and TIFF movies of 4096 × 4096 pixels") {
        floor, pool in
        let folder = NSTemporaryDirectory() + "relion-bench-\(getpid())-movies"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try events(folder, floor, pool) + frames(folder)
    }

    private static let shape = Shape.square(4096)
    private static let rawFrames = 40

    /// 0.018 electrons a pixel and detector frame.
    private static func writeEvents(_ path: String) throws -> Int {
        var writer = EERWriter(shape: shape), state: UInt64 = 1, count = 0
        for _ in 0..<rawFrames {
            var frame: [ElectronEvent] = [], pixel = 0
            while true {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let uniform = Double(state >> 11) * 0x1p-53
                pixel += 1 + Int(-log(1 - uniform) / 0.018)
                if pixel >= shape.count { break }
                frame.append(
                    ElectronEvent(
                        x: pixel % shape.x, y: pixel / shape.x, quarterX: Int(state >> 40) % 4,
                        quarterY: Int(state >> 42) % 4))
            }
            count += frame.count
            writer.append(frame)
        }
        try writer.write(to: path)
        return count
    }

    private static func events(_ folder: String, _ floor: MachineFloor, _ pool: ThreadPool) throws -> [Measurement] {
        let path = folder + "/movie.eer"
        let count = try writeEvents(path)
        let millions = Double(count) * 1e-6
        var lines: [Measurement] = []
        for (grid, name) in [(EERRendering.Grid.physical, "4K"), (.double, "8K")] {
            let movie = try EERMovie(path: path, rendering: EERRendering(grid: grid, rawFramesPerFrame: rawFrames))
            var image = RealArray(shape: movie.shape)
            let seconds = try shortestTime {
                try image.values.withUnsafeMutableBufferPointer { try movie.readFrame(0, into: $0) }
            }
            // The image is written when it is set to zero, read and written when events are drawn.
            let traffic = Double(movie.shape.count * 4) * 3e-9
            lines.append(
                Measurement(
                    name: "EER, 40 frames to one at \(name), one thread", seconds: seconds, work: millions,
                    unit: "M events",
                    bound: floor.copyOne > 0 ? (millions / (traffic / floor.copyOne), "memory") : nil))
        }
        let movie = try EERMovie(path: path, rendering: EERRendering(rawFramesPerFrame: 10))
        let images = (0..<movie.frameCount).map { _ in UnsafeMutableBufferPointer<Float>.allocate(capacity: shape.count)
        }
        defer { for image in images { image.deallocate() } }
        let seconds = try shortestTime {
            nonisolated(unsafe) let images = images  // One for each item.
            _ = try pool.tryMap(count: images.count) { index, _ in try movie.readFrame(index, into: images[index]) }
        }
        lines.append(
            Measurement(
                name: "EER, 4 frames of 10 at 4K, \(pool.threadCount) threads", seconds: seconds, work: millions,
                unit: "M events"))
        return lines
    }

    private static func frames(_ folder: String) throws -> [Measurement] {
        var state: UInt64 = 7
        let frame = RealArray(
            shape: shape,
            values: (0..<shape.count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Float([0, 0, 0, 0, 0, 1, 1, 2][Int(state >> 61)])
            })
        let pixels = Double(shape.count) * 1e-6
        var lines: [Measurement] = []
        for (packing, name) in [(TIFFMovieWriter.Packing.lzw, "LZW"), (.deflate(level: 6), "deflate")] {
            let path = folder + "/movie.tif"
            let writing = try shortestTime(total: 0.2) {
                let writer = try TIFFMovieWriter(
                    path: path, shape: shape, pixel: .uint8, frameCount: 1, packing: packing)
                try writer.append(frame)
                try writer.finish()
            }
            let movie = try MovieFile.open(path)
            var image = frame
            let reading = try shortestTime(total: 0.2) {
                try image.values.withUnsafeMutableBufferPointer { try movie.readFrame(0, into: $0) }
            }
            lines += [
                Measurement(name: "write 8-bit TIFF, \(name)", seconds: writing, work: pixels, unit: "M pixels"),
                Measurement(name: "read 8-bit TIFF, \(name)", seconds: reading, work: pixels, unit: "M pixels"),
            ]
        }
        return lines
    }
}
