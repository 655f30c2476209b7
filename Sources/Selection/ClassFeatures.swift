/// What is measured of a class average: features after Dong & Scheres' class ranker (Kimanius et al., Biochem. J. 478 (2021)
/// 4169) that need no network, made independent of the image's scale.
package struct ClassFeatures: Sendable, Hashable {
    // MARK: Of the classification

    /// Å; that of the average's spectral signal-to-noise ratio.
    package var resolution = 999.0
    /// Resolution over the box size, both in Å.
    package var relativeResolution = 1.0
    /// 1 / resolution² / ln(number of particles).
    package var weightedResolution = 0.0
    package var particleCount = 0
    package var distribution = 0.0
    package var rotationAccuracy = 999.0
    package var translationAccuracy = 999.0

    // MARK: Of the image

    /// Within the circle of the mask.
    package var circle = PixelMoments()
    /// At the mask's border.
    package var ring = PixelMoments()
    /// Where the density is, and in the rest of the circle.
    package var density = PixelMoments()
    package var solvent = PixelMoments()
    /// Of the smoothed image, within the circle.
    package var smoothed = PixelMoments()
    package var smoothedMinimum = 0.0, smoothedMaximum = 0.0
    /// Sum over the density less as many pixels of solvent.
    package var relativeSignal = 0.0
    /// Part of the pixels above the threshold that do not belong to the density in the middle.
    package var scatteredSignal = 0.0
    /// Part of the mask's border that density runs through.
    package var edgeSignal = 0.0
    /// Outline of the density over that of a disc of the same area.
    package var outlineRatio = 0.0

    /// The numbers that the score is computed from, in the order of `ScoreTerm.allCases`.
    package var terms: [Double] = []
    /// Empty where not asked for.
    package var granularity: Granularity?

    package init() {}
}

/// What the score of a class is computed from. Raw values are names in files and in the fitted table.
package enum ScoreTerm: String, Sendable, CaseIterable {
    /// log₂ of the mask's diameter over the resolution.
    case detailPerDiameter
    /// ln of the best resolution over the class's: 0 for the best, negative for others.
    case resolutionAgainstBest
    /// log₁₀ of the class's share of the particles over that of an average class, within −2 … 1.
    case population
    /// Part of the circle that is density, and its square: both too little and too much are bad.
    case area, areaSquared
    case scattered, edge
    /// Distance of the density's centre from the mask's, over the radius.
    case offset
    /// How far density and background are apart in the histogram.
    case separability
    /// ln of the difference between the means of density and solvent over the solvent's spread.
    case contrast
    /// ln of the spread at the mask's border over that of the density.
    case ringSignal
    /// Part of the variance that rings about the density's centre explain: blobs without features have much.
    case roundness
    /// ln of the fine power in the density over that in the solvent: noise has the same in both.
    case detailContrast
    /// ln of the fine power over the coarse in the density.
    case granularity
    case skewness, kurtosis
    case outline
    /// Correlation with the image turned by 180° about the density's centre.
    case halfTurn
    /// Darkest over brightest part of the smoothed image, both from the level of the solvent.
    case darkness
}
