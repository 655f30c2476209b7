import Arrays
import Foundation
import Parallel
import Reporting
import TestSupport
import Testing

@testable import ImageFormats

/// 10,000 damaged image files of each format (MRC, SPIDER, PNG) are read or refused with an `InputError`: never a crash, never
/// a hang.
@Suite(.timeLimit(.minutes(1))) struct DamagedImageTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder(inMemory: true) }

    private static let versions = 10_000

    private func path(_ name: String) -> String { folder.file(name) }

    private func read(_ original: [UInt8], as name: String, count: Int = versions) throws {
        let outcomes = ThreadPool(threads: 2).map(count: count) { seed, worker -> String in
            let path = path("\(worker)-\(name)")
            do {
                try Data(Damage.damaged(original, seed: seed)).write(to: URL(fileURLWithPath: path))
                if name.hasSuffix("png") {
                    _ = try PNGFile.read(path, channels: .rgb)
                } else {
                    let reader = try StackReader(path: path)
                    // Sizes of a damaged header may be large and the file may be sparse; small ones are read.
                    if reader.header.shapeOfAll.count < 1 << 16 { _ = try reader.all() }
                }
                return "read"
            } catch let error as InputError {
                return error.description.isEmpty ? "no message" : "refused"
            } catch {
                return "\(error)"
            }
        }
        let counts = Dictionary(grouping: outcomes) { $0 }.mapValues(\.count)
        #expect(Set(counts.keys).isSubset(of: ["read", "refused"]), "\(name): \(counts)")
        #expect((counts["refused"] ?? 0) > count / 10 && (counts["read"] ?? 0) > 0, "\(name): \(counts)")
    }

    @Test(arguments: [PixelMode.float32, .float16, .int16, .int8, .uint4]) func mrc(mode: PixelMode) throws {
        let images = (0..<3).map { index in
            RealArray(shape: Shape(x: 9, y: 5), values: (0..<45).map { Float(($0 + index) % 13) })
        }
        try ImageFile.writeStack(images, to: path("good.mrcs"), pixelSizeInAngstrom: 1.5, mode: mode)
        try read([UInt8](try Data(contentsOf: URL(fileURLWithPath: path("good.mrcs")))), as: "a.mrcs", count: Self.versions / 5)
    }

    @Test func spider() throws {
        var words = [Float](repeating: 0, count: 256 + 2 * (256 + 16))
        for (index, value) in [(0, 1), (1, 4), (4, 1), (11, 4), (20, 1.5), (21, 1024), (22, 16), (23, 2), (25, 2)] as [(Int, Float)] {
            words[index] = value
        }
        try read(words.withUnsafeBytes { Array($0) }, as: "a.stk")
    }

    @Test func png() throws {
        try read(try PNGFile.encode((0..<192).map { UInt8($0) }, width: 8, height: 8, channels: .rgb), as: "a.png")
    }
}
