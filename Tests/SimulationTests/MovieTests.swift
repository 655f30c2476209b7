import Arrays
import Foundation
import Fourier
import Parallel
import Simulation
import Testing

/// Movies: what is in the frames is what the truth says.
@Suite("Simulated movies")
struct MovieTests {
    private static func settings() -> MovieSettings {
        var s = MovieSettings()
        s.size = 256
        s.frameCount = 5
        s.pixelSizeInAngstrom = 3
        s.particlesPerMovie = 6
        s.deadRows = 0
        s.hotPixels = 0
        s.hasGain = false
        return s
    }

    private static func frames(_ s: MovieSettings, movie: Int = 0, threads: Int = 2) throws -> (truth: MovieTruth, frames: [[Float]], gain: RealArray) {
        let model = try AtomicModel(atoms: BuiltInMolecule.atoms(.whole), blur: .uniform(200), origin: .kept, source: "built-in")
        let imager = MovieImager(settings: s, models: [model])
        let truth = MovieTruth(movie, settings: s, speciesCount: 1)
        var frames: [[Float]] = []
        try imager.frames(of: truth, index: movie, pool: ThreadPool(threads: threads)) { _, counts in frames.append(counts) }
        return (truth, frames, imager.detector.gain)
    }

    @Test func countsFollowTheDose() throws {
        var s = Self.settings()
        s.dosePerFrame = 1.5
        for frame in try Self.frames(s).frames {
            let mean = frame.reduce(0, +) / Float(frame.count)
            // 65536 pixels of 13.5 counts: standard error 0.014; the protein's own contrast averages out but for the amplitude part.
            #expect(abs(mean - 13.5) < 0.2, "\(mean)")
            #expect(frame.allSatisfy { $0 == $0.rounded() && $0 >= 0 })
        }
    }

    @Test func threadsAndOtherMoviesDoNotMatter() throws {
        let one = try Self.frames(Self.settings(), threads: 1).frames
        #expect(try Self.frames(Self.settings(), threads: 3).frames == one)
        var more = Self.settings()
        more.movieCount = 9
        #expect(try Self.frames(more).frames == one)
        #expect(try Self.frames(Self.settings(), movie: 1).frames != one)
    }

    /// The peak of the correlation between the first and the last frame stands at the displacement.
    @Test func particlesAndIceMoveAsTheTruthSays() throws {
        var s = Self.settings()
        s.dosePerFrame = 12
        s.localMotion = 0
        s.drift = 9
        let (truth, frames, _) = try Self.frames(s)
        let shape = Shape.square(s.size), transform = FourierTransform(shape: shape)
        var product = transform.forward(RealArray(shape: shape, values: frames[0]))
        let last = transform.forward(RealArray(shape: shape, values: frames[4]))
        for i in product.values.indices { product.values[i] = product.values[i].conjugate.times(last.values[i]) }
        product.values[0] = .zero
        let correlation = transform.inverse(product)
        let peak = try #require(correlation.values.indices.max { correlation.values[$0] < correlation.values[$1] })
        func signed(_ i: Int) -> Double { Double(signedFrequency(i, length: s.size)) }
        let found = SIMD2(signed(peak % s.size), signed(peak / s.size))
        let moved = truth.motion.displacement(frame: 4, at: SIMD2(128, 128))
        #expect(abs(moved.x) + abs(moved.y) > 3, "the test needs some motion: \(moved)")
        #expect(abs(found.x - moved.x) <= 1 && abs(found.y - moved.y) <= 1, "\(found), truth \(moved)")
        #expect(truth.motion.displacement(frame: 0, at: SIMD2(10, 200)) == .zero)
    }

    @Test func particlesKeepTheirDistance() throws {
        let truth = MovieTruth(0, settings: Self.settings(), speciesCount: 1)
        #expect(truth.particles.count == 6)
        for (i, one) in truth.particles.enumerated() {
            for other in truth.particles.dropFirst(i + 1) {
                let away = one.place - other.place
                #expect((away.x * away.x + away.y * away.y).squareRoot() * 3 >= 190)
            }
        }
    }

    @Test func cameraFaults() throws {
        var s = Self.settings()
        s.hasGain = true
        s.deadRows = 1
        s.hotPixels = 3
        s.dosePerFrame = 1
        let (_, frames, gain) = try Self.frames(s)
        let dead = (0..<256).filter { y in (0..<256).allSatisfy { gain[$0, y] == 0 } }
        #expect(dead.count == 1)
        let sum = (0..<65536).map { i in frames.reduce(0) { $0 + $1[i] } }
        // Nine counts a frame are expected, 34 of a hot pixel; 45 in five frames, with a deviation of 7.
        #expect(sum.filter { $0 > 110 }.count == 3)
        for y in dead { #expect((0..<256).allSatisfy { sum[y * 256 + $0] < 1 || sum[y * 256 + $0] > 100 }) }
        // Multiplied by the gain, the slow variation of the sensitivity (5 % over the width) goes.
        func mean(_ columns: Range<Int>, corrected: Bool) -> Float {
            var total: Float = 0
            for y in 0..<256 { for x in columns { total += sum[y * 256 + x] * (corrected ? gain[x, y] : 1) } }
            return total / Float(256 * columns.count)
        }
        #expect(mean(0..<32, corrected: false) / mean(112..<144, corrected: false) > 1.03)
        #expect(abs(mean(0..<32, corrected: true) / mean(112..<144, corrected: true) - 1) < 0.012)
    }
}
