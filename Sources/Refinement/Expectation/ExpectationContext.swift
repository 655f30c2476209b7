import Foundation
import Geometry

/// Everything that the expectation step of one iteration reads and no one writes.
final class ExpectationContext: @unchecked Sendable {  // Immutable after init.
    enum Comparison { case likelihood, crossCorrelation }

    let settings: RefinementSettings
    let model: RefinementModel
    let references: ReferenceSet
    let grid: OrientationGrid
    let translations: TranslationSampling
    let translationChildCount: Int
    let groups: [GroupContext]
    /// Coarse slices by optics group (shared between groups of the same geometry); nil where they do not fit.
    let tables: [SliceTable?]
    /// Low-resolution slices of the same orientations, and what the rest of each slice may add to a score; nil: none.
    let scouts: [ScoutTable?]
    /// Fine slices likewise, while they are few enough.
    let fineTables: [SliceTable?]
    let comparison: Comparison
    /// Classes that a particle is compared with: all, or a single one while seeds are made.
    let classCount: Int
    /// log P(direction | class), relative to its mean; −∞ for directions that no particle has. [class][direction]
    let logDirectionPrior: [[Float]]
    /// Local searches about the last (or prior) angles.
    let localSearch: LocalSearch?
    /// Random class of each particle while seeds are made, by position in the particle list.
    let seedClasses: [Int]?
    /// σ² of offsets along x and y, Å².
    let offsetVariance: (x: Double, y: Double)
    let isGradient: Bool
    /// Classes as nodes of a map; nil: they are not, or not in this iteration.
    let map: SelfOrganisingMap?
    /// log P(class), relative to its mean, for runs without orientational search.
    let logClassPrior: [Float]
    /// Largest number of significant coarse samples; ≤ 0: no limit.
    let maximumSignificant: Int

    struct LocalSearch: Sendable {
        var search: PriorSearch
        /// Degrees.
        var sigmaRot: Double
        var sigmaTilt: Double
        var sigmaPsi: Double
        var isBimodal: Bool
        /// Centres on the particle's prior angles, where it has them, instead of its last angles.
        var usesPriorAngles: Bool
    }

    init(settings: RefinementSettings, model: RefinementModel, references: ReferenceSet, grid: OrientationGrid,
         translations: TranslationSampling, groups: [GroupContext], tables: [SliceTable?],
         scouts: [ScoutTable?],
         fineTables: [SliceTable?], comparison: Comparison,
         searchesFirstClassOnly: Bool, localSearch: LocalSearch?, seedClasses: [Int]?, isGradient: Bool, map: SelfOrganisingMap? = nil,
         maximumSignificant: Int) {
        self.settings = settings
        self.model = model
        self.references = references
        self.grid = grid
        self.translations = translations
        translationChildCount = translations.childCount(oversampling: grid.oversampling)
        self.groups = groups
        self.tables = tables
        self.scouts = scouts
        self.fineTables = fineTables
        self.comparison = comparison
        classCount = searchesFirstClassOnly || seedClasses != nil ? 1 : model.classCount
        self.localSearch = localSearch
        self.seedClasses = seedClasses
        self.isGradient = isGradient
        self.map = map
        self.maximumSignificant = maximumSignificant
        let classMean = model.classWeights.prefix(classCount).reduce(0, +) / Double(classCount)
        logClassPrior = model.classWeights.prefix(classCount).map { classMean > 0 ? Float(log($0 / classMean)) : 0 }
        if settings.offsetRangeX > 0 {
            // The ranges are three standard deviations wide.
            offsetVariance = (settings.offsetRangeX * settings.offsetRangeX / 9,
                              settings.offsetRangeY * settings.offsetRangeY / 9)
        } else {
            offsetVariance = (model.offsetVariance, model.offsetVariance)
        }
        let priors = model.directionPriors.prefix(classCount)
        let sum = priors.reduce(0) { $0 + $1.reduce(0, +) }
        let mean = sum / Double(max(1, priors.reduce(0) { $0 + $1.count }))
        logDirectionPrior = priors.map { $0.map { mean > 0 ? Float(log($0 / mean)) : 0 } }
    }

    /// The part of the grid about a particle's angles.
    func localCandidates(_ particle: Particle, _ local: LocalSearch) -> CandidateOrientations {
        func centre(_ prior: Double?, _ last: Double) -> Double { local.usesPriorAngles ? prior ?? last : last }
        var prior = OrientationPrior(
            angles: EulerAngles(rot: centre(particle.priorRot, particle.rot), tilt: centre(particle.priorTilt, particle.tilt),
                                psi: centre(particle.priorPsi, particle.psi)),
            sigmaRot: local.sigmaRot, sigmaTilt: local.sigmaTilt, sigmaPsi: local.sigmaPsi)
        prior.isBimodal = local.isBimodal
        let selection = local.search.select(prior)
        // Weights sum to one over each list: their mean is one over its length.
        func logs(_ weights: [Double]) -> [Float] { weights.map { Float(log($0 * Double(weights.count))) } }
        return CandidateOrientations(directions: selection.directions, logDirectionPriors: logs(selection.directionWeights),
                                     psis: selection.psis, logPsiPriors: logs(selection.psiWeights))
    }

    /// Where offsets are expected: the particle's own prior in pixels (3D), or the mean offset of the class (2D), which RELION
    /// keeps in Å but compares with pixels.
    func offsetPrior(_ particle: Particle, _ group: GroupContext, classIndex: Int) -> (x: Double, y: Double) {
        references.isVolume
            ? (particle.priorOffsetX / group.optics.pixelSize, particle.priorOffsetY / group.optics.pixelSize)
            : model.offsetPriors[classIndex]
    }


    /// log P(offset), relative to its mean over the searched shifts, for a particle and a class.
    ///
    /// Priors are evaluated at coarse shifts only; children inherit them. RELION 5 adds the last offset in pixels to the shift
    /// in Å before it turns the sum from pixels to Å: for pixels above 1 Å its prior on new shifts is narrower than its spread
    /// says. Reproduced here, because significant samples depend on it.
    func logOffsetPriors(particle: Particle, image: PreparedImage, group: GroupContext, classIndex: Int) -> [Float] {
        let size = group.optics.pixelSize
        let centre = offsetPrior(particle, group, classIndex: classIndex)
        let logs = translations.shifts.map { shift -> Double in
            let dx = (image.roundedOffset.x + shift.x - centre.x) * size
            let dy = (image.roundedOffset.y + shift.y - centre.y) * size
            if offsetVariance.x < 0.0001 { return dx * dx + dy * dy > 0 ? -.infinity : 0 }
            return -0.5 * (dx * dx / offsetVariance.x + dy * dy / offsetVariance.y)
        }
        let mean = logs.reduce(0) { $0 + exp($1) } / Double(max(1, logs.count))
        return logs.map { Float(mean > 0 ? $0 - log(mean) : $0) }
    }
}
