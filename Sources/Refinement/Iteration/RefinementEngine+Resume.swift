extension RefinementEngine {
    /// Takes up a run that stopped after `state.iteration`; `run` goes on with the next one.
    ///
    /// - Parameters:
    ///   - state: as it was written after that iteration.
    ///   - models: one, or one for each random half.
    /// - Precondition: the particles carry poses, classes and half sets of that iteration; the models have the box,
    ///   classes and groups of this engine.
    package func resume(_ state: RunState, models: [RefinementModel]) {
        precondition(state.iteration > 0 && !models.isEmpty)
        self.state = state
        self.models = models
    }
}
