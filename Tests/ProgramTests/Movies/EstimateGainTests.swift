import Arrays
import Foundation
import ImageFormats
import Reporting
import TestSupport
import Testing

@Suite struct EstimateGainTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private let shape = Shape(x: 16, y: 8)

    private func estimate(_ arguments: [String]) -> (status: Int32, text: String) {
        runMovieProgram("relion_estimate_gain", arguments)
    }

    /// Two movies of flat frames that a known sensitivity has multiplied; pixel 7 is dead.
    private func movies() throws -> (list: String, sensitivity: [Float]) {
        let sensitivity = (0..<shape.count).map { $0 == 7 ? Float(0) : 1 + Float($0 % 8) }
        var names: [String] = []
        for (index, (frames, dose)) in [(4, Float(2)), (6, 3)].enumerated() {
            names.append(folder.file("m\(index).mrcs"))
            let frame = RealArray(shape: shape, values: sensitivity.map { $0 * dose })
            try ImageFile.writeStack(
                [RealArray](repeating: frame, count: frames), to: names[index], pixelSizeInAngstrom: 1, mode: .int16)
        }
        return (try folder.write(MovieTestData.star(names), to: "movies.star"), sensitivity)
    }

    @Test func inverseOfTheAverage() throws {
        let (list, sensitivity) = try movies()
        let result = estimate(["--i", list, "--o", folder.file("gain.mrc"), "--j", "3"])
        #expect(result.status == 0, "\(result.text)")
        let gain = try ImageFile.read(folder.file("gain.mrc")).image
        let mean = sensitivity.map(Double.init).reduce(0, +) / Double(shape.count)
        for (index, value) in sensitivity.enumerated() {
            let expected = value == 0 ? 1 : Float(mean / Double(value))
            // Double precision until the one rounding at the end.
            #expect(abs(gain.values[index] - expected) <= expected.ulp, "pixel \(index)")
        }
        #expect(result.text.contains("10 frames of 2 movies"), "\(result.text)")
    }

    @Test func sumAndNumberOfFrames() throws {
        let (list, sensitivity) = try movies()
        #expect(estimate(["--i", list, "--o", folder.file("all.mrc"), "--dont_invert"]).status == 0)
        #expect(try ImageFile.read(folder.file("all.mrc")).image.values == sensitivity.map { $0 * 26 })
        // Four frames are more than three: the second movie is not needed.
        #expect(
            estimate(["--i", list, "--o", folder.file("few.mrc"), "--dont_invert", "--max_frames", "3"]).status == 0)
        #expect(try ImageFile.read(folder.file("few.mrc")).image.values == sensitivity.map { $0 * 8 })
        #expect(
            estimate(["--i", list, "--o", folder.file("more.mrc"), "--dont_invert", "--max_frames", "4"]).status == 0)
        #expect(try ImageFile.read(folder.file("more.mrc")).image.values == sensitivity.map { $0 * 26 })
    }

    @Test func randomOrderTakesOtherMovies() throws {
        var names: [String] = []
        for index in 0..<12 {
            names.append(folder.file("r\(index).mrcs"))
            try ImageFile.writeStack(
                [RealArray(shape: shape, repeating: Float(index + 1))], to: names[index], pixelSizeInAngstrom: 1,
                mode: .int16)
        }
        let list = try folder.write(names.joined(separator: "\n"), to: "movies.lst")
        func first(_ options: [String]) throws -> Float {
            let result = estimate(
                ["--i", list, "--o", folder.file("g.mrc"), "--dont_invert", "--max_frames", "1"] + options)
            #expect(result.status == 0, "\(result.text)")
            return try ImageFile.read(folder.file("g.mrc")).image.values[0]
        }
        #expect(try first([]) == 1 + 2)
        #expect(try first(["--random"]) != 3, "the same movies in the same order")
        #expect(try first(["--random"]) == first(["--random"]), "another choice each time")
    }

    @Test func eventsAreSummed() throws {
        let events = MovieTestData.events(shape, frames: 300, perFrame: 4, seed: 5), path = folder.file("m.eer")
        try MovieTestData.writeEER(events, shape, to: path)
        let refused = estimate(["--i", path, "--o", folder.file("gain.mrc")])
        #expect(refused.status == 1 && refused.text.contains("--dont_invert"), "\(refused.text)")
        for (options, grid) in [
            ([String](), EERRendering.Grid.double), (["--eer_upsampling", "1"], .physical),
            (["--eer_upsampling", "3"], .quadruple),
        ] {
            let result = estimate(["--i", path, "--o", folder.file("gain.mrc"), "--dont_invert", "--j", "2"] + options)
            #expect(result.status == 0, "\(result.text)")
            let movie = try EERMovie(path: path, rendering: EERRendering(grid: grid, rawFramesPerFrame: 300))
            #expect(try ImageFile.read(folder.file("gain.mrc")).image == movie.frame(0))
        }
    }

    @Test func badMoviesAreLeftOut() throws {
        let (list, sensitivity) = try movies()
        let text = try String(contentsOfFile: list, encoding: .utf8)
        let broken = try folder.write("no movie", to: "broken.mrcs")
        let other = folder.file("other.mrcs")
        try ImageFile.writeStack([RealArray(shape: .square(4))], to: other, pixelSizeInAngstrom: 1)
        let all = try folder.write(
            text.replacingOccurrences(of: "m1.mrcs 1\n", with: "m1.mrcs 1\n\(broken) 1\n\(other) 1\n"), to: "all.star")
        let result = estimate(["--i", all, "--o", folder.file("gain.mrc"), "--dont_invert"])
        #expect(result.status == 0 && result.text.contains("2 of 4 movies were left out"), "\(result.text)")
        #expect(try ImageFile.read(folder.file("gain.mrc")).image.values == sensitivity.map { $0 * 26 })
        let wrong = estimate([
            "--i", folder.file("none.star"), "--o", folder.file("gain.txt"), "--max_frames", "0", "--eer_upsampling",
            "4",
        ])
        #expect(wrong.status == 1)
        for word in ["none.star", "gain.txt", "--max_frames", "--eer_upsampling"] {
            #expect(wrong.text.contains(word), "\(wrong.text)")
        }
    }
}
