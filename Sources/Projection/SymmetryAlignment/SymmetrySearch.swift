import Geometry

/// Tells which point group a map has from its alignments to many.
///
/// A map with a point group also has all its subgroups, and resembles its supergroups somewhat. So of the groups whose mates
/// correlate nearly as well as those of the best group, the one of highest order is taken.
package struct SymmetrySearch: Sendable {
    /// Groups that single particles have: rotations only, since proteins have no mirrors.
    package static let usualGroups = (2...8).map { "C\($0)" } + (2...8).map { "D\($0)" } + ["T", "O", "I"]

    /// Correlation below which no symmetry is seen. A map of a few blobs without symmetry may exceed it: the bound tells the
    /// groups of protein-like maps apart, it does not prove one.
    package var leastCorrelation = 0.45
    /// Share of the best correlation that a group of higher order must reach. On early maps of a D2 protein D2 reached 0.88 or more of
    /// C2, and supergroups of either at most 0.7.
    package var leastShare = 0.8

    package init() {}

    /// How well a map fits one group.
    package struct Trial: Sendable {
        package var group: SymmetryGroup
        package var solution: SymmetryAlignment.Solution

        package init(group: SymmetryGroup, solution: SymmetryAlignment.Solution) {
            self.group = group
            self.solution = solution
        }
    }

    /// The group that the map has; nil: none of them.
    package func choose(_ trials: [Trial]) -> Trial? {
        let best = trials.map(\.solution.correlation).max() ?? 0
        let limit = max(leastCorrelation, leastShare * best)
        return trials.filter { $0.solution.correlation >= limit }
            .max { ($0.group.order, $0.solution.correlation) < ($1.group.order, $1.solution.correlation) }
    }
}
