import Foundation
import Geometry
import Testing

@Suite struct HEALPixTests {
    @Test(arguments: 0...5)
    func everyPixelFindsItself(order: Int) {
        let grid = HEALPix(order: order)
        for pixel in 0..<grid.pixelCount {
            #expect(grid.pixel(grid.facePosition(pixel)) == pixel)
            #expect(grid.pixel(containing: grid.direction(pixel).vector) == pixel, "order \(order)")
        }
    }

    @Test func highOrdersToo() {
        let grid = HEALPix(order: 12)
        for pixel in stride(from: 0, to: grid.pixelCount, by: 999_983) {
            #expect(grid.pixel(containing: grid.direction(pixel).vector) == pixel)
        }
    }

    /// Order 0: three rings of four at z = 2/3, 0, −2/3.
    @Test func baseResolution() {
        let grid = HEALPix(order: 0)
        for pixel in 0..<12 {
            let (z, phi) = grid.centre(pixel)
            #expect(abs(z - [2.0 / 3, 0, -2.0 / 3][pixel / 4]) < 1e-15)
            #expect(abs(phi - (Double(pixel % 4) + (pixel / 4 == 1 ? 0 : 0.5)) * .pi / 2) < 1e-15)
        }
    }

    @Test(arguments: [0, 1, 2, 3])
    func childrenLieInsideTheirParent(order: Int) {
        let grid = HEALPix(order: order)
        let fine = HEALPix(order: order + 2)
        var seen = Set<Int>()
        for pixel in 0..<grid.pixelCount {
            let children = grid.children(of: pixel, levels: 2)
            #expect(children.count == 16)
            for child in children {
                #expect(grid.pixel(containing: fine.direction(child).vector) == pixel)
                seen.insert(child)
            }
        }
        #expect(seen.count == fine.pixelCount)
    }

    @Test(arguments: [0, 1, 2, 3])
    func neighboursAreNearAndMutual(order: Int) {
        let grid = HEALPix(order: order)
        let reach = 2.2 * grid.largestPixelRadius * 180 / .pi
        var missing = 0
        for pixel in 0..<grid.pixelCount {
            let found = grid.neighbours(of: pixel)
            missing += found.filter { $0 == nil }.count
            let present = found.compactMap { $0 }
            #expect(Set(present).count == present.count || order == 0)
            for other in present {
                let angle = AngularDistance.angle(grid.direction(pixel).vector, grid.direction(other).vector)
                #expect(angle < reach, "order \(order): \(pixel) \(other)")
                #expect(grid.neighbours(of: other).contains(pixel))
            }
        }
        // Eight points of the sphere where three faces meet, each a corner of three pixels.
        #expect(missing == 24)
    }
}
