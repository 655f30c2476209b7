import Arrays
import Foundation
import Reporting
import TestSupport
import Testing

@testable import ImageFormats

@Suite struct ConvertToTIFFTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func convert(_ arguments: [String]) -> (status: Int32, text: String) {
        runMovieProgram("relion_convert_to_tiff", arguments)
    }

    /// Where the output of an input with an absolute path goes.
    private func output(_ input: String, in name: String = "out") -> String {
        folder.path + "/" + name + "/" + PathName(input).stem + ".tif"
    }

    private func frames(_ path: String) throws -> [RealArray] {
        let movie = try MovieFile.open(path)
        return try (0..<movie.frameCount).map { try movie.frame($0) }
    }

    /// libtiff's numbers: 1 none, 5 LZW, 8 deflate.
    private func compression(_ path: String) throws -> Int? { try TIFFHandle(reading: path).short(259) }

    @Test(arguments: [
        (PixelMode.int8, MoviePixel.int8), (.int16, .int16), (.uint16, .uint16), (.uint4, .int8), (.float16, .float32),
        (.float32, .float32),
    ])
    func everyModeKeepsItsValues(mode: PixelMode, pixel: MoviePixel) throws {
        let counts = MovieTestData.counts(Shape(x: 20, y: 14), frames: 3, seed: 1)
        let path = folder.file("m.mrcs")
        try ImageFile.writeStack(counts, to: path, pixelSizeInAngstrom: 1.5, mode: mode)
        let result = convert(["--i", path, "--o", folder.file("out")])
        #expect(result.status == 0, "\(result.text)")
        let movie = try MovieFile.open(output(path))
        #expect(movie.pixel == pixel && movie.frameCount == 3)
        #expect(abs((movie.pixelSizeInAngstrom ?? 0) - 1.5) < 1e-6)
        #expect(try frames(output(path)) == counts)
    }

    @Test func compressionFollowsTheOptionsAndTheWidth() throws {
        let narrow = folder.file("narrow.mrcs"), falcon = folder.file("falcon.mrcs")
        try ImageFile.writeStack(
            MovieTestData.counts(Shape(x: 64, y: 8), frames: 1, seed: 2), to: narrow, pixelSizeInAngstrom: nil,
            mode: .int16)
        try ImageFile.writeStack(
            MovieTestData.counts(Shape(x: 4096, y: 8), frames: 1, seed: 2), to: falcon, pixelSizeInAngstrom: nil,
            mode: .int16)
        var sizes: [String: Int] = [:]
        let cases: [(name: String, input: String, options: [String], compression: Int)] = [
            ("auto", narrow, [], 5), ("none", narrow, ["--compression", "none"], 1),
            ("zip", narrow, ["--compression", "zip"], 8),
            ("deflate", narrow, ["--compression", "deflate"], 8), ("lzw", falcon, ["--compression", "lzw"], 5),
            ("falcon", falcon, [], 8),
            ("fast", falcon, ["--deflate_level", "1"], 8), ("lines", falcon, ["--line_by_line"], 8),
        ]
        for item in cases {
            let result = convert(["--i", item.input, "--o", folder.file(item.name)] + item.options)
            #expect(result.status == 0, "\(result.text)")
            let path = output(item.input, in: item.name)
            #expect(try compression(path) == item.compression, "\(item.name)")
            sizes[item.name] = try Data(contentsOf: URL(fileURLWithPath: path)).count
            #expect(try frames(path) == frames(item.input))
        }
        #expect(sizes["falcon"] != sizes["fast"], "the level changes nothing")
        #expect((sizes["lines"] ?? 0) > (sizes["falcon"] ?? 0), "rows by themselves pack worse")
    }

    @Test func eventsAreGroupedAndDrawn() throws {
        let shape = Shape(x: 4096, y: 4)
        let events = MovieTestData.events(shape, frames: 7, perFrame: 900, seed: 3)
        let path = folder.file("m.eer")
        try MovieTestData.writeEER(events, shape, to: path)
        let result = convert(["--i", path, "--o", folder.file("out"), "--eer_grouping", "3"])
        #expect(result.status == 0 && result.text.contains("7 detector frames"), "\(result.text)")
        #expect(result.text.contains("--gain"), "no word about the gain of EER movies")
        let movie = try MovieFile.open(output(path))
        #expect(movie.shape == shape && movie.pixel == .uint8 && movie.frameCount == 2)
        #expect(try compression(output(path)) == 5, "events are packed by LZW also at 4096 columns")
        let expected = try EERMovie(path: path, rendering: EERRendering(rawFramesPerFrame: 3))
        for index in 0..<2 { #expect(try movie.frame(index) == expected.frame(index)) }
        let fine = convert([
            "--i", path, "--o", folder.file("fine"), "--eer_grouping", "7", "--eer_upsampling", "2", "--short",
        ])
        #expect(fine.status == 0, "\(fine.text)")
        let fineMovie = try MovieFile.open(output(path, in: "fine"))
        #expect(fineMovie.shape == Shape(x: 8192, y: 8) && fineMovie.pixel == .uint16 && fineMovie.frameCount == 1)
    }

    @Test func brightEventsNeedSixteenBits() throws {
        let shape = Shape(x: 16, y: 16), path = folder.file("m.eer")
        try MovieTestData.writeEER(
            [[ElectronEvent]](repeating: [ElectronEvent(x: 3, y: 5)], count: 300), shape, to: path)
        let result = convert(["--i", path, "--o", folder.file("out"), "--eer_grouping", "300"])
        #expect(result.status == 1 && result.text.contains("--short"), "\(result.text)")
        #expect(!FileManager.default.fileExists(atPath: output(path)))
        #expect(convert(["--i", path, "--o", folder.file("out"), "--eer_grouping", "300", "--short"]).status == 0)
        #expect(try frames(output(path))[0][3, 5] == 300)
    }

    @Test func gainOfEventsIsConverted() throws {
        let shape = Shape(x: 16, y: 16), path = folder.file("m.eer")
        try MovieTestData.writeEER(MovieTestData.events(shape, frames: 2, perFrame: 20, seed: 1), shape, to: path)
        let counts = RealArray(shape: shape, values: (0..<256).map { Float($0 % 4) })
        try ImageFile.write(counts, to: folder.file("gain.mrc"), pixelSizeInAngstrom: nil)
        let result = convert([
            "--i", path, "--o", folder.file("out"), "--eer_grouping", "2", "--gain", folder.file("gain.mrc"),
        ])
        #expect(result.status == 0, "\(result.text)")
        let reference = try ImageFile.read(folder.file("out/gain-reference.mrc")).image
        // The mean of 0, 1, 2, 3 is 1.5.
        #expect(reference.values[0..<4] == [0, 1.5, 0.75, 0.5])
    }

    // MARK: Gain-normalised movies

    private let shape = Shape(x: 12, y: 10)

    private func gains() -> [Float] { (0..<shape.count).map { 0.8 + Float($0 % 37) * 0.013 } }

    /// Counts times gain; pixel 5 is corrected by the camera's software and obeys no rule.
    private func normalised(frames: Int, seed: UInt64) -> [RealArray] {
        let gains = gains()
        return MovieTestData.counts(shape, frames: frames, seed: seed).enumerated().map { index, counts in
            var frame = RealArray(shape: shape, values: zip(counts.values, gains).map { $0 * $1 })
            frame.values[5] = 0.3 + Float(index % 29) * 0.0371
            return frame
        }
    }

    private func writeNormalised() throws -> [String] {
        try (1...3).map { index in
            let path = folder.file("n\(index).mrcs")
            try ImageFile.writeStack(normalised(frames: 80, seed: UInt64(index)), to: path, pixelSizeInAngstrom: 1)
            return path
        }
    }

    @Test func estimatedGainMakesWholeNumbers() throws {
        let movies = try writeNormalised()
        let list = try folder.write(MovieTestData.star(movies), to: "movies.star")
        let estimate = convert(["--i", list, "--o", folder.file("out"), "--estimate_gain"])
        #expect(estimate.status == 0, "\(estimate.text)")
        let gain = try ImageFile.read(folder.file("out/gain_estimate.bin") + ":mrc").image
        let reliability = try ImageFile.read(folder.file("out/gain_estimate_reliablity.bin") + ":mrc").image
        for (index, truth) in gains().enumerated() where index != 5 {
            #expect(gain.values[index] == truth, "pixel \(index)")
            #expect(reliability.values[index] >= 50)
        }
        #expect(reliability.values[5] < 50)
        #expect(estimate.text.contains("unreliable         1 of 120"), "\(estimate.text)")

        let result = convert(["--i", list, "--o", folder.file("out"), "--gain", folder.file("out/gain_estimate.bin")])
        #expect(result.status == 0, "\(result.text)")
        let reference = try ImageFile.read(folder.file("out/gain-reference.mrc")).image
        #expect(reference.values[5] == 1)
        for (index, path) in movies.enumerated() {
            let originals = normalised(frames: 80, seed: UInt64(index + 1))
            for (converted, original) in zip(try frames(output(path)), originals) {
                for pixel in 0..<shape.count {
                    if pixel != 5 { #expect(converted.values[pixel] == converted.values[pixel].rounded()) }
                    // The same product as in the movie: no rounding beyond it.
                    #expect(converted.values[pixel] * reference.values[pixel] == original.values[pixel])
                }
            }
        }
        // A threshold that no pixel reaches leaves all values as they are.
        let strict = convert([
            "--i", movies[0], "--o", folder.file("strict"), "--gain", folder.file("out/gain_estimate.bin"), "--thresh",
            "5000",
        ])
        #expect(strict.status == 0, "\(strict.text)")
        #expect(try frames(output(movies[0], in: "strict")) == normalised(frames: 80, seed: 1))
    }

    @Test func contradictionsStopOneMovieOrAreRounded() throws {
        let movies = try writeNormalised()
        #expect(convert(["--i", movies[0], "--o", folder.file("out"), "--estimate_gain"]).status == 0)
        var contradicting = normalised(frames: 2, seed: 9)
        contradicting[1].values[30] = gains()[30] * 1.5
        let path = folder.file("bad.mrcs")
        try ImageFile.writeStack(contradicting, to: path, pixelSizeInAngstrom: 1)
        let list = try folder.write([path, movies[1]].joined(separator: "\n"), to: "movies.lst")
        let arguments = [
            "--i", list, "--o", folder.file("out"), "--gain", folder.file("out/gain_estimate.bin"), "--thresh", "10",
        ]
        let result = convert(arguments)
        #expect(
            result.status == 1 && result.text.contains("bad.mrcs  frame 2 has")
                && result.text.contains("column 7, row 3"), "\(result.text)")
        #expect(
            !FileManager.default.fileExists(atPath: output(path))
                && FileManager.default.fileExists(atPath: output(movies[1])))
        let rounded = convert(arguments + ["--ignore_error"])
        #expect(rounded.status == 0 && rounded.text.contains("1 values were no multiples"), "\(rounded.text)")
        #expect(try frames(output(path))[1].values[30] == 2)
    }

    // MARK: Bad movies, bad options

    @Test func oneBadMovieDoesNotStopTheOthers() throws {
        let counts = MovieTestData.counts(Shape(x: 20, y: 14), frames: 3, seed: 1)
        var names: [String] = []
        for name in ["a", "b", "c", "d"] {
            names.append(folder.file(name + ".mrcs"))
            try ImageFile.writeStack(counts, to: names[names.count - 1], pixelSizeInAngstrom: 1, mode: .int16)
        }
        let whole = try Data(contentsOf: URL(fileURLWithPath: names[1]))
        try whole.prefix(1500).write(to: URL(fileURLWithPath: names[1]))
        try ImageFile.writeStack(
            MovieTestData.counts(Shape(x: 8, y: 8), frames: 1, seed: 1), to: names[3], pixelSizeInAngstrom: 1,
            mode: .int16)
        let list = try folder.write(MovieTestData.star(names), to: "movies.star")
        let arguments = ["--i", list, "--o", folder.file("out"), "--only_do_unfinished"]
        let result = convert(arguments)
        #expect(result.status == 1)
        #expect(
            result.text.contains("2 of 4 left out") && result.text.contains("b.mrcs") && result.text.contains("d.mrcs"),
            "\(result.text)")
        for (name, isThere) in zip(names, [true, false, true, false]) {
            #expect(FileManager.default.fileExists(atPath: output(name)) == isThere, "\(name)")
        }
        // Repaired, they are taken up; what is finished is not touched.
        try whole.write(to: URL(fileURLWithPath: names[1]))
        try whole.write(to: URL(fileURLWithPath: names[3]))
        try Data("kept".utf8).write(to: URL(fileURLWithPath: output(names[0])))
        let again = convert(arguments)
        #expect(again.status == 0 && again.text.contains("2 movies converted; 2 had been before"), "\(again.text)")
        #expect(try frames(output(names[1])) == counts && frames(output(names[3])) == counts)
        #expect(try Data(contentsOf: URL(fileURLWithPath: output(names[0]))) == Data("kept".utf8))
        #expect(convert(arguments).status == 0, "nothing left to do")
        #expect(convert(["--i", list, "--o", folder.file("out")]).status == 0)
        #expect(try frames(output(names[0])) == counts, "without the option everything is made again")
    }

    @Test func allThatIsWrongIsSaidAtOnce() throws {
        let result = convert([
            "--i", folder.file("none.star"), "--o", folder.file("out"), "--compression", "rar", "--deflate_level", "0",
            "--eer_grouping", "0", "--eer_upsampling", "5",
            "--thresh", "0", "--gain", folder.file("none.mrc"),
        ])
        #expect(result.status == 1)
        for word in [
            "none.star", "--compression", "--deflate_level", "--eer_grouping", "--eer_upsampling", "--thresh", "--gain",
        ] {
            #expect(result.text.contains(word), "\(word) is not named: \(result.text)")
        }
    }

    @Test func wrongUsesAreNamed() throws {
        let counts = MovieTestData.counts(Shape(x: 20, y: 14), frames: 2, seed: 1)
        let integers = folder.file("a.mrc"), twin = folder.file("a.mrcs")
        for path in [integers, twin] {
            try ImageFile.writeStack(counts, to: folder.file("x.mrcs"), pixelSizeInAngstrom: 1, mode: .int16)
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: folder.file("x.mrcs"), toPath: path)
        }
        let estimate = convert(["--i", integers, "--o", folder.file("out"), "--estimate_gain"])
        #expect(estimate.status == 1 && estimate.text.contains("32-bit floats"), "\(estimate.text)")
        let clash = convert([
            "--i", try folder.write("\(integers)\n\(twin)\n", to: "two.lst"), "--o", folder.file("out"),
        ])
        #expect(clash.status == 1 && clash.text.contains("is the output for"), "\(clash.text)")
        let dry = convert(["--i", integers, "--o", folder.file("dry"), "--dry_run"])
        #expect(
            dry.status == 0 && !folder.exists("dry/gain-reference.mrc")
                && !FileManager.default.fileExists(atPath: output(integers, in: "dry")))
    }
}
