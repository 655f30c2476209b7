import Geometry
import Parallel

/// Finds out which point group a map has, by aligning it to many.
///
/// A map with a point group also has all its subgroups, and resembles its supergroups somewhat. So of the groups whose mates
/// correlate nearly as well as those of the best group, the one of highest order is taken.
package struct SymmetrySearch: Sendable {
    /// Groups that single particles have: rotations only, since proteins have no mirrors.
    package static let usualGroups = (2...8).map { "C\($0)" } + (2...8).map { "D\($0)" } + ["T", "O", "I"]

    /// Below this, mates correlate no better than those of a shapeless blob do. Wrong groups reached up to 0.6 of the
    /// correlation of the right one on maps of a D2 protein, and 0.4 on those of unsymmetric ones.
    package var leastCorrelation = 0.45
    /// Share of the best correlation that a group of higher order must reach.
    package var leastShare = 0.8

    package init() {}

    package struct Trial: Sendable {
        package var group: SymmetryGroup
        package var solution: SymmetryAlignment.Solution
    }

    /// - Parameters:
    ///   - reference, highestShell: see `SymmetryAlignment.solve`.
    ///   - configure: sets the alignment's own parameters.
    /// - Returns: all groups tried, in the order given.
    package func trials(_ groups: [SymmetryGroup], _ reference: PaddedReference, highestShell: Int, pool: ThreadPool,
                        configure: (inout SymmetryAlignment) -> Void = { _ in }) -> [Trial] {
        groups.map { group in
            var alignment = SymmetryAlignment(symmetry: group)
            configure(&alignment)
            return Trial(group: group, solution: alignment.solve(reference, highestShell: highestShell, pool: pool))
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
