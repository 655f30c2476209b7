import Metadata
import Optimisation

extension LocalMotionModel {
    /// One measured track of a patch.
    struct Track {
        var place: SIMD2<Double>
        /// Frames (from 0) at which the shifts hold.
        var times: [Double]
        var shifts: [SIMD2<Double>]
        var weight: Double

        /// The track with a shift for each frame, on straight lines through those there are.
        func interpolated(frameCount: Int) -> Track {
            guard times.count > 1 else { return self }
            var result = Track(place: place, times: [], shifts: [], weight: weight), last = 1
            for frame in 0..<frameCount {
                while last < times.count - 1 && Double(frame) > times[last] { last += 1 }
                let part = (Double(frame) - times[last - 1]) / (times[last] - times[last - 1])
                result.times.append(Double(frame))
                result.shifts.append(shifts[last - 1] + part * (shifts[last] - shifts[last - 1]))
            }
            return result
        }
    }

    /// Weighted least squares with a free constant for each track (where a track starts is not known better than any other point of it), of which
    /// as much is kept as stands out from the noise (`MotionEquations`).
    ///
    /// - Returns: nil when tracks do not determine the model.
    static func fit(_ tracks: [Track], frameCount: Int) -> LocalMotionModel? {
        // Time in units of the movie keeps the equations well conditioned.
        let unit = Double(max(1, frameCount - 1))
        let equations = MotionEquations(tracks.filter { $0.weight > 0 && $0.times.count > 3 }, timeUnit: unit)
        guard let x = equations.solution(0), let y = equations.solution(1) else { return nil }
        func inFrames(_ c: [Double]) -> [Double] {
            c.indices.map { i in
                var value = c[i]
                for _ in 0...(i % 3) { value /= unit }
                return value
            }
        }
        let model = LocalMotionModel(x: inFrames(x), y: inFrames(y))
        return (model.x + model.y).allSatisfy(\.isFinite) ? model : nil
    }
}
