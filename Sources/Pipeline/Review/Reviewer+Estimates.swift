import Foundation
import Jobs
import StarFormat

/// Time, memory and disk from the numbers of the input.
extension Reviewer {
    /// Cores that our programs will use: threads of all processes together, all of them where nobody says.
    private var usedCores: Double {
        let isCounted = settings.type.hasThreads || (settings.type.hasMPI && busyCores > 1)
        return Double(isCounted ? min(busyCores, cores) : cores)
    }

    private func time(_ coreSeconds: Double, _ formula: String) -> JobEstimate.Amount {
        JobEstimate.Amount(value: coreSeconds / usedCores, formula: "\(formula) / \(Int(usedCores)) cores")
    }

    private static func milliseconds(_ seconds: Double) -> String { String(format: "%.3g ms", seconds * 1000) }

    // MARK: Refinement

    mutating func estimateRefinement(_ particles: ParticleFacts, order: Int) {
        var result = JobEstimate()
        let count = Double(particles.count), classes = max(1, number("nr_classes") ?? 1), box = Double(particles.box)
        let iterations = refinementIterations
        switch settings.type.label {
        case "relion.class2d":
            let step = max(0.5, number("psi_sampling") ?? 6)
            // VDAM sees a part of the particles in each of its mini-batches.
            let seen = isYes("do_grad") ? min(count, max(200 * classes, 0.1 * count)) : count
            let rate = MeasuredRate.classification2D * 6 / step * max(1, box / 128)
            result.time = time(seen * classes * iterations * rate,
                               "\(Int(seen)) particles × \(Int(classes)) classes × \(Int(iterations)) iterations × \(Self.milliseconds(rate))")
        case "relion.class3d":
            let step = settings["sampling"].flatMap { $0.split(separator: " ").first }.flatMap { Double($0) } ?? 7.5
            let rate = MeasuredRate.classification3D * (isYes("do_local_ang_searches") ? 0.1 : pow(7.5 / step, 3)) / Double(order)
            result.time = time(count * classes * iterations * rate,
                               "\(Int(count)) particles × \(Int(classes)) classes × \(Int(iterations)) iterations × \(Self.milliseconds(rate))")
        case "relion.refine3d":
            let rate = MeasuredRate.autoRefinement * pow(max(1, box / 64), 2) / Double(order)
            result.time = time(count * rate, "\(Int(count)) particles × \(Self.milliseconds(rate)), to convergence")
        default:
            result.time = time(iterations * classes * MeasuredRate.gradientBatch3D,
                               "\(Int(iterations)) mini-batches × \(Int(classes)) classes × \(Self.milliseconds(MeasuredRate.gradientBatch3D))")
        }
        result.memory = refinementMemory(particles, classes: classes)
        result.disk = refinementDisk(particles, classes: classes, iterations: iterations)
        estimate(result)
    }

    private var refinementIterations: Double {
        switch settings.type.label {
        case "relion.class2d": number(isYes("do_grad") ? "nr_iter_grad" : "nr_iter_em") ?? 25
        case "relion.refine3d": 20
        default: number("nr_iter") ?? 25
        }
    }

    private var isTwoDimensional: Bool { settings.type.label == "relion.class2d" }

    private func refinementMemory(_ particles: ParticleFacts, classes: Double) -> JobEstimate.Amount {
        let box = Double(particles.box), padding = isYes("do_pad1") || settings.type.label == "relion.initialmodel" ? 1.0 : 2.0
        let halves = settings.type.label == "relion.refine3d" ? 2.0 : 1
        // References and sums are kept in the ball of frequencies in use, half of its cube's complex numbers: 8 and 12 bytes.
        let maps = isTwoDimensional
            ? classes * pow(padding * box, 2) * 20 : classes * halves * (Double.pi / 12) * pow(padding * box, 3) * 20
        let images = isYes("do_preread_images") ? Double(particles.count) * box * box * 4 : 0
        let shared = isTwoDimensional ? 0.1e9 : 0.5e9
        return JobEstimate.Amount(
            value: maps + images + shared,
            formula: "references and sums \(JobEstimate.bytes(maps))" + (images > 0 ? " + images \(JobEstimate.bytes(images))" : "")
                + " + shared slices and samples \(JobEstimate.bytes(shared))")
    }

    private func refinementDisk(_ particles: ParticleFacts, classes: Double, iterations: Double) -> JobEstimate.Amount {
        let box = Double(particles.box), isGradient = isYes("do_grad") || settings.type.label == "relion.initialmodel"
        let halves = settings.type.label == "relion.refine3d" ? 2.0 : 1
        let map = (isTwoDimensional ? box * box : box * box * box) * 4 * classes * halves * (isGradient ? 5 : 1)
        let list = Double(particles.count) * 450
        let written = isGradient ? (iterations / 10).rounded(.up) + 1 : iterations + 1
        return JobEstimate.Amount(
            value: written * (map + list),
            formula: "\(Int(written)) iterations on disk × (maps \(JobEstimate.bytes(map)) + \(Int(particles.count)) particles × 450 bytes)")
    }

    // MARK: Micrographs

