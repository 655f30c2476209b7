import Foundation
import Geometry

/// Tells which point group a map has from its alignments to many.
///
/// Every map resembles its turned copies somewhat, early and featureless ones most of all. How much, is read off the map itself: of
/// the cyclic groups whose order shares no factor with that of a group, none is implied by it, so that their best correlation is what
/// chance gives. A group is seen when its mates correlate clearly better than that. A map with a point group also has all its
/// subgroups, and resembles its supergroups somewhat: of the groups that are seen and whose mates correlate nearly as well as those
/// of the best one, the one of highest order is taken.
package struct SymmetrySearch: Sendable {
    /// Groups that single particles have: rotations only, since proteins have no mirrors.
    package static let usualGroups = (2...8).map { "C\($0)" } + (2...8).map { "D\($0)" } + ["T", "O", "I"]

    /// Correlation below which no symmetry is seen.
    package var leastCorrelation = 0.45
    /// Fisher's z of the correlation, artanh c, as a multiple of that by chance, from which on a group is seen. Models of a D2 protein
    /// on the way (iterations 10 to 50 of 100) gave wrong groups with up to 1.5 and D2 with 1.8; finished ones gave D2 with 2.5
    /// (real data) and 9 (simulated).
    package var leastContrast = 1.6
    /// The same for a group that needs no second look.
    package var clearContrast = 2.2
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

    /// The group that was found.
    package struct Finding: Sendable {
        package var trial: Trial
        /// Fisher's z of its correlation as a multiple of that by chance.
        package var contrast: Double
        /// False: the map should be looked at before the group is imposed.
        package var isClear: Bool
    }

    /// The group that the map has; nil: none of them.
    ///
    /// - Parameter trials: `usualGroups`, or others with some cyclic groups of orders without common factors among them.
    package func choose(_ trials: [Trial]) -> Finding? {
        let seen = trials.filter { $0.solution.correlation >= leastCorrelation && contrast($0, trials) >= leastContrast }
        let best = seen.map(\.solution.correlation).max() ?? 0
        let chosen = seen.filter { $0.solution.correlation >= leastShare * best }
            .max { ($0.group.order, $0.solution.correlation) < ($1.group.order, $1.solution.correlation) }
        guard let chosen else { return nil }
        let clarity = contrast(chosen, trials)
        return Finding(trial: chosen, contrast: clarity, isClear: clarity >= clearContrast)
    }

    private func contrast(_ trial: Trial, _ trials: [Trial]) -> Double {
        func z(_ correlation: Double) -> Double { atanh(min(0.9999, max(0.01, correlation))) }
        return z(trial.solution.correlation) / z(chance(trial.group, trials))
    }

    /// Correlation that the map has with copies turned in ways that the group does not imply.
    private func chance(_ group: SymmetryGroup, _ trials: [Trial]) -> Double {
        trials.filter { trial in
            guard case .cyclic(let order) = trial.group.pointGroup else { return false }
            return Self.commonDivisor(order, group.order) == 1
        }.map(\.solution.correlation).max() ?? 0
    }

    private static func commonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : commonDivisor(b, a % b) }
}
