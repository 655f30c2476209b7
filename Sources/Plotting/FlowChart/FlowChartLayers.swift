/// The nodes of a flow chart in layers, with a place in each layer for every edge that passes through it.
///
/// The steps of Sugiyama, Tagawa & Toda (1981): edges against the stream are turned; layers by longest paths, tightened; edges
/// over several layers cut into pieces; orders within the layers by medians (Gansner, Koutsofios, North & Vo 1993), of which the
/// one with the fewest crossings is kept. Nodes stand in even layers, labels of edges in the odd layer above their target.
struct FlowChartLayers {
    enum Content: Equatable {
        case node(Int)
        /// The label of an edge.
        case label(Int)
        /// A bend of an edge.
        case bend(Int)
    }

    /// What stands in the layers; the first ones are the nodes.
    private(set) var contents: [Content]
    private(set) var layerOf: [Int] = []
    /// From left to right.
    private(set) var layers: [[Int]] = []
    /// Neighbours in the layers above and below.
    private(set) var above: [[Int]] = []
    private(set) var below: [[Int]] = []
    /// For each edge the contents that it passes from its upper to its lower end.
    private(set) var routes: [[Int]] = []
    /// Whether an edge runs against the stream.
    private(set) var isTurned: [Bool]

    init(nodeCount: Int, edges: [(from: Int, to: Int)]) {
        contents = (0..<nodeCount).map(Content.node)
        isTurned = Self.turned(nodeCount, edges)
        let down = zip(edges, isTurned).map { edge, turned in turned ? (edge.to, edge.from) : edge }
        layerOf = Self.ranks(nodeCount, down).map { 2 * $0 }
        above = Array(repeating: [], count: nodeCount)
        below = above
        for (index, edge) in down.enumerated() { route(index, from: edge.0, to: edge.1) }
        layers = Array(repeating: [], count: (layerOf.max() ?? -1) + 1)
        arrange()
        reduceCrossings()
    }

