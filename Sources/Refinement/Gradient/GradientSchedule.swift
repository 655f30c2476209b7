import Foundation

/// How the gradient method (VDAM; Kimanius et al. 2021, Biochem J 478:4169) proceeds: everything that depends on the number of the
/// iteration alone.
///
/// A run has three phases: an initial one with few particles and long steps, a transition, and a final one with many
/// particles and short steps.
package struct GradientSchedule: Sendable, Hashable {
    /// What is being made; defaults differ.
    package enum Kind: Sendable { case classes2D, initialModel, classes3D, autoRefine }

    /// How a quantity changes over a run.
    enum Scheme: Sendable, Hashable {
        case plain
        /// Factor at the beginning, relative to the end.
        case step(Double)

        /// As options and files have it.
        var text: String {
            switch self {
            case .plain: "plain"
            case .step(let factor): "\(factor)-step"
            }
        }

        /// `plain`, or `F-step` with F above 0; nil for anything else.
        init?(_ text: String) {
            if text == "plain" {
                self = .plain
                return
            }
            guard text.hasSuffix("-step"), let factor = Double(text.dropLast(5)), factor > 0 else { return nil }
            self = .step(factor)
        }
    }

    package let iterationCount: Int
    package let initialIterations: Int
    package let inbetweenIterations: Int
    package let finalIterations: Int
    /// Iterations of expectation maximisation at the end.
    package let emIterations: Int
    package let initialSubsetSize: Int
    package let finalSubsetSize: Int
    let stepSize: Double
    let stepScheme: Scheme
    let fudge: Double
    let fudgeScheme: Scheme
    let classCount: Int

    /// Resolves what the user left open.
    /// - Returns: nil where a scheme cannot be read.
    package init?(settings: RefinementSettings, kind: Kind, particleCount: Int) {
        let gradient = settings.gradient
        iterationCount = settings.iterationCount
        var first = gradient.initialFraction, last = gradient.finalFraction
        if first + last > 0.9 {
            // At least a tenth remains for the transition.
            let sum = first + last + 0.1
            first /= sum
            last /= sum
        }
        initialIterations = Int(Double(iterationCount) * first)
        finalIterations = Int(Double(iterationCount) * last)
        inbetweenIterations = max(0, iterationCount - initialIterations - finalIterations)
        emIterations = gradient.emIterations
        let subsets = Self.subsetSizes(kind, particleCount: Double(particleCount))
        initialSubsetSize = gradient.initialSubsetSize < 0 ? subsets.initial : gradient.initialSubsetSize
        finalSubsetSize = gradient.finalSubsetSize < 0 ? subsets.final : gradient.finalSubsetSize
        classCount = settings.classCount

        let size = gradient.stepSize > 0 ? gradient.stepSize
            : kind == .initialModel ? 0.5 : kind == .autoRefine && settings.splitsRandomHalves ? 0.9 : 0.3
        let hasSteps = kind == .classes2D || kind == .initialModel
        stepSize = size
        fudge = settings.tau2FudgeArgument > 0 ? settings.tau2FudgeArgument : kind == .autoRefine ? 1 : 4
        // Steps begin at 0.9, regularisation at T = 1, unless the user says otherwise.
        let defaultStep: Scheme = hasSteps ? .step(0.9 / size) : .plain
        let defaultFudge: Scheme = hasSteps ? .step(fudge) : .plain
        guard let stepScheme = gradient.stepSizeScheme.isEmpty ? defaultStep : Scheme(gradient.stepSizeScheme),
              let fudgeScheme = settings.tau2FudgeScheme.isEmpty ? defaultFudge : Scheme(settings.tau2FudgeScheme)
        else { return nil }
        self.stepScheme = stepScheme
        self.fudgeScheme = fudgeScheme
    }

    private static func subsetSizes(_ kind: Kind, particleCount n: Double) -> (initial: Int, final: Int) {
        switch kind {
        case .classes2D: (Int(max(min(n * 0.005, 10_000), 200)), Int(max(min(n * 0.05, 100_000), 1000)))
        case .initialModel: (Int(max(min(n * 0.005, 5000), 200)), Int(max(min(n * 0.1, 50_000), 1000)))
        case .classes3D, .autoRefine: (Int(max(min(n * 0.1, 100_000), 200)), Int(max(min(n * 0.1, 100_000), 1000)))
        }
    }

    /// Share of the gradient that a step takes.
    package func stepSize(iteration: Int) -> Double {
        guard case .step(let inflation) = stepScheme else { return stepSize }
        let early = share(iteration, length: inbetweenIterations / 2)
        return stepSize * (inflation * early + 1 - early)
    }

    /// Regularisation parameter T.
    package func tau2Fudge(iteration: Int) -> Double {
        guard case .step(let deflation) = fudgeScheme else { return fudge }
        let early = share(iteration, length: inbetweenIterations / 4)
        return fudge * (early / deflation + 1 - early)
    }

    /// Weight of the initial value: a sigmoid that falls from 1 to 0 within `length` iterations after the initial phase.
    private func share(_ iteration: Int, length: Int) -> Double {
        guard length > 0 else { return iteration < initialIterations ? 1 : 0 }
        let a = Double(length)
        return 1 / (pow(10, (Double(iteration - initialIterations) - a / 2) / (a / 4)) + 1)
    }

    /// Particles that an iteration looks at; nil: all.
    package func subsetSize(iteration: Int, particleCount: Int) -> Int? {
        // A single model needs no last look at all particles; classes do, because all particles want one.
        if iterationCount - iteration < emIterations || (iteration == iterationCount && classCount > 1) { return nil }
        var size = finalSubsetSize
        if iteration < initialIterations {
            size = initialSubsetSize
        } else if iteration < initialIterations + inbetweenIterations {
            let progress = Double(iteration - initialIterations) / Double(inbetweenIterations)
            size = initialSubsetSize + Int((progress * Double(finalSubsetSize - initialSubsetSize)).rounded())
        }
        return size >= particleCount ? nil : size
    }

    /// Particles that an iteration of auto-refinement looks at: twice as many each time the angular sampling has become finer; nil: all.
    package func subsetSize(order: Int, particleCount: Int) -> Int? {
        let size = min(finalSubsetSize, initialSubsetSize << min(order, 32))
        return size >= particleCount ? nil : size
    }

    /// Whether classes without particles may be replaced by copies of others.
    package func replacesClasses(iteration: Int) -> Bool {
        iteration > initialIterations && iteration < initialIterations + inbetweenIterations
    }

    /// Maps come to rest in the final phase: they are no longer moved to the centre.
    package func centersClasses(iteration: Int) -> Bool { iteration < initialIterations + inbetweenIterations }

    /// Whether an iteration follows the gradient.
    package func isGradient(iteration: Int) -> Bool { iteration <= iterationCount - emIterations }
}
