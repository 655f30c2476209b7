import Reporting

/// Classes as nodes of a map that grows and orders itself (Kohonen 1982, Biol Cybern 43:59; growing nets: Fritzke 1995).
///
/// A particle belongs to the node that explains it best, and joins that node with the one that comes second: nodes that share many
/// particles become neighbours. Neighbours follow a share of each other's gradients, so that similar classes stay similar. Nodes
/// are numbered like classes; those that are not active are classes not yet in use.
package struct SelfOrganisingMap: Sendable {
    package struct Settings: Sendable, Hashable {
        /// Nodes at the start.
        package var initialNodes = 2
        /// Mean number of neighbours of a node.
        package var connectivity = 5.0
        /// A node whose activity is below this fraction of the mean is given up.
        package var inactivityThreshold = 0.01
        /// Share of a particle's weight that all neighbours of its node get together.
        package var neighbourPull = 0.2
        package init() {}
    }

    package struct Node: Sendable, Hashable {
        package var isActive = false
        /// Running mean of the share of particles; sums to 1 over active nodes.
        package var activity = 0.0
        /// Particles that the node has seen.
        package var age = 0.0
    }

    package let settings: Settings
    package private(set) var nodes: [Node]
    /// Running mean of how often two nodes came first and second; symmetric, row after row; pairs sum to 1.
    private var edges: [Double]
    /// Edges above this join neighbours.
    package private(set) var edgeThreshold = 0.0
    /// Iteration in which the last node was added.
    private var lastGrowth = 0

    /// Iterations between two new nodes.
    private static let restAfterGrowth = 3
    private static let fewestNodes = 2

    /// - Precondition: 2 or more initial nodes, no more than `capacity`.
    package init(capacity: Int, settings: Settings) {
        precondition((Self.fewestNodes...capacity).contains(settings.initialNodes))
        self.settings = settings
        nodes = [Node](repeating: Node(), count: capacity)
        for index in 0..<settings.initialNodes { nodes[index] = Node(isActive: true, activity: 1 / Double(settings.initialNodes)) }
        edges = [Double](repeating: 0, count: capacity * capacity)
    }

    /// - Throws: `InputError` where there are too few classes.
    init(classCount: Int, settings: Settings) throws {
        let least = max(3, settings.initialNodes)
        guard classCount >= least else {
            throw InputError(place: "--som", found: "is given with \(classCount) classes", expected: "\(least) or more")
        }
        self.init(capacity: classCount, settings: settings)
    }

    package var activeNodes: [Int] { nodes.indices.filter { nodes[$0].isActive } }

    package func edge(_ a: Int, _ b: Int) -> Double { edges[a * nodes.count + b] }

    /// The neighbours of a node and their shares of its pull, which sum to 1.
    func neighbours(of node: Int) -> [(node: Int, share: Double)] {
        let joined = nodes.indices.filter { $0 != node && nodes[$0].isActive && edge(node, $0) > edgeThreshold }
        let sum = joined.reduce(0) { $0 + edge(node, $1) }
        return joined.map { ($0, edge(node, $0) / sum) }
    }

    /// How much of a particle's weight each node gets: 1 for the best, the pull among its neighbours.
    func shares(best: Int) -> [(node: Int, share: Double)] {
        [(best, 1)] + neighbours(of: best).map { ($0.node, $0.share * settings.neighbourPull) }
    }

    /// Chooses the threshold above which edges join neighbours, so that nodes have `connectivity` neighbours on average.
    mutating func connect() {
        let active = activeNodes
        var all: [Double] = []
        for (place, a) in active.enumerated() { for b in active[(place + 1)...] { all.append(edge(a, b)) } }
        all.sort()
        let wanted = Int(Double(active.count) * settings.connectivity / 2)
        // Edges equal to the threshold do not count: it is that of the strongest edge left out.
        edgeThreshold = wanted >= all.count ? 0 : all[all.count - wanted - 1]
    }

    /// What an iteration's particles say about the map.
    struct Activity: Sendable {
        var nodes: [Double]
        var edges: [Double]

        init(capacity: Int) {
            nodes = [Double](repeating: 0, count: capacity)
            edges = [Double](repeating: 0, count: capacity * capacity)
        }

        mutating func add(_ vote: Vote) {
            for item in vote.shares { nodes[item.node] += item.share }
            guard let second = vote.second, second != vote.best else { return }
            let count = nodes.count
            edges[vote.best * count + second] += 1
            edges[second * count + vote.best] += 1
        }
    }

    /// What one particle says.
    struct Vote: Sendable {
        var best: Int
        /// The node that comes second; nil: none is possible.
        var second: Int?
        var shares: [(node: Int, share: Double)]
    }

    /// Mixes an iteration's activity in.
    /// - Parameter momentum: share of the old activity that is kept.
    mutating func update(with activity: Activity, momentum: Double) {
        let nodeSum = activity.nodes.reduce(0, +), edgeSum = activity.edges.reduce(0, +) / 2
        for index in nodes.indices where nodes[index].isActive {
            let new = nodeSum > 0 ? activity.nodes[index] / nodeSum : 0
            nodes[index].activity = momentum * nodes[index].activity + (1 - momentum) * new
            nodes[index].age += activity.nodes[index]
        }
        for index in edges.indices {
            edges[index] = momentum * edges[index] + (1 - momentum) * (edgeSum > 0 ? activity.edges[index] / edgeSum : 0)
        }
        normalise()
    }

    /// Adds a node beside `parent`, with the same activity.
    /// - Returns: the new node; nil while the map rests or is full.
    mutating func grow(from parent: Int, iteration: Int) -> Int? {
        guard nodes[parent].isActive, iteration - lastGrowth > Self.restAfterGrowth,
              let new = nodes.firstIndex(where: { !$0.isActive }) else { return nil }
        lastGrowth = iteration
        nodes[new] = Node(isActive: true, activity: nodes[parent].activity, age: 0)
        let strongest = nodes.indices.map { edge(parent, $0) }.max() ?? 0
        setEdge(parent, new, to: max(strongest, 1e-6))
        normalise()
        return new
    }

    /// Gives up the least active node if it has all but no particles.
    /// - Returns: the node that was given up.
    mutating func dropInactive() -> Int? {
        let active = activeNodes
        guard active.count > Self.fewestNodes, let idle = active.min(by: { nodes[$0].activity < nodes[$1].activity }),
              nodes[idle].activity * Double(active.count) < settings.inactivityThreshold else { return nil }
        nodes[idle] = Node()
        for other in nodes.indices { setEdge(idle, other, to: 0) }
        normalise()
        return idle
    }

    private mutating func setEdge(_ a: Int, _ b: Int, to value: Double) {
        edges[a * nodes.count + b] = value
        edges[b * nodes.count + a] = value
    }

    private mutating func normalise() {
        let sum = nodes.reduce(0) { $0 + $1.activity }
        if sum > 0 { for index in nodes.indices { nodes[index].activity /= sum } }
        let edgeSum = edges.reduce(0, +) / 2
        if edgeSum > 0 { for index in edges.indices { edges[index] /= edgeSum } }
    }
}
