import Foundation
import Jobs

/// Rules of motion correction, CTF estimation, picking and extraction.
extension Reviewer {
    // MARK: Motion correction

    mutating func reviewMotionCorrection() {
        for key in ["fn_gain_ref", "fn_defect"] { reviewFile(key) }
        for key in ["bin_factor", "patch_x", "patch_y", "group_frames", "eer_grouping"] {
            if let value = number(key), value <= 0 { obstacle(key, "a number above 0", remedy: "1 is usual") }
        }
        if isYes("do_dose_weighting"), let dose = number("dose_per_frame"), dose <= 0 {
            obstacle("dose_per_frame", "a dose above 0 for dose weighting", remedy: "Give the dose of one frame in e/Å², or switch dose weighting off")
        }
        if let last = number("last_frame_sum"), last > 0 {
            reviewOrder("first_frame_sum", "last_frame_sum", isEqualAllowed: true, remedy: "Correct the frames; -1 means up to the last")
        }
        guard let name = text("input_star_mics"), let movies = MovieFacts(project.path(name), project: project) else { return }
        reviewFrames(movies)
        reviewPatches(movies)
        if let name = text("fn_gain_ref"), !name.hasSuffix(".gain"), let gain = MapFacts(project.path(name)), let header = gain.shape,
            header != [movies.width, movies.height], header != [movies.height, movies.width]
        {
            doubt("fn_gain_ref", "an image of \(movies.width) × \(movies.height) pixels, as the movies; it has \(header[0]) × \(header[1])",
                  remedy: "Choose the gain reference of these movies")
        }
        estimateMotionCorrection(movies)
    }

    private mutating func reviewFrames(_ movies: MovieFacts) {
        guard let count = movies.frameCount else { return }
        for key in ["first_frame_sum", "last_frame_sum", "group_frames"] {
            guard let value = number(key), Int(value) > count else { continue }
            obstacle(key, "at most \(count), the frames of the first movie", remedy: "Correct it; -1 as last frame means all")
        }
        guard let dose = number("dose_per_frame"), dose * Double(count) > 150 else { return }
        doubt("dose_per_frame", "a total below 150 e/Å²; \(count) frames make \(Self.short(dose * Double(count)))",
              remedy: "It is the dose of one frame, not of the movie")
    }

    private mutating func reviewPatches(_ movies: MovieFacts) {
        let bin = max(1, number("bin_factor") ?? 1)
        for (key, side) in [("patch_x", movies.width), ("patch_y", movies.height)] {
            guard let patches = number(key), patches > 1, Double(side) / bin / patches < 300 else { continue }
            doubt(key, "patches of 300 pixels or more; \(side) / \(Self.short(bin * patches)) are \(Int(Double(side) / bin / patches))",
                  remedy: "Use fewer patches: small ones do not show their motion")
        }
    }

    // MARK: CTF estimation

    mutating func reviewCTFEstimation() {
        if let low = number("resmin"), let high = number("resmax"), high >= low {
            obstacle("resmax", "a smaller number than Minimum resolution, \(Self.short(low)) Å", remedy: "30 and 5 Å are usual")
        }
        reviewOrder("dfmin", "dfmax", remedy: "5000 to 50000 Å are usual")
        if isYes("do_phaseshift") {
            reviewOrder("phase_min", "phase_max", remedy: "0 to 180 degrees are usual")
            if let step = number("phase_step"), step <= 0 { obstacle("phase_step", "a step above 0", remedy: "10 is usual") }
        }
        if let step = number("dfstep"), step <= 0 { obstacle("dfstep", "a step above 0", remedy: "500 is usual") }
        if let box = number("box"), box < 64 { obstacle("box", "at least 64 pixels", remedy: "512 is usual") }
        reviewEven("box")
        if let box = number("box"), let window = number("ctf_win"), window > 0, window < box {
            obstacle("ctf_win", "at least the FFT box of \(Self.short(box)) pixels, or -1 for the whole micrograph", remedy: "Correct one of the two")
        }
        guard let name = text("input_star_mics"), let micrographs = MicrographFacts(project.path(name), project: project) else { return }
        reviewResolution("resmax", pixelSize: micrographs.pixelSize)
        if let side = micrographs.shortSide, let window = number("ctf_win"), Int(window) > side {
            obstacle("ctf_win", "at most \(side) pixels, the micrograph's shorter side", remedy: "-1 takes the whole micrograph")
        }
        estimateCTF(micrographs)
    }

    // MARK: Picking

    mutating func reviewPicking() {
        let name = text("fn_input_autopick")
        let micrographs = name.flatMap { MicrographFacts(project.path($0), project: project) }
        let given = number("angpix").flatMap { $0 > 0 ? $0 : nil }
        if let given, let size = micrographs?.pixelSize, abs(given / size - 1) > 0.01 {
            doubt("angpix", "\(Self.short(size)) Å, as the micrographs say", remedy: "-1 takes that")
        }
        let pixelSize = given ?? micrographs?.pixelSize
        if isYes("do_log") { reviewBlobs(micrographs, pixelSize) }
        if isYes("do_refs") { reviewReferences(pixelSize) }
        if let micrographs { estimatePicking(micrographs) }
    }

