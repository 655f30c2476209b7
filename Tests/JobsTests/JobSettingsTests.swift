import Foundation
import Reporting
import StarFormat
import TestSupport
import Testing

@testable import Jobs

@Suite struct JobSettingsTests {
    private func settings(_ label: String, environment: [String: String] = [:]) throws -> JobSettings {
        JobSettings(try #require(JobCatalogue.standard.type(label: label)), environment: environment)
    }

    @Test func defaultsComeFromTheEnvironment() throws {
        #expect(try settings("relion.class2d")["nr_mpi"] == "1")
        #expect(try settings("relion.class2d", environment: ["RELION_QSUB_NRMPI": "5"])["nr_mpi"] == "5")
        #expect(try settings("relion.class2d", environment: ["RELION_QUEUE_USE": "yes"])["do_queue"] == "Yes")
        let variables = [
            "RELION_QSUB_NRTHREADS": ("nr_threads", "6"), "RELION_QUEUE_NAME": ("queuename", "long"), "RELION_QSUB_COMMAND": ("qsub", "qsub"),
            "RELION_QSUB_TEMPLATE": ("qsubscript", "/opt/qsub.sh"), "RELION_MINIMUM_DEDICATED": ("min_dedicated", "24"),
            "RELION_SCRATCH_DIR": ("scratch_dir", "/ssd"),
        ]
        for (variable, (key, value)) in variables { #expect(try settings("relion.class2d", environment: [variable: value])[key] == value) }
        let programs = [
            "RELION_MOTIONCOR2_EXECUTABLE": ("relion.motioncorr", "fn_motioncor2_exe"), "RELION_CTFFIND_EXECUTABLE": ("relion.ctffind", "fn_ctffind_exe"),
            "RELION_RESMAP_EXECUTABLE": ("relion.localres", "fn_resmap"), "RELION_BATCHTOMO_EXECUTABLE": ("relion.aligntiltseries", "fn_batchtomo_exe"),
            "RELION_ARETOMO_EXECUTABLE": ("relion.aligntiltseries", "fn_aretomo_exe"),
        ]
        for (variable, (label, key)) in programs { #expect(try settings(label, environment: [variable: "/opt/x"])[key] == "/opt/x") }
        let plain = try settings("relion.class2d")
        for (variable, key) in ["RELION_MPI_MAX": "nr_mpi", "RELION_THREAD_MAX": "nr_threads"] {
            #expect(plain.option(key)?.range(environment: [variable: "200"]) == 1...200)
            #expect(plain.option(key)?.range(environment: [variable: "many"])?.upperBound == (key == "nr_mpi" ? 64 : 16))
        }
        var queued = plain
        try queued.set("do_queue", to: "Yes")
        let dedicated = try #require(plain.option("min_dedicated"))
        #expect(queued.isEditable(dedicated, environment: ["RELION_ALLOW_CHANGE_MINIMUM_DEDICATED": "1"]))
        #expect(!queued.isEditable(dedicated, environment: ["RELION_ALLOW_CHANGE_MINIMUM_DEDICATED": "0"]))
        let extra = try settings("relion.class2d", environment: ["RELION_QSUB_EXTRA1": "Hours", "RELION_QSUB_EXTRA1_DEFAULT": "8"])
        #expect(extra["qsub_extra1"] == "8" && extra["qsub_extra2"] == nil)
    }

    @Test func wrongValuesNameOptionValueAndExpectation() throws {
        var settings = try settings("relion.class2d")
        for (key, value, expected) in [
            ("nr_classes", "many", "a whole number"), ("do_em", "maybe", "Yes or No"), ("nr_clases", "3", "Did you mean nr_classes?"),
            ("nr_classes", "2.5", "a whole number"),
        ] {
            let error = #expect(throws: InputError.self) { try settings.set(key, to: value) }
            #expect(error?.description.contains(expected) == true, "\(key)")
        }
        try settings.set("nr_classes", to: "$$classes")
        try settings.set(assignments: "nr_classes == 7; Use EM algorithm? == Yes")
        #expect(settings["nr_classes"] == "7" && settings["do_em"] == "Yes")
    }

    @Test func formsFollowConditionsAndContinuation() throws {
        var settings = try settings("relion.class2d")
        let iterations = try #require(settings.option("nr_iter_em")), input = try #require(settings.option("fn_img"))
        #expect(!settings.isEditable(iterations) && settings.isEditable(input))
        try settings.set("do_em", to: "Yes")
        #expect(settings.isEditable(iterations))
        settings.isContinue = true
        #expect(!settings.isEditable(input))
    }

    @Test func writtenSettingsAreReadAgainWithUnknownKeys() throws {
        let folder = try TemporaryFolder()
        var settings = try settings("relion.refine3d")
        try settings.set("fn_img", to: "Extract/job001/a b.star")
        settings.take("from_the_future", "1")
        settings.isContinue = true
        try settings.write(to: folder.file("job.star"))
        var warnings: [String] = []
        let again = try JobSettings(contentsOf: folder.path + "/", environment: [:]) { warnings.append($0) }
        #expect(again.values == settings.values && again.unknown == ["from_the_future": "1"] && again.isContinue)
        #expect(warnings.count == 1 && warnings[0].contains("from_the_future"))
    }

    @Test func oldFilesAreRead() throws {
        let folder = try TemporaryFolder()
        try folder.write("job_type == 8\nis_continue == true\nNumber of classes: == 30\nInput images STAR file: == p.star\nGone: == 1\n", to: "run.job")
        var warnings: [String] = []
        let settings = try JobSettings(contentsOf: folder.path + "/", environment: [:]) { warnings.append($0) }
        #expect(settings.type.label == "relion.class2d" && settings.isContinue && settings["nr_classes"] == "30")
        #expect(settings["fn_img"] == "p.star" && warnings.count == 1)
        try folder.write("data_job\n_rlnJobType 10\n_rlnJobIsContinue 0\n", to: "old.star")
        #expect(try JobSettings(contentsOf: folder.file("old.star"), environment: [:]).type.label == "relion.refine3d")
    }

    @Test func damagedFilesAreRefused() throws {
        let folder = try TemporaryFolder()
        try folder.write("data_job\n_rlnJobTypeLabel relion.nothing\n", to: "a.star")
        try folder.write("data_other\n_rlnX 1\n", to: "b.star")
        try folder.write("nothing here\n", to: "run.job")
        for path in ["a.star", "b.star", "missing.star", "run.job"] {
            #expect(throws: InputError.self) { try JobSettings(contentsOf: folder.file(path), environment: [:]) }
        }
    }

    /// A job that cannot run says everything that is wrong with it.
    @Test func requirementsAreReportedTogether() throws {
        var settings = try settings("relion.class2d")
        try settings.set("do_em", to: "No")
        try settings.set("do_grad", to: "No")
        let error = #expect(throws: InputError.self) { try JobCommands(settings, folder: "Class2D/job001/", facts: FakeFiles()) }
        #expect(error?.problems.count == 2)
    }
}

/// The settings files and command lines of a real project.
@Suite(.enabled(if: SharedData.isPresent, SharedData.hint)) struct RealProjectTests {
    private static let jobs = [
        "Import/job001", "MotionCorr/job002", "CtfFind/job005", "ManualPick/job006", "Select/job007", "AutoPick/job008",
        "Extract/job009", "Class2D/job010",
    ]
    private static let forms = ["import", "motioncorr", "ctffind", "extract", "class2d", "autopick", "select", "manualpick"]

    @Test(arguments: jobs.map { $0 + "/job.star" } + forms.map { ".gui_\($0)job.star" })
    func settingsAreWrittenAsTheyWere(file: String) throws {
        let path = SharedData.tutorial(file).path
        let settings = try JobSettings(contentsOf: path, environment: [:]) { Issue.record("\($0)") }
        #expect(settings.unknown.isEmpty)
        let folder = try TemporaryFolder()
        try settings.write(to: folder.file("job.star"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("job.star"))) == Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Words are compared: the blanks between them vary in the original.
    @Test(arguments: jobs) func commandsAreThoseOfTheNote(job: String) throws {
        let settings = try JobSettings(contentsOf: SharedData.tutorial(job + "/job.star").path, environment: [:])
        let note = try String(contentsOf: SharedData.tutorial(job + "/note.txt"), encoding: .utf8)
        let commands = try JobCommands(settings, folder: job, facts: ProjectOnDisk(SharedData.tutorial("").path))
        let stored = note.split(separator: "\n").filter { $0.hasPrefix("`which") || $0.hasPrefix("relion_") }.map { Self.words(String($0)) }
        let made = commands.commands.map { Self.words($0.line) }
        #expect(made.allSatisfy(stored.contains), "\(made) \(stored)")
        #expect(commands.label == settings.label)
    }

    private static func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }
}
