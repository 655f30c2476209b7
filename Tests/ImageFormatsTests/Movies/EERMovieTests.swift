import Arrays
import Foundation
import Parallel
import Reporting
import TestSupport
import Testing

@testable import ImageFormats

@Suite struct EERMovieTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private static let shape = Shape(x: 64, y: 32)

    /// Detector frames with `density` electrons a pixel.
    static func events(_ shape: Shape, frames: Int, density: Double, seed: UInt64 = 1) -> [[ElectronEvent]] {
        var state = seed
        func random(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        return (0..<frames).map { _ in
            var taken: Set<Int> = []
            return (0..<Int(Double(shape.count) * density)).compactMap { _ in
                let pixel = random(below: shape.count), quarter = random(below: 16)
                guard taken.insert(pixel).inserted else { return nil }
                return ElectronEvent(
                    x: pixel % shape.x, y: pixel / shape.x, quarterX: quarter % 4, quarterY: quarter / 4)
            }
        }
    }

    /// What the decoder must give, drawn without any code.
    static func drawn(_ events: [ElectronEvent], _ shape: Shape, grid: EERRendering.Grid) -> RealArray {
        var image = RealArray(shape: Shape(x: grid.extent(of: shape.x), y: grid.extent(of: shape.y)))
        let scales: [EERRendering.Grid: Double] = [.half: 0.5, .physical: 1, .double: 2, .quadruple: 4]
        let scale = scales[grid] ?? 0
        for event in events {
            let x = (Double(event.x) + Double(event.quarterX) / 4) * scale,
                y = (Double(event.y) + Double(event.quarterY) / 4) * scale
            image[Int(x), Int(y)] += 1
        }
        return image
    }

    private func write(
        _ frames: [[ElectronEvent]], _ compression: EERWriter.Compression, isBig: Bool = false, shape: Shape = shape
    ) throws -> String {
        var writer = EERWriter(shape: shape, compression: compression, isBig: isBig)
        for frame in frames { writer.append(frame) }
        let path = folder.file("movie.eer")
        try writer.write(to: path)
        return path
    }

    @Test(arguments: EERWriter.Compression.allCases, EERRendering.Grid.allCases)
    func eventsAreDrawnWhereTheyWere(compression: EERWriter.Compression, grid: EERRendering.Grid) throws {
        // Halves of a pixel are all that 65002 as written here has.
        if compression == .detailed, grid == .quadruple {
            let path = try write(Self.events(Self.shape, frames: 1, density: 0.1), compression)
            #expect(throws: InputError.self) { try EERMovie(path: path, rendering: EERRendering(grid: grid)) }
            return
        }
        // 0.002: most runs are longer than an escape. 0.9: many are empty.
        for density in [0.0, 0.002, 0.02, 0.3, 0.9] {
            for isBig in [false, true] {
                let frames = Self.events(Self.shape, frames: 7, density: density)
                let movie = try EERMovie(
                    path: write(frames, compression, isBig: isBig),
                    rendering: EERRendering(grid: grid, rawFramesPerFrame: 3))
                #expect(movie.rawFrameCount == 7 && movie.frameCount == 2)
                for index in 0..<2 {
                    let expected = Self.drawn(frames[index * 3..<index * 3 + 3].flatMap { $0 }, Self.shape, grid: grid)
                    #expect(
                        try movie.frame(index) == expected, "\(compression) \(grid) density \(density) frame \(index)")
                }
                #expect(movie.damagedRawFrames.isEmpty)
            }
        }
    }

    /// Words put together by hand from the description of the format.
    @Test func bitsAreThoseOfTheFormat() throws {
        // 16 × 2 pixels. Runs 3 and 20 with places x = 1, y = 2 and x = 3, y = 0, then 7 pixels to the end. Places are
        // signed two-bit numbers: 0 → 10, 1 → 11, 2 → 00, 3 → 01, x in the lower bits. Lowest bit first.
        let sevenBit = [(3, 7), (0b0011, 4), (20, 7), (0b1001, 4), (7, 7)],
            eightBit = [(3, 8), (0b0011, 4), (20, 8), (0b1001, 4), (7, 8)]
        for (words, compression) in [(sevenBit, 65001), (eightBit, 65000)] {
            var value: UInt64 = 0, bits = 0
            for (word, count) in words {
                value |= UInt64(word) << UInt64(bits)
                bits += count
            }
            let bytes = (0..<(bits + 7) / 8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
            let path = folder.file("hand.eer")
            try Data(Self.page(bytes, compression: compression, width: 16, height: 2)).write(
                to: URL(fileURLWithPath: path))
            let image = try EERMovie(path: path, rendering: EERRendering(grid: .quadruple, rawFramesPerFrame: 1)).frame(
                0)
            var expected = RealArray(shape: Shape(x: 64, y: 8))
            expected[3 * 4 + 1, 2] = 1
            expected[8 * 4 + 3, 4] = 1
            #expect(image == expected, "compression \(compression)")
        }
    }

    /// Readers that look for a frame's end behind runs only would take a frame for damaged whose last pixel has an event.
    @Test(arguments: [EERWriter.Compression.sevenBit, .eightBit])
    func anEmptyRunFollowsAnEventOnTheLastPixel(compression: EERWriter.Compression) throws {
        let event = ElectronEvent(x: 15, y: 1, quarterX: 2, quarterY: 2)
        var writer = EERWriter(shape: Shape(x: 16, y: 2), compression: compression)
        writer.append([event])
        // A run of 31, the middle of the pixel (0, 0), a run of 0: 7 + 4 + 7 or 8 + 4 + 8 bits behind the header of 8 bytes.
        #expect(writer.serialized()[8..<11] == [31, 0, 0])
        let path = try write([[event]], compression, shape: Shape(x: 16, y: 2))
        #expect(try EERMovie(path: path, rendering: EERRendering(rawFramesPerFrame: 1)).frame(0).values.last == 1)
    }

    /// A big-endian classic TIFF with one page, its data first.
    private static func page(_ data: [UInt8], compression: Int, width: Int, height: Int) -> [UInt8] {
        func big(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let fields = [(256, width), (257, height), (259, compression), (273, 8), (279, data.count)]
        var bytes = [0x4D, 0x4D] + big(42, 2) + big(8 + data.count, 4) + data + big(fields.count, 2)
        for (tag, value) in fields { bytes += big(tag, 2) + big(4, 2) + big(1, 4) + big(value, 4) }
        return bytes + big(0, 4)
    }

    @Test func damagedDetectorFramesAreLeftOut() throws {
        let shape = Self.shape
        let frames = Self.events(shape, frames: 4, density: 0.1)
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: write(frames, .sevenBit))))
        // The words of the first frame begin behind the header; zeros are events without gaps, which do not fill the
        // frame.
        for i in 20..<60 { bytes[i] = 0 }
        let path = folder.file("damaged.eer")
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let movie = try EERMovie(path: path, rendering: EERRendering(rawFramesPerFrame: 4))
        #expect(try movie.frame(0) == Self.drawn(frames[1...].flatMap { $0 }, shape, grid: .physical))
        #expect(movie.damagedRawFrames == [0])
        let alone = try EERMovie(path: path, rendering: EERRendering(rawFramesPerFrame: 1))
        #expect(throws: InputError.self) { try alone.frame(0) }
    }

    @Test func threadsAndAnyRunOfFramesGiveTheSame() throws {
        let shape = Shape(x: 256, y: 128)
        let frames = Self.events(shape, frames: 40, density: 0.02)
        let movie = try EERMovie(
            path: write(frames, .sevenBit, shape: shape), rendering: EERRendering(grid: .double, rawFramesPerFrame: 5))
        let parallel = try ThreadPool(threads: 4).tryMap(count: 8) { index, _ in try movie.frame(index) }
        for index in 0..<8 { #expect(try movie.frame(index) == parallel[index]) }
        var all = RealArray(shape: movie.shape)
        let count = try all.values.withUnsafeMutableBufferPointer { try movie.draw(rawFrames: 0..<40, into: $0) }
        #expect(count == frames.reduce(0) { $0 + $1.count })
        #expect(all == Self.drawn(frames.flatMap { $0 }, shape, grid: .double))
    }

    @Test func tooFewFramesForTheGroupingAreNamed() throws {
        let path = try write(Self.events(Self.shape, frames: 3, density: 0.1), .eightBit)
        let error = #expect(throws: InputError.self) {
            try EERMovie(path: path, rendering: EERRendering(rawFramesPerFrame: 4))
        }
        #expect(error?.description.contains("3 detector frames") == true)
    }

    @Test func ordinaryTIFFIsNoEER() throws {
        let path = folder.file("m.eer")
        let writer = try TIFFMovieWriter(
            path: path, shape: Shape(x: 16, y: 16), pixel: .uint8, frameCount: 1, packing: .lzw)
        try writer.append(RealArray(shape: Shape(x: 16, y: 16)))
        try writer.finish()
        let error = #expect(throws: InputError.self) { try MovieFile.open(path) }
        #expect(error?.description.contains("no page holds electron events") == true)
    }
}
