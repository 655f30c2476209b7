import Arrays
import Foundation
import Reporting
import TestSupport
import Testing

@testable import ImageFormats

private func wave(_ shape: Shape) -> RealArray {
    RealArray(shape: shape, values: (0..<shape.count).map { Float(sin(Double($0) * 0.37)) * 7 + 7.5 })
}

/// Bytes of an MRC file in any mode and order, made without the writer under test.
private func fileBytes(mode: Int, nx: Int, ny: Int, nz: Int, data: [UInt8], swapped: Bool, extended: Int = 0) -> [UInt8] {
    var words = [Int32](repeating: 0, count: 256)
    (words[0], words[1], words[2], words[3]) = (Int32(nx), Int32(ny), Int32(nz), Int32(mode))
    (words[7], words[10]) = (Int32(nx), Int32(bitPattern: (Float(nx) * 1.5).bitPattern))
    words[23] = Int32(extended)
    let header = words.flatMap { word in withUnsafeBytes(of: swapped ? word.bigEndian : word.littleEndian) { Array($0) } }
    return header + [UInt8](repeating: 0xEE, count: extended) + data
}

@Suite struct MRCTests {
    @Test(arguments: [false, true]) func readsEveryMode(swapped: Bool) throws {
        let folder = try TemporaryFolder()
        func words<T: FixedWidthInteger>(_ values: [T]) -> [UInt8] {
            values.flatMap { v in withUnsafeBytes(of: swapped ? v.bigEndian : v.littleEndian) { Array($0) } }
        }
        let cases: [(Int, [UInt8], [Float])] = [
            (0, [1, 255, 128, 127], [1, -1, -128, 127]),
            (1, words([Int16(-300), 5, 32767, -32768]), [-300, 5, 32767, -32768]),
            (2, words([Float(1.25), -3, 0, 1e20].map(\.bitPattern)), [1.25, -3, 0, 1e20]),
            (6, words([UInt16(65535), 1, 40000, 0]), [65535, 1, 40000, 0]),
            (12, words([UInt16(0x3C00), 0xC000, 0x0001, 0x7BFF]), [1, -2, 0x1p-24, 65504]),
            (101, [0x21, 0xF0], [1, 2, 0, 15]),
        ]
        for (mode, data, expected) in cases {
            let path = folder.file("m\(mode).mrc")
            let bytes = fileBytes(mode: mode, nx: 2, ny: 2, nz: 1, data: data, swapped: swapped, extended: 131)
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let (image, header) = try ImageFile.read(path)
            #expect(image.values == expected, "mode \(mode)")
            #expect(header.pixelSizeInAngstrom == 1.5)
        }
    }

    @Test func fourBitRowsOfOddWidth() throws {
        let folder = try TemporaryFolder()
        let bytes = fileBytes(mode: 101, nx: 3, ny: 2, nz: 1, data: [0x21, 0x03, 0x54, 0x06], swapped: false)
        try Data(bytes).write(to: URL(fileURLWithPath: folder.file("odd.mrc")))
        #expect(try ImageFile.read(folder.file("odd.mrc")).image.values == [1, 2, 3, 4, 5, 6])
    }

    @Test func volumeRoundTrip() throws {
        let folder = try TemporaryFolder()
        let volume = wave(Shape(x: 5, y: 4, z: 3))
        try ImageFile.write(volume, to: folder.file("v.mrc"), pixelSizeInAngstrom: 1.25)
        let (read, header) = try ImageFile.readVolume(folder.file("v.mrc"))
        #expect(read == volume)
        #expect(header.pixelSizeInAngstrom == 1.25 && header.imageCount == 1)
        let statistics = PixelStatistics(volume)
        #expect(header.statistics.minimum == statistics.minimum && header.statistics.maximum == statistics.maximum)
        // The header stores single precision.
        #expect(abs(header.statistics.mean - statistics.mean) < 1e-6)
        #expect(abs(header.statistics.standardDeviation - statistics.standardDeviation) < 1e-6)
        #expect(try ImageFile.read("2@" + folder.file("v.mrc")).image == volume.section(1))
    }

