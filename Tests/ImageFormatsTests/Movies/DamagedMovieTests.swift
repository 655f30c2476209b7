import Arrays
import Foundation
import Parallel
import Reporting
import TestSupport
import Testing

@testable import ImageFormats

/// 10,000 damaged movies of each format (TIFF, EER, MRC, compressed MRC) are read or refused with an `InputError`:
/// never a crash, never a hang.
@Suite(.timeLimit(.minutes(1))) struct DamagedMovieTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder(inMemory: true) }

    private static let versions = 10_000
    /// Larger frames are believed by the readers but not read here.
    private static let largestFrame = 1 << 16

    private func frames() -> [RealArray] {
        (0..<3).map { index in
            RealArray(shape: Shape(x: 16, y: 8), values: (0..<128).map { Float(($0 * 3 + index) % 13) })
        }
    }

    /// Damages `good` in `Self.versions / parts` ways.
    private func check(_ good: [UInt8], name: String, parts: Int = 1) throws {
        let versions = (Self.versions + parts - 1) / parts
        let outcomes = ThreadPool(threads: 2).map(count: versions) { seed, worker -> String? in
            let path = folder.file("\(worker)-\(name)")
            do {
                try Data(Damage.damaged(good, seed: seed)).write(to: URL(fileURLWithPath: path))
                let movie = try MovieFile.open(path, rendering: EERRendering(rawFramesPerFrame: 1))
                guard movie.shape.count <= Self.largestFrame else { return "large" }
                for frame in 0..<min(movie.frameCount, 4) { _ = try movie.frame(frame) }
                return "read"
            } catch let error as InputError {
                return error.description.isEmpty ? "no message" : "refused"
            } catch {
                return "\(error)"
            }
        }
        let counts = Dictionary(grouping: outcomes.compactMap { $0 }) { $0 }.mapValues(\.count)
        #expect(Set(counts.keys).isSubset(of: ["read", "refused", "large"]), "\(counts)")
        // Damage of these kinds is mostly fatal where bytes are missing, and invisible in pixels.
        #expect((counts["refused"] ?? 0) > versions / 10 && (counts["read"] ?? 0) > 0, "\(counts)")
    }

    private func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

    @Test(arguments: [TIFFMovieWriter.Packing.none, .lzw, .deflate(level: 1)]) func tiff(
        packing: TIFFMovieWriter.Packing
    ) throws {
        let writer = try TIFFMovieWriter(
            path: folder.file("good.tif"), shape: Shape(x: 16, y: 8), pixel: .uint16, frameCount: 3, packing: packing,
            strips: .onePerRow)
        for frame in frames() { try writer.append(frame) }
        try writer.finish()
        try check(bytes(folder.file("good.tif")), name: "a.tif", parts: 3)
    }

    @Test(arguments: EERWriter.Compression.allCases) func eer(compression: EERWriter.Compression) throws {
        let shape = Shape(x: 32, y: 16)
        var writer = EERWriter(shape: shape, compression: compression, isBig: compression == .sevenBit)
        for frame in EERMovieTests.events(shape, frames: 3, density: 0.05) { writer.append(frame) }
        try check(writer.serialized(), name: "a.eer", parts: 3)
    }

    @Test func mrc() throws {
        try ImageFile.writeStack(frames(), to: folder.file("good.mrcs"), pixelSizeInAngstrom: 1, mode: .int16)
        try check(bytes(folder.file("good.mrcs")), name: "a.mrcs")
    }

    @Test(arguments: Compression.allCases) func packed(compression: Compression) throws {
        try ImageFile.writeStack(frames(), to: folder.file("good.mrcs"), pixelSizeInAngstrom: 1, mode: .int16)
        try check(compression.pack(bytes(folder.file("good.mrcs"))), name: "a.mrcs.\(compression.rawValue)", parts: 4)
    }
}
