import Foundation

/// The score of a class: the probability, after a logistic regression on the features, that it shows a particle well.
///
/// It stands on RELION's scale from 0 to 1, but is no network's: it was fitted on simulated classes (see the calibration
/// program), which knows good from bad but not the finer order of good classes that people gave to the network's training set.
package struct ClassScoreModel: Sendable, Hashable {
    /// One a term, in the order of `ScoreTerm.allCases`.
    package var means: [Double]
    package var deviations: [Double]
    package var weights: [Double]
    package var intercept: Double

    package init(means: [Double], deviations: [Double], weights: [Double], intercept: Double) {
        (self.means, self.deviations, self.weights, self.intercept) = (means, deviations, weights, intercept)
    }

    /// Terms in units of their spread over the simulated classes, cut at ±4 so that no term alone decides on classes unlike any
    /// that the model has seen.
    package func standardised(_ terms: [Double]) -> [Double] {
        terms.indices.map { max(-4, min(4, (terms[$0] - means[$0]) / deviations[$0])) }
    }

    /// - Parameter terms: of `ClassFeatures`.
    /// - Returns: from 0 to 1.
    package func score(_ terms: [Double]) -> Double {
        let sum = zip(standardised(terms), weights).reduce(intercept) { $0 + $1.0 * $1.1 }
        return 1 / (1 + exp(-sum))
    }

    /// - Parameter rows: term, mean, spread and weight; all terms, in order.
    init(rows: [(ScoreTerm, Double, Double, Double)], intercept: Double) {
        assert(rows.map(\.0) == ScoreTerm.allCases)
        self.init(means: rows.map(\.1), deviations: rows.map(\.2), weights: rows.map(\.3), intercept: intercept)
    }
}
