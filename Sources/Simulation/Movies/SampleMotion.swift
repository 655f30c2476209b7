import Foundation
import Randomness

/// How the sample moves during a movie: the drift of the stage, and movement that differs from place to place as the ice gives way
/// under the beam, strongest at the beginning (Brilot et al. 2012, J. Struct. Biol. 177, 630).
///
/// Displacements are in pixels, against the first frame, and smooth in place: a polynomial of second order, which is what motion correction
/// fits, times a course in time that is not a polynomial.
package struct SampleMotion: Sendable {
    private let size: Double
    private let course: [Double]
    private let drift: SIMD2<Double>
    /// Coefficients of u, v, uv, u², v², with u and v from −1 to 1 over the frame.
    private let local: [SIMD2<Double>]

    /// - Parameters:
    ///   - drift: standard deviation of the whole movement, pixels.
    ///   - local: standard deviation of the coefficients of the local one, pixels.
    init(frameCount: Int, size: Int, drift: Double, local: Double, using generator: inout CounterGenerator) {
        self.size = Double(size)
        // Fast at first, then steady.
        var travelled = [0.0]
        for frame in 1..<max(2, frameCount) { travelled.append(travelled[frame - 1] + exp(-Double(frame) / 4) + 0.25) }
        let whole = travelled[travelled.count - 1]
        course = travelled.map { $0 / whole }
        let first = generator.normalPair()
        self.drift = drift * SIMD2(first.0, first.1)
        self.local = (0..<5).map { _ in
            let pair = generator.normalPair()
            return local * SIMD2(pair.0, pair.1)
        }
    }

    /// Displacement (x, y) in pixels of what stands at `place` (pixels from the corner) in the first frame.
    package func displacement(frame: Int, at place: SIMD2<Double>) -> SIMD2<Double> {
        let u = 2 * place.x / size - 1, v = 2 * place.y / size - 1
        let basis = [u, v, u * v, u * u, v * v]
        return course[frame] * zip(local, basis).reduce(drift) { $0 + $1.0 * $1.1 }
    }
}
