import Arrays

/// Shape of a centred half-complex array: the transform of a padded reference inside a sphere (or, for 2D references, a disc).
///
/// **Memory.** Signed frequencies x = 0 ... `extent`, y and z = −`extent` ... +`extent`, x fastest, then y, then z:
///
///     index(x, y, z) = ((z + extent) * rows + (y + extent)) * rowLength + x        (3D)
///     index(x, y)    =                       (y + extent)  * rowLength + x         (2D)
///     rowLength = extent + 1,   rows = 2 * extent + 1,   planeLength = rows * rowLength
///
/// Frequencies are in units of 1/(padding·box) pixels⁻¹ with the phase origin at the centre of the box. Only |k| <= `radius`
/// carries data; `extent` is one more, so that the upper neighbours of a point within `radius` may be read without a check.
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
    }

    /// Padded units per unit of 1/box: the true ratio of the boxes.
    package var padding: Double { Double(paddedBox) / Double(box) }
    package var rowLength: Int { extent + 1 }
    package var rows: Int { 2 * extent + 1 }
    package var planeLength: Int { rows * rowLength }
    package var planes: Int { dimension == .three ? rows : 1 }
    package var count: Int { planes * planeLength }
    /// Index of zero frequency.
    package var origin: Int { (dimension == .three ? extent * planeLength : 0) + extent * rowLength }
    /// Range of the signed frequency z: 0 ... 0 for 2D.
    package var zRange: ClosedRange<Int> { dimension == .three ? -extent...extent : 0...0 }
    /// `padding` to the power of the dimension: padded voxels per original one.
    package var oversampling: Double { dimension == .three ? padding * padding * padding : padding * padding }
    /// Shells 0 ... box/2 in units of 1/box.
    package var shellCount: Int { box / 2 + 1 }

    /// Position of signed frequency (x >= 0, y, z).
    @inline(__always)
    package func index(_ x: Int, _ y: Int, _ z: Int = 0) -> Int { origin + z * planeLength + y * rowLength + x }

    /// Shell round(|k| / padding) of a squared radius in padded units.
    @inline(__always)
    package func shell(squaredRadius: Int) -> Int { Int(Double(squaredRadius).squareRoot() / padding + 0.5) }

    /// Largest x with x² + `rest` <= `limit`; negative when there is none.
    @inline(__always)
    static func lastColumn(limit: Int, rest: Int) -> Int {
        rest > limit ? -1 : Int(Double(limit - rest).squareRoot())
    }
}

/// How values between the points of a centred array are read and written.
package enum Interpolation: Hashable, Sendable {
    case trilinear
    /// Nearest point beyond `minimumRadius` (in units of 1/box), trilinear within.
    case nearestNeighbour(minimumRadius: Int)
}
