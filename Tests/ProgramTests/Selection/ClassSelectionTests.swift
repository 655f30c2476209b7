import Arrays
import Foundation
import ImageFormats
import Imaging
import Metadata
import ParticlePrograms
import ProgramKit
import Reporting
import StarFormat
import TestSupport
import Testing

/// The Select job's programs on classes: relion_class_ranker, relion_select_classes and relion_display.
@Suite struct ClassSelectionTests {
    private let folder: TemporaryFolder
    private let output: String

    /// Four classes of 40, 30, 20 and 5 particles: a dumbbell, the same to one side, a gradient, and a small one.
    init() throws {
        folder = try TemporaryFolder()
        output = folder.file("Select/job001/x")
        let box = 64
        func image(_ value: (Double, Double) -> Double) -> RealArray {
            RealArray(shape: .square(box), values: (0..<box * box).map { Float(value(Double($0 % box - 32), Double($0 / box - 32))) })
        }
        func ball(_ x: Double, _ y: Double) -> Double { max(0, 1 - (x * x + y * y) / 40) }
        let dumbbell = image { ball($0 - 6, $1) + ball($0 + 6, $1) + 0.8 * ball($0, $1 - 7) }
        let aside = image { ball($0 - 10, $1 - 4) + ball($0 + 2, $1 - 4) }
        let gradient = image { hypot($0, $1) < 26 ? $0 / 26 + 0.3 * sin($0 + 2 * $1) : 0 }
        try ImageFile.writeStack([dumbbell, aside, gradient, dumbbell], to: folder.file("run_classes.mrcs"), pixelSizeInAngstrom: 4)
        try writeModel(fractions: [40, 30, 20, 5].map { $0 / 95.0 })
        try writeParticles(classSizes: [40, 30, 20, 5])
        var optimiser = OptimiserFile()
        (optimiser.modelFile, optimiser.dataFile) = (folder.file("run_model.star"), folder.file("run_data.star"))
        (optimiser.particleDiameterInAngstrom, optimiser.correctsCTF) = (200, true)
        try optimiser.write(to: folder.file("run_optimiser.star"))
    }

    private func writeModel(fractions: [Double]) throws {
        var model = ModelFile()
        (model.referenceDimensionality, model.imageSize, model.pixelSizeInAngstrom) = (2, 64, 4)
        for (index, fraction) in fractions.enumerated() {
            var entry = ModelFile.ClassModel(referenceImage: "00000\(index + 1)@\(folder.file("run_classes.mrcs"))")
            (entry.distribution, entry.estimatedResolution) = (fraction, index == 2 ? 40 : 12)
            let shells = [Double](repeating: 1, count: 33)
            (entry.spectra.signalToNoise, entry.spectra.halfMapFSC, entry.spectra.sigma2) = (shells, shells, shells)
            (entry.spectra.tau2, entry.spectra.fourierCompleteness, entry.spectra.orientability) = (shells, shells, shells)
            model.classes.append(entry)
        }
        // Scales fall, so that the order of groups by scale is the reverse of that by number.
        model.groups = (1...4).map { .init(name: "g\($0)", particleCount: 20, scale: 2 - 0.1 * Double($0)) }
        model.noiseSpectra = [[Double](repeating: 1, count: 33)]
        try model.write(to: folder.file("run_model.star"))
    }

    private func writeParticles(classSizes: [Int]) throws {
        let classes = classSizes.enumerated().flatMap { Array(repeating: $0.offset + 1, count: $0.element) }
        var optics = StarTable(name: "optics"), rows = StarTable(name: "particles")
        optics.set("rlnOpticsGroupName", strings: ["one"])
        optics.set("rlnOpticsGroup", ints: [1])
        optics.set("rlnVoltage", doubles: [300])
        optics.set("rlnSphericalAberration", doubles: [2.7])
        optics.set("rlnAmplitudeContrast", doubles: [0.1])
        optics.set("rlnImagePixelSize", doubles: [4])
        optics.set("rlnImageSize", ints: [64])
        optics.set("rlnImageDimensionality", ints: [2])
        rows.set("rlnImageName", strings: classes.indices.map { "\($0 + 1)@a.mrcs" })
        rows.set("rlnMicrographName", strings: classes.indices.map { "m\($0 % 4).mrc" })
        rows.set("rlnOpticsGroup", ints: classes.map { _ in 1 })
        rows.set("rlnGroupNumber", ints: classes.indices.map { $0 % 4 + 1 })
        rows.set("rlnClassNumber", ints: classes)
        try StarDocument(tables: [optics, rows]).write(to: folder.file("run_data.star"))
    }

