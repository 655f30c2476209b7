import Arrays
import Foundation
import ImageFormats
import MotionCorrection
import Parallel
import Randomness
import Reporting
import StarFormat
import Testing
import TestSupport

/// Alignment and sums of movies made here, with known motion.
@Suite struct MotionCorrectionTests {
    private static let size = 256, frameCount = 8

    /// Blurred random dots, moved by `motion` in each frame, counted with Poisson-like noise of whole numbers.
    private static func movie(noise: Double = 1.5, motion: @escaping @Sendable (_ frame: Int, _ place: SIMD2<Double>) -> SIMD2<Double>) -> [[Float]] {
        var generator = CounterGenerator(seed: 3, stream: 0)
        let dots = (0..<160).map { _ in SIMD2(generator.uniform() * Double(size), generator.uniform() * Double(size)) }
        return (0..<frameCount).map { frame in
            var image = [Float](repeating: 20, count: size * size)
            for dot in dots {
                let place = dot + motion(frame, dot)
                for y in max(0, Int(place.y) - 14)..<max(max(0, Int(place.y) - 14), min(size, Int(place.y) + 15)) {
                    for x in max(0, Int(place.x) - 14)..<max(max(0, Int(place.x) - 14), min(size, Int(place.x) + 15)) {
                        let dx = Double(x) - place.x, dy = Double(y) - place.y
                        image[y * size + x] += Float(10 * exp(-(dx * dx + dy * dy) / 18))
                    }
                }
            }
            var noiseSource = CounterGenerator(seed: 4, stream: frame)
            for i in image.indices { image[i] = max(0, (image[i] + Float(noise * noiseSource.standardNormal())).rounded()) }
            return image
        }
    }

    private static func store(_ frames: [[Float]], gain: RealArray? = nil, threads: Int = 2) throws -> FrameStore {
        try FrameStore(shape: .square(size), count: frames.count, gain: gain, inOrder: false, pool: ThreadPool(threads: threads)) { frame, target in
            _ = target.update(fromContentsOf: frames[frame])
        }
    }

    private static func run(_ frames: [[Float]], gain: RealArray? = nil, bad: Set<Int> = [], threads: Int = 2,
                            _ settings: MotionSettings = MotionSettings(), _ outputs: MicrographOutputs = MicrographOutputs()) throws -> MotionCorrection.Result {
        MotionCorrection(settings: settings, outputs: outputs)
            .run(try store(frames, gain: gain, threads: threads), knownBad: bad, pool: ThreadPool(threads: threads), reporter: Reporter(verbosity: .silent))
    }

    @Test func wholeFramesAreFound() throws {
        let steps: [SIMD2<Double>] = (0..<Self.frameCount).map { frame in
            let t = Double(frame)
            return SIMD2<Double>(1.7 * t, -6 * (1 - exp(-t / 2)))
        }
        let result = try Self.run(Self.movie { frame, _ in steps[frame] })
        for frame in 0..<Self.frameCount {
            let error = result.motion.shifts[frame] + steps[frame]
            // Dots of 10 counts over noise of 1.5 are placed to a few hundredths of a pixel.
            #expect(abs(error.x) < 0.15 && abs(error.y) < 0.15, "frame \(frame): \(result.motion.shifts[frame])")
        }
        let still = try Self.run(Self.movie { _, _ in .zero })
        #expect(still.motion.shifts.allSatisfy { abs($0.x) < 0.1 && abs($0.y) < 0.1 })
        // The sum of the moved movie is as sharp as that of the still one.
        #expect(contrast(result.micrograph) > 0.97 * contrast(still.micrograph))
    }

    private func contrast(_ image: RealArray) -> Double {
        var sum = 0.0, squares = 0.0, count = 0.0
        for y in 32..<224 { for x in 32..<224 {
            let v = Double(image[x, y])
            (sum, squares, count) = (sum + v, squares + v * v, count + 1)
        } }
        return (squares / count - (sum / count) * (sum / count)).squareRoot()
    }

