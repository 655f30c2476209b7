import Optimisation

/// Movement that differs from place to place: for each axis a polynomial of third order in time, zero in the first frame, times one of
/// second order in space (Zivanov, Nakane & Scheres 2019, IUCrJ 6, 5).
///
/// With x = X/width − ½, y = Y/height − ½ and z the frame counted from the first that is used, an axis' shift is
/// Σ c(3i + j − 1) · basis_i · zʲ for j = 1, 2, 3 and the basis 1, x, x², y, y², xy. Shifts are pixels of the movie that a frame is moved by,
/// beside the shift of the whole frame.
package struct LocalMotionModel: Sendable, Equatable {
    package static let coefficientsPerAxis = 18
    package var x: [Double]
    package var y: [Double]

    package init(x: [Double], y: [Double]) {
        precondition(x.count == Self.coefficientsPerAxis && y.count == Self.coefficientsPerAxis)
        (self.x, self.y) = (x, y)
    }

    static let none = LocalMotionModel(x: [Double](repeating: 0, count: coefficientsPerAxis), y: [Double](repeating: 0, count: coefficientsPerAxis))

    /// - Parameters:
    ///   - frame: from 0, fractions allowed.
    ///   - place: X/width − ½, Y/height − ½.
    package func shift(frame: Double, place: SIMD2<Double>) -> SIMD2<Double> {
        let basis = Self.basis(frame: frame, place: place)
        var result = SIMD2<Double>.zero
        for i in basis.indices { result += basis[i] * SIMD2(x[i], y[i]) }
        return result
    }

    static func basis(frame z: Double, place: SIMD2<Double>) -> [Double] {
        let space = [1, place.x, place.x * place.x, place.y, place.y * place.y, place.x * place.y]
        return space.flatMap { [$0 * z, $0 * z * z, $0 * z * z * z] }
    }

    /// One measured track of a patch.
    struct Track {
        var place: SIMD2<Double>
        /// Frames (from 0) at which the shifts hold.
        var times: [Double]
        var shifts: [SIMD2<Double>]
        var weight: Double
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

    static func + (one: LocalMotionModel, other: LocalMotionModel) -> LocalMotionModel {
        LocalMotionModel(x: zip(one.x, other.x).map { $0 + $1 }, y: zip(one.y, other.y).map { $0 + $1 })
    }
}
