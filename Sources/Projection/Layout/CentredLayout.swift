import Arrays

/// Shape of a centred half-complex array: the transform of a padded reference inside a sphere (or, for 2D references, a disc).
///
/// **Memory.** Signed frequencies x = 0 ... `extent`, y and z = −`extent` ... +`extent`, x fastest, then y, then z. In 2D all rows
/// have `rowLength` = `extent` + 1 points; in 3D rows end where the ball does (`rowCount`), which halves the memory:
///
///     index(x, y, z) = rowStart(y, z) + x             (3D; a table)
///     index(x, y)    = (y + extent) * rowLength + x   (2D)
///
/// Frequencies are in units of 1/(padding·box) pixels⁻¹ with the phase origin at the centre of the box. Only |k| <= `radius`
/// carries data; what is stored reaches farther, so that all neighbours of a point within `radius` may be read without a check.
/// The half x < 0 follows from F(−k) = F(k)*. Values are interleaved (re, im) single-precision.
package struct CentredLayout: Hashable, Sendable {
    package enum Dimension: Int, Sendable { case two = 2, three = 3 }

    package let dimension: Dimension
    /// Extent in pixels of the image or map in real space.
    package let box: Int
    /// Extent after padding in real space; even.
    package let paddedBox: Int
    /// Highest frequency used, in units of 1/box pixels⁻¹: half of the current image size, at most box/2.
    package let maximumRadius: Int
    /// `maximumRadius` in padded units, rounded.
    package let radius: Int
    /// Highest index of an axis: `radius` + 1.
    package let extent: Int
    /// Nil in 2D.
    private let ball: BallRows?

    /// - Parameters:
    ///   - padding: wanted ratio of padded to original box; the padded box is rounded to an even number.
    ///   - currentSize: image size in pixels up to which frequencies are used; nil for all of the box.
    package init(dimension: Dimension, box: Int, padding: Double = 2, currentSize: Int? = nil) {
        precondition(box > 0 && padding >= 1)
        self.dimension = dimension
        self.box = box
        let rounded = Int((padding * Double(box)).rounded())
        paddedBox = rounded + rounded % 2
        maximumRadius = min((currentSize ?? box) / 2, box / 2)
        radius = Int((Double(paddedBox) / Double(box) * Double(maximumRadius)).rounded())
        extent = radius + 1
        ball = dimension == .three ? BallRows(radius: radius, extent: extent) : nil
    }

    /// Padded units per unit of 1/box: the true ratio of the boxes.
    package var padding: Double { Double(paddedBox) / Double(box) }
    /// Points of the longest row.
    package var rowLength: Int { extent + 1 }
    /// Rows of a plane.
    package var rows: Int { 2 * extent + 1 }
    package var planes: Int { dimension == .three ? rows : 1 }
    /// Points that are stored.
    package var count: Int { ball?.count ?? rows * rowLength }
    /// Range of the signed frequency z: 0 ... 0 for 2D.
    package var zRange: ClosedRange<Int> { dimension == .three ? -extent...extent : 0...0 }
    /// `padding` to the power of the dimension: padded voxels per original one.
    package var oversampling: Double { dimension == .three ? padding * padding * padding : padding * padding }
    /// Shells 0 ... box/2 in units of 1/box.
    package var shellCount: Int { box / 2 + 1 }

    /// Position of signed frequency (x >= 0, y, z).
    @inline(__always)
    package func index(_ x: Int, _ y: Int, _ z: Int = 0) -> Int {
        if let ball { return ball.start((z + extent) * rows + y + extent) + x }
        return (y + extent) * rowLength + x
    }

    /// Number of points x = 0, 1 ... that are stored of a row; |y|, |z| <= `extent`.
    @inline(__always)
    package func rowCount(_ y: Int, _ z: Int = 0) -> Int {
        guard let ball else { return rowLength }
        let row = (z + extent) * rows + y + extent
        return ball.start(row + 1) - ball.start(row)
    }

    /// Whether signed frequency (x >= 0, y, z) is stored.
    package func contains(_ x: Int, _ y: Int, _ z: Int = 0) -> Bool {
        abs(y) <= extent && zRange.contains(z) && x < rowCount(y, z)
    }

    /// Positions of (x, y, z), (x, y + 1, z), (x, y, z + 1) and (x, y + 1, z + 1): the rows of a trilinear interpolation.
    /// - Precondition: a 3D layout.
    @inline(__always)
    func corners(_ x: Int, _ y: Int, _ z: Int) -> (Int, Int, Int, Int) {
        guard let ball else { return (0, 0, 0, 0) }
        let row = ball.starts.base + 2 * ((z + extent) * rows + y + extent)
        return (Int(row[0]) + x, Int(row[2]) + x, Int(row[1]) + x, Int(row[3]) + x)
    }

    /// First elements of rows (y, z) and (y, z + 1), row after row, as the slice kernels take them; nil in 2D. Lives as long
    /// as the layout.
    package var rowStarts: UnsafePointer<UInt32>? { ball.map { UnsafePointer($0.starts.base) } }
    /// Slices may reach this far from zero frequency.
    package var reach: Double { Double(radius) + BallRows.margin }

    /// Shell round(|k| / padding) of a squared radius in padded units.
    @inline(__always)
    package func shell(squaredRadius: Int) -> Int { Int(Double(squaredRadius).squareRoot() / padding + 0.5) }

    /// Largest x with x² + `rest` <= `limit`; negative when there is none.
    @inline(__always)
    static func lastColumn(limit: Int, rest: Int) -> Int {
        rest > limit ? -1 : Int(Double(limit - rest).squareRoot())
    }
}

extension CentredLayout {
    // The rows follow from the radius.
    package static func == (a: CentredLayout, b: CentredLayout) -> Bool {
        a.dimension == b.dimension && a.box == b.box && a.paddedBox == b.paddedBox && a.maximumRadius == b.maximumRadius
            && a.radius == b.radius
    }

    package func hash(into hasher: inout Hasher) {
        for value in [dimension.rawValue, box, paddedBox, maximumRadius, radius] { hasher.combine(value) }
    }
}

/// How values between the points of a centred array are read and written.
package enum Interpolation: Hashable, Sendable {
    case trilinear
    /// Nearest point beyond `minimumRadius` (in units of 1/box), trilinear within.
    case nearestNeighbour(minimumRadius: Int)
}
