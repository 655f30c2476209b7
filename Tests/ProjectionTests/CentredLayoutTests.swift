import Projection
import Testing

/// Which points are stored, and where.
@Suite struct CentredLayoutTests {
    static let layouts: [CentredLayout] = [
        CentredLayout(dimension: .three, box: 8), CentredLayout(dimension: .three, box: 10, padding: 1, currentSize: 6),
        CentredLayout(dimension: .three, box: 9, padding: 1.5, currentSize: 7), CentredLayout(dimension: .three, box: 24),
        CentredLayout(dimension: .two, box: 12), CentredLayout(dimension: .two, box: 9, padding: 1.5, currentSize: 8),
    ]

    /// Rows follow each other without gap or overlap, and fill the memory.
    @Test(arguments: layouts) func rowsFollowEachOther(layout: CentredLayout) {
        var next = 0
        for z in layout.zRange {
            for y in -layout.extent...layout.extent {
                #expect(layout.index(0, y, z) == next)
                next += layout.rowCount(y, z)
                #expect(layout.contains(0, y, z) == (layout.rowCount(y, z) > 0) && !layout.contains(layout.rowCount(y, z), y, z))
            }
        }
        #expect(next == layout.count && !layout.contains(0, layout.extent + 1, 0))
    }

    /// All eight (four) neighbours of a point that a slice may ask for are stored: where slices reach is beyond the radius, which
    /// was rounded.
    @Test(arguments: layouts) func neighboursAreStored(layout: CentredLayout) {
        let reach = layout.reach, steps = 60, isVolume = layout.dimension == .three
        #expect(reach > layout.padding * Double(layout.maximumRadius))
        func down(_ v: Double) -> Int { Int(v.rounded(.down)) }
        for i in 0...steps {
            for j in -steps...steps {
                for k in isVolume ? -steps...steps : 0...0 {
                    let p = (reach * Double(i) / Double(steps), reach * Double(j) / Double(steps), reach * Double(k) / Double(steps))
                    let length = (p.0 * p.0 + p.1 * p.1 + p.2 * p.2).squareRoot()
                    if length > reach || length < reach - 2 { continue }
                    for (dy, dz) in [(0, 0), (1, 0), (0, 1), (1, 1)] where isVolume || dz == 0 {
                        #expect(layout.contains(down(p.0) + 1, down(p.1) + dy, down(p.2) + dz))
                    }
                }
            }
        }
    }

    /// Half of a ball, and a rim: 2π/3 of the cubed radius against the 4 of its cube's half.
    @Test func aBallTakesHalfTheMemoryOfItsCube() {
        let layout = CentredLayout(dimension: .three, box: 128)
        let cube = layout.rows * layout.rows * layout.rowLength
        #expect(Double(layout.count) < 0.54 * Double(cube) && Double(layout.count) > 0.52 * Double(cube))
        #expect(layout == CentredLayout(dimension: .three, box: 128, padding: 2, currentSize: 128))
        #expect(layout != CentredLayout(dimension: .three, box: 128, padding: 2, currentSize: 126))
    }
}
