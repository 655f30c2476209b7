import StarFormat

/// Sentences about movies, micrographs and picks.
extension MethodsWriter {
    mutating func tellImport(_ job: JobRecord) {
        let file = job.outputs.first { $0.name.hasSuffix(".star") }?.name
        let document = figures.document(file)
        guard job.isYes("do_raw"), let table = figures.items(document) else { return }
        let what = table.contains("rlnMicrographMovieName") ? "movie" : "micrograph"
        var parts: [String] = []
        func add(_ label: String, _ unit: String, _ name: String, _ key: String) {
            let values = figures.values(label, in: document)
            let texts = values.isEmpty ? [job.positive(key)].compactMap { $0 } : values
            if !texts.isEmpty { parts.append(name + " " + FigureText.list(texts.map { FigureText.number($0, digits: 5) }) + unit) }
        }
        add("rlnVoltage", " kV", "an acceleration voltage of", "kV")
        add("rlnSphericalAberration", " mm", "a spherical aberration of", "Cs")
        add("rlnMicrographOriginalPixelSize", " Å", "a pixel size of", "angpix")
        say("\(FigureText.plural(table.rowCount, what)) \(table.rowCount == 1 ? "was" : "were") imported, recorded"
            + (parts.isEmpty ? "" : " with " + FigureText.list(parts)))
        let contrast = figures.values("rlnAmplitudeContrast", in: document)
        if contrast.count == 1 { say("the amplitude contrast was taken as \(FigureText.number(contrast[0]))") }
    }

    mutating func tellMotion(_ job: JobRecord) {
        let document = figures.document(figures.output("MicrographGroupMetadata", of: job))
        let isOwn = job.type.hasSuffix(".own") || job.isYes("do_own_motioncor")
        let program = isOwn ? "RELION's own implementation of the MotionCor2 algorithm" + cite(.motionCor2, .polishing)
            : "MotionCor2" + cite(.motionCor2)
        var sentence = "beam-induced motion was corrected with \(program)"
        if let x = job.whole("patch_x"), let y = job.whole("patch_y"), x * y > 1 { sentence += " in \(x) × \(y) patches" }
        if let bfactor = job.positive("bfactor") { sentence += " and a B factor of \(FigureText.number(bfactor)) Å² for the alignment" }
        say(sentence)
        let exposure = figures.exposure(ofMicrographs: document)
        var dose: [String] = []
        if let frames = exposure?.frames { dose.append("\(frames) frames") }
        if let rate = job.positive("dose_per_frame") { dose.append("\(FigureText.number(rate, digits: 4)) e/Å² per frame") }
        if let total = exposure?.dose { dose.append("\(FigureText.number(total)) e/Å² in total") }
        if job.isYes("do_dose_weighting") {
            say("frames were weighted by accumulated dose" + (dose.isEmpty ? "" : ": " + dose.joined(separator: ", ")) + cite(.doseWeighting))
        } else if !dose.isEmpty {
            say("movies had " + FigureText.list(dose))
        }
        if let bin = job.positive("bin_factor"), bin != 1 { say("micrographs were binned by a factor of \(FigureText.number(bin))") }
    }

    mutating func tellContrastTransfer(_ job: JobRecord) {
        let document = figures.document(figures.output("MicrographGroupMetadata", of: job))
        let usesOwn = job.runs.last?.commands.contains { $0.contains("--use_own") || !$0.contains("--ctffind_exe") } ?? false
        var sentence = "the contrast transfer function was estimated " + (usesOwn ? "by a fit to the power spectra" : "with CTFFIND" + cite(.ctffind4))
        if let low = job.positive("resmin"), let high = job.positive("resmax") {
            sentence += " between \(FigureText.number(low)) and \(FigureText.number(high)) Å"
        }
        if let box = job.whole("box") { sentence += " in a box of \(box) pixels" }
        say(sentence)
        if let range = figures.defocusRange(document), let count = figures.items(document)?.rowCount {
            let (least, most) = (FigureText.number(range.lowerBound, digits: 2), FigureText.number(range.upperBound, digits: 2))
            say("estimated defocus of the \(FigureText.plural(count, "micrograph")) "
                + (least == most ? "was \(least) µm" : "ranged from \(least) to \(most) µm"))
        }
        if job.isYes("do_phaseshift") { say("phase shifts were estimated along with the defocus") }
    }

    mutating func tellPicking(_ job: JobRecord) {
        if job.type.contains("manualpick") { return say("particles were picked by hand") }
        if job.type.contains("topaz.train") { return say("a Topaz network was trained on a subset of picks" + cite(.topaz)) }
        var sentence: String
        if job.type.contains("topaz") {
            sentence = "particles were picked with Topaz" + cite(.topaz)
        } else if job.type.hasSuffix(".log") || job.isYes("do_log") {
            sentence = "particles were picked as blobs with a Laplacian-of-Gaussian filter" + cite(.relion3)
            if let least = job.positive("log_diam_min"), let most = job.positive("log_diam_max") {
                sentence += " for diameters of \(FigureText.number(least)) to \(FigureText.number(most)) Å"
            }
        } else {
            let kind = job.isYes("do_ref3d") ? "projections of a map" : "two-dimensional templates"
            sentence = "particles were picked by correlation with \(kind)" + cite(.references)
            if let threshold = job.positive("threshold_autopick") { sentence += ", with a threshold of \(FigureText.number(threshold))" }
            if let distance = job.positive("mindist_autopick") { sentence += " and at least \(FigureText.number(distance)) Å apart" }
        }
        if let micrographs = figures.document(figures.output("MicrographCoordsGroup", of: job))?.firstTable("coordinate_files")?.rowCount {
            sentence += ", in \(FigureText.plural(micrographs, "micrograph"))"
        }
        say(sentence)
    }

    mutating func tellExtraction(_ job: JobRecord) {
        let document = figures.document(figures.output("ParticleGroupMetadata", of: job))
        let count = figures.items(document)?.rowCount
        var sentence = (count.map { FigureText.plural($0, "particle") + ($0 == 1 ? " was" : " were") } ?? "particles were")
        sentence += job.isYes("do_reextract") ? " extracted anew" : " extracted"
        if let box = job.whole("extract_size") { sentence += " in boxes of \(box) × \(box) pixels" }
        if job.isYes("do_rescale"), let box = job.whole("rescale") {
            sentence += ", downscaled to \(box) × \(box) pixels"
            if let size = figures.values("rlnImagePixelSize", in: document).first { sentence += " of \(FigureText.number(size, digits: 4)) Å" }
        }
        say(sentence)
    }

    mutating func tellJoining(_ job: JobRecord) {
        guard let name = figures.output("ParticleGroupMetadata", of: job), let count = figures.items(figures.document(name))?.rowCount else { return }
        say("several sets were joined to one of \(FigureText.plural(count, "particle"))")
    }
}
