import Randomness

/// The order in which particles are worked through, and with it the random subsets that iterations look at.
///
/// RELION's order, to the particle: a run begins with the order of the (sorted) file. Its first iteration shuffles it with a
/// generator seeded by seed + iteration. Later iterations keep that order unless they look at a subset only: then the order
/// of the iteration before is shuffled again and the first particles are taken. Halves are shuffled one after the other with
/// the same generator. Those that are taken are sorted by optics group (stable).
struct ParticleOrder {
    /// Of all particles; those of the first half come first.
    private var order: [Int]
    /// Where each half ends.
    private let ends: [Int]
    private let opticsGroups: [Int]
    private var isShuffled = false
    /// Particles of each half that the present iteration looks at.
    private(set) var current: [[Int]]

    /// - Parameter halfCount: 2: particles have half sets; 1: they are one set.
    init(_ particles: [Particle], halfCount: Int) {
        opticsGroups = particles.map(\.opticsGroup)
        let halves = (1...halfCount).map { half in
            particles.indices.filter { halfCount == 1 || particles[$0].halfSet == half }
        }
        order = halves.flatMap { $0 }
        ends = halves.reduce(into: []) { $0.append(($0.last ?? 0) + $1.count) }
        current = halves
    }

    /// Moves on to an iteration.
    /// - Parameters:
    ///   - seed: of the run; 0: particles stay in the order of the file.
    ///   - subset: the number of particles of each half that the iteration looks at; nil: all.
    mutating func advance(seed: Int, iteration: Int, subset: Int?) {
        let isSubset = subset.map { $0 < order.count } ?? false
        let starts = [0] + ends.dropLast()
        if seed != 0 && (isSubset || !isShuffled) {
            var generator = MersenneTwister(seed: seed + iteration)
            for (start, end) in zip(starts, ends) { generator.shuffle(&order, in: start..<end) }
            for (start, end) in zip(starts, ends) {
                sortByOptics(start..<min(end, start + (isSubset ? subset ?? end : end - start)))
            }
            isShuffled = true
        }
        current = zip(starts, ends).map { start, end in Array(order[start..<end].prefix(subset ?? end - start)) }
    }

    private mutating func sortByOptics(_ range: Range<Int>) {
        let groups = Dictionary(grouping: order[range]) { opticsGroups[$0] }
        order.replaceSubrange(range, with: groups.keys.sorted().flatMap { groups[$0] ?? [] })
    }
}
