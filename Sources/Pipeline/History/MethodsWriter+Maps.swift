import Reporting
import StarFormat

/// Sentences about classes, maps and their resolution.
extension MethodsWriter {
    private func particles(_ job: JobRecord) -> String {
        let count = figures.items(figures.document(figures.output("ParticleGroupMetadata", of: job)))?.rowCount
        return count.map { FigureText.plural($0, "particle") } ?? "particles"
    }

    mutating func tellClasses2D(_ job: JobRecord) {
        let isGradient = !job.isYes("do_em")
        var sentence = "\(particles(job)) went through two-dimensional classification"
        if let classes = job.whole("nr_classes") { sentence += " into \(FigureText.plural(classes, "class"))" }
        if isGradient {
            sentence += " with the VDAM algorithm" + cite(.relion4)
            if let count = job.whole("nr_iter_grad") { sentence += " (\(count) mini-batches)" }
        } else {
            sentence += " by expectation-maximisation" + cite(.bayesian)
            if let count = job.whole("nr_iter_em") { sentence += " (\(FigureText.plural(count, "iteration")))" }
        }
        if let diameter = job.positive("particle_diameter") { sentence += ", with a mask of \(FigureText.number(diameter)) Å in diameter" }
        if job.isYes("do_helix") { sentence += ", as helical segments" + cite(.helices) }
        say(sentence)
    }

    mutating func tellSelection(_ job: JobRecord) {
        let files = job.outputs.filter { $0.type.contains("ParticleGroupMetadata") && $0.exists }
        let counts = files.compactMap { figures.items(figures.document($0.name))?.rowCount }
        if job.type.contains("split") || job.isYes("do_split") {
            guard !counts.isEmpty else { return }
            return say("particles were split into subsets of \(FigureText.list(counts.map(FigureText.count)))")
        }
        guard let count = counts.first else { return }
        let kept = "\(FigureText.plural(count, "particle")) \(count == 1 ? "was" : "were")"
        if job.type.contains("class2dauto") || job.isYes("do_class_ranker") {
            say("\(kept) kept by the automatic selection of 2D classes"
                + (job.positive("rank_threshold").map { " (scores above \(FigureText.number($0)))" } ?? "") + cite(.relion4))
        } else if job.isYes("do_select_values"), let label = job.text("select_label") {
            let bounds = [job.text("select_minval"), job.text("select_maxval")].compactMap { FigureText.number($0) }
            say("\(kept) kept by their values of \(label)" + (bounds.count == 2 ? " (\(bounds[0]) to \(bounds[1]))" : ""))
        } else if job.isYes("do_remove_duplicates") {
            say("duplicates" + (job.positive("duplicate_threshold").map { " closer than \(FigureText.number($0)) Å" } ?? "")
                + " were removed, which left \(FigureText.plural(count, "particle"))")
        } else if job.text("fn_model") != nil {
            say("\(kept) kept by the choice of classes")
        } else {
            say("\(kept) kept")
        }
    }

    private func symmetry(_ job: JobRecord) -> String { job.text("sym_name").map { ", with \($0.uppercased()) symmetry" } ?? "" }

    mutating func tellInitialModel(_ job: JobRecord) {
        var sentence = "an initial model was made from \(particles(job)) by gradient optimisation from random orientations" + cite(.relion4)
        if let classes = job.whole("nr_classes"), classes > 1 { sentence += " in \(FigureText.plural(classes, "class"))" }
        if let name = job.text("sym_name"), name.uppercased() != "C1" {
            sentence += job.isYes("do_run_C1") ? "; \(name.uppercased()) symmetry was applied afterwards" : symmetry(job)
        }
        say(sentence)
    }

    mutating func tellClasses3D(_ job: JobRecord) {
        var sentence = "\(particles(job)) went through three-dimensional classification" + cite(.bayesian)
        if let classes = job.whole("nr_classes") { sentence += " into \(FigureText.plural(classes, "class"))" }
        sentence += symmetry(job)
        var details: [String] = []
        if let count = job.whole("nr_iter") { details.append(FigureText.plural(count, "iteration")) }
        if let weight = job.positive("tau_fudge") { details.append("T = \(FigureText.number(weight))") }
        if let limit = job.positive("ini_high") { details.append("reference low-pass filtered to \(FigureText.number(limit)) Å") }
        if !job.isYes("dont_skip_align") { details.append("without alignment") }
        if !details.isEmpty { sentence += " (" + details.joined(separator: ", ") + ")" }
        if job.isYes("do_blush") { sentence += ", with Blush regularisation" + cite(.blush) }
        say(sentence)
        let shares = figures.classShares(figures.model(of: job)).filter { $0.isFinite }
        if !shares.isEmpty {
            say("the classes held \(FigureText.list(shares.map { FigureText.number($0 * 100, digits: 2) })) % of the particles")
        }
    }

