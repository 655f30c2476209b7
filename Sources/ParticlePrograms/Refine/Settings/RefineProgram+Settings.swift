import Foundation
import ProgramKit
import Refinement

/// From options to the engine's settings.
extension RefineProgram {
    /// Settings of a new run.
    func settings() -> RefinementSettings {
        var settings = RefinementSettings()
        for rule in SettingRule.all { rule.apply(self, &settings) }
        return settings
    }

    /// Settings of a run that goes on: those of the optimiser file, changed by what the user gave again.
    func continuedSettings(from old: RefinementSettings, context: ProgramContext) -> RefinementSettings {
        var settings = old
        for rule in SettingRule.all {
            switch rule.continuation {
            case .fixed:
                if context.isGiven(rule.option) {
                    context.reporter.warning(
                        "\(rule.option) has no effect with --continue: the value of the earlier run is kept.")
                }
            case .whenGiven: if context.isGiven(rule.option) { rule.apply(self, &settings) }
            case .always: rule.apply(self, &settings)
            }
        }
        return settings
    }

    func resolvedIterations(isAutoRefine: Bool) -> Int {
        if isAutoRefine { return expert.autoMaximumIterations }
        if general.iterations >= 0 { return general.iterations }
        return gradient.gradient ? 200 : 50
    }

    /// The seed as given, or one from the clock.
    var resolvedSeed: Int {
        expert.randomSeed >= 0 ? expert.randomSeed : Int(Date().timeIntervalSince1970) & 0x7fff_ffff
    }

    /// When going on with automatic sampling, its present state must not be overruled.
    func mayChangeSampling(_ settings: RefinementSettings) -> Bool {
        !isContinuation || !(settings.isAutoRefine || settings.isAutoSampling)
    }
}
