import Arrays
import Foundation

/// One map from one side: finds where rays meet the surface, and how that point is lit.
struct SurfaceScene: Sendable {
    private let values: [Float]
    private let n: Int
    private let level: Float
    /// Columns: the viewer's x, y and z axes in the frame of the map.
    private let axes: (x: SIMD3<Float>, y: SIMD3<Float>, z: SIMD3<Float>)
    private let colouring: SurfaceRenderer.Colouring
    private let background: SIMD3<Float>
    /// Distance from the centre that holds all voxels above the level, voxels.
    private let reach: Float
    private let light: SIMD3<Float>
    /// Directions over the half sphere in which occlusion is looked for, in the frame of a surface point (z: outwards).
    private static let probes: [SIMD3<Float>] = {
        // Points of a spiral, evenly spread (Vogel's method).
        let count = 14
        return (0..<count).map { i in
            let z = 1 - (Float(i) + 0.5) / Float(count) * 0.9
            let angle = Float(i) * 2.399963
            let r = (1 - z * z).squareRoot()
            return SIMD3(r * cos(angle), r * sin(angle), z)
        }
    }()

    init(map: RealArray, level: Float, orientation: [Float], renderer: SurfaceRenderer) {
        values = map.values
        n = map.shape.x
        self.level = level
        axes = (SIMD3(orientation[0], orientation[1], orientation[2]), SIMD3(orientation[3], orientation[4], orientation[5]),
                SIMD3(orientation[6], orientation[7], orientation[8]))
        colouring = renderer.colouring
        let back = renderer.background
        background = SIMD3(Float(back.red), Float(back.green), Float(back.blue))
        reach = Self.reach(of: map, level: level)
        light = (axes.x * -0.45 + axes.y * 0.55 + axes.z * 0.75).unit
    }

    static func reach(of map: RealArray, level: Float) -> Float {
        let n = map.shape.x, c = n / 2
        var farthest = 0
        for z in 0..<n {
            for y in 0..<n {
                for x in 0..<n where map.values[(z * n + y) * n + x] >= level {
                    farthest = max(farthest, (x - c) * (x - c) + (y - c) * (y - c) + (z - c) * (z - c))
                }
            }
        }
        return Float(farthest).squareRoot() + 1.5
    }

    /// Colour (weighted by coverage) and coverage at a point of the picture; x and y in map widths from the centre.
    func colour(x: Float, y: Float) -> SIMD4<Float> {
        let centre = SIMD3<Float>(repeating: Float(n / 2))
        let start = axes.x * (x * Float(n)) + axes.y * (y * Float(n))
        let off = start.squared
        guard off < reach * reach else { return .zero }
        let half = (reach * reach - off).squareRoot()
        guard let depth = firstHit(from: centre + start, top: half) else { return .zero }
        let point = centre + start + axes.z * depth
        return SIMD4(shade(point, depth: depth), 1)
    }

    /// Position along the viewer's z axis where a ray from +z first meets the surface.
    private func firstHit(from origin: SIMD3<Float>, top: Float) -> Float? {
        let step: Float = 0.6
        var depth = top
        while depth > -top {
            if density(origin + axes.z * depth) >= level {
                var inside = depth, outside = depth + step
                for _ in 0..<7 {
                    let middle = (inside + outside) / 2
                    if density(origin + axes.z * middle) >= level { inside = middle } else { outside = middle }
                }
                return (inside + outside) / 2
            }
            depth -= step
        }
        return nil
    }

    private func shade(_ point: SIMD3<Float>, depth: Float) -> SIMD3<Float> {
        let normal = self.normal(at: point)
        let open = openness(at: point, normal: normal)
        let base = baseColour(at: point)
        let diffuse = max(0, normal.dot(light))
        let facing = max(0, normal.dot(axes.z))
        let half = (light + axes.z).unit
        var gloss = max(0, normal.dot(half))
        for _ in 0..<4 { gloss *= gloss }
        let lit = base * (open * (0.42 + 0.2 * facing) + 0.55 * diffuse * (0.4 + 0.6 * open)) + SIMD3(repeating: 0.14 * gloss * open)
        // Depth cueing: the far side of the molecule is a third of the way to the background.
        let far = min(1, max(0, (reach - depth) / (2 * reach)))
        return lit + (background - lit) * (0.34 * far * far)
    }