    mutating func tellRefinement(_ job: JobRecord) {
        var sentence = "\(particles(job)) were refined as two independent halves" + cite(.goldStandard) + symmetry(job)
        var details: [String] = []
        if let limit = job.positive("ini_high") { details.append("initial low-pass filter \(FigureText.number(limit)) Å") }
        if let diameter = job.positive("particle_diameter") { details.append("mask diameter \(FigureText.number(diameter)) Å") }
        if job.text("fn_mask") != nil { details.append("solvent mask") }
        if job.isYes("do_solvent_fsc") { details.append("solvent-corrected FSC") }
        if !details.isEmpty { sentence += " (" + details.joined(separator: ", ") + ")" }
        if job.isYes("do_blush") { sentence += ", with Blush regularisation" + cite(.blush) }
        if job.isYes("do_helix") { sentence += ", with helical reconstruction" + cite(.helices) }
        say(sentence)
        if let resolution = figures.value("rlnCurrentResolution", in: figures.model(of: job)?.firstTable("model_general")) {
            say("this refinement reached \(FigureText.number(resolution)) Å")
        }
    }

    mutating func tellMask(_ job: JobRecord) {
        var parts: [String] = []
        if let filter = job.positive("lowpass_filter") { parts.append("low-pass filtered to \(FigureText.number(filter)) Å") }
        if let level = job.positive("inimask_threshold") { parts.append("thresholded at \(FigureText.number(level))") }
        if let voxels = job.whole("extend_inimask") { parts.append("extended by \(voxels) voxels") }
        if let voxels = job.whole("width_mask_edge") { parts.append("given a soft edge of \(voxels) voxels") }
        say("a mask was made from the map" + (parts.isEmpty ? "" : ", which was " + FigureText.list(parts)))
    }

    mutating func tellPostprocessing(_ job: JobRecord) {
        guard let result = figures.postprocessing(job) else { return }
        var sentence = "the resolution was \(FigureText.number(result.resolution)) Å by the FSC = 0.143 criterion" + cite(.halfMapThreshold)
        if result.masked { sentence += ", corrected for the effect of the mask by phase randomisation" + cite(.phaseRandomisation) }
        if result.masked, let from = result.randomisedFrom { sentence += " beyond \(FigureText.number(from)) Å" }
        say(sentence)
        if let bfactor = result.bfactor, bfactor != 0 {
            let how = job.isYes("do_auto_bfac") ? ", estimated from the Guinier plot" + cite(.halfMapThreshold) : ""
            say("the map was sharpened with a B factor of \(FigureText.number(bfactor)) Å²\(how)")
        }
    }

    mutating func tellContrastTransferRefinement(_ job: JobRecord) {
        var parts: [String] = []
        if job.isYes("do_aniso_mag") { parts.append("anisotropic magnification") }
        let modes = ["No": 0, "Per-micrograph": 1, "Per-particle": 2]
        if job.isYes("do_ctf"), let mode = modes[job.text("do_defocus") ?? "No"], mode > 0 {
            parts.append("defocus of each \(mode == 1 ? "micrograph" : "particle")")
        }
        if job.isYes("do_ctf"), let mode = modes[job.text("do_astig") ?? "No"], mode > 0 {
            parts.append("astigmatism of each \(mode == 1 ? "micrograph" : "particle")")
        }
        if job.isYes("do_tilt") { parts.append("beam tilt" + (job.isYes("do_trefoil") ? " and trefoil" : "")) }
        if job.isYes("do_4thorder") { parts.append("fourth-order aberrations") }
        if !parts.isEmpty { say(FigureText.list(parts) + (parts.count == 1 ? " was" : " were") + " refined" + cite(.aberrations)) }
    }

    mutating func tellPolishing(_ job: JobRecord) {
        say(job.type.contains("train") || job.isYes("do_param_optim") ? "parameters of Bayesian polishing were trained" + cite(.polishing)
            : "particle motion was refined by Bayesian polishing" + cite(.polishing))
    }

    mutating func tellLocalResolution(_ job: JobRecord) {
        say(job.type.hasSuffix("resmap") ? "local resolution was estimated with ResMap" + cite(.resMap) : "local resolution was estimated in RELION")
    }
}
