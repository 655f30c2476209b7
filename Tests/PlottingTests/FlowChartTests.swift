import Foundation
import Reporting
import Testing

@testable import Plotting

@Suite struct FlowChartTests {
    @Test func layersFollowTheArrows() {
        let edges = [(from: 0, to: 1), (from: 1, to: 2), (from: 0, to: 2), (from: 2, to: 3)]
        let layers = FlowChartLayers(nodeCount: 4, edges: edges)
        for edge in edges { #expect(layers.layerOf[edge.from] < layers.layerOf[edge.to]) }
        #expect(layers.routes.enumerated().allSatisfy { index, route in route.first == edges[index].from && route.last == edges[index].to })
        #expect(layers.contents.count { $0 == .label(2) } == 1)
    }

    @Test func cyclesAreDrawn() {
        let layers = FlowChartLayers(nodeCount: 3, edges: [(from: 0, to: 1), (from: 1, to: 2), (from: 2, to: 0)])
        #expect(layers.isTurned == [false, false, true])
    }

    /// Two branches that are listed crosswise need not cross.
    @Test func crossingsAreTakenOut() {
        let edges = [(from: 0, to: 3), (from: 1, to: 2), (from: 2, to: 4), (from: 3, to: 5)]
        let layers = FlowChartLayers(nodeCount: 6, edges: edges)
        #expect(layers.crossings(layers.layers) == 0)
    }

    @Test func contentsStayApartAndInOrder() {
        var state: UInt64 = 1
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let edges = (1..<40).flatMap { node in (0..<2).map { _ in (from: random(node), to: node) } }
        let layers = FlowChartLayers(nodeCount: 40, edges: edges)
        let widths = layers.contents.map { _ in 10 + Double(random(30)) }
        let places = FlowChartPlaces(layers, widths: widths, gap: 7)
        for layer in layers.layers {
            for (a, b) in zip(layer, layer.dropFirst()) {
                #expect(places.x[b] - widths[b] / 2 - places.x[a] - widths[a] / 2 > 7 - 1e-6)
            }
        }
    }

    @Test func picturesAreWritten() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("flow-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let chart = FlowChart(
            title: "Jobs", nodes: [.init(title: "A", lines: ["one"], fill: .green), .init(title: "B")],
            edges: [.init(from: 0, to: 1, labels: ["a.star"])], legend: [("done", .green)])
        for (name, start) in [("a.svg", "<?xml"), ("a.pdf", "%PDF"), ("a.png", "\u{FFFD}PNG")] {
            let path = folder.appendingPathComponent(name).path
            try chart.write(to: path)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path)).prefix(5)
            #expect(String(decoding: bytes, as: UTF8.self).hasPrefix(start), "\(name)")
        }
        #expect(throws: InputError.self) { try chart.write(to: folder.appendingPathComponent("a.gif").path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
    }
}
