/// Where a fit looks.
package struct CTFSearchSettings: Sendable, Hashable {
    package var microscope: Microscope
    /// Å: only rings between the two count.
    package var lowestResolutionInAngstrom: Double
    package var highestResolutionInAngstrom: Double
    /// Å, of the mean of U and V.
    package var defocusInAngstrom: ClosedRange<Double>
    /// Largest step of the search in Å; made smaller where rings would be missed.
    package var defocusStepInAngstrom: Double
    /// Astigmatism in Å that is to be expected: larger ones need evidence (a Gaussian prior). 0: any is as good.
    package var expectedAstigmatismInAngstrom: Double
    /// Additional phase shift; nil: none is looked for.
    package var phaseShift: PhaseShiftSearch?
    package var thoroughness: Thoroughness

    package struct PhaseShiftSearch: Sendable, Hashable {
        package var rangeInDegrees: ClosedRange<Double>
        package var stepInDegrees: Double

        package init(rangeInDegrees: ClosedRange<Double>, stepInDegrees: Double) {
            self.rangeInDegrees = rangeInDegrees
            self.stepInDegrees = stepInDegrees
        }
    }

    package enum Thoroughness: Sendable, Hashable {
        /// Refines the best peak of the search without astigmatism.
        case fast
        /// Refines several peaks, each from many astigmatisms.
        case full
    }

    package init(
        microscope: Microscope, lowestResolutionInAngstrom: Double = 30, highestResolutionInAngstrom: Double = 5,
        defocusInAngstrom: ClosedRange<Double> = 5000...50000, defocusStepInAngstrom: Double = 500,
        expectedAstigmatismInAngstrom: Double = 0, phaseShift: PhaseShiftSearch? = nil,
        thoroughness: Thoroughness = .full
    ) {
        self.microscope = microscope
        self.lowestResolutionInAngstrom = lowestResolutionInAngstrom
        self.highestResolutionInAngstrom = highestResolutionInAngstrom
        self.defocusInAngstrom = defocusInAngstrom
        self.defocusStepInAngstrom = defocusStepInAngstrom
        self.expectedAstigmatismInAngstrom = expectedAstigmatismInAngstrom
        self.phaseShift = phaseShift
        self.thoroughness = thoroughness
    }
}
