import Arrays
import CTFEstimation
import Optics
import Testing

@Suite struct CTFEstimatorTests {
    private func fit(_ simulated: SimulatedSpectrum, _ change: (inout CTFSearchSettings) -> Void = { _ in }) -> CTFFit {
        var settings = CTFSearchSettings(microscope: simulated.transfer.microscope)
        change(&settings)
        let spectrum = simulated.spectrum()
        return CTFEstimator(settings, box: spectrum.box, pixelSizeInAngstrom: spectrum.pixelSizeInAngstrom).fit(
            spectrum)
    }

    @Test(arguments: [(300.0, 2.7), (200, 1.4), (200, 2.7), (300, 0.01)])
    func findsDefocusAndAstigmatism(voltage: Double, aberration: Double) {
        for (index, defocus) in [8000.0, 13000, 21000, 32000, 40000].enumerated() {
            let angle = -80 + 37 * Double(index)
            let simulated = SimulatedSpectrum(
                transfer: SimulatedSpectrum.transfer(
                    defocus, astigmatism: 400 + 200 * Double(index), angle: angle, voltage: voltage,
                    aberration: aberration),
                seed: index)
            let found = fit(simulated)
            // The statistical error at this contrast is 10 Å for the mean and 15 for the difference.
            #expect(abs(found.meanDefocus - defocus) < 50)
            #expect(abs(found.transfer.defocusUInAngstrom - simulated.transfer.defocusUInAngstrom) < 80)
            #expect(found.angleError(angle) < 4)
            #expect(found.isTrusted, "\(defocus) Å: \(found.doubts)")
            #expect(found.transfer.defocusUInAngstrom >= found.transfer.defocusVInAngstrom)
        }
    }

    @Test func findsThePhaseShift() {
        for (index, shift) in [30.0, 90, 150].enumerated() {
            let simulated = SimulatedSpectrum(
                transfer: SimulatedSpectrum.transfer(9000 + 6000 * Double(index), phaseShift: shift), seed: 10 + index)
            let found = fit(simulated) {
                $0.highestResolutionInAngstrom = 4
                $0.phaseShift = .init(rangeInDegrees: 0...180, stepInDegrees: 10)
            }
            // Defocus and phase shift trade: 10° are 80 Å at these resolutions.
            #expect(abs(found.transfer.phaseShiftInDegrees - shift) < 12)
            #expect(abs(found.meanDefocus - simulated.transfer.defocusUInAngstrom) < 100)
        }
    }

    @Test func thePhaseShiftStaysInItsRange() {
        let simulated = SimulatedSpectrum(transfer: SimulatedSpectrum.transfer(15000, phaseShift: 100))
        let found = fit(simulated) { $0.phaseShift = .init(rangeInDegrees: 20...60, stepInDegrees: 10) }
        #expect((20...60).contains(found.transfer.phaseShiftInDegrees.rounded()))
    }

    @Test func noiseIsDoubted() {
        for seed in 0..<4 {
            var simulated = SimulatedSpectrum(transfer: SimulatedSpectrum.transfer(15000), seed: 20 + seed)
            simulated.contrast = 0
            let found = fit(simulated)
            #expect(found.doubts.contains(.noRings))
            #expect(!found.isTrusted)
        }
    }

    @Test func weakRingsAreFoundStill() {
        var errors: [Double] = []
        for seed in 0..<8 {
            var simulated = SimulatedSpectrum(
                transfer: SimulatedSpectrum.transfer(9000 + 3500 * Double(seed), astigmatism: 300), seed: 30 + seed)
            simulated.contrast = 0.03
            let found = fit(simulated)
            if found.isTrusted { errors.append(abs(found.meanDefocus - simulated.transfer.defocusUInAngstrom + 150)) }
        }
        #expect(errors.count >= 5)
        // What is trusted is right to within a fraction of a ring at 5 Å (1270 Å of defocus).
        #expect(errors.allSatisfy { $0 < 300 })
    }

    @Test func rangeOfDefocusIsKept() {
        let found = fit(SimulatedSpectrum(transfer: SimulatedSpectrum.transfer(15000))) {
            $0.defocusInAngstrom = 16000...30000
        }
        #expect(found.meanDefocus >= 16000 && !found.isTrusted)
    }

    @Test func fitResolutionIsWhereRingsEnd() {
        for end in [1.0 / 9, 1 / 6.0] {
            var simulated = SimulatedSpectrum(transfer: SimulatedSpectrum.transfer(18000), contrast: 0.3, fading: 0)
            simulated.end = end
            // Half a ring is left to chance.
            #expect(abs(fit(simulated).fitResolutionInAngstrom * end - 1) < 0.12)
        }
    }

    @Test func astigmatismCostsWhatIsExpected() {
        var simulated = SimulatedSpectrum(transfer: SimulatedSpectrum.transfer(15000, astigmatism: 500))
        simulated.contrast = 0.05
        func astigmatism(_ expected: Double) -> Double {
            let transfer = fit(simulated) { $0.expectedAstigmatismInAngstrom = expected }.transfer
            return transfer.defocusUInAngstrom - transfer.defocusVInAngstrom
        }
        let free = astigmatism(0)
        #expect(abs(free - 500) < 120)
        #expect(astigmatism(30) < free - 10)
        #expect(astigmatism(1) < 100)
    }

    @Test func resolutionLimitsChangeTheFit() {
        let simulated = SimulatedSpectrum(transfer: SimulatedSpectrum.transfer(15000))
        let usual = fit(simulated).evidence
        #expect(fit(simulated) { $0.highestResolutionInAngstrom = 8 }.evidence != usual)
        #expect(fit(simulated) { $0.lowestResolutionInAngstrom = 15 }.evidence != usual)
    }

    @Test func tooSmallRangesAreRefused() {
        let microscope = SimulatedSpectrum.transfer(1).microscope
        let narrow = CTFSearchSettings(
            microscope: microscope, lowestResolutionInAngstrom: 5.2, highestResolutionInAngstrom: 5)
        #expect(CTFEstimator.obstacle(narrow, box: 512, pixelSizeInAngstrom: 1.4) != nil)
        let coarse = CTFSearchSettings(microscope: microscope)
        #expect(CTFEstimator.obstacle(coarse, box: 64, pixelSizeInAngstrom: 20) != nil)
        #expect(CTFEstimator.obstacle(coarse, box: 512, pixelSizeInAngstrom: 1.4) == nil)
    }

    @Test func anEmptyOrConstantSpectrumIsDoubted() {
        let settings = CTFSearchSettings(microscope: SimulatedSpectrum.transfer(1).microscope)
        for value in [Float(0), 1] {
            let spectrum = AmplitudeSpectrum(
                image: RealArray(shape: .square(256), repeating: value), pixelSizeInAngstrom: 2)
            let found = CTFEstimator(settings, box: 256, pixelSizeInAngstrom: 2).fit(spectrum)
            #expect(!found.isTrusted)
            #expect(found.meanDefocus.isFinite && found.figureOfMerit.isFinite)
        }
    }
}
