/// Which classes a range of scores selects, with the least numbers of particles or classes that are asked for.
package struct ScoreSelection: Sendable, Hashable {
    package var minimum = 0.5
    package var maximum = 999.0
    /// `minimum` and `maximum` are fractions of the best score.
    package var isRelative = false
    /// −1: no least number.
    package var smallestParticleCount = -1
    package var smallestClassCount = -1

    package init() {}

    /// - Parameters:
    ///   - scores: one a class; nil for classes that were not scored, which are never selected.
    ///   - particleCounts: one a class.
    /// - Returns: indices of the selected classes: those within the range in order, then those that were added, best first.
    package func classes(scores: [Double?], particleCounts: [Int]) -> [Int] {
        let best = scores.compactMap { $0 }.max() ?? 0
        let (low, high) = isRelative ? (minimum * best, maximum * best) : (minimum, maximum)
        var selected = scores.indices.filter { index in scores[index].map { $0 >= low && $0 <= high } ?? false }
        var particles = selected.reduce(0) { $0 + particleCounts[$1] }
        let inRange = Set(selected)
        let rest = scores.indices.filter { scores[$0] != nil && !inRange.contains($0) }
            .sorted { (scores[$0] ?? 0, $1) > (scores[$1] ?? 0, $0) }
        for index in rest {
            guard particles < smallestParticleCount || selected.count < smallestClassCount else { break }
            selected.append(index)
            particles += particleCounts[index]
        }
        return selected
    }
}