    @Test func localMotionIsFound() throws {
        let motion: @Sendable (Int, SIMD2<Double>) -> SIMD2<Double> = { frame, place in
            let t = Double(frame) / 7, u = place.x / 256 - 0.5, v = place.y / 256 - 0.5
            let dx = 4 * t + 5 * t * u, dy = 6 * t * t * v * u - 3 * t * v
            return SIMD2<Double>(dx, dy)
        }
        var settings = MotionSettings()
        settings.patches = (4, 4)
        let result = try Self.run(Self.movie(motion: motion), settings)
        let model = try #require(result.motion.localModel)
        #expect(model.shift(frame: 0, place: SIMD2(0.3, -0.2)) == .zero)
        var squares = 0.0, unmodelled = 0.0, count = 0.0
        for y in stride(from: 40.0, through: 216, by: 44) {
            for x in stride(from: 40.0, through: 216, by: 44) {
                // The start of a track is a matter of convention.
                let place = SIMD2(x, y)
                let errors = (0..<Self.frameCount).map { result.motion.shift(frame: $0, at: place) + motion($0, place) }
                let globals = (0..<Self.frameCount).map { result.motion.shifts[$0] + motion($0, place) }
                for (values, isLocal) in [(errors, true), (globals, false)] {
                    let mean = values.reduce(.zero, +) / Double(values.count)
                    let sum = values.reduce(0) { $0 + ($1.x - mean.x) * ($1.x - mean.x) + ($1.y - mean.y) * ($1.y - mean.y) }
                    if isLocal { squares += sum } else { unmodelled += sum }
                }
                count += Double(Self.frameCount)
            }
        }
        #expect((squares / count).squareRoot() < 0.25, "\((squares / count).squareRoot()), global alone \((unmodelled / count).squareRoot())")
        #expect(unmodelled > 4 * squares)
    }

