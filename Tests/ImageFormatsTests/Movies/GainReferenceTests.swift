import Arrays
import Foundation
import Reporting
import TestSupport
import Testing

@testable import ImageFormats

@Suite struct GainReferenceTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func eer(_ grid: EERRendering.Grid) throws -> EERMovie {
        var writer = EERWriter(shape: Shape(x: 16, y: 16))
        writer.append([])
        let path = folder.file("m.eer")
        try writer.write(to: path)
        return try EERMovie(path: path, rendering: EERRendering(grid: grid, rawFramesPerFrame: 1))
    }

    private func image(_ box: Int) -> RealArray {
        RealArray(shape: .square(box), values: (0..<box * box).map { Float($0 % 7 == 3 ? 0 : 1 + $0 % 5) })
    }

    private func tiff(_ image: RealArray, _ name: String) throws -> String {
        let path = folder.file(name)
        let writer = try TIFFMovieWriter(path: path, shape: image.shape, pixel: .float32, frameCount: 1, packing: .none)
        try writer.append(image)
        try writer.finish()
        return path
    }

    @Test func countsOfMRCFilesAreInverted() throws {
        let counts = image(16)
        try ImageFile.write(counts, to: folder.file("gain.mrc"), pixelSizeInAngstrom: nil)
        let gain = try GainReference.read(folder.file("gain.mrc"), for: eer(.physical))
        let mean = Float(counts.values.reduce(0, +) / 256)
        for (value, count) in zip(gain.values, counts.values) {
            // One rounding of the mean, one of the quotient.
            #expect(count == 0 ? value == 0 : abs(value - mean / count) <= 2 * (mean / count).ulp)
        }
    }

    @Test func factorsOfGainFilesAreKept() throws {
        let factors = image(16)
        // The file's own rows are those of EER frames; the writer turns them over like those of movies.
        let gain = try GainReference.read(tiff(factors, "a.gain"), for: eer(.physical))
        for y in 0..<16 { for x in 0..<16 { #expect(gain[x, y] == factors[x, 15 - y]) } }
    }

    @Test func sizesAreAdapted() throws {
        let factors = image(16)
        let enlarged = try GainReference.read(tiff(factors, "a.gain"), for: eer(.double))
        for y in 0..<32 { for x in 0..<32 { #expect(enlarged[x, y] == factors[x / 2, 15 - y / 2]) } }
        var large = RealArray(shape: .square(32), repeating: 2)
        large[0, 0] = 0
        try ImageFile.write(large, to: folder.file("large.mrc"), pixelSizeInAngstrom: nil)
        let halved = try GainReference.read(folder.file("large.mrc"), for: eer(.physical))
        let mean = Float(8 * 255 + 6) / 256
        #expect(halved[0, 0] == mean / 6 && halved[5, 9] == mean / 8)
        let ofFactors = try GainReference.read(tiff(large, "b.gain"), for: eer(.physical))
        #expect(ofFactors.values.allSatisfy { $0 == 2 })
        try ImageFile.write(image(20), to: folder.file("odd.mrc"), pixelSizeInAngstrom: nil)
        #expect(throws: InputError.self) { try GainReference.read(folder.file("odd.mrc"), for: eer(.physical)) }
    }

    @Test func otherMoviesTakeFactorsOfTheirSize() throws {
        let factors = image(16)
        let path = folder.file("m.mrcs")
        try ImageFile.writeStack([image(16), image(16)], to: path, pixelSizeInAngstrom: nil)
        let movie = try MovieFile.open(path)
        try ImageFile.write(factors, to: folder.file("g.mrc"), pixelSizeInAngstrom: nil)
        #expect(try GainReference.read(folder.file("g.mrc"), for: movie) == factors)
        #expect(try GainReference.read(tiff(factors, "g.tif"), for: movie) == factors)
        #expect(throws: InputError.self) { try GainReference.read(tiff(image(8), "h.tif"), for: movie) }
        var bad = factors
        bad[3, 4] = .nan
        let error = #expect(throws: InputError.self) { try GainReference.read(tiff(bad, "n.tif"), for: movie) }
        #expect(error?.description.contains("column 4, row 5") == true)
    }
}
