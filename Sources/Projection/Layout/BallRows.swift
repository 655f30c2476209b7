import Arrays

/// Where the rows of a half ball lie in memory: of the cube of signed frequencies y, z = −extent ... extent, only the points
/// 0 <= x <= extent that interpolation within the ball may touch are stored.
final class BallRows: Sendable {
    /// Two numbers a row, ((z + extent) * side + y + extent) being the number of the row: the first elements of rows (y, z) and
    /// (y, z + 1), so that the four rows of a trilinear interpolation are neighbours. One entry more holds the end.
    let starts: AlignedBuffer<UInt32>
    /// Elements of all rows.
    let count: Int

    /// Interpolation may be asked for up to this much beyond the radius, which was rounded.
    static let margin = 0.75

    /// - Precondition: the ball has fewer than 2³² elements (radius below 1270).
    init(radius: Int, extent: Int) {
        // Neighbours of a point are less than √3 beyond it: floor((radius + 2.5)²).
        let limit = radius * radius + 5 * radius + 6
        let side = 2 * extent + 1
        starts = AlignedBuffer(count: 2 * (side * side + 1))
        var total = 0, row = 0
        for z in -extent...extent {
            for y in -extent...extent {
                starts.base[2 * row] = UInt32(total)
                total += max(0, min(extent, CentredLayout.lastColumn(limit: limit, rest: y * y + z * z)) + 1)
                row += 1
            }
        }
        count = total
        for row in side * side - side + 1...side * side { starts.base[2 * row + 1] = UInt32(total) }
        starts.base[2 * side * side] = UInt32(total)
        for row in 0...side * side - side { starts.base[2 * row + 1] = starts.base[2 * (row + side)] }
    }

    @inline(__always)
    func start(_ row: Int) -> Int { Int(starts.base[2 * row]) }
}
