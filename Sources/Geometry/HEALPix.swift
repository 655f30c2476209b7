import Foundation

/// The nested HEALPix division of the sphere (Górski et al. 2005, ApJ 622:759): 12 · 4^order pixels of equal area.
///
/// Twelve square faces carry 2^order × 2^order pixels each. On a face x runs towards north-east and y towards north-west; the
/// number of a pixel interleaves the bits of x (even places) and y (odd places) below the number of its face.
/// Faces 0–3 meet at the north pole (z = 1), 4–7 lie on the equator, 8–11 meet at the south pole.
package struct HEALPix: Sendable, Hashable {
    package static let highestOrder = 12

    package let order: Int
    /// Pixels along the side of a face.
    package var side: Int { 1 << order }
    package var pixelCount: Int { 12 << (2 * order) }

    /// - Precondition: 0 ≤ order ≤ 12.
    package init(order: Int) {
        precondition((0...Self.highestOrder).contains(order), "HEALPix order 0 ... \(Self.highestOrder)")
        self.order = order
    }

    /// A pixel by its face and its place on the face.
    package struct FacePosition: Sendable, Hashable {
        package var face: Int
        package var x: Int
        package var y: Int
    }

    package func facePosition(_ pixel: Int) -> FacePosition {
        let onFace = pixel & (side * side - 1)
        return FacePosition(
            face: pixel >> (2 * order), x: Self.evenBits(onFace), y: Self.evenBits(onFace >> 1))
    }

    package func pixel(_ p: FacePosition) -> Int {
        p.face << (2 * order) | Self.spread(p.x) | Self.spread(p.y) << 1
    }

    /// The centre of a pixel: height z = cos θ and azimuth φ, 0 ≤ φ < 2π.
    package func centre(_ pixel: Int) -> (z: Double, phi: Double) {
        let p = facePosition(pixel)
        let n = side
        // Rings are counted from the north pole, 1 ... 4n−1; every face spans 2n−1 of them.
        let ring = (p.face / 4 + 2) * n - p.x - p.y - 1
        let z: Double
        let pixelsPerQuarter: Int
        // Rings between the caps alternate between pixel centres on and half a pixel off the meridian.
        var isShifted = false
        let area = 1 / (3 * Double(n) * Double(n))
        if ring < n {
            pixelsPerQuarter = ring
            z = 1 - Double(ring * ring) * area
        } else if ring > 3 * n {
            pixelsPerQuarter = 4 * n - ring
            z = Double(pixelsPerQuarter * pixelsPerQuarter) * area - 1
        } else {
            pixelsPerQuarter = n
            z = Double(2 * n - ring) * Double(2 * n) * area
            isShifted = (ring - n) & 1 == 1
        }
        // Azimuth of the face's middle in units of 45°.
        let eighths = p.face / 4 == 1 ? 2 * (p.face & 3) : 2 * (p.face & 3) + 1
        var column = (eighths * pixelsPerQuarter + p.x - p.y + 1 + (isShifted ? 1 : 0)) / 2
        if column > 4 * n { column -= 4 * n }
        if column < 1 { column += 4 * n }
        let phi = (Double(column) - (isShifted ? 1 : 0.5)) * (Double.pi / 2 / Double(pixelsPerQuarter))
        return (z, phi)
    }

    /// The centre of a pixel: tilt = θ in 0 ... 180°, rot = φ in −180 ... 180°.
    package func direction(_ pixel: Int) -> ViewDirection {
        let (z, phi) = centre(pixel)
        let rot = phi * 180 / .pi
        return ViewDirection(rot: rot > 180 ? rot - 360 : rot, tilt: acos(z) * 180 / .pi)
    }

    /// The pixel in which a direction (any length but zero) lies.
    package func pixel(containing direction: Vector3) -> Int {
        let v = direction.normalised
        let n = Double(side)
        var quarters = atan2(v.y, v.x) / (.pi / 2)
        if quarters < 0 { quarters += 4 }
        if quarters >= 4 { quarters -= 4 }
        if abs(v.z) <= 2.0 / 3 { return equatorialPixel(z: v.z, quarters: quarters) }
        // Polar caps: distance from the two edges of the quarter that meet at the pole.
        let quarter = min(3, Int(quarters))
        let along = quarters - Double(quarter)
        // 1 − |z| from x² + y², which keeps its digits near the poles.
        let distance = n * (3 * (v.x * v.x + v.y * v.y) / (1 + abs(v.z))).squareRoot()
        let a = min(side - 1, Int(along * distance))
        let b = min(side - 1, Int((1 - along) * distance))
        return v.z >= 0
            ? pixel(FacePosition(face: quarter, x: side - 1 - b, y: side - 1 - a))
            : pixel(FacePosition(face: quarter + 8, x: a, y: b))
    }

    private func equatorialPixel(z: Double, quarters: Double) -> Int {
        let n = Double(side)
        // Numbers of the ascending and descending lines between which the point lies.
        let ascending = Int((n * (0.5 + quarters - z * 0.75)).rounded(.down))
        let descending = Int((n * (0.5 + quarters + z * 0.75)).rounded(.down))
        let upper = ascending >> order
        let lower = descending >> order
        let face: Int
        if upper == lower {
            face = (upper & 3) + 4
        } else if upper < lower {
            face = upper & 3
        } else {
            face = (lower & 3) + 8
        }
        let mask = side - 1
        return pixel(FacePosition(face: face, x: descending & mask, y: mask - (ascending & mask)))
    }

    /// The pixels of `order + levels` that make up a pixel, row by row: x fastest, then y.
    package func children(of pixel: Int, levels: Int) -> [Int] {
        let fine = HEALPix(order: order + levels)
        let p = facePosition(pixel)
        let n = 1 << levels
        return (0..<n * n).map { index in
            fine.pixel(FacePosition(face: p.face, x: p.x * n + index % n, y: p.y * n + index / n))
        }
    }

    /// The largest angle, in radians, between the centre of a pixel and its corners.
    package var largestPixelRadius: Double {
        let n = Double(side)
        func vector(z: Double, phi: Double) -> Vector3 {
            let s = ((1 - z) * (1 + z)).squareRoot()
            return Vector3(s * cos(phi), s * sin(phi), z)
        }
        // At the junction of polar cap and equatorial belt.
        let corner = vector(z: 2.0 / 3, phi: .pi / (4 * n))
        let t = 1 - 1 / n
        let centre = vector(z: 1 - t * t / 3, phi: 0)
        return atan2(corner.cross(centre).length, corner.dot(centre))
    }

    private static func spread(_ value: Int) -> Int {
        var v = value
        v = (v | v << 16) & 0x0000_FFFF_0000_FFFF
        v = (v | v << 8) & 0x00FF_00FF_00FF_00FF
        v = (v | v << 4) & 0x0F0F_0F0F_0F0F_0F0F
        v = (v | v << 2) & 0x3333_3333_3333_3333
        return (v | v << 1) & 0x5555_5555_5555_5555
    }

    private static func evenBits(_ value: Int) -> Int {
        var v = value & 0x5555_5555_5555_5555
        v = (v | v >> 1) & 0x3333_3333_3333_3333
        v = (v | v >> 2) & 0x0F0F_0F0F_0F0F_0F0F
        v = (v | v >> 4) & 0x00FF_00FF_00FF_00FF
        v = (v | v >> 8) & 0x0000_FFFF_0000_FFFF
        return (v | v >> 16) & 0x0000_0000_FFFF_FFFF
    }
}