    private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
        let entry = try #require(ParticlePrograms.programs.first { $0.name == program })
        let reporter = Reporter.recording(verbosity: .normal)
        let status = entry.run(arguments, reporter)
        return (status, reporter.recordedText)
    }

    private var job: String { folder.path + "/Select/job001/" }

    private func rank(_ arguments: [String]) throws -> (status: Int32, text: String) {
        try run("relion_class_ranker", ["--opt", folder.file("run_optimiser.star"), "--o", job] + arguments)
    }

    private func table(_ name: String) throws -> StarTable { try #require(StarDocument(contentsOf: job + name).tables.last) }
    private func selection() throws -> [Int] { try table("backup_selection.star").ints("rlnSelected") }

    // MARK: relion_class_ranker

    @Test func ranksAndSelects() throws {
        let result = try rank(["--auto_select", "--min_score", "0", "--max_score", "1"])
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.contains("not that of RELION's network"))
        // The class of 5 particles is not scored.
        #expect(try selection() == [1, 1, 1, 0])
        #expect(try table("particles.star").rowCount == 90)
        #expect(try table("rank_data.star").rowCount == 95)
        let scores = try table("rank_model.star").doubles("rlnClassScore")
        #expect(scores[3] == -999 && scores[0] > scores[2])
        let averages = try table("class_averages.star")
        #expect(try averages.doubles("rlnPredictedClassScore") == Array(scores[0..<3]))
        #expect(try OptimiserFile(contentsOf: job + "rank_optimiser.star").modelFile == job + "rank_model.star")
    }

    @Test func scoresInRangeAndLeastNumbers() throws {
        _ = try rank(["--auto_select", "--min_score", "1", "--relative_thresholds"])
        #expect(try selection().reduce(0, +) == 1)
        _ = try rank(["--auto_select", "--min_score", "1", "--relative_thresholds", "--select_min_nr_classes", "2"])
        #expect(try selection().reduce(0, +) == 2)
        _ = try rank(["--auto_select", "--min_score", "5", "--select_min_nr_particles", "90"])
        #expect(try selection() == [1, 1, 1, 0])
        let none = try rank(["--auto_select", "--min_score", "5"])
        #expect(none.status == 1 && none.text.contains("Lower --min_score"))
        _ = try rank(["--auto_select", "--min_score", "0", "--only_class_nr", "3", "--fn_root", "other", "--fn_sel_parts", "p.star", "--fn_sel_classavgs", "c.star"])
        #expect(try selection() == [0, 0, 1, 0])
        #expect(try table("p.star").rowCount == 20 && table("c.star").rowCount == 1 && table("other_model.star").rowCount == 4)
    }

    @Test func withoutSelectionOnlyScoresAreWritten() throws {
        #expect(try rank([]).status == 0)
        #expect(!folder.exists("Select/job001/particles.star") && folder.exists("Select/job001/rank_model.star"))
    }

    @Test func featuresChangeWithTheirOptions() throws {
        func features(_ arguments: [String]) throws -> StarTable {
            let result = try rank(["--train"] + arguments)
            #expect(result.status == 0, "\(result.text)")
            return try table("features.star")
        }
        let standard = try features([])
        #expect(standard.rowCount == 3 && !standard.contains("rlnTotalEntropy"))
        #expect(!folder.exists("Select/job001/particles.star"))
        #expect(try features(["--radius_ratio", "0.5"]).doubles("rlnRingStddev") != standard.doubles("rlnRingStddev"))
        #expect(try features(["--radius", "12"]).doubles("rlnRingStddev") != standard.doubles("rlnRingStddev"))
        #expect(try features(["--lowpass", "40"]).doubles("rlnLowpassFilteredImageMax") != standard.doubles("rlnLowpassFilteredImageMax"))
        #expect(try features(["--binary_threshold", "0.7"]).doubles("rlnProteinSum") != standard.doubles("rlnProteinSum"))
        #expect(try features(["--do_granularity_features"]).contains("rlnTotalEntropy"))
        _ = try features(["--write_normalized_features", "--save_masks", "--save_mask_c", "--mask_folder_name", "m"])
        for name in ["features_normalized.star", "m/class1_p_mask.mrc", "m/class1_p_mask_c.mrc", "m/class3_original.mrc"] {
            #expect(folder.exists("Select/job001/" + name), "\(name)")
        }
        var marks = StarTable(name: "")
        marks.set("rlnSelected", ints: [0, 1, 0, 1])
        try StarDocument(tables: [marks]).write(to: folder.file("marks.star"))
        #expect(try features(["--select", folder.file("marks.star")]).ints("rlnIsSelected") == [0, 1, 0])
    }

    @Test func refusesWhatCannotBe() throws {
        for arguments in [["--extract_subimages"], ["--only_do_subimages"], ["--fn_score", "x"], ["--skip_angular_errors"], ["--radius", "0.5"],
                          ["--only_class_nr", "9"]] {
            #expect(try rank(arguments).status == 1, "\(arguments)")
        }
        #expect(try run("relion_class_ranker", ["--opt", folder.file("run_model.star"), "--o", job]).status == 1)
    }

    /// RELION's classes of β-galactosidase: those that show the molecule plainly (chosen by eye) score above those that show junk.
    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func realClasses() throws {
        let source = SharedData.tutorial("reference/class2d")
        for name in ["optimiser", "model", "data"] {
            let text = try String(contentsOf: source.appendingPathComponent("run_it025_\(name).star"), encoding: .utf8)
            try folder.write(text.replacingOccurrences(of: "B/c2dcpu/", with: folder.path + "/"), to: "run_it025_\(name).star")
        }
        try FileManager.default.copyItem(atPath: source.appendingPathComponent("run_it025_classes.mrcs").path, toPath: folder.file("run_it025_classes.mrcs"))
        let result = try run("relion_class_ranker", ["--opt", folder.file("run_it025_optimiser.star"), "--o", job, "--auto_select"])
        #expect(result.status == 0, "\(result.text)")
        let marks = try selection()
        let good = [12, 32, 24, 22, 17, 25, 43], junk = [5, 14, 16, 20, 31, 35, 36, 38, 42, 48, 13, 21, 41, 34, 44]
        #expect(good.filter { marks[$0 - 1] == 0 } == [])
        #expect(junk.filter { marks[$0 - 1] == 1 } == [])
    }

    // MARK: By number and by marks

    @Test func selectsByNumberIntoAFolder() throws {
        let result = try run("relion_select_classes", ["--opt", folder.file("run_optimiser.star"), "--classes", "4, 2", "--o", job, "--recenter"])
        #expect(result.status == 0, "\(result.text)")
        #expect(try selection() == [0, 1, 0, 1])
        #expect(try table("particles.star").rowCount == 35)
        let names = try table("class_averages.star").strings("rlnReferenceImage")
        #expect(names == ["000001@\(job)class_averages.mrcs", "000002@\(job)class_averages.mrcs"])
        let moved = try ImageFile.read(names[0]).image.centreOfMass()
        // Linear interpolation keeps the centre of mass but for rounding.
        #expect(abs(moved.x) < 0.05 && abs(moved.y) < 0.05)
        #expect(try run("relion_select_classes", ["--opt", folder.file("run_optimiser.star"), "--classes", "5", "--o", job]).status == 1)
    }

    @Test func selectsByMarksAndRegroups() throws {
        var marks = StarTable(name: "")
        marks.set("rlnSelected", ints: [1, 0, 0, 0])
        try StarDocument(tables: [marks]).write(to: folder.file("marks.star"))
        let arguments = ["--i", folder.file("run_model.star"), "--select", folder.file("marks.star"), "--o", job]
        #expect(try run("relion_select_classes", arguments + ["--regroup", "2"]).status == 0)
        let particles = try table("particles.star")
        #expect(!particles.contains("rlnGroupNumber"))
        #expect(try particles.strings("rlnGroupName").prefix(4) == ["group_2", "group_2", "group_1", "group_1"])
        #expect(try run("relion_select_classes", arguments + ["--regroup", "20"]).status == 1)
    }

    @Test func displayWritesWhatIsMarked() throws {
        let input = ["--gui", "--i", folder.file("run_optimiser.star"), "--allow_save", "--fn_parts", job + "particles.star", "--fn_imgs", job + "class_averages.star"]
        let unmarked = try run("relion_display", input)
        #expect(unmarked.status == 1 && unmarked.text.contains("relion select classes"))
        var marks = StarTable(name: "")
        marks.set("rlnSelected", ints: [0, 1, 1, 0])
        try StarDocument(tables: [marks]).write(to: job + "backup_selection.star")
        #expect(try run("relion_display", input).status == 0)
        #expect(try table("particles.star").rowCount == 50 && table("class_averages.star").rowCount == 2)
        #expect(try run("relion_display", input + ["--recenter", "--regroup", "3"]).status == 0)
        #expect(folder.exists("Select/job001/class_averages.mrcs"))
        #expect(try Set(table("particles.star").strings("rlnGroupName")).count == 3)
        // Rows of a file of particles.
        let rows = (0..<95).map { $0 < 3 ? 1 : 0 }
        marks.set("rlnSelected", ints: rows)
        try StarDocument(tables: [marks]).write(to: job + "backup_selection.star")
        #expect(try run("relion_display", ["--i", folder.file("run_data.star"), "--allow_save", "--fn_imgs", job + "particles.star"]).status == 0)
        #expect(try table("particles.star").rowCount == 3)
        #expect(try run("relion_display", ["--i", folder.file("run_optimiser.star")] + input.dropFirst(3)).status == 1)
    }
}