    @Test func threadsDoNotChangeTheBits() throws {
        var settings = MotionSettings(), outputs = MicrographOutputs()
        settings.patches = (3, 3)
        outputs.exposures = (1...8).map { 2 * Double($0) }
        outputs.plainSum = true
        outputs.evenAndOddSums = true
        outputs.spectrumGrouping = 3
        outputs.spectrumSize = 128
        let movie = Self.movie { frame, place in SIMD2(Double(frame) * (1 + place.x / 512), 0.5 * Double(frame)) }
        let one = try Self.run(movie, threads: 1, settings, outputs), three = try Self.run(movie, threads: 3, settings, outputs)
        #expect(one.micrograph == three.micrograph && one.plain == three.plain && one.even == three.even && one.odd == three.odd)
        #expect(one.powerSpectrum?.image == three.powerSpectrum?.image)
        #expect(one.motion.localModel == three.motion.localModel && one.motion.shifts == three.motion.shifts)
        // Even and odd frames make up the whole.
        let plain = try #require(one.plain), even = try #require(one.even), odd = try #require(one.odd)
        for i in stride(from: 0, to: plain.values.count, by: 97) { #expect(abs(plain.values[i] - even.values[i] - odd.values[i]) < 0.01) }
    }

    @Test func gainAndDefects() throws {
        var gain = RealArray(shape: .square(Self.size), repeating: 1)
        var frames = Self.movie { _, _ in .zero }
        for x in 0..<Self.size { gain[x, 100] = 0 }
        for y in 0..<Self.size { for x in 0..<128 { gain[x, y] *= 2 } }
        for k in frames.indices {
            for y in 0..<Self.size { for x in 0..<Self.size {
                if y == 100 { frames[k][y * 256 + x] = 0 } else if x < 128 { frames[k][y * 256 + x] = (frames[k][y * 256 + x] / 2).rounded() }
            } }
            frames[k][57 * 256 + 31] = 250
        }
        let result = try Self.run(frames, gain: gain, bad: [200 * 256 + 3])
        #expect(result.motion.hotPixels == [57 * 256 + 31])
        #expect(result.motion.defectCount == 256 + 2)
        let values = result.micrograph
        func mean(_ x: Range<Int>, _ y: Range<Int>) -> Float {
            var sum: Float = 0
            for v in y { for u in x { sum += values[u, v] } }
            return sum / Float(x.count * y.count)
        }
        // The dead row is like its neighbours: dots cover some pixels, so that rows differ by a few counts.
        #expect(abs(mean(0..<256, 100..<101) - 0.5 * (mean(0..<256, 98..<100) + mean(0..<256, 101..<103))) < 4)
        #expect(values[31, 57] < 500)
        var unmended = MotionSettings()
        unmended.findsHotPixels = false
        #expect(try Self.run(frames, gain: gain, unmended).micrograph[31, 57] > 1500)
    }

    @Test func binningAveragesPixels() throws {
        var settings = MotionSettings()
        settings.binning = 2
        let movie = Self.movie(noise: 0) { _, _ in .zero }
        let full = try Self.run(movie).micrograph, half = try Self.run(movie, settings).micrograph
        #expect(half.shape == .square(128))
        // Dots are wide against the pixels: what binning leaves out is small; the mean stays.
        let mean = full.values.reduce(0, +) / Float(full.values.count)
        #expect(abs(half.values.reduce(0, +) / Float(half.values.count) - mean) < 0.05)
        #expect(abs(contrast(full) / contrastOfHalf(half) - 1) < 0.05)
    }

    private func contrastOfHalf(_ image: RealArray) -> Double {
        var sum = 0.0, squares = 0.0, count = 0.0
        for y in 16..<112 { for x in 16..<112 {
            let v = Double(image[x, y])
            (sum, squares, count) = (sum + v, squares + v * v, count + 1)
        } }
        return (squares / count - (sum / count) * (sum / count)).squareRoot()
    }

    @Test func exposureWeights() {
        let weights = ExposureWeights(exposures: [2, 10, 40], pixelSizeInAngstrom: 1)
        for k in [0.02, 0.1, 0.3] {
            let values = (0..<3).map { weights.weight(frame: $0, atFrequency: k) }
            #expect(abs(values.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
            #expect(values[0] > values[1] && values[1] > values[2])
            // exp(−N/2Nc) of two frames, with Nc of the paper.
            let critical = 0.245 * pow(k, -1.665) + 2.81
            #expect(abs(values[2] / values[0] - exp(-38 / (2 * critical))) < 1e-12)
        }
        #expect(ExposureWeights.damage(atVoltage: 200) == 1.25 && ExposureWeights.damage(atVoltage: 120) == nil)
    }

    @Test func groupsOfFrames() {
        #expect(FrameGroups(frameCount: 12, size: 1).ranges.count == 12)
        #expect(FrameGroups(frameCount: 14, size: 4).ranges == [0..<4, 4..<9, 9..<14])
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func goldenMovie() throws {
        let folder = SharedData.golden("movies")
        let movie = try MovieFile.open(folder.appendingPathComponent("Movies/mic001.tiff").path)
        let gain = try GainReference.read(folder.appendingPathComponent("Movies/gain.mrc").path, for: movie)
        let store = try FrameStore(shape: movie.shape, count: movie.frameCount, gain: gain, inOrder: false, pool: ThreadPool(threads: 2)) {
            try movie.readFrame($0, into: $1)
        }
        var settings = MotionSettings()
        settings.patches = (3, 3)
        let motion = MotionCorrection(settings: settings, outputs: MicrographOutputs())
            .run(store, pool: ThreadPool(threads: 2), reporter: Reporter(verbosity: .silent)).motion
        // The track of the whole frame as RELION found it, against the first frame.
        let theirs = try StarDocument(contentsOf: folder.appendingPathComponent("mic001_motion.star").path).table("global_shift")
        let x = try theirs.doubles("rlnMicrographShiftX"), y = try theirs.doubles("rlnMicrographShiftY")
        // Both err by a pixel in single frames; differences of their averages are smaller.
        var difference = SIMD2<Double>.zero
        for frame in 0..<12 { difference += (motion.shifts[frame] - SIMD2<Double>(x[frame], y[frame])) / 12 }
        #expect(abs(difference.x) < 0.8 && abs(difference.y) < 0.8, "\(difference)")
        let hot = try StarDocument(contentsOf: folder.appendingPathComponent("mic001_motion.star").path).table("hot_pixels")
        let places = zip(try hot.doubles("rlnCoordinateX"), try hot.doubles("rlnCoordinateY")).map { Int($1) * movie.shape.x + Int($0) }
        #expect(Set(motion.hotPixels) == Set(places))
        // Tracks of the particles: RELION's local model errs by 1.13 px, the whole frame's track by 1.47.
        #expect(try trackError(motion, folder) < 1.05)
    }

    /// Root mean square distance from the true tracks, each up to a constant.
    private func trackError(_ motion: MovieMotion, _ folder: URL) throws -> Double {
        let data = try Data(contentsOf: folder.appendingPathComponent("Movies/mic001_tracks.npy"))
        let start = 10 + Int(data[8]) + 256 * Int(data[9])
        let values = data.dropFirst(start).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        let particles = try StarDocument(contentsOf: folder.appendingPathComponent("truth.star").path).table("particles")
        let names = try particles.strings("rlnMicrographName"), px = try particles.doubles("rlnCoordinateX"), py = try particles.doubles("rlnCoordinateY")
        let rows = names.indices.filter { names[$0].contains("mic001") }
        var squares = 0.0, count = 0.0
        for (particle, row) in rows.enumerated() {
            let errors = (0..<12).map { frame -> SIMD2<Double> in
                let at = 2 * (frame * rows.count + particle)
                let truth = SIMD2<Double>(Double(values[at]), Double(values[at + 1]))
                return motion.shift(frame: frame, at: SIMD2<Double>(px[row], py[row])) + truth
            }
            let mean = errors.reduce(.zero, +) / 12
            for error in errors { squares += (error.x - mean.x) * (error.x - mean.x) + (error.y - mean.y) * (error.y - mean.y) }
            count += 12
        }
        return (squares / count).squareRoot()
    }
}
