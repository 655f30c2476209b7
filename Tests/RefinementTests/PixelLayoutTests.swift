import Testing

@testable import Refinement

@Suite struct PixelLayoutTests {
    /// Every Friedel pair within the radius once, whatever the radius.
    @Test(arguments: 0...16) func listsEachPairOnce(radius: Int) {
        let layout = PixelLayout(radius: radius)
        var seen = Set<[Int32]>()
        for pixel in 0..<layout.count {
            let x = layout.x[pixel], y = layout.y[pixel]
            #expect(x * x + y * y <= Int32(radius * radius))
            #expect(seen.insert([x, y]).inserted && (x != 0 || y == 0 || !seen.contains([-x, -y])))
        }
        var all = 0
        for y in -radius...radius { for x in -radius...radius where x * x + y * y <= radius * radius { all += 1 } }
        #expect(2 * layout.count - 1 == all)
        #expect(layout.stride % 16 == 0 && layout.stride >= layout.count)
    }

    @Test func findsSmallerLayouts() {
        let large = PixelLayout(radius: 11), small = PixelLayout(radius: 6)
        for (pixel, position) in large.positions(of: small).enumerated() {
            #expect(large.x[Int(position)] == small.x[pixel] && large.y[Int(position)] == small.y[pixel])
        }
    }
}