    private func normal(at p: SIMD3<Float>) -> SIMD3<Float> {
        let h: Float = 1.2
        func difference(_ d: SIMD3<Float>) -> Float { density(p - d) - density(p + d) }
        return SIMD3(difference(SIMD3(h, 0, 0)), difference(SIMD3(0, h, 0)), difference(SIMD3(0, 0, h))).unit
    }

    /// 1 for a point that sees the whole sky, towards 0 at the bottom of a crevice.
    private func openness(at p: SIMD3<Float>, normal: SIMD3<Float>) -> Float {
        let other = abs(normal.z) < 0.9 ? SIMD3<Float>(0, 0, 1) : SIMD3(1, 0, 0)
        let u = normal.cross(other).unit, v = normal.cross(u)
        let range = reach * 0.22
        var free: Float = 0
        for probe in Self.probes {
            let direction = u * probe.x + v * probe.y + normal * probe.z
            var seen: Float = 1
            var t: Float = 1.5
            while t < range {
                if density(p + direction * t) >= level {
                    seen = t / range
                    break
                }
                t *= 1.45
            }
            free += seen
        }
        return free / Float(Self.probes.count)
    }

    private func baseColour(at p: SIMD3<Float>) -> SIMD3<Float> {
        let fromCentre = p - SIMD3(repeating: Float(n / 2))
        switch colouring {
        case .plain(let colour): return Self.vector(colour)
        case .radius(let colours): return Self.mix(colours, at: fromCentre.squared.squareRoot() / reach)
        case .height(let colours): return Self.mix(colours, at: 0.5 + 0.5 * fromCentre.z / reach)
        }
    }

    private static func vector(_ colour: Colour) -> SIMD3<Float> { SIMD3(Float(colour.red), Float(colour.green), Float(colour.blue)) }

    private static func mix(_ colours: [Colour], at position: Float) -> SIMD3<Float> {
        guard colours.count > 1 else { return vector(colours.first ?? .skyBlue) }
        let scaled = min(1, max(0, position)) * Float(colours.count - 1)
        let low = min(Int(scaled), colours.count - 2)
        let a = vector(colours[low]), b = vector(colours[low + 1])
        return a + (b - a) * (scaled - Float(low))
    }

    /// Trilinear; 0 outside of the map.
    private func density(_ p: SIMD3<Float>) -> Float {
        let last = Float(n - 1)
        guard p.x >= 0, p.y >= 0, p.z >= 0, p.x < last, p.y < last, p.z < last else { return 0 }
        let x = Int(p.x), y = Int(p.y), z = Int(p.z)
        let fx = p.x - Float(x), fy = p.y - Float(y), fz = p.z - Float(z)
        let at = (z * n + y) * n + x, up = n * n
        return values.withUnsafeBufferPointer { v in
            func row(_ i: Int) -> Float { v[i] + fx * (v[i + 1] - v[i]) }
            let low = row(at) + fy * (row(at + n) - row(at))
            let high = row(at + up) + fy * (row(at + up + n) - row(at + up))
            return low + fz * (high - low)
        }
    }
}

extension SIMD3<Float> {
    var squared: Float { (self * self).sum() }
    var unit: SIMD3<Float> {
        let length = squared.squareRoot()
        return length > 0 ? self / length : self
    }
    func dot(_ other: SIMD3<Float>) -> Float { (self * other).sum() }
    func cross(_ b: SIMD3<Float>) -> SIMD3<Float> { SIMD3(y * b.z - z * b.y, z * b.x - x * b.z, x * b.y - y * b.x) }
}
