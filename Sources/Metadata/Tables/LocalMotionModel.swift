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

    package static let none = LocalMotionModel(
        x: [Double](repeating: 0, count: coefficientsPerAxis), y: [Double](repeating: 0, count: coefficientsPerAxis))

    /// - Parameters:
    ///   - frame: from 0, fractions allowed.
    ///   - place: X/width − ½, Y/height − ½.
    package func shift(frame: Double, place: SIMD2<Double>) -> SIMD2<Double> {
        let basis = Self.basis(frame: frame, place: place)
        var result = SIMD2<Double>.zero
        for i in basis.indices { result += basis[i] * SIMD2(x[i], y[i]) }
        return result
    }

    /// What the coefficients of an axis are multiplied by.
    package static func basis(frame z: Double, place: SIMD2<Double>) -> [Double] {
        let space = [1, place.x, place.x * place.x, place.y, place.y * place.y, place.x * place.y]
        return space.flatMap { [$0 * z, $0 * z * z, $0 * z * z * z] }
    }

    package static func + (one: LocalMotionModel, other: LocalMotionModel) -> LocalMotionModel {
        LocalMotionModel(x: zip(one.x, other.x).map { $0 + $1 }, y: zip(one.y, other.y).map { $0 + $1 })
    }

    package static func * (factor: Double, model: LocalMotionModel) -> LocalMotionModel {
        LocalMotionModel(x: model.x.map { factor * $0 }, y: model.y.map { factor * $0 })
    }
}
