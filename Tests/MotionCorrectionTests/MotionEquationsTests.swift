import Foundation
import Metadata
import Randomness
import Testing

@testable import MotionCorrection

@Suite struct MotionEquationsTests {
    private static let frames = 12

    /// Tracks of 5 × 5 patches that follow `motion` with errors of `noise` pixels.
    private static func tracks(noise: Double, seed: Int, _ motion: (Double, SIMD2<Double>) -> SIMD2<Double>) -> [LocalMotionModel.Track] {
        var generator = CounterGenerator(seed: seed, stream: 0)
        return (0..<25).map { patch in
            let place = SIMD2(Double(patch % 5) / 5 - 0.4, Double(patch / 5) / 5 - 0.4)
            let times = (0..<frames).map(Double.init)
            let shifts = times.map { motion($0, place) + noise * SIMD2(generator.standardNormal(), generator.standardNormal()) }
            return LocalMotionModel.Track(place: place, times: times, shifts: shifts, weight: 3)
        }
    }

    /// Mean square difference of the fitted model from `motion`, each track up to a constant.
    private static func error(noise: Double, seed: Int, _ motion: (Double, SIMD2<Double>) -> SIMD2<Double>) throws -> Double {
        let model = try #require(LocalMotionModel.fit(tracks(noise: noise, seed: seed, motion), frameCount: frames))
        var squares = 0.0
        for track in tracks(noise: 0, seed: 0, motion) {
            let errors = zip(track.times, track.shifts).map { model.shift(frame: $0, place: track.place) - $1 }
            let mean = errors.reduce(.zero, +) / Double(frames)
            for error in errors { squares += ((error - mean) * (error - mean)).sum() }
        }
        return squares / Double(25 * frames)
    }

    private static func mean(noise: Double, _ motion: (Double, SIMD2<Double>) -> SIMD2<Double>) throws -> Double {
        try (1...30).reduce(0) { try $0 + error(noise: noise, seed: $1, motion) / 30 }
    }

    /// What least squares alone errs by: its coefficients' share of the noise, on both axes.
    private static func leastSquares(noise: Double) -> Double { 2 * 18 * noise * noise / Double(25 * frames) }

    @Test func exactTracksGiveTheExactModel() throws {
        let motion: (Double, SIMD2<Double>) -> SIMD2<Double> = { t, p in
            SIMD2(0.3 * t * p.x - 0.02 * t * t * p.x * p.y, 0.001 * t * t * t + 0.4 * t * p.y * p.y)
        }
        let exact = try Self.error(noise: 0, seed: 1, motion)
        #expect(exact < 1e-16)
        // A thousandth of a pixel of noise changes the model by no more than that.
        let noisy = try Self.mean(noise: 1e-3, motion)
        #expect(noisy < 1.1 * Self.leastSquares(noise: 1e-3))
    }

    @Test func noiseAloneIsNotFollowed() throws {
        let error = try Self.mean(noise: 1) { _, _ in .zero }
        #expect(error < 0.35 * Self.leastSquares(noise: 1), "\(error)")
    }

    @Test func faintMotionIsFollowedAsFarAsItStandsOut() throws {
        // 0.25 px root mean square along x: as much as least squares errs by.
        let error = try Self.mean(noise: 1) { t, p in SIMD2(0.25 * t * p.x, 0) }
        #expect(error < 0.7 * Self.leastSquares(noise: 1), "\(error)")
    }
}
