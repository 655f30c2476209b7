import CTFEstimation
import Foundation
import ProgramKit
import Reporting

/// What is done with every image: the options, resolved and checked.
struct CTFPlan: Sendable {
    /// What makes the spectrum of an image.
    enum Source: Sendable {
        case micrograph(window: Int?)
        case spectrum
        case movie(framesPerGroup: Int)
    }

    enum Estimator: Sendable {
        case own
        case executable(String)
    }

    let source: Source
    let estimator: Estimator
    /// A bare name of an executable that is not on the PATH: RELION's jobs name `ctffind.exe` unless told otherwise, on machines
    /// without it as well. The built-in estimator stands in.
    let missingExecutable: String?
    let box: Int
    private let search: CTFOptions.Search
    private let tomography: CTFOptions.Tomography
    private let phaseShift: CTFSearchSettings.PhaseShiftSearch?
    private let isFast: Bool

    init(
        _ input: CTFOptions.Input, _ search: CTFOptions.Search, _ version: CTFOptions.Version4,
        _ tomography: CTFOptions.Tomography, _ check: inout InputCheck
    ) {
        (self.search, self.tomography) = (search, tomography)
        box = search.box.isFinite && abs(search.box) < 1e6 ? Int(search.box) : 0
        source =
            version.usesSpectra
            ? .spectrum
            : version.usesMovies
                ? .movie(framesPerGroup: max(1, version.averagedFrames))
                : .micrograph(window: input.window > 0 ? input.window : nil)
        phaseShift =
            version.fitsPhaseShift && version.largestPhaseShift >= version.smallestPhaseShift && version.phaseStep > 0
            ? CTFSearchSettings.PhaseShiftSearch(
                rangeInDegrees: version.smallestPhaseShift...version.largestPhaseShift, stepInDegrees: version.phaseStep
            )
            : nil
        isFast = version.isFast
        let wanted = Self.estimator(search, version)
        if case .executable(let name) = wanted, Self.isMissing(name) {
            (estimator, missingExecutable) = (.own, name)
        } else {
            (estimator, missingExecutable) = (wanted, nil)
        }
        Self.check(input, search, version, box, &check)
        if case .executable(let path) = estimator, !version.isVersion4 {
            check.add(
                "--ctffind_exe \(path)", found: "without --is_ctffind4: CTFFIND-3 is not available yet",
                expected: "CTFFIND-4.1",
                remedy: "Add --is_ctffind4 if it is, or --use_own for the built-in estimator")
        }
    }

    private static func estimator(_ search: CTFOptions.Search, _ version: CTFOptions.Version4) -> Estimator {
        if search.usesOwn { return .own }
        if let given = search.executable.ifGiven { return .executable(given) }
        if version.isVersion4, let path = ProcessInfo.processInfo.environment["RELION_CTFFIND_EXECUTABLE"]?.ifGiven {
            return .executable(path)
        }
        return .own
    }

    /// A path is taken at its word: that it leads nowhere is told when it is run.
    private static func isMissing(_ name: String) -> Bool {
        guard !name.contains("/"), !name.contains(" ") else { return false }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return !folders.contains { access("\($0)/\(name)", X_OK) == 0 }
    }

    var fitsPhaseShift: Bool { phaseShift != nil }

    // MARK: Checks

    private static let largestDefocus = 1e6

    private static func check(
        _ input: CTFOptions.Input, _ search: CTFOptions.Search, _ version: CTFOptions.Version4, _ box: Int,
        _ check: inout InputCheck
    ) {
        check.require(
            (32...16384).contains(box) && box % 2 == 0, "--Box", found: "\(search.box)",
            expected: "an even number of pixels, 32 to 16384")
        check.require(
            search.highestResolution > 0 && search.lowestResolution > search.highestResolution,
            "--ResMin \(search.lowestResolution) --ResMax \(search.highestResolution)",
            found: "is no range of resolutions",
            expected: "a --ResMin in Å that is larger than --ResMax")
        check.require(
            search.smallestDefocus > 0 && search.largestDefocus > search.smallestDefocus
                && search.largestDefocus <= largestDefocus,
            "--dFMin \(search.smallestDefocus) --dFMax \(search.largestDefocus)", found: "is no range of defocus",
            expected: "positive underfocus in Å, the smaller one first, 100 µm at most")
        check.require(search.step > 0, "--FStep", found: "\(search.step)", expected: "a step in Å above 0")
        check.require(search.astigmatism >= 0, "--dAst", found: "\(search.astigmatism)", expected: "0 or more Å")
        check.require(
            !version.usesSpectra || !version.usesMovies, "--use_given_ps", found: "is given with --do_movie_thon_rings",
            expected: "one of the two")
        check.require(
            input.window < 0 || !(version.usesSpectra || version.usesMovies), "--ctfWin",
            found: "is given with \(version.usesSpectra ? "--use_given_ps" : "--do_movie_thon_rings")",
            expected: "micrographs to take the window from")
        check.require(
            input.window == -1 || input.window >= 32, "--ctfWin", found: "\(input.window)",
            expected: "at least 32 pixels, or -1 for all")
        check.require(
            !input.usesUnweighted || !version.usesSpectra, "--use_noDW", found: "is given with --use_given_ps",
            expected: "one of the two", remedy: "The power spectra have no dose weighting: leave out --use_noDW")
        check.require(
            version.averagedFrames >= 1, "--avg_movie_frames", found: "\(version.averagedFrames)", expected: "1 or more"
        )
        check.require(
            input.atMost >= -1, "--do_at_most", found: "\(input.atMost)",
            expected: "a number of micrographs, or -1 for all")
        if version.fitsPhaseShift {
            check.require(
                version.largestPhaseShift >= version.smallestPhaseShift && version.phaseStep >= 0.1
                    && version.largestPhaseShift - version.smallestPhaseShift <= 360,
                "--phase_min \(version.smallestPhaseShift) --phase_max \(version.largestPhaseShift) --phase_step \(version.phaseStep)",
                found: "is no range of phase shifts",
                expected: "degrees, the smaller one first, a full turn at most, and a step of 0.1 or more")
        }
    }

    // MARK: One image

    /// Where the fit of an image looks: later images of a tilt series to lower resolution, about their nominal defocus.
    func settings(_ image: CTFImage, _ group: CTFImageGroup) throws -> CTFSearchSettings {
        var highest = search.highestResolution
        var range = (low: search.smallestDefocus, high: search.largestDefocus)
        if let dose = image.preExposure {
            if tomography.doseFactor > 0 {
                // Something must be left to fit.
                highest = min(highest * exp(dose / tomography.doseFactor), 0.9 * search.lowestResolution)
            }
            if tomography.nominalRange > 0, let nominal = image.nominalDefocus {
                range = (
                    max(search.smallestDefocus, nominal - tomography.nominalRange), nominal + tomography.nominalRange
                )
            }
        }
        guard range.high > range.low else {
            throw InputError(
                place: image.name, found: String(format: "a nominal defocus of %.0f Å", image.nominalDefocus ?? 0),
                expected: "at least --dFMin less --localsearch_nominal_defocus",
                remedy: "Underfocus is negative in rlnTomoNominalDefocus (µm)")
        }
        return CTFSearchSettings(
            microscope: group.microscope, lowestResolutionInAngstrom: search.lowestResolution,
            highestResolutionInAngstrom: highest, defocusInAngstrom: range.low...range.high,
            defocusStepInAngstrom: search.step, expectedAstigmatismInAngstrom: search.astigmatism,
            phaseShift: phaseShift,
            thoroughness: isFast ? .fast : .full)
    }
}
