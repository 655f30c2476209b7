import Foundation
import Optimisation

/// Finds the parameters whose rings explain a spectrum best, and the best rival with another defocus.
struct RingSearch {
    struct Candidate: Sendable {
        var parameters: RingParameters
        /// Logarithm of the posterior ratio to no rings.
        var score: Double
    }

    private let model: RingModel
    private let settings: CTFSearchSettings
    private let step: Double

    /// Peaks that are refined.
    private var refinedCount: Int { settings.thoroughness == .full ? 6 : 2 }
    /// Half astigmatisms that a full search tries, in steps of the search.
    private static let astigmatismSteps = [1.0, 2, 4]
    /// Candidates closer than this many steps are one.
    private static let sameSteps = 0.6

    init(_ model: RingModel, _ settings: CTFSearchSettings) {
        self.model = model
        self.settings = settings
        // Half a step turns the phase of the finest ring by no more than a quarter of a turn.
        let finest = model.pixels.shells.last?.frequency ?? 1
        let needed = 1 / (2 * settings.microscope.wavelengthInAngstrom * finest * finest)
        step = max(1, min(settings.defocusStepInAngstrom, needed))
    }

    /// What a search found.
    struct Outcome: Sendable {
        var best: Candidate
        /// The best with another defocus in the range.
        var rival: Candidate?
        /// The best outside the range.
        var outsider: Candidate?
    }

    func run() -> Outcome {
        var sums = model.scratch
        let peaks = peaks(settings.defocusInAngstrom, &sums).prefix(refinedCount)
        let refined = peaks.map { peak in
            refine(
                settings.thoroughness == .full ? astigmatic(peak, &sums) : peak, within: settings.defocusInAngstrom,
                &sums)
        }
        .sorted { $0.score > $1.score }
        let best = refined[0]
        let rivals = (refined + peaks).filter {
            abs($0.parameters.mean - best.parameters.mean) > Self.sameSteps * max(step, best.parameters.halfAstigmatism)
        }
        return Outcome(
            best: best, rival: rivals.filter { isRival($0, best) }.max { $0.score < $1.score },
            outsider: outsider(&sums))
    }

    /// How far beyond its ends the range is looked at, as factors.
    private static let outside = (below: 0.5, above: 1.3)

    /// The best fit outside the range: a range that misses the defocus lets a wrong one look good.
    private func outsider(_ sums: inout [Float]) -> Candidate? {
        let range = settings.defocusInAngstrom
        let parts = [
            range.lowerBound * Self.outside.below...range.lowerBound,
            range.upperBound...range.upperBound * Self.outside.above,
        ]
        return parts.compactMap { part -> Candidate? in
            guard let peak = peaks(part, &sums).first else { return nil }
            return refine(peak, within: part, &sums)
        }.max { $0.score < $1.score }
    }

    /// A candidate of the search that has since been refined to the best one is no rival.
    private func isRival(_ candidate: Candidate, _ best: Candidate) -> Bool {
        return abs(candidate.parameters.mean - best.parameters.mean) > max(ring / 2, best.parameters.halfAstigmatism)
    }

    // MARK: Score

    /// Standard deviation in Å of the less certain of U and V; nil where the candidate is no maximum.
    func defocusError(_ best: Candidate) -> Double? {
        var sums = model.scratch
        return DefocusError.standardDeviation(at: best.parameters, ring: ring) { score($0, &sums) }
    }

    /// Change of the defocus that shifts the finest rings by one ring, Å.
    var ring: Double {
        let finest = model.pixels.shells.last?.frequency ?? 1
        return 1 / (settings.microscope.wavelengthInAngstrom * finest * finest)
    }

    private func score(_ parameters: RingParameters, _ sums: inout [Float]) -> Double {
        var value = model.gain(parameters, &sums)
        if settings.expectedAstigmatismInAngstrom > 0 {
            let ratio = 2 * parameters.halfAstigmatism / settings.expectedAstigmatismInAngstrom
            value -= ratio * ratio / 2
        }
        return value
    }

    // MARK: Search

    /// The maxima over defocus without astigmatism, each at its best phase shift, best first.
    private func peaks(_ range: ClosedRange<Double>, _ sums: inout [Float]) -> [Candidate] {
        let count = max(1, Int(((range.upperBound - range.lowerBound) / step).rounded(.up)))
        let phases = phaseShifts()
        let line = (0...count).map { index -> Candidate in
            let mean = range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(count)
            var best: Candidate?
            for phase in phases {
                let parameters = RingParameters(mean: mean, phaseShift: phase)
                let value = score(parameters, &sums)
                if value > best?.score ?? -.infinity { best = Candidate(parameters: parameters, score: value) }
            }
            return best ?? Candidate(parameters: RingParameters(mean: mean), score: -.infinity)
        }
        let maxima = line.indices.filter { index in
            (index == 0 || line[index].score > line[index - 1].score)
                && (index == count || line[index].score >= line[index + 1].score)
        }
        return (maxima.isEmpty ? [0] : maxima).map { line[$0] }.sorted { $0.score > $1.score }
    }

    private func phaseShifts() -> [Double] {
        guard let phase = settings.phaseShift else { return [0] }
        let range = phase.rangeInDegrees
        let count = max(1, Int(((range.upperBound - range.lowerBound) / phase.stepInDegrees).rounded(.up)))
        return (0...count).map {
            (range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count)) * .pi / 180
        }
    }

    /// The best of a grid of astigmatisms about a peak.
    private func astigmatic(_ peak: Candidate, _ sums: inout [Float]) -> Candidate {
        var best = peak
        for steps in Self.astigmatismSteps {
            let count = Int(6 * steps)
            for index in 0..<count {
                let angle = 2 * .pi * Double(index) / Double(count)
                var parameters = peak.parameters
                parameters.cosine = steps * step * cos(angle)
                parameters.sine = steps * step * sin(angle)
                let value = score(parameters, &sums)
                if value > best.score { best = Candidate(parameters: parameters, score: value) }
            }
        }
        return best
    }

    // MARK: Refinement

    private func refine(
        _ start: Candidate, within range: ClosedRange<Double>, _ sums: inout [Float]
    ) -> Candidate {
        var sums = sums
        let fitsPhase = settings.phaseShift != nil
        let scale = step / 2
        // Ångströms in steps and radians in parts of a turn, so that one size fits all.
        let phaseScale = 0.3
        func parameters(_ point: [Double]) -> RingParameters {
            RingParameters(
                mean: point[0] * scale, cosine: point[1] * scale, sine: point[2] * scale,
                phaseShift: fitsPhase ? point[3] * phaseScale : 0)
        }
        let p = start.parameters
        var point = [p.mean / scale, p.cosine / scale, p.sine / scale]
        if fitsPhase { point.append(p.phaseShift / phaseScale) }
        var best = start
        // A second simplex about the end of the first, in case that one collapsed.
        for size in [1.0, 0.3] {
            let simplex = NelderMead(
                initialSteps: point.map { _ in size }, valueTolerance: 1e-4, sizeTolerance: 1e-3,
                largestIterationCount: 400)
            let result = simplex.minimise(from: point) { point in
                let parameters = parameters(point)
                return range.contains(parameters.mean) && isAllowed(parameters) ? -score(parameters, &sums) : .infinity
            }
            point = result.point
            if -result.value >= best.score { best = Candidate(parameters: parameters(point), score: -result.value) }
        }
        return best
    }

    private func isAllowed(_ parameters: RingParameters) -> Bool {
        guard let range = settings.phaseShift?.rangeInDegrees else { return true }
        return range.contains(parameters.phaseShift * 180 / .pi)
    }
}
