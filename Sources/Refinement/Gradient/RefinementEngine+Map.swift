import Arrays
import Foundation

/// Classes as a self-organising map: which are in use, and how the map grows.
extension RefinementEngine {
    /// All nodes are as likely at the start of an iteration; classes that are not nodes have no part in it.
    func prepareMap() {
        guard selfOrganisingMap != nil else { return }
        selfOrganisingMap?.connect()
        setEvenClassWeights()
    }

    func setEvenClassWeights() {
        guard let map = selfOrganisingMap else { return }
        let active = map.activeNodes
        for index in 0..<models[0].classCount {
            let weight = active.contains(index) ? 1 / Double(active.count) : 0
            let directions = models[0].directionPriors[index].count
            models[0].classWeights[index] = weight
            models[0].directionPriors[index] = [Double](repeating: weight / Double(max(1, directions)), count: directions)
        }
    }

    /// Classes that are not yet nodes start empty.
    func clearUnusedClasses() {
        guard let map = selfOrganisingMap else { return }
        for index in 0..<models[0].classCount where !map.nodes[index].isActive {
            models[0].references[index] = RealArray(shape: models[0].references[index].shape)
        }
        setEvenClassWeights()
    }

    /// Takes in the activity of an iteration, then gives up an idle node or adds one beside the node with the largest error.
    ///
    /// - Parameter errors: by class; 0 for those that are not nodes.
    func updateMap(_ sums: WeightedSums, errors: [Double]) {
        guard var map = selfOrganisingMap, let activity = sums.mapActivity else { return }
        map.update(with: activity, momentum: settings.gradient.mu)
        defer { selfOrganisingMap = map }
        guard let schedule = gradientSchedule, schedule.replacesClasses(iteration: state.iteration) else { return }
        if let idle = map.dropInactive() {
            reporter.info(" Map: node \(idle + 1) had almost no particles and is given up.")
            return
        }
        guard let busy = errors.indices.max(by: { errors[$0] < errors[$1] }), errors[busy] > 0,
              let new = map.grow(from: busy, iteration: state.iteration) else { return }
        models[0].copyClass(busy, to: new)
        reporter.info(" Map: node \(new + 1) is added beside node \(busy + 1).")
    }
}

extension ExpectationWorker {
    /// Which node explains the particle best, and which comes second, from the weights of the significant samples and the scores of
    /// all others.
    func vote(_ map: SelfOrganisingMap, at index: Int) -> SelfOrganisingMap.Vote? {
        let weights = significantWeights()
        guard let best = weights.indices.max(by: { weights[$0] < weights[$1] }), weights[best] > 0 else { return nil }
        let list = candidates[index], length = list.directions.count * list.psis.count * shiftCount
        var second: (node: Int, score: Float)?
        for node in map.activeNodes where node != best {
            let score = (0..<length).reduce(-Float.infinity) { max($0, scores[scoreStarts[index] + node * length + $1]) }
            if score > second?.score ?? -.infinity { second = (node, score) }
        }
        // Neighbours that no sample speaks for get nothing.
        let shares = map.shares(best: best).filter { weights[$0.node] > 0 }
        return .init(best: best, second: second?.node, shares: shares)
    }

    /// Sum of the probabilities of the significant samples by class.
    func significantWeights() -> [Double] {
        var result = [Double](repeating: 0, count: context.model.classCount), next = 0
        let positions = fineSelection.positions
        for orientation in orientations {
            let end = orientation.scoreStart + orientation.shifts.count * context.translationChildCount * context.grid.childCount
            while next < positions.count, Int(positions[next]) < end {
                result[orientation.classIndex] += exp(Double(fineScores[Int(positions[next])] - fineSelection.maximum)) / normalisation
                next += 1
            }
        }
        return result
    }
}
