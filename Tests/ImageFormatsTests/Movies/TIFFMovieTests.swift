import Arrays
import Foundation
import Reporting
import TestSupport
import Testing

@testable import ImageFormats

@Suite struct TIFFMovieTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    /// Frames of values that the pixel kind can hold, all different.
    private func frames(_ shape: Shape, _ pixel: MoviePixel, count: Int = 3) -> [RealArray] {
        (0..<count).map { frame in
            RealArray(
                shape: shape,
                values: (0..<shape.count).map { i in
                    let value = (i * 7 + frame * 31) % 251
                    return switch pixel {
                    case .int8: Float(value % 255 - 125)
                    case .int16: Float(value * 250 - 31000)
                    case .uint16: Float(value * 261)
                    case .float32: Float(value) * 0.37 - 11
                    default: Float(value)
                    }
                })
        }
    }

    @Test(
        arguments: [MoviePixel.int8, .uint8, .int16, .uint16, .float32],
        [TIFFMovieWriter.Packing.none, .lzw, .deflate(level: 6)])
    func everyKindComesBackUnchanged(pixel: MoviePixel, packing: TIFFMovieWriter.Packing) throws {
        for strips in [TIFFMovieWriter.Strips.onePerFrame, .onePerRow] {
            for shape in [Shape(x: 17, y: 11), Shape(x: 1, y: 1), Shape(x: 64, y: 2)] {
                let frames = frames(shape, pixel)
                let path = folder.file("m.tif")
                let writer = try TIFFMovieWriter(
                    path: path, shape: shape, pixel: pixel, frameCount: 3, packing: packing, strips: strips,
                    pixelSizeInAngstrom: 0.885)
                for frame in frames { try writer.append(frame) }
                #expect(!folder.exists("m.tif"), "the file appears before it is complete")
                try writer.finish()
                let movie = try MovieFile.open(path)
                #expect(movie.shape == shape && movie.frameCount == 3 && movie.pixel == pixel)
                // The resolution is stored in single precision.
                #expect(abs((movie.pixelSizeInAngstrom ?? 0) - 0.885) < 1e-6)
                for index in [2, 0, 1] {
                    #expect(try movie.frame(index) == frames[index], "\(pixel) \(shape) frame \(index)")
                }
                try FileManager.default.removeItem(atPath: path)
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "something is left behind")
    }

    @Test func rowsAreTurnedOver() throws {
        let path = folder.file("m.tif")
        let writer = try TIFFMovieWriter(
            path: path, shape: Shape(x: 2, y: 3), pixel: .uint8, frameCount: 1, packing: .none)
        try writer.append(RealArray(shape: Shape(x: 2, y: 3), values: [1, 2, 3, 4, 5, 6]))
        try writer.finish()
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        // libtiff writes the pixels right behind the eight bytes of the header.
        #expect(Array(bytes[8..<14]) == [5, 6, 3, 4, 1, 2])
    }

    @Test(arguments: [
        (MoviePixel.uint8, Float(256)), (.uint8, -1), (.int8, 128), (.uint8, 1.5), (.uint16, 65536), (.int16, .nan),
        (.uint16, .infinity),
    ])
    func valuesThatDoNotFitAreRefused(pixel: MoviePixel, value: Float) throws {
        let writer = try TIFFMovieWriter(
            path: folder.file("m.tif"), shape: Shape(x: 2, y: 2), pixel: pixel, frameCount: 1, packing: .lzw)
        let error = #expect(throws: InputError.self) {
            try writer.append(RealArray(shape: Shape(x: 2, y: 2), values: [0, 1, value, 0]))
        }
        #expect(error?.description.contains("column 1, row 2") == true, "\(error.map(\.description) ?? "")")
    }

    /// Every program that reads images reads them from TIFF files.
    @Test func imagesAndStacksOfTIFFFiles() throws {
        let frames = frames(Shape(x: 9, y: 4), .int16)
        let path = folder.file("m.tif")
        let writer = try TIFFMovieWriter(
            path: path, shape: Shape(x: 9, y: 4), pixel: .int16, frameCount: 3, packing: .lzw, pixelSizeInAngstrom: 2)
        for frame in frames { try writer.append(frame) }
        try writer.finish()
        #expect(try ImageFile.read("2@" + path).image == frames[1])
        #expect(try ImageFile.read(path).image.values == frames.flatMap(\.values))
        let header = try ImageFile.readHeader(path)
        #expect(
            header.imageCount == 3 && header.shape == Shape(x: 9, y: 4)
                && abs((header.pixelSizeInAngstrom ?? 0) - 2) < 1e-6)
        try FileManager.default.copyItem(atPath: path, toPath: folder.file("gain.bin"))
        #expect(try ImageFile.read("3@" + folder.file("gain.bin") + ":tif").image == frames[2])
    }

    @Test func framesOfDifferentSizesAreRefused() throws {
        let path = folder.file("m.tif")
        try Data(Self.unequalPages).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: InputError.self) { try MovieFile.open(path) }
        #expect(error?.description.contains("frame 2") == true)
    }

    /// Two pages of 8-bit pixels, 2 × 1 and 1 × 1, in the least that TIFF asks for.
    private static let unequalPages: [UInt8] = {
        var bytes: [UInt8] = [0x49, 0x49, 42, 0, 12, 0, 0, 0, 1, 2, 0, 0]
        for (index, width) in [2, 1].enumerated() {
            let fields = [
                (256, width), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1), (279, width),
            ]
            bytes += [UInt8(fields.count), 0]
            for (tag, value) in fields {
                bytes += [UInt8(tag % 256), UInt8(tag / 256), 3, 0, 1, 0, 0, 0, UInt8(value), 0, 0, 0]
            }
            bytes += index == 0 ? [UInt8(bytes.count + 4), 0, 0, 0] : [0, 0, 0, 0]
        }
        return bytes
    }()

    @Test("LZW movie of the golden data", .enabled(if: SharedData.isPresent, SharedData.hint)) func golden() throws {
        let movie = try MovieFile.open(SharedData.golden("movies/Movies/mic001.tiff").path)
        #expect(movie.shape == Shape(x: 1536, y: 1536) && movie.frameCount == 12 && movie.pixel == .uint8)
        // Sums, and sums weighted by column and by row (counted from 1), of the turned frames: from an independent
        // reader.
        let expected = [
            (0, 4463083.0, 3424672398.0, 3432510388.0), (5, 4463937, 3425460076, 3430882697),
            (11, 4461652, 3423323453, 3430485258),
        ]
        for (frame, sum, byColumn, byRow) in expected {
            let image = try movie.frame(frame)
            var sums = (0.0, 0.0, 0.0)
            for y in 0..<1536 {
                for x in 0..<1536 {
                    let value = Double(image.values[y * 1536 + x])
                    sums = (sums.0 + value, sums.1 + value * Double(x + 1), sums.2 + value * Double(y + 1))
                }
            }
            #expect(sums == (sum, byColumn, byRow), "frame \(frame + 1)")
        }
    }
}
