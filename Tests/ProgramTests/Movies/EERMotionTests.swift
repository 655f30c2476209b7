import Arrays
import Foundation
import ImageFormats
import Metadata
import MicrographPrograms
import StarFormat
import TestSupport
import Testing

/// Electron events through the whole of relion_run_motioncorr: rendering, gain, grouping, alignment, files.
@Suite("Motion correction of EER movies")
struct EERMotionTests {
    private static let side = 256, rawFrames = 170, grouping = 20, groups = 8
    /// Electrons of a pixel in a detector frame.
    private static let rate = 0.04

    /// Detector pixels by which the sample has moved in detector frame `frame`.
    private static func drift(_ frame: Int) -> SIMD2<Double> {
        let t = Double(frame) / Double(rawFrames)
        return SIMD2(6 * t, -3 * (1 - (1 - t) * (1 - t)))
    }

    /// What a pixel counts of the electrons that reach it.
    private static func efficiency(_ x: Int, _ y: Int) -> Double { x % 4 == 1 ? 0.5 : 1 }

    private static func write(_ path: String) throws {
        var numbers = TestNumbers(seed: 9), writer = EERWriter(shape: .square(side))
        func uniform() -> Double { Double(numbers.next(below: 1 << 20)) / Double(1 << 20) }
        let dots = (0..<150).map { _ in SIMD2(uniform(), uniform()) * Double(side) }
        var density = [Double](repeating: 0.35, count: 4 * side * side)
        let fine = 2 * side
        for dot in dots {
            for y in max(0, Int(2 * dot.y) - 14)..<min(fine, Int(2 * dot.y) + 15) {
                for x in max(0, Int(2 * dot.x) - 14)..<min(fine, Int(2 * dot.x) + 15) {
                    let d = SIMD2(Double(x) / 2, Double(y) / 2) - dot
                    density[y * fine + x] += 0.6 * exp(-(d.x * d.x + d.y * d.y) / 12)
                }
            }
        }
        for frame in 0..<rawFrames {
            let moved = drift(frame)
            var events: [ElectronEvent] = []
            for _ in 0..<Int(rate * Double(side * side)) {
                let place = SIMD2(uniform(), uniform()) * Double(side)
                let x = Int(place.x), y = Int(place.y), from = (place - moved) * 2
                let u = min(fine - 1, max(0, Int(from.x))), v = min(fine - 1, max(0, Int(from.y)))
                if uniform() < density[v * fine + u] * efficiency(x, y) {
                    events.append(ElectronEvent(x: x, y: y, quarterX: Int(4 * (place.x - Double(x))), quarterY: Int(4 * (place.y - Double(y)))))
                }
            }
            writer.append(events)
        }
        try writer.write(to: path)
    }

    private static func prepare(_ folder: TemporaryFolder) throws -> [String] {
        try write(folder.file("a.eer"))
        let star = "\ndata_optics\n\nloop_\n_rlnOpticsGroupName #1\n_rlnOpticsGroup #2\n_rlnMicrographOriginalPixelSize #3\n_rlnVoltage #4\n"
            + "opticsGroup1 1 1.0 300\n\n" + MovieTestData.star([folder.file("a.eer")])
        try star.write(toFile: folder.file("movies.star"), atomically: true, encoding: .utf8)
        var counts = RealArray(shape: .square(side)), factors = counts
        for y in 0..<side { for x in 0..<side {
            counts[x, y] = Float(100 * efficiency(x, y))
            // The file's rows are those of EER frames; the writer turns them over like those of movies.
            factors[x, side - 1 - y] = Float(0.875 / efficiency(x, y))
        } }
        try ImageFile.write(counts, to: folder.file("gain.mrc"), pixelSizeInAngstrom: nil)
        let writer = try TIFFMovieWriter(path: folder.file("a.gain"), shape: factors.shape, pixel: .float32, frameCount: 1, packing: .none)
        try writer.append(factors)
        try writer.finish()
        return ["--i", folder.file("movies.star"), "--use_own", "--eer_grouping", "\(grouping)", "--dose_per_frame", "1", "--dose_weighting"]
    }

    private static func correct(_ folder: TemporaryFolder, _ out: String, _ arguments: [String]) throws -> (file: MotionFile, image: RealArray) {
        let result = runMovieProgram("relion_run_motioncorr", arguments + ["--o", folder.file(out)])
        #expect(result.status == 0, "\(result.text)")
        let table = try StarDocument(contentsOf: folder.file(out) + "/corrected_micrographs.star").table("micrographs")
        return (try MotionFile(contentsOf: try #require(table.strings("rlnMicrographMetadata").first)),
                try ImageFile.read(try #require(table.strings("rlnMicrographName").first)).image)
    }

    @Test("a known drift is found on both grids, whatever the form of the gain")
    func tracks() throws {
        let folder = try TemporaryFolder()
        let base = try Self.prepare(folder)
        let physical = try Self.correct(folder, "1", base + ["--gainref", folder.file("gain.mrc")])
        let double = try Self.correct(folder, "2", base + ["--gainref", folder.file("gain.mrc"), "--eer_upsampling", "2", "--bfactor", "600"])
        for (result, scale) in [(physical, 1.0), (double, 2)] {
            #expect(result.file.width == Int(scale) * Self.side && result.file.frameCount == Self.groups)
            #expect(result.file.eerGrouping == Self.grouping && result.file.eerUpsampling == Int(scale))
            // Detector frames that make no whole group are left over.
            let truth = (0..<Self.groups).map { group in
                (0..<Self.grouping).map { Self.drift(group * Self.grouping + $0) }.reduce(.zero, +) / Double(Self.grouping)
            }
            var squares = 0.0
            for (group, shift) in result.file.shifts.enumerated() {
                let error = try #require(shift) / scale + (truth[group] - truth[0])
                squares += error.x * error.x + error.y * error.y
            }
            // About 20000 electrons a frame in 150 dots: a tenth to a quarter of a pixel; the first frame's own error is in all of them.
            #expect((squares / Double(Self.groups)).squareRoot() < 0.5, "\(scale): \(result.file.shifts)")
        }
        let factors = try Self.correct(folder, "3", base + ["--gainref", folder.file("a.gain")])
        #expect(factors.file.shifts == physical.file.shifts)
        for i in stride(from: 0, to: factors.image.values.count, by: 37) { #expect(abs(factors.image.values[i] - physical.image.values[i]) < 1e-4) }
        // Without the gain its stripes stay: every fourth column has half of the electrons.
        let none = try Self.correct(folder, "4", base)
        func stripes(_ image: RealArray) -> Double {
            var sums = [0.0, 0, 0, 0]
            for y in 0..<Self.side { for x in 0..<Self.side { sums[x % 4] += Double(image[x, y]) } }
            return ((sums.max() ?? 0) - (sums.min() ?? 0)) / (sums.reduce(0, +) / 4)
        }
        #expect(stripes(physical.image) < 0.05 && stripes(none.image) > 0.1, "\(stripes(physical.image)) \(stripes(none.image))")
        let more = try Self.correct(folder, "5", base + ["--gainref", folder.file("gain.mrc"), "--eer_grouping", "34"])
        #expect(more.file.frameCount == 5)
    }

    @Test("a .gain file lies as it is and is not turned")
    func turnedGain() throws {
        let folder = try TemporaryFolder()
        let result = runMovieProgram("relion_run_motioncorr", try Self.prepare(folder) + ["--gainref", folder.file("a.gain"), "--gain_rot", "1", "--o", folder.file("M")])
        #expect(result.status != 0 && result.text.contains("--gain_rot"), "\(result.text)")
    }
}
