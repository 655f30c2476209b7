import Arrays

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