    mutating func estimateMotionCorrection(_ movies: MovieFacts) {
        guard isYes("do_own_motioncor") else { return }
        var result = JobEstimate()
        let frames = Double(movies.frameCount ?? 40), pixels = Double(movies.width * movies.height) * frames
        result.time = time(Double(movies.count) * pixels * MeasuredRate.moviePixel,
                           "\(movies.count) movies × \(movies.width) × \(movies.height) × \(Int(frames)) frames × 30 ns")
        result.memory = JobEstimate.Amount(value: 0.35e9 + 1.7 * pixels, formula: "0.35 GB + 1.7 bytes × \(movies.width) × \(movies.height) × \(Int(frames)), one movie at a time")
        let bin = max(1, number("bin_factor") ?? 1), sums = isYes("do_dose_weighting") && isYes("do_save_noDW") ? 2.0 : 1
        let bytes = isYes("do_float16") ? 2.0 : 4.0
        let each = sums * bytes * Double(movies.width * movies.height) / (bin * bin) + (isYes("do_save_ps") ? 512 * 512 * 4 : 0)
        result.disk = JobEstimate.Amount(value: Double(movies.count) * each, formula: "\(movies.count) movies × \(JobEstimate.bytes(each)); the movies themselves take about \(ByteText.text(movies.bytesOfFirst * movies.count))")
        estimate(result)
    }

    mutating func estimateCTF(_ micrographs: MicrographFacts) {
        var result = JobEstimate()
        let each = isYes("use_given_ps") ? MeasuredRate.fit : MeasuredRate.fit + Double(micrographs.pixelCount) * MeasuredRate.spectrumPixel
        result.time = time(Double(micrographs.count) * each, "\(micrographs.count) micrographs × \(Self.milliseconds(each))")
        let box = number("box") ?? 512
        result.disk = JobEstimate.Amount(value: Double(micrographs.count) * box * box * 4, formula: "\(micrographs.count) micrographs × \(Int(box))² × 4 bytes")
        result.memory = JobEstimate.Amount(value: 0.1e9 + 12 * Double(micrographs.pixelCount) * usedCores, formula: "0.1 GB + 12 bytes a pixel × \(Int(usedCores)) threads")
        estimate(result)
    }

    mutating func estimatePicking(_ micrographs: MicrographFacts) {
        guard !isYes("do_topaz"), micrographs.pixelCount > 0 else { return }
        var result = JobEstimate()
        let pixels = Double(micrographs.pixelCount)
        if isYes("do_log") {
            result.time = time(Double(micrographs.count) * pixels * MeasuredRate.blobPixel, "\(micrographs.count) micrographs × \(Self.milliseconds(pixels * MeasuredRate.blobPixel))")
        } else if let (views, name) = templates {
            let angles = (360 / max(0.5, number("psi_sampling_autopick") ?? 5)).rounded()
            let each = pixels * views * angles * MeasuredRate.templatePixel
            result.time = time(Double(micrographs.count) * each, "\(micrographs.count) micrographs × \(Int(views)) \(name) × \(Int(angles)) angles × \(Self.milliseconds(each / views / angles))")
        }
        result.memory = JobEstimate.Amount(value: 0.13e9 * pixels / (3838 * 3838) * usedCores, formula: "0.13 GB for 3838² pixels × \(Int(usedCores)) threads")
        estimate(result)
    }

    /// References and what they are.
    private var templates: (Double, String)? {
        if isYes("do_ref3d") {
            let step = settings["ref3d_sampling"].flatMap { $0.split(separator: " ").first }.flatMap { Double($0) } ?? 30
            // As many directions as fit the sphere.
            return ((4 * Double.pi * pow(180 / Double.pi / step, 2)).rounded(), "views before symmetry")
        }
        guard let name = text("fn_refs_autopick") else { return nil }
        if name.hasSuffix(".star"), let rows = ProjectOnDisk(project.root.isEmpty ? "." : project.root).rowCount(name) { return (Double(rows), "references") }
        return MapFacts(project.path(name)).map { (Double(max(1, $0.imageCount)), "references") }
    }

    mutating func estimateExtraction(_ micrographs: MicrographFacts) {
        var result = JobEstimate()
        guard let size = number("extract_size"), size > 0, let count = coordinateCount else { return }
        let output = isYes("do_rescale") ? number("rescale") ?? size : size
        let reading = Double(micrographs.count) * Double(micrographs.pixelCount) * MeasuredRate.micrographPixel
        result.time = time(reading + count * size * size * MeasuredRate.boxPixel,
                           "(\(micrographs.count) micrographs to read + \(Int(count)) particles × \(Int(size))² pixels)")
        let bytes = isYes("do_float16") ? 2.0 : 4.0
        result.disk = JobEstimate.Amount(value: count * output * output * bytes, formula: "\(Int(count)) particles × \(Int(output))² × \(Int(bytes)) bytes")
        result.memory = JobEstimate.Amount(value: 0.1e9 + usedCores * 8 * Double(micrographs.pixelCount), formula: "0.1 GB + 8 bytes a pixel × \(Int(usedCores)) threads")
        estimate(result)
    }

    /// Particles to extract: rows of the particle file, or picks of the first twenty micrographs times their share.
    private var coordinateCount: Double? {
        if isYes("do_reextract") {
            return text("fndata_reextract").flatMap { TableHead(project.path($0), table: "particles") }.map { Double($0.rowCount) }
        }
        guard let name = text("coords_suffix"), let head = TableHead(project.path(name), table: "coordinate_files"),
            let files = try? head.table.strings("rlnMicrographCoordinates"), !files.isEmpty
        else { return nil }
        let sample = files.prefix(20).compactMap { TableHead(project.path($0), table: "")?.rowCount }
        guard !sample.isEmpty else { return nil }
        return Double(sample.reduce(0, +)) / Double(sample.count) * Double(head.rowCount)
    }
}
