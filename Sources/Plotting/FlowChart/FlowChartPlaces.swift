/// Horizontal places in a layered chart.
///
/// Each layer in turn is moved so that its contents come as near as they can to the middle of their neighbours, in order and apart:
/// a least-squares problem with bounds that isotonic regression solves exactly (pool adjacent violators). Bends weigh
/// more than nodes, so that long edges run straight.
struct FlowChartPlaces {
    /// Middle of each content.
    private(set) var x: [Double]

    /// - Parameters:
    ///   - widths: of each content.
    ///   - gap: between neighbours in a layer.
    init(_ chart: FlowChartLayers, widths: [Double], gap: Double) {
        x = Array(repeating: 0, count: chart.contents.count)
        for layer in chart.layers {
            var right = 0.0
            for content in layer {
                x[content] = right + widths[content] / 2
                right += widths[content] + gap
            }
        }
        let weights = chart.contents.map { content -> Double in
            switch content {
            case .node: 1
            case .label: 3
            case .bend: 6
            }
        }
        for sweep in 0..<200 {
            let downwards = sweep % 2 == 0
            for layer in downwards ? chart.layers : chart.layers.reversed() {
                let wanted = layer.map { content -> Double in
                    let first = downwards ? chart.above[content] : chart.below[content]
                    let both = sweep < 60 ? first : chart.above[content] + chart.below[content]
                    return both.isEmpty ? x[content] : both.reduce(0) { $0 + x[$1] } / Double(both.count)
                }
                settle(layer, at: wanted, weights: weights, widths: widths, gap: gap)
            }
        }
        let left = x.indices.map { x[$0] - widths[$0] / 2 }.min() ?? 0
        for index in x.indices { x[index] -= left }
    }

    private mutating func settle(_ layer: [Int], at wanted: [Double], weights: [Double], widths: [Double], gap: Double) {
        // Without the distances that must be kept, the places only have to be in order.
        var offset = 0.0
        var offsets: [Double] = []
        for (place, content) in layer.enumerated() {
            if place > 0 { offset += widths[layer[place - 1]] / 2 + gap + widths[content] / 2 }
            offsets.append(offset)
        }
        var blocks: [(sum: Double, weight: Double, count: Int)] = []
        for (place, content) in layer.enumerated() {
            let weight = weights[content]
            blocks.append((weight * (wanted[place] - offsets[place]), weight, 1))
            while blocks.count > 1, let last = blocks.last, case let before = blocks[blocks.count - 2],
                before.sum / before.weight > last.sum / last.weight
            {
                blocks.removeLast()
                blocks[blocks.count - 1] = (before.sum + last.sum, before.weight + last.weight, before.count + last.count)
            }
        }
        var place = 0
        for block in blocks {
            for _ in 0..<block.count {
                x[layer[place]] = block.sum / block.weight + offsets[place]
                place += 1
            }
        }
    }
}
