import Testing

@testable import Plotting

@Suite struct FlowChartLayoutTests {
    @Test func boxesStandBelowOneAnotherAndApart() {
        let sizes = (0..<5).map { _ in FlowChartLayout.Size(width: 100, height: 40) }
        // 0 → 1, 2, 3 → 4, and 0 → 4 past the row between.
        let layout = FlowChartLayout(nodes: sizes, edges: [(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4), (0, 4)], gap: 10)
        let y = layout.centres.map(\.y)
        #expect(y[0] == 20 && y[1] == y[2] && y[2] == y[3] && y[1] - y[0] >= 50 && y[4] - y[1] >= 50)
        let row = [1, 2, 3].map { layout.centres[$0].x }.sorted()
        #expect(row[1] - row[0] >= 110 && row[2] - row[1] >= 110)
        #expect(layout.centres.allSatisfy { $0.x >= 50 && $0.x <= layout.size.width - 50 } && layout.size.height == y[4] + 20)
        #expect(layout.routes[0].count == 2 && layout.routes[6].count > 2 && !layout.isTurned.contains(true))
        #expect(layout.routes[0].first == .init(x: layout.centres[0].x, y: 40) && layout.routes[0].last == .init(x: layout.centres[1].x, y: y[1] - 20))
    }

    @Test func circlesAndNothing() {
        let sizes = [FlowChartLayout.Size(width: 10, height: 10), .init(width: 10, height: 10)]
        #expect(FlowChartLayout(nodes: sizes, edges: [(0, 1), (1, 0)], gap: 5).isTurned == [false, true])
        let nothing = FlowChartLayout(nodes: [], edges: [], gap: 5)
        #expect(nothing.size.width == 0 && nothing.size.height == 0)
    }
}
