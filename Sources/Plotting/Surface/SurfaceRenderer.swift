import Arrays
import Foundation
import Parallel

/// A picture of a density map as a lit surface of constant density, made by casting one ray a pixel through the map.
///
/// Orthographic view along −z of the turned map: x to the right, y up. The light comes from the viewer's upper left; creases are darkened
/// by ambient occlusion, far parts fade slightly into the background, edges are smoothed by several rays a pixel.
package struct SurfaceRenderer: Sendable {
    /// How a point of the surface gets its colour.
    package enum Colouring: Sendable, Hashable {
        case plain(Colour)
        /// From the first to the last colour with the distance from the centre of the map.
        case radius([Colour])
        /// With the height along z of the map.
        case height([Colour])
    }

    package var level: Float
    package var colouring = Colouring.radius(SurfaceRenderer.seaToSun)
    package var background = Colour.white
    /// Rays along each side of a pixel.
    package var raysPerSide = 2
    /// Edge of the square picture, pixels.
    package var pixels = 600
    /// How much of the map's width fills the picture.
    package var fieldOfView = 1.0

    package static let seaToSun: [Colour] = [0x1B4F72, 0x2E86C1, 0x48C9B0, 0xF4D03F, 0xE67E22].map { Colour(hex: $0) }

    package init(level: Float) { self.level = level }

    /// RGB pixels, rows from the top.
    ///
    /// - Parameter orientation: nine elements row by row; turns the map into the frame of the viewer, who looks along −z.
    package func render(_ map: RealArray, orientation: [Double], pool: ThreadPool) -> [UInt8] {
        precondition(orientation.count == 9 && map.shape.isCube)
        let scene = SurfaceScene(map: map, level: level, orientation: orientation.map(Float.init), renderer: self)
        let rows = pool.map(count: pixels) { row, _ in (0..<pixels).map { self.pixel(column: $0, row: row, of: scene) } }
        return rows.flatMap { $0.flatMap { [$0.x, $0.y, $0.z] } }
    }

    private func pixel(column: Int, row: Int, of scene: SurfaceScene) -> SIMD3<UInt8> {
        let n = raysPerSide
        var sum = SIMD4<Float>()
        for j in 0..<n {
            for i in 0..<n {
                let x = (Float(column) + (Float(i) + 0.5) / Float(n)) / Float(pixels) - 0.5
                let y = 0.5 - (Float(row) + (Float(j) + 0.5) / Float(n)) / Float(pixels)
                sum += scene.colour(x: x * Float(fieldOfView), y: y * Float(fieldOfView))
            }
        }
        // Colours are weighted by coverage; the background fills the rest.
        let mean = sum / Float(n * n)
        let back = SIMD3(Float(background.red), Float(background.green), Float(background.blue)) * (1 - mean.w)
        let clamped = pointwiseMin(pointwiseMax(SIMD3(mean.x, mean.y, mean.z) + back, .zero), .one) * 255
        return SIMD3<UInt8>(truncatingIfNeeded: SIMD3<Int32>(clamped.rounded(.toNearestOrEven)))
    }

    /// A level that shows a typical map well: half way between the background and the strongest densities of the central sphere.
    ///
    /// The strong densities are represented by the hundredth part of the voxels that is highest.
    package static func suggestedLevel(of map: RealArray) -> Float {
        let sorted = stride(from: 0, to: map.values.count, by: max(1, map.values.count / 200_000)).map { map.values[$0] }.sorted()
        guard let top = sorted.last, top > 0 else { return 0 }
        return 0.5 * sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
    }
}

extension SurfaceRenderer {
    /// The level that encloses a volume in Å³, such as 1.21 Å³ for each Da of protein.
    package static func level(enclosing volume: Double, of map: RealArray, pixelSizeInAngstrom: Double) -> Float {
        let voxels = Int(volume / (pixelSizeInAngstrom * pixelSizeInAngstrom * pixelSizeInAngstrom))
        let sorted = map.values.sorted(by: >)
        return sorted[min(max(0, voxels), sorted.count - 1)]
    }

    /// The field of view that shows the whole surface from every side with a small margin.
    package static func fittingFieldOfView(of map: RealArray, level: Float) -> Double {
        min(1, 2.06 * Double(SurfaceScene.reach(of: map, level: level)) / Double(map.shape.x))
    }
}
