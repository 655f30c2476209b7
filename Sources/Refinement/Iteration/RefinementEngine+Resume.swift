extension RefinementEngine {
    /// Takes up a run that stopped after `state.iteration`; `run` goes on with the next one.
    ///
    /// - Parameters:
    ///   - state: as it was written after that iteration.
    ///   - models: one, or one for each random half. Direction priors that do not belong to the state's sampling (it may have
    ///     been given anew) are replaced by even ones.
    /// - Precondition: the particles carry poses, classes and half sets of that iteration; the models have the box,
    ///   classes and groups of this engine.
    package func resume(_ state: RunState, models: [RefinementModel]) {
        precondition(state.iteration > 0 && !models.isEmpty)
        self.state = state
        self.models = models
        for index in self.models.indices { self.models[index].fixTau2(settings.fixedTau2) }
        let directionCount = self.directionCount
        for index in self.models.indices { self.models[index].resizeDirectionPriors(to: directionCount) }
    }

    /// Directions of the present sampling, as many as a class has priors.
    var directionCount: Int { settings.skipsAlignment || settings.skipsRotation ? 1 : makeSampling().directions.count }
}