    private mutating func reviewBlobs(_ micrographs: MicrographFacts?, _ pixelSize: Double?) {
        if let low = number("log_diam_min"), low <= 0 { obstacle("log_diam_min", "a diameter above 0", remedy: "Take the particle's shortest extent in Å") }
        reviewOrder("log_diam_min", "log_diam_max", isEqualAllowed: true, remedy: "Take the particle's shortest and longest extent in Å")
        reviewResolution("log_maxres", pixelSize: pixelSize)
        if let low = number("log_diam_min"), let limit = number("log_maxres"), low > 0, limit > low / 2 {
            doubt("log_maxres", "at most half the smallest diameter, \(Self.short(low / 2)) Å", remedy: "Coarser images do not show particles of this size")
        }
        guard let pixelSize else { return }
        if let low = number("log_diam_min"), low > 0, low < 4 * pixelSize {
            obstacle("log_diam_min", "at least four pixels, \(Self.short(4 * pixelSize)) Å", remedy: "Diameters are in Å")
        }
        if let side = micrographs?.shortSide, let high = number("log_diam_max"), high > Double(side) * pixelSize / 4 {
            doubt("log_diam_max", "at most a quarter of the micrograph, \(Self.short(Double(side) * pixelSize / 4)) Å", remedy: "Diameters are in Å")
        }
    }

    private mutating func reviewReferences(_ pixelSize: Double?) {
        if isYes("do_ref3d") { _ = reviewSymmetry("ref3d_symmetry") }
        reviewResolution("lowpass", pixelSize: pixelSize)
        if let low = number("lowpass"), let high = number("highpass"), low > 0, high > 0, high <= low {
            obstacle("highpass", "a larger number than Lowpass filter, \(Self.short(low)) Å", remedy: "Nothing is left between the two filters; -1 switches it off")
        }
        if let angle = number("psi_sampling_autopick"), angle <= 0 { obstacle("psi_sampling_autopick", "an angle above 0", remedy: "5 is usual") }
        if let shrink = number("shrink"), !(0...1).contains(shrink) { obstacle("shrink", "a number from 0 to 1", remedy: "0 chooses it") }
        guard !isYes("do_ref3d"), let name = text("fn_refs_autopick"), name.hasSuffix(".mrcs"), number("angpix_ref") ?? -1 <= 0,
            MapFacts(project.path(name))?.pixelSize == nil
        else { return }
        obstacle("angpix_ref", "a pixel size: the references' header has none", remedy: "Give it in Å")
    }

    // MARK: Extraction

    mutating func reviewExtraction() {
        let size = number("extract_size")
        if let size, size <= 0 { obstacle("extract_size", "a box above 0", remedy: "Take one and a half to two particle diameters") }
        reviewEven("extract_size")
        if isYes("do_rescale") {
            reviewEven("rescale")
            if let rescaled = number("rescale"), let size, rescaled > size {
                doubt("rescale", "at most the box of \(Self.short(size)) pixels", remedy: "A larger one adds pixels, not information")
            }
        }
        reviewBackground(size)
        guard let name = text("star_mics"), let micrographs = MicrographFacts(project.path(name), project: project) else { return }
        if let side = micrographs.shortSide, let size, Int(size) > side {
            obstacle("extract_size", "at most \(side) pixels, the micrograph's shorter side", remedy: "The box is in pixels of the micrograph")
        }
        if !micrographs.hasDefocus {
            doubt("star_mics", "micrographs with a CTF; \(name) has none", remedy: "Particles without a defocus cannot be corrected for the CTF")
        }
        if let size, let pixelSize = micrographs.pixelSize { reviewParticle(box: size * pixelSize, pixelSize: pixelSize) }
        estimateExtraction(micrographs)
    }

    private mutating func reviewBackground(_ size: Double?) {
        guard isYes("do_norm"), let size, let diameter = number("bg_diameter"), diameter >= 0 else { return }
        if diameter >= size {
            obstacle("bg_diameter", "less than the box of \(Self.short(size)) pixels", remedy: "-1 takes 0.75 of the box; outside of the circle background is measured")
        } else if diameter > 0.95 * size {
            doubt("bg_diameter", "about 0.75 of the box, \(Self.short(0.75 * size)) pixels", remedy: "Few pixels are left to measure the background")
        }
    }

    /// The box beside the diameter with which the particles were picked.
    private mutating func reviewParticle(box: Double, pixelSize: Double) {
        guard !isYes("do_reextract"), let picks = text("coords_suffix"), let maker = JobName(picks),
            let picking = try? JobSettings(contentsOf: project.path(maker.path)), picking.type.label == "relion.autopick",
            picking.isYes("do_log"), let diameter = picking["log_diam_max"].flatMap({ Double($0) }), diameter > 0, diameter < 1e6
        else { return }
        let least = Int((diameter / pixelSize).rounded(.up))
        if box < diameter {
            obstacle("extract_size", "at least the \(Self.short(diameter)) Å that \(maker.path) picked, \(least) pixels",
                     remedy: "Take one and a half to two diameters, \(least * 3 / 4 * 2) to \(least * 2) pixels")
        } else if box < 1.25 * diameter {
            doubt("extract_size", "one and a half to two times the \(Self.short(diameter)) Å that \(maker.path) picked, \(least * 3 / 4 * 2) to \(least * 2) pixels",
                  remedy: "Signal that the CTF spreads is cut off by a tight box")
        }
    }
}