    /// Edges that close a cycle, found by a walk in depth.
    private static func turned(_ count: Int, _ edges: [(from: Int, to: Int)]) -> [Bool] {
        var outgoing = Array(repeating: [Int](), count: count)
        for (index, edge) in edges.enumerated() { outgoing[edge.from].append(index) }
        var state = Array(repeating: 0, count: count)
        var turned = Array(repeating: false, count: edges.count)
        for start in 0..<count where state[start] == 0 {
            var stack = [(node: start, next: 0)]
            state[start] = 1
            while let (node, next) = stack.last {
                guard next < outgoing[node].count else {
                    state[node] = 2
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                let edge = outgoing[node][next]
                let target = edges[edge].to
                if state[target] == 1 { turned[edge] = true }
                if state[target] == 0 {
                    state[target] = 1
                    stack.append((target, 0))
                }
            }
        }
        return turned
    }

    /// Longest paths from the sources; then nodes with more children than parents sink towards their children.
    private static func ranks(_ count: Int, _ edges: [(Int, Int)]) -> [Int] {
        var parents = Array(repeating: [Int](), count: count), children = parents
        for (from, to) in edges {
            parents[to].append(from)
            children[from].append(to)
        }
        var open = parents.map(\.count)
        var order = (0..<count).filter { open[$0] == 0 }
        var rank = Array(repeating: 0, count: count)
        var next = 0
        while next < order.count {
            let node = order[next]
            next += 1
            for child in children[node] {
                rank[child] = max(rank[child], rank[node] + 1)
                open[child] -= 1
                if open[child] == 0 { order.append(child) }
            }
        }
        for node in order.reversed() where children[node].count > parents[node].count {
            if let nearest = children[node].map({ rank[$0] }).min() { rank[node] = max(rank[node], nearest - 1) }
        }
        return rank
    }

    private mutating func route(_ edge: Int, from: Int, to: Int) {
        var route = [from]
        for layer in layerOf[from] + 1..<max(layerOf[to], layerOf[from] + 1) {
            let content = contents.count
            contents.append(layer == layerOf[to] - 1 ? .label(edge) : .bend(edge))
            layerOf.append(layer)
            above.append([])
            below.append([])
            route.append(content)
        }
        route.append(to)
        for (upper, lower) in zip(route, route.dropFirst()) {
            below[upper].append(lower)
            above[lower].append(upper)
        }
        routes.append(route)
    }

    /// First order: a walk in depth from the first nodes, which keeps branches together.
    private mutating func arrange() {
        var seen = Array(repeating: false, count: contents.count)
        for start in contents.indices where above[start].isEmpty {
            var stack = [start]
            while let content = stack.popLast() {
                if seen[content] { continue }
                seen[content] = true
                layers[layerOf[content]].append(content)
                stack += below[content].reversed()
            }
        }
    }

    // MARK: Order within layers

    private mutating func reduceCrossings() {
        var best = layers
        var fewest = crossings(layers)
        for sweep in 0..<40 where fewest > 0 {
            let downwards = sweep % 2 == 0
            for layer in downwards ? Array(layers.indices.dropFirst()) : Array(layers.indices.dropLast().reversed()) {
                sort(layer, by: downwards ? above : below, ties: sweep % 4 < 2)
            }
            transpose()
            let count = crossings(layers)
            if count < fewest { (fewest, best) = (count, layers) }
        }
        layers = best
    }

    private var positions: [Int] {
        var positions = Array(repeating: 0, count: contents.count)
        for layer in layers { for (place, content) in layer.enumerated() { positions[content] = place } }
        return positions
    }

    private mutating func sort(_ layer: Int, by neighbours: [[Int]], ties leftFirst: Bool) {
        let positions = positions
        let items = layers[layer].enumerated().map { place, content -> (median: Double, place: Int, content: Int) in
            let places = neighbours[content].map { positions[$0] }.sorted()
            guard !places.isEmpty else { return (Double(place), place, content) }
            let middle = places.count / 2
            let median = places.count % 2 == 1 ? Double(places[middle]) : Double(places[middle - 1] + places[middle]) / 2
            return (median, place, content)
        }
        layers[layer] = items.sorted { a, b in
            a.median != b.median ? a.median < b.median : (leftFirst ? a.place < b.place : a.place > b.place)
        }.map(\.content)
    }

    /// Exchanges neighbours as long as that removes crossings.
    private mutating func transpose() {
        let positions = positions
        for layer in layers.indices {
            var improved = true
            var rounds = 0
            while improved, rounds < 8 {
                improved = false
                rounds += 1
                for place in layers[layer].indices.dropLast() {
                    let (left, right) = (layers[layer][place], layers[layer][place + 1])
                    let now = Self.pairCrossings(above[left], above[right], positions) + Self.pairCrossings(below[left], below[right], positions)
                    let then = Self.pairCrossings(above[right], above[left], positions) + Self.pairCrossings(below[right], below[left], positions)
                    if then < now {
                        layers[layer].swapAt(place, place + 1)
                        improved = true
                    }
                }
            }
        }
    }

    private static func pairCrossings(_ left: [Int], _ right: [Int], _ positions: [Int]) -> Int {
        left.reduce(0) { sum, a in sum + right.count { positions[$0] < positions[a] } }
    }

    func crossings(_ layers: [[Int]]) -> Int {
        var positions = Array(repeating: 0, count: contents.count)
        for layer in layers { for (place, content) in layer.enumerated() { positions[content] = place } }
        return layers.reduce(0) { sum, layer in
            // Inversions among the lower ends of the edges, taken from left to right.
            var ends: [Int] = []
            var count = 0
            for content in layer {
                let targets = below[content].map { positions[$0] }.sorted()
                for target in targets {
                    var (low, high) = (0, ends.count)
                    while low < high { let middle = (low + high) / 2; if ends[middle] <= target { low = middle + 1 } else { high = middle } }
                    count += ends.count - low
                }
                for target in targets {
                    let place = ends.firstIndex { $0 > target } ?? ends.count
                    ends.insert(target, at: place)
                }
            }
            return sum + count
        }
    }
}
