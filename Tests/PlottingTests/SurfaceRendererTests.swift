import Arrays
import Parallel
import Testing
@testable import Plotting

@Suite struct SurfaceRendererTests {
    /// A ball of radius 10 voxels, its centre at voxel (20, 16, 16) of 32.
    static let ball: RealArray = {
        var map = RealArray(shape: .cube(32))
        for z in 0..<32 { for y in 0..<32 { for x in 0..<32 {
            let d = Float((x - 20) * (x - 20) + (y - 16) * (y - 16) + (z - 16) * (z - 16)).squareRoot()
            map[x, y, z] = max(0, min(1, (10.5 - d)))
        } } }
        return map
    }()

    private func covered(_ orientation: [Double], level: Float = 0.5) -> (count: Int, meanColumn: Double) {
        var renderer = SurfaceRenderer(level: level)
        renderer.pixels = 64
        renderer.background = .black
        renderer.colouring = .plain(.white)
        let picture = renderer.render(Self.ball, orientation: orientation, pool: ThreadPool(threads: 2))
        #expect(picture.count == 3 * 64 * 64)
        var count = 0, columns = 0
        for i in 0..<64 * 64 where picture[3 * i] > 30 {
            count += 1
            columns += i % 64
        }
        return (count, Double(columns) / Double(max(1, count)))
    }

    @Test func ballCoversItsDisc() {
        let seen = covered([1, 0, 0, 0, 1, 0, 0, 0, 1])
        // π · 10² voxels of 2 × 2 pixels; the edge pixels are uncertain by a ring one pixel wide.
        #expect(abs(Double(seen.count) - 1257) < 130)
        #expect(abs(seen.meanColumn - 40) < 1)
    }

    @Test func orientationTurnsTheView() {
        // Half a turn about y brings the ball to the left.
        #expect(abs(covered([-1, 0, 0, 0, 1, 0, 0, 0, -1]).meanColumn - 24) < 1)
    }

    @Test func levelAboveTheMapShowsNothing() { #expect(covered([1, 0, 0, 0, 1, 0, 0, 0, 1], level: 2).count == 0) }

    @Test func levelEnclosesTheVolume() {
        let level = SurfaceRenderer.level(enclosing: 4 * 8, of: Self.ball, pixelSizeInAngstrom: 2)
        #expect(level == 1)
        #expect(SurfaceRenderer.level(enclosing: 1e9, of: Self.ball, pixelSizeInAngstrom: 2) == 0)
    }
}