    @Test func stackInAnyOrderHasTheSameBytes() throws {
        let folder = try TemporaryFolder()
        let images = (0..<7).map { i in RealArray(shape: Shape(x: 6, y: 5), values: (0..<30).map { Float($0 * i) }) }
        for (name, order) in [("a.mrcs", Array(0..<7)), ("b.mrcs", [3, 1, 6, 0, 2, 5, 4])] {
            let writer = try StackWriter(path: folder.file(name), shape: images[0].shape, mode: .float16, pixelSizeInAngstrom: 2)
            for i in order { try writer.write(images[i], at: i) }
            try writer.finish()
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("a.mrcs")))
            == Data(contentsOf: URL(fileURLWithPath: folder.file("b.mrcs"))))
        let reader = try StackReader(path: folder.file("a.mrcs"))
        #expect(reader.count == 7)
        // Whole numbers up to 2048 are exact in half precision.
        for i in 0..<7 { #expect(try reader.image(i) == images[i]) }
    }

    @Test func cacheReadsRunsAcrossFiles() throws {
        let folder = try TemporaryFolder()
        let shape = Shape.square(4)
        for file in 0..<3 {
            let images = (0..<5).map { RealArray(shape: shape, repeating: Float(file * 10 + $0)) }
            try ImageFile.writeStack(images, to: folder.file("s\(file).mrcs"), pixelSizeInAngstrom: 1)
        }
        let cache = StackReaderCache(capacity: 2)
        let wanted = [(0, 1), (0, 2), (0, 3), (2, 4), (1, 0), (1, 1), (0, 0)]
        let names = wanted.map { ImageName(path: folder.file("s\($0.0).mrcs"), index: $0.1) }
        var values = [Float](repeating: -1, count: names.count * 16)
        try values.withUnsafeMutableBufferPointer { try cache.read(names, shape: shape, into: $0) }
        for (i, pair) in wanted.enumerated() {
            #expect(values[i * 16..<(i + 1) * 16].allSatisfy { $0 == Float(pair.0 * 10 + pair.1) })
        }
        #expect(throws: InputError.self) {
            try values.withUnsafeMutableBufferPointer {
                try cache.read([names[0]], shape: Shape.square(3), into: .init(rebasing: $0[..<9]))
            }
        }
        #expect(throws: InputError.self) { try cache.image(ImageName(path: folder.file("s0.mrcs"), index: 5)) }
    }

    @Test func nothingAppearsBeforeFinish() throws {
        let folder = try TemporaryFolder()
        do {
            let writer = try StackWriter(path: folder.file("x.mrcs"), shape: .square(2), pixelSizeInAngstrom: 1)
            try writer.write(RealArray(shape: .square(2)), at: 0)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test func damagedFilesAreNamed() throws {
        let folder = try TemporaryFolder()
        func expectError(_ name: String, _ bytes: [UInt8], containing text: String) throws {
            try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
            let error = #expect(throws: InputError.self) { try ImageFile.read(folder.file(name)) }
            #expect("\(error!)".contains(text) && "\(error!)".contains(name), "\(error!)")
        }
        let good = fileBytes(mode: 2, nx: 3, ny: 3, nz: 3, data: [UInt8](repeating: 0, count: 108), swapped: false)
        try expectError("empty.mrc", [], containing: "0 bytes")
        try expectError("short.mrc", Array(good.dropLast()), containing: "1132 bytes")
        try expectError("lying.mrc", fileBytes(mode: 2, nx: -3, ny: 3, nz: 3, data: [], swapped: false), containing: "-3")
        try expectError("mode.mrc", fileBytes(mode: 4, nx: 3, ny: 3, nz: 3, data: good, swapped: false), containing: "mode 4")
        try expectError("huge.mrc", fileBytes(mode: 2, nx: 1 << 20, ny: 1 << 20, nz: 1 << 20, data: [], swapped: false),
                        containing: "truncated")
        try expectError("packed.mrc.gz", good, containing: "gz")
        try expectError("image.foo", good, containing: ".foo")
        #expect(throws: InputError.self) { try ImageFile.read(folder.file("absent.mrc")) }
        #expect(throws: InputError.self) { try ImageFile.read("0@" + folder.file("short.mrc")) }
        #expect(throws: InputError.self) { try ImageFile.read(folder.url.path) }
        #expect(throws: InputError.self) {
            try ImageFile.write(wave(.square(3)), to: folder.file("short.mrc/x.mrc"), pixelSizeInAngstrom: 1)
        }
    }

    @Test(arguments: ["gz", "bz2", "xz", "zst"]) func readsCompressedFiles(suffix: String) throws {
        let tool = ["gz": "gzip", "bz2": "bzip2", "xz": "xz", "zst": "zstd"][suffix]!
        guard let executable = ["/usr/bin/", "/bin/"].map({ $0 + tool }).first(where: FileManager.default.isExecutableFile) else { return }
        let folder = try TemporaryFolder()
        let volume = wave(Shape(x: 40, y: 30, z: 20))
        try ImageFile.write(volume, to: folder.file("v.mrc"), pixelSizeInAngstrom: 3)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = ["-q", "-k", folder.file("v.mrc")]
        try process.run()
        process.waitUntilExit()
        let (read, header) = try ImageFile.read(folder.file("v.mrc." + suffix))
        #expect(read == volume && header.pixelSizeInAngstrom == 3)
        let packed = try Data(contentsOf: URL(fileURLWithPath: folder.file("v.mrc." + suffix)))
        try packed.prefix(packed.count / 2).write(to: URL(fileURLWithPath: folder.file("cut.mrc." + suffix)))
        #expect(throws: InputError.self) { try ImageFile.read(folder.file("cut.mrc." + suffix)) }
    }

    @Test func halfPrecisionIsExactBothWays() throws {
        // All finite halves, through single precision and back.
        let halves = (0...UInt16.max).filter { $0 & 0x7C00 != 0x7C00 }
        let bytes = halves.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let folder = try TemporaryFolder()
        let file = fileBytes(mode: 12, nx: halves.count, ny: 1, nz: 1, data: bytes, swapped: false)
        try Data(file).write(to: URL(fileURLWithPath: folder.file("h.mrc")))
        let image = try ImageFile.read(folder.file("h.mrc")).image
        #expect(image.values == halves.map { Float(Float16(bitPattern: $0)) })
        let encoded = image.values.withUnsafeBufferPointer { PixelEncoding.encode($0, as: .float16) }
        #expect(encoded == bytes)
        // Rounding as the language does it, except that too large values are clamped.
        let odd = (0..<20000).map { Float(bitPattern: 0x3000_0000 + UInt32($0) * 26843) }.filter { $0.isFinite && $0 < 65504 }
        let rounded = odd.withUnsafeBufferPointer { PixelEncoding.encode($0, as: .float16) }
        #expect(rounded == odd.flatMap { v in let b = Float16(v).bitPattern; return [UInt8(b & 255), UInt8(b >> 8)] })
        #expect([Float(1e6), -1e6].withUnsafeBufferPointer { PixelEncoding.encode($0, as: .float16) } == [0xFF, 0x7B, 0xFF, 0xFB])
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func readsRelionsFiles() throws {
        let (map, header) = try ImageFile.readVolume(SharedData.golden("map.mrc").path)
        #expect(map.shape == .cube(64))
        #expect(abs(header.pixelSizeInAngstrom! - 3.54) < 1e-6)
        let statistics = PixelStatistics(map)
        #expect(abs(statistics.mean - header.statistics.mean) < 1e-6)
        #expect(abs(statistics.standardDeviation - header.statistics.standardDeviation) < 1e-6)
        let stack = try StackReader(path: SharedData.golden("project_noctf.mrcs").path)
        #expect(stack.count == 24 && stack.header.shape == .square(64))
        let micrograph = try StackReader(path: SharedData.golden("movies/mic001_corrected.mrc").path)
        #expect(micrograph.header.mode == .float16)
    }
}

@Suite struct SpiderTests {
    private func spider(stack: Int, swapped: Bool) -> [UInt8] {
        var words = [Float](repeating: 0, count: 256)
        (words[0], words[1], words[4], words[11]) = (1, 2, 1, 3)
        (words[20], words[21], words[22], words[23], words[25]) = (2.5, 1024, 12, stack > 0 ? 2 : 0, Float(stack))
        func bytes(_ values: [Float]) -> [UInt8] {
            values.flatMap { v in withUnsafeBytes(of: swapped ? v.bitPattern.bigEndian : v.bitPattern.littleEndian) { Array($0) } }
        }
        if stack == 0 { return bytes(words) + bytes([1, 2, 3, 4, 5, 6]) }
        return bytes(words) + (0..<stack).flatMap { i in bytes(words) + bytes((0..<6).map { Float(i * 10 + $0) }) }
    }

    @Test(arguments: [false, true]) func readsImagesAndStacks(swapped: Bool) throws {
        let folder = try TemporaryFolder()
        try Data(spider(stack: 0, swapped: swapped)).write(to: URL(fileURLWithPath: folder.file("a.spi")))
        let (image, header) = try ImageFile.read(folder.file("a.spi"))
        #expect(image.shape == Shape(x: 3, y: 2) && image.values == [1, 2, 3, 4, 5, 6] && header.pixelSizeInAngstrom == 2.5)
        try Data(spider(stack: 3, swapped: swapped)).write(to: URL(fileURLWithPath: folder.file("s.stk")))
        #expect(try ImageFile.read("3@" + folder.file("s.stk")).image.values == [20, 21, 22, 23, 24, 25])
        try Data(spider(stack: 3, swapped: swapped).dropLast(4)).write(to: URL(fileURLWithPath: folder.file("t.stk")))
        #expect(throws: InputError.self) { try ImageFile.read("1@" + folder.file("t.stk")) }
    }
}

@Suite struct PNGTests {
    @Test(arguments: [PNGFile.Channels.grey, .rgb]) func roundTrip(channels: PNGFile.Channels) throws {
        let folder = try TemporaryFolder()
        let pixels = (0..<7 * 5 * channels.rawValue).map { UInt8(truncatingIfNeeded: $0 * 37) }
        try PNGFile.write(pixels, width: 7, height: 5, channels: channels, to: folder.file("p.png"))
        let read = try PNGFile.read(folder.file("p.png"), channels: channels)
        #expect(read.pixels == pixels && read.width == 7 && read.height == 5)
        #expect(throws: InputError.self) { try PNGFile.read(folder.file("none.png"), channels: channels) }
    }
}

@Suite struct ImageNameTests {
    @Test func parsesAndPrints() throws {
        let name = try ImageName(parsing: "000012@Extract/a@b.mrcs")
        #expect(name.index == 11 && name.path == "Extract/a@b.mrcs" && name.description == "000012@Extract/a@b.mrcs")
        #expect(try ImageName(parsing: "map.mrc").index == nil)
        for bad in ["x@a.mrcs", "0@a.mrcs", "-1@a.mrcs", "@a.mrcs", "3@"] {
            #expect(throws: InputError.self, "\(bad)") { try ImageName(parsing: bad) }
        }
    }
}
