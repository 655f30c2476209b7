/// Extent of a two- or three-dimensional array, in elements.
///
/// Arrays are z-major with x fastest; an image has `z == 1`. The centre of an axis of length n is n/2 (integer
/// division), the same as in RELION, XMIPP and EMAN.
package struct Shape: Hashable, Sendable, CustomStringConvertible {
    package let x: Int
    package let y: Int
    package let z: Int

    package init(x: Int, y: Int, z: Int = 1) {
        precondition(x >= 0 && y >= 0 && z >= 0, "a shape has no negative extent")
        self.x = x
        self.y = y
        self.z = z
    }

    /// A square image of `box` pixels.
    package static func square(_ box: Int) -> Shape { Shape(x: box, y: box) }
    /// A cubic volume of `box` voxels.
    package static func cube(_ box: Int) -> Shape { Shape(x: box, y: box, z: box) }

    package var count: Int { x * y * z }
    package var isImage: Bool { z == 1 }
    package var isSquare: Bool { z == 1 && x == y }
    package var isCube: Bool { z > 1 && x == y && y == z }

    /// The shape of the half-plane transform (x >= 0) of a real array of this shape.
    package var halfPlane: Shape { Shape(x: x / 2 + 1, y: y, z: z) }

    package var description: String { z == 1 ? "\(x) × \(y)" : "\(x) × \(y) × \(z)" }
}
