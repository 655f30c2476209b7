import Arrays
import Foundation
import Parallel
import Reporting
import TestSupport
import Testing

@testable import ImageFormats

@Suite struct MRCMovieTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func frames(_ shape: Shape, count: Int) -> [RealArray] {
        (0..<count).map { frame in
            RealArray(shape: shape, values: (0..<shape.count).map { Float(($0 * 5 + frame * 3) % 16) })
        }
    }

    private func write(_ frames: [RealArray], mode: PixelMode, name: String = "m.mrcs") throws -> String {
        let path = folder.file(name)
        try ImageFile.writeStack(frames, to: path, pixelSizeInAngstrom: 1.25, mode: mode)
        return path
    }

    private func pack(_ path: String, _ compression: Compression, suffix: String = "") throws -> String {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let packed = "\(path)\(suffix).\(compression.rawValue)"
        try Data(compression.pack(bytes)).write(to: URL(fileURLWithPath: packed))
        return packed
    }

    @Test(arguments: PixelMode.allCases) func everyModePlainAndPacked(mode: PixelMode) throws {
        let frames = frames(Shape(x: 10, y: 7), count: 5)
        for name in ["m.mrc", "m.mrcs"] {
            let plain = try write(frames, mode: mode, name: "x.mrcs")
            let path = folder.file(name)
            if path != plain { try? FileManager.default.removeItem(atPath: path) }
            try FileManager.default.moveItem(atPath: plain, toPath: path)
            for path in try [path] + Compression.allCases.map({ try pack(path, $0) }) {
                let movie = try MovieFile.open(path)
                #expect(
                    movie.frameCount == 5 && movie.shape == Shape(x: 10, y: 7) && movie.pixelSizeInAngstrom == 1.25,
                    "\(path)")
                for index in 0..<5 { #expect(try movie.frame(index) == frames[index], "\(path) frame \(index)") }
            }
        }
    }

    @Test(arguments: Compression.allCases) func packedFramesInAnyOrder(compression: Compression) throws {
        let frames = frames(Shape(x: 64, y: 64), count: 9)
        let movie = try MovieFile.open(pack(write(frames, mode: .int16), compression))
        #expect(movie.framesFollowInOrder)
        for index in [4, 0, 8, 8, 3, 2, 7] { #expect(try movie.frame(index) == frames[index], "frame \(index)") }
        let all = try ThreadPool(threads: 4).tryMap(count: 9) { index, _ in try movie.frame(index) }
        #expect(all == frames)
    }

    /// Parallel compressors write one member after the other; some tools add zeros behind the last.
    @Test(arguments: Compression.allCases) func severalMembers(compression: Compression) throws {
        let frames = frames(Shape(x: 32, y: 32), count: 4)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: write(frames, mode: .int16))))
        let half = bytes.count / 2 + 13
        var packed = compression.pack(Array(bytes[..<half])) + compression.pack(Array(bytes[half...]))
        if compression != .bzip2 { packed += [0, 0, 0, 0] }
        let path = folder.file("two.mrcs.\(compression.rawValue)")
        try Data(packed).write(to: URL(fileURLWithPath: path))
        let movie = try MovieFile.open(path)
        for index in 0..<4 { #expect(try movie.frame(index) == frames[index]) }
        #expect(try ImageFile.read("2@" + path).image == frames[1])
    }

    @Test(arguments: Compression.allCases) func truncatedFilesNameTheFrame(compression: Compression) throws {
        let frames = frames(Shape(x: 64, y: 64), count: 6)
        let plain = [UInt8](try Data(contentsOf: URL(fileURLWithPath: write(frames, mode: .float32))))
        // The packed file is whole, what was packed is not.
        let path = folder.file("short.mrcs.\(compression.rawValue)")
        try Data(compression.pack(Array(plain[..<(plain.count - 5000)]))).write(to: URL(fileURLWithPath: path))
        let movie = try MovieFile.open(path)
        #expect(try movie.frame(4) == frames[4])
        let error = #expect(throws: InputError.self) { try movie.frame(5) }
        #expect(error?.description.contains("frame 6") == true, "\(error.map(\.description) ?? "")")
        // The packed file itself is cut.
        let packed = compression.pack(plain)
        try Data(packed[..<(packed.count * 2 / 3)]).write(to: URL(fileURLWithPath: path))
        #expect(throws: InputError.self) { try MovieFile.open(path).frame(5) }
    }

    @Test func namesDecideTheFormat() {
        let expected: [(String, MovieFile.Format?)] = [
            ("a.mrc", .mrc), ("a.mrcs", .mrc), ("a.TIF", .tiff), ("a.tiff", .tiff), ("a.mrc.eer", .eer),
            ("a.mrc.bz2", .compressedMRC), ("a.mrcs.zst", .compressedMRC),
            ("a.mrc.gz", .compressedMRC), ("a.mrcs.xz", .compressedMRC), ("a.star", nil), ("a", nil), ("", nil),
            ("a.gz", nil),
        ]
        for (name, format) in expected { #expect(MovieFile.format(of: name) == format, "\(name)") }
    }
}
