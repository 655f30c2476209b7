import Arrays
import Foundation
import ImageFormats
import Jobs
import Reporting
import Testing
import TestSupport

@testable import Pipeline

/// Settings beside what input files say. Each case changes what one rule looks at; the same job without the change has no findings.
@Suite struct JobReviewTests {
    private let folder: TemporaryFolder
    private let project: Project

    init() throws {
        folder = try TemporaryFolder(inMemory: true)
        project = Project(root: folder.path)
        try project.initialise()
        try folder.write(Self.particles(count: 400, box: 64, pixelSize: 3.54), to: "particles.star")
        try folder.write(Self.particles(count: 400, box: 64, pixelSize: 3.54, hasDefocus: false), to: "plain.star")
        try folder.write(Self.particles(count: 1, box: 64, pixelSize: 3.54), to: "one.star")
        for (name, box, pixelSize) in [("map.mrc", 64, 3.54), ("small.mrc", 48, 3.54), ("other.mrc", 64, 1.77), ("a_half1.mrc", 64, 3.54), ("a_half2.mrc", 64, 3.54), ("b_half1.mrc", 64, 3.54)] {
            var map = RealArray(shape: .cube(box))
            map[1, 1, 1] = 0.5
            try ImageFile.write(map, to: folder.file(name), pixelSizeInAngstrom: pixelSize)
        }
        try ImageFile.write(RealArray(shape: Shape(x: 512, y: 400)), to: folder.file("mic.mrc"), pixelSizeInAngstrom: 1.2)
        try ImageFile.write(RealArray(shape: Shape(x: 512, y: 400, z: 8)), to: folder.file("movie.mrcs"), pixelSizeInAngstrom: 1.2)
        try ImageFile.write(RealArray(shape: Shape(x: 100, y: 100)), to: folder.file("gain.mrc"), pixelSizeInAngstrom: 1.2)
        try folder.write(Self.images("micrographs", "_rlnMicrographName", "mic.mrc", "_rlnMicrographPixelSize"), to: "mics.star")
        try folder.write(Self.images("movies", "_rlnMicrographMovieName", "movie.mrcs", "_rlnMicrographOriginalPixelSize"), to: "movies.star")
        try folder.write("data_coordinate_files\nloop_\n_rlnMicrographName\n_rlnMicrographCoordinates\nmic.mrc picks.star\n", to: "AutoPick/job003/autopick.star")
        try folder.write("data_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n1 1\n2 2\n3 3\n", to: "picks.star")
        var picking = JobSettings(try #require(JobCatalogue.standard.type(label: "relion.autopick")), environment: [:])
        try picking.set("do_log", to: "Yes")
        try picking.set("log_diam_max", to: "180")
        try picking.write(to: folder.file("AutoPick/job003/job.star"))
    }

    private static func particles(count: Int, box: Int, pixelSize: Double, hasDefocus: Bool = true) -> String {
        let row = "1@stack.mrcs 1" + (hasDefocus ? " 10000" : "") + "\n"
        return """
            data_optics
            loop_
            _rlnOpticsGroup
            _rlnOpticsGroupName
            _rlnImageSize
            _rlnImagePixelSize
            1 opticsGroup1 \(box) \(pixelSize)

            data_particles
            loop_
            _rlnImageName
            _rlnOpticsGroup
            \(hasDefocus ? "_rlnDefocusU\n" : "")\(String(repeating: row, count: count))
            """
    }

    private static func images(_ table: String, _ label: String, _ name: String, _ pixelLabel: String) -> String {
        """
        data_optics
        loop_
        _rlnOpticsGroup
        _rlnOpticsGroupName
        \(pixelLabel)
        1 opticsGroup1 1.2

        data_\(table)
        loop_
        \(label)
        _rlnOpticsGroup
        _rlnDefocusU
        \(name) 1 10000

        """
    }

    private func review(
        _ label: String, _ changes: [String: String], memoryBytes: Int = 1 << 40, diskBytes: Int = 1 << 40
    ) throws -> JobReview {
        var settings = JobSettings(try #require(JobCatalogue.standard.type(label: "relion." + label)), environment: [:])
        for (key, value) in (Self.sound[label] ?? [:]).merging(changes, uniquingKeysWith: { $1 }) { try settings.set(key, to: value) }
        var reviewer = Reviewer(settings: settings, project: project, cores: 8, memoryBytes: memoryBytes, diskBytes: diskBytes)
        reviewer.run()
        return reviewer.review
    }

    /// Settings without any fault.
    private static let sound: [String: [String: String]] = [
        "class2d": ["fn_img": "particles.star", "nr_classes": "10"],
        "class3d": ["fn_img": "particles.star", "fn_ref": "map.mrc", "trust_ref_size": "No", "nr_classes": "3"],
        "refine3d": ["fn_img": "particles.star", "fn_ref": "map.mrc", "fn_mask": "map.mrc", "trust_ref_size": "No"],
        "initialmodel": ["fn_img": "particles.star"],
        "motioncorr": ["input_star_mics": "movies.star"],
        "ctffind": ["input_star_mics": "mics.star", "resmax": "5"],
        "autopick": ["fn_input_autopick": "mics.star", "do_log": "Yes", "log_diam_min": "80", "log_diam_max": "100"],
        "extract": ["star_mics": "mics.star", "coords_suffix": "AutoPick/job003/autopick.star", "extract_size": "240"],
        "maskcreate": ["fn_in": "map.mrc"],
        "postprocess": ["fn_in": "a_half1.mrc", "fn_mask": "map.mrc"],
    ]

    @Test(arguments: sound.keys.sorted()) func soundSettingsPass(label: String) throws {
        let review = try review(label, [:])
        #expect(review.obstacles.isEmpty && review.doubts.isEmpty, "\(review.obstacles) \(review.doubts)")
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let label: String, key: String, changes: [String: String]
        init(_ label: String, _ key: String, _ changes: [String: String]) { (self.label, self.key, self.changes) = (label, key, changes) }
        var testDescription: String { "\(label) \(changes)" }
    }

    @Test(arguments: [
        Case("class2d", "particle_diameter", ["particle_diameter": "230"]), Case("class2d", "particle_diameter", ["particle_diameter": "0"]),
        Case("class2d", "nr_classes", ["nr_classes": "500"]), Case("class2d", "do_ctf_correction", ["fn_img": "plain.star"]),
        Case("class2d", "offset_range", ["offset_range": "32"]), Case("class2d", "offset_step", ["offset_step": "0"]),
        Case("class2d", "psi_sampling", ["psi_sampling": "0"]), Case("class3d", "fn_ref", ["fn_ref": "small.mrc"]),
        Case("class3d", "fn_ref", ["fn_ref": "other.mrc"]), Case("class3d", "fn_ref", ["fn_ref": "mic.mrc"]),
        Case("class3d", "sym_name", ["sym_name": "Q7"]), Case("refine3d", "fn_mask", ["fn_mask": "small.mrc"]),
        Case("refine3d", "fn_img", ["fn_img": "one.star"]), Case("motioncorr", "fn_gain_ref", ["fn_gain_ref": "none.mrc"]),
        Case("motioncorr", "patch_x", ["patch_x": "0"]), Case("motioncorr", "dose_per_frame", ["dose_per_frame": "0"]),
        Case("motioncorr", "first_frame_sum", ["first_frame_sum": "4", "last_frame_sum": "2"]),
        Case("motioncorr", "last_frame_sum", ["last_frame_sum": "9"]), Case("ctffind", "resmax", ["resmax": "30"]),
        Case("ctffind", "dfmin", ["dfmin": "50000"]),
        Case("ctffind", "phase_min", ["do_phaseshift": "Yes", "phase_min": "180"]), Case("ctffind", "box", ["box": "511"]),
        Case("ctffind", "ctf_win", ["ctf_win": "600"]), Case("autopick", "log_diam_min", ["log_diam_min": "120"]),
        Case("autopick", "log_diam_min", ["log_diam_min": "4"]),
        Case("autopick", "highpass", ["do_log": "No", "do_refs": "Yes", "highpass": "15"]),
        Case("autopick", "ref3d_symmetry", ["do_log": "No", "do_refs": "Yes", "do_ref3d": "Yes", "ref3d_symmetry": "X"]),
        Case("extract", "extract_size", ["extract_size": "241"]), Case("extract", "extract_size", ["extract_size": "420"]),
        Case("extract", "extract_size", ["extract_size": "140"]), Case("extract", "rescale", ["do_rescale": "Yes", "rescale": "63"]),
        Case("extract", "bg_diameter", ["bg_diameter": "240"]), Case("maskcreate", "inimask_threshold", ["inimask_threshold": "0.5"]),
        Case("maskcreate", "fn_in", ["fn_in": "mic.mrc"]), Case("postprocess", "fn_in", ["fn_in": "b_half1.mrc"]),
        Case("postprocess", "fn_mask", ["fn_mask": "small.mrc"]), Case("postprocess", "fn_mtf", ["fn_mtf": "none.star"]),
        Case("postprocess", "autob_lowres", ["autob_lowres": "7"]), Case("postprocess", "do_adhoc_bfac", ["do_adhoc_bfac": "Yes"]),
    ])
    func obstaclesNameTheirSetting(fault: Case) throws {
        let review = try review(fault.label, fault.changes)
        #expect(review.obstacles.contains { $0.place == fault.key && !$0.remedy.isEmpty }, "\(review.obstacles)")
    }

    @Test(arguments: [
        Case("class2d", "particle_diameter", ["particle_diameter": "220"]), Case("class2d", "particle_diameter", ["particle_diameter": "20"]),
        Case("class2d", "nr_classes", ["nr_classes": "50"]), Case("class2d", "offset_step", ["offset_range": "1", "offset_step": "2"]),
        Case("class2d", "offset_range", ["offset_range": "30"]), Case("class2d", "highres_limit", ["highres_limit": "4"]),
        Case("class2d", "nr_threads", ["nr_threads": "9"]), Case("class2d", "nr_threads", ["nr_mpi": "3", "nr_threads": "3"]),
        Case("class3d", "sampling", ["sym_name": "O"]), Case("class3d", "sampling", ["sampling": "30 degrees"]),
        Case("class3d", "sigma_angles", ["do_local_ang_searches": "Yes"]), Case("class3d", "ini_high", ["ini_high": "0"]),
        Case("class3d", "ini_high", ["ini_high": "400"]), Case("refine3d", "auto_local_sampling", ["auto_local_sampling": "15 degrees"]),
        Case("motioncorr", "fn_gain_ref", ["fn_gain_ref": "gain.mrc"]), Case("motioncorr", "dose_per_frame", ["dose_per_frame": "40"]),
        Case("motioncorr", "patch_x", ["patch_x": "5"]), Case("autopick", "angpix", ["angpix": "2"]), Case("ctffind", "resmax", ["resmax": "2"]),
        Case("autopick", "log_maxres", ["log_maxres": "1"]), Case("autopick", "log_maxres", ["log_maxres": "60"]),
        Case("autopick", "log_diam_max", ["log_diam_max": "200"]), Case("extract", "rescale", ["do_rescale": "Yes", "rescale": "300"]),
        Case("extract", "bg_diameter", ["bg_diameter": "236"]), Case("extract", "extract_size", ["extract_size": "160"]),
        Case("maskcreate", "lowpass_filter", ["lowpass_filter": "5"]), Case("maskcreate", "extend_inimask", ["extend_inimask": "20"]),
        Case("postprocess", "angpix", ["angpix": "2"]),
        Case("postprocess", "low_pass", ["do_skip_fsc_weighting": "Yes", "low_pass": "5"]),
    ])
    func doubtsNameTheirSetting(fault: Case) throws {
        let review = try review(fault.label, fault.changes)
        #expect(review.doubts.contains { $0.place == fault.key && !$0.remedy.isEmpty }, "\(review.doubts) \(review.obstacles)")
        #expect(review.obstacles.isEmpty, "\(review.obstacles)")
    }

    @Test func variablesOfSchemesArePassedOver() throws {
        let review = try review("class2d", ["particle_diameter": "$$diameter", "nr_classes": "$$classes"])
        #expect(review.obstacles.isEmpty && review.doubts.isEmpty)
    }

    @Test func jobsWithObstaclesDoNotStart() throws {
        var settings = JobSettings(try #require(JobCatalogue.standard.type(label: "relion.class2d")), environment: [:])
        try settings.set("fn_img", to: "particles.star")
        try settings.set("particle_diameter", to: "500")
        let source = CatalogueJob(settings: settings, project: project)
        let error = #expect(throws: InputError.self) { try project.start(source, .new) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("at most the box, 64 pixels × 3.54 Å = 226.56 Å"))
        #expect(try project.graph().processes.isEmpty)
    }

    // MARK: Estimates

    @Test(arguments: sound.keys.filter { !["maskcreate", "postprocess"].contains($0) }.sorted())
    func jobsThatTakeLongSayHowLong(label: String) throws {
        let estimate = try #require(try review(label, [:]).estimate)
        #expect(estimate.lines.count == (label == "autopick" ? 2 : 3), "\(estimate.lines)")
        #expect(estimate.lines.allSatisfy { $0.contains("about") && $0.contains(": ") } && estimate.lines[0].contains("×"))
    }

    /// The runs that the rates come from, on two cores: within a third of what was measured there (docs/performance.md).
    @Test func measuredRunsAreEstimated() throws {
        try folder.write(Self.particles(count: 2374, box: 64, pixelSize: 3.54), to: "all.star")
        try folder.write(Self.particles(count: 1984, box: 64, pixelSize: 3.54), to: "good.star")
        let two = ["nr_threads": "2"]
        let classes = try review("class2d", two.merging(["fn_img": "all.star", "do_grad": "No", "do_em": "Yes", "nr_classes": "50"]) { $1 })
        #expect(abs((classes.estimate?.time?.value ?? 0) / 32 - 1) < 0.34)
        let refined = try review("refine3d", two.merging(["fn_img": "good.star", "sym_name": "D2"]) { $1 })
        #expect(abs((refined.estimate?.time?.value ?? 0) / 56 - 1) < 0.34)
        let picked = try review("extract", [:])
        #expect(picked.estimate?.disk?.value == Double(3 * 240 * 240 * 2))
    }

    @Test func machinesThatAreTooSmallAreTold() throws {
        #expect(try review("class2d", [:], memoryBytes: 1000).doubts.map(\.place) == ["memory"])
        #expect(try review("class2d", ["do_queue": "Yes"], memoryBytes: 1000).doubts.isEmpty)
        #expect(try review("motioncorr", [:], diskBytes: 1000).doubts.map(\.place) == ["disk"])
    }

    @Test func longTablesAreCountedWithoutReadingThemAll() throws {
        try folder.write(Self.particles(count: 60_000, box: 64, pixelSize: 3.54), to: "long.star")
        let facts = try #require(ParticleFacts(folder.file("long.star")))
        #expect(facts.count == 60_000 && facts.box == 64 && facts.hasDefocus)
        for text in ["", "data_particles\n", "data_particles\nloop_\n_rlnImageName\n", "nonsense"] {
            try folder.write(text, to: "damaged.star")
            #expect(ParticleFacts(folder.file("damaged.star")) == nil)
        }
    }
}
