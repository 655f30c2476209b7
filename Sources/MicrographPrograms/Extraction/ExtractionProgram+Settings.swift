import Extraction
import Imaging
import Optics
import ProgramKit
import Reporting

extension ExtractionProgram {
    /// Options that stand by themselves; those of helices are refused.
    func checkOptions(_ check: inout InputCheck) {
        check.refuse("--project3d", given: operations.projects)
        check.refuse("--helix", given: helix.isHelix, remedy: "Extract single particles instead")
        check.refuse("--helical_outer_diameter", given: helix.diameter >= 0)
        check.refuse("--helical_tubes", given: helix.areTubes)
        check.refuse("--helical_nr_asu", given: helix.asymmetricUnits != 1)
        check.refuse("--helical_rise", given: helix.rise != 0)
        check.refuse("--helical_bimodal_angular_priors", given: helix.hasBimodalPriors)
        check.refuse("--helical_cut_into_segments", given: helix.cutsIntoSegments)
        for (option, value) in [("--white_dust", operations.whiteDust), ("--black_dust", operations.blackDust)] {
            check.require(value.isFinite, option, found: "\(value)", expected: "a number of standard deviations, or -1")
        }
    }

    /// What is done to images of `size` pixels. Odd sizes are made even, as RELION does.
    func finish(size: Int, _ check: inout InputCheck, _ reporter: Reporter) -> ParticleFinish {
        func even(_ value: Int, _ option: String) -> Int? {
            guard value > 0 else { return nil }
            if value % 2 == 1 { reporter.warning("\(option) \(value): only even sizes are possible, \(value + 1) is taken") }
            return value + value % 2
        }
        var finish = ParticleFinish(
            rescaledSize: even(operations.rescaledSize, "--scale"), windowSize: even(operations.windowSize, "--window"),
            invertsContrast: operations.inverts)
        guard operations.normalises else { return finish }
        let (radius, box) = (operations.backgroundRadius, finish.outputSize(for: size))
        check.require(
            radius >= 0, "--bg_radius", found: "is not given", expected: "the radius of the background's circle, in pixels",
            remedy: "A radius of \(box * 3 / 8) pixels leaves enough background in boxes of \(box)")
        check.require(
            2 * radius <= box, "--bg_radius \(radius)", found: "leaves no background in boxes of \(box) pixels",
            expected: "at most \(box / 2)", remedy: "The radius is in pixels of the images as written")
        finish.normalisation = BackgroundNormalisation(
            backgroundRadiusInPixels: max(0, radius),
            whiteDustLimit: operations.whiteDust > 0 ? operations.whiteDust : nil,
            blackDustLimit: operations.blackDust > 0 ? operations.blackDust : nil, subtractsRamp: !operations.keepsRamp)
        return finish
    }

    func settings(_ check: inout InputCheck, _ reporter: Reporter) -> ExtractionSettings {
        let box = extraction.boxSize
        check.require(
            box > 0, "--extract_size", found: box == -1 ? "is not given" : "\(box)", expected: "a box size in pixels")
        check.require(
            box % 2 == 0 || box < 0, "--extract_size \(box)", found: "is odd", expected: "an even number of pixels")
        var settings = ExtractionSettings(boxSize: box, finish: finish(size: max(2, box), &check, reporter))
        let (premultiplies, flips) = (extraction.premultiplies, extraction.flipsPhases)
        guard premultiplies || flips else {
            for (option, isGiven) in [
                ("--premultiply_extract_size", extraction.transferBoxSize >= 0),
                ("--ctf_intact_first_peak", extraction.keepsFirstPeak),
            ] where isGiven {
                reporter.warning("\(option) has an effect with --premultiply_ctf or --phase_flip only")
            }
            return settings
        }
        let larger = extraction.transferBoxSize < 0 ? box : extraction.transferBoxSize
        check.require(
            larger >= box && larger % 2 == 0, "--premultiply_extract_size \(larger)", found: "is smaller than the box or odd",
            expected: "an even number of at least --extract_size (\(box))")
        settings.transfer = ExtractionSettings.TransferCorrection(
            boxSize: larger, form: flips ? .signOnly : .signed, intact: extraction.keepsFirstPeak ? .untilFirstPeak : .none)
        return settings
    }
}
