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

    /// Weighted least squares with a free constant for each track: where a track starts is not known better than any other point of it.
    ///
    /// - Returns: nil when tracks do not determine the model.
    static func fit(_ tracks: [Track], frameCount: Int) -> LocalMotionModel? {
        let n = coefficientsPerAxis, unit = Double(max(1, frameCount - 1))
        var matrix = [Double](repeating: 0, count: n * n), right = (x: [Double](repeating: 0, count: n), y: [Double](repeating: 0, count: n))
        for track in tracks where track.weight > 0 && track.times.count > 3 {
            // Time in units of the movie keeps the equations well conditioned.
            let rows = track.times.map { basis(frame: $0 / unit, place: track.place) }
            let count = Double(rows.count)
            let mean = (0..<n).map { i in rows.reduce(0) { $0 + $1[i] } / count }
            let meanShift = track.shifts.reduce(.zero, +) / count
            for (row, shift) in zip(rows, track.shifts) {
                let centred = (0..<n).map { row[$0] - mean[$0] }, value = shift - meanShift
                for i in 0..<n {
                    for j in 0..<n { matrix[i * n + j] += track.weight * centred[i] * centred[j] }
                    right.x[i] += track.weight * centred[i] * value.x
                    right.y[i] += track.weight * centred[i] * value.y
                }
            }
        }
        guard let x = LinearSystem.solveSymmetric(matrix, right.x), let y = LinearSystem.solveSymmetric(matrix, right.y) else { return nil }
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
