import Arrays
import Foundation
import Reporting
import TestSupport
import Testing

@testable import ImageFormats

/// Damaged image files are read or refused with an `InputError`, never a crash.
@Suite struct DamagedImageTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { folder.file(name) }

    private func read(_ original: [UInt8], as name: String, count: Int = 600) throws {
        for (seed, bytes) in Damage.versions(of: original, count: count).enumerated() {
            try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
            do {
                if name.hasSuffix("png") {
                    _ = try PNGFile.read(path(name), channels: .rgb)
                } else {
                    let reader = try StackReader(path: path(name))
                    // Sizes of a damaged header may be large and the file may be sparse; small ones are read.
                    if reader.header.shapeOfAll.count < 1 << 20 { _ = try reader.all() }
                }
            } catch is InputError {
            } catch {
                Issue.record("\(name), seed \(seed): \(error)")
            }
        }
    }

    @Test(arguments: [PixelMode.float32, .float16, .int16, .int8, .uint4]) func mrc(mode: PixelMode) throws {
        let images = (0..<3).map { index in
            RealArray(shape: Shape(x: 9, y: 5), values: (0..<45).map { Float(($0 + index) % 13) })
        }
        try ImageFile.writeStack(images, to: path("good.mrcs"), pixelSizeInAngstrom: 1.5, mode: mode)
        try read([UInt8](try Data(contentsOf: URL(fileURLWithPath: path("good.mrcs")))), as: "a.mrcs")
    }

    @Test func spider() throws {
        var words = [Float](repeating: 0, count: 256 + 2 * (256 + 16))
        for (index, value) in [(0, 1), (1, 4), (4, 1), (11, 4), (20, 1.5), (21, 1024), (22, 16), (23, 2), (25, 2)] as [(Int, Float)] {
            words[index] = value
        }
        try read(words.withUnsafeBytes { Array($0) }, as: "a.stk")
    }

    @Test func png() throws {
        try read(try PNGFile.encode((0..<192).map { UInt8($0) }, width: 8, height: 8, channels: .rgb), as: "a.png", count: 600)
    }
}
