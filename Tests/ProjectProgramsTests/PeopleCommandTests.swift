import Foundation
import Pipeline
import ProgramKit
import Reporting
import Schemes
import Testing
import TestSupport

@testable import ProjectPrograms

@Suite struct PeopleCommandTests {
    private let folder: TemporaryFolder
    private let project: Project

    init() throws {
        folder = try TemporaryFolder()
        project = Project(root: folder.path)
        try project.initialise()
        try project.change("jobs") { graph in
            graph.add(PipelineProcess(name: "Import/job001/", typeLabel: "relion.import", status: .succeeded))
            graph.add(PipelineProcess(name: "Extract/job002/", alias: "Extract/small/", typeLabel: "relion.extract", status: .running))
            graph.add(PipelineProcess(name: "Select/job003/", typeLabel: "relion.select", status: .failed))
            for name in ["Import/job001/a.star", "Extract/job002/b.star"] {
                try graph.addOutput(PipelineNode(name: name, typeLabel: "A.star"), of: String(name.prefix { $0 != "." }.dropLast()))
            }
            try graph.addInput(PipelineNode(name: "Import/job001/a.star", typeLabel: "A.star"), to: "Extract/job002/")
            try graph.addInput(PipelineNode(name: "Extract/job002/b.star", typeLabel: "A.star"), to: "Select/job003/")
            try graph.addInput(PipelineNode(name: "Import/job001/a.star", typeLabel: "A.star"), to: "Select/job003/")
        }
    }

    @Test func settingsAsTyped() throws {
        let scheduled = try SettingText.changes("fn_in == a b.star; do_x ==Yes;")
        #expect(scheduled.map(\.key) == ["fn_in", "do_x"] && scheduled.map(\.value) == ["a b.star", "Yes"])
        let typed = try SettingText.changes(["nr_classes=50", "other_args=--a=b", "do_grad=true", "fn_cont="])
        #expect(typed.map(\.value) == ["50", "--a=b", "Yes", ""])
        #expect(throws: InputError.self) { try SettingText.changes(["nr_classes"]) }
        #expect(throws: InputError.self) { try SettingText.changes("nr_classes = 50") }
    }

    @Test func graphAsText() throws {
        let graph = try project.graph()
        #expect(GraphText.tree(graph) == """
            Import/job001/  Succeeded
              Extract/small/  Running
                Select/job003/  Failed  (also from Import/job001/)
            """)
        let dot = GraphText.dot(graph)
        #expect(dot.contains("\"Import/job001/\" -> \"Extract/job002/\";") && dot.contains("label=\"Extract/small/\""))
    }

    @Test func commandsChangeTheProject() throws {
        func run(_ words: String...) throws {
            var command = try JobCommand.parseAsRoot(words + ["--project", folder.path])
            try command.run()
        }
        try run("alias", "1", "first")
        #expect(try project.graph().process("Import/job001/")?.alias == "Import/first/")
        try run("abort", "small")
        #expect(folder.exists("Extract/job002/RELION_JOB_ABORT_NOW"))
        try folder.write("", to: "Extract/job002/b.star")
        try run("mark", "Extract/job002", "failed")
        #expect(try project.graph().process("Extract/job002/")?.status == .failed)
        try folder.write("", to: "Select/job003/note.txt")
        try run("note", "3", "not", "good")
        #expect(project.note(of: "Select/job003/") == "not good\n")
        try run("delete", "2", "--yes")
        #expect(try project.graph().processes.map(\.name) == ["Import/job001/"])
        #expect(throws: (any Error).self) { try run("abort", "77") }
    }

    @Test func projectCommandsLeaveTheProjectionProgramItsOptions() {
        #expect(ProjectCommand.claims(["status"]))
        #expect(ProjectCommand.claims([]))
        #expect(!ProjectCommand.claims(["--i", "map.mrc"]))
    }

    @Test func completionOffersWhatFits() throws {
        let completion = Completion(table: ProgramTable(ProjectPrograms.programs), project: project)
        #expect(completion.candidates(["relion", "pipe"]) == ["pipeliner"])
        #expect(completion.candidates(["relion", "project", "st"]) == ["status"])
        #expect(completion.candidates(["relion", "job", "un"]) == ["unclean", "undelete"])
        #expect(completion.candidates(["/usr/bin/relion_pipeliner", "--min_"]) == ["--min_wait", "--min_wait_before"])
        #expect(completion.candidates(["relion", "project", "template", ""]) == ["pbs", "sge", "slurm"])
        #expect(completion.candidates(["relion", "sch"]) == ["scheme", "schemer"])
        #expect(completion.candidates(["relion", "scheme", "r"]) == ["reset", "run"])
        #expect(completion.candidates(["relion", "scheme", "install", ""]) == ["prep", "proc"])
        #expect(completion.candidates(["relion", "scheme", "answer", "proc", ""]) == ["no", "yes"])
        #expect(completion.candidates(["relion", "scheme", "set", "proc", "--k"]) == ["--keep"])
        try SchemeTemplate.prep.install(in: project)
        #expect(completion.candidates(["relion", "scheme", "run", ""]) == ["prep"])
        #expect(completion.candidates(["relion", "scheme", "set", "prep", "max"]) == ["max_idle_sec=", "maxtime_hr="])
        #expect(completion.candidates(["relion", "scheme", "run", "prep", "--from", "W"]) == ["WAIT"])
        #expect(completion.candidates(["relion", "it", "--o"]) == ["--only", "--onlysave"])
        #expect(completion.candidates(["relion_it", "--only", ""]) == ["prep", "proc"])
        #expect(completion.candidates(["relion", "it", ""]).isEmpty)
        #expect(Completion.script("bash")?.contains("relion_it") == true)
        #expect(Completion.script("bash") != nil && Completion.script("fish") == nil)
    }

    @Test func variablesOfSchemesAsTyped() throws {
        func run(_ words: String...) throws {
            var command = try SchemeCommand.parseAsRoot(words + ["--project", folder.path])
            try command.run()
        }
        try run("install", "proc")
        let scheme = SchemeFolder(project: project, name: "proc")
        // Bools in all their spellings; texts stay as they are.
        try run("set", "proc", "ask_before_3d=true", "do_class2d=No", "question=true", "wait_sec=5")
        #expect(try scheme.load().variable("ask_before_3d")?.value == .flag(true) && scheme.load().variable("do_class2d")?.value == .flag(false))
        #expect(try scheme.load().variable("question")?.value == .text("true") && scheme.load().variable("wait_sec")?.value == .number(5))
        #expect(throws: (any Error).self) { try run("set", "proc", "ask_before_3d=perhaps") }
        #expect(throws: (any Error).self) { try run("set", "proc", "=1") }
    }

    @Test func standingOfASchemeInWords() throws {
        try SchemeTemplate.prep.install(in: project)
        let scheme = SchemeFolder(project: project, name: "prep")
        func standing() throws -> SchemeStanding { SchemeStanding(scheme, try scheme.load()) }
        #expect(try standing().text == "stands at WAIT" && standing().advice.isEmpty)
        func lock(_ number: Int32) throws {
            try folder.write("running\n\(ProcessOwner.ofProcess(number).line)\n", to: ".relion_lock_scheme_prep/lock_scheme")
        }
        try lock(getpid())
        #expect(try standing().text == "runs at WAIT (process \(getpid()))")
        // A process that has ended.
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/true")
        try child.run()
        child.waitUntilExit()
        try lock(child.processIdentifier)
        let text = try standing()
        #expect(text.text.contains("stale") && text.advice.joined().contains("relion scheme unlock prep"))
        scheme.unlock()
        #expect(try standing().text == "stands at WAIT")
    }

    @Test func pipelinerRefusesNonsense() {
        func run(_ words: String...) -> (Int32, String) {
            let reporter = Reporter.recording()
            let status = ProjectPrograms.programs[0].run(words, reporter)
            return (status, reporter.recordedText)
        }
        let (status, text) = run("--RunJobs", "a", "--repeat", "0", "--min_wait", "-3")
        #expect(status == 1 && text.contains("--repeat") && text.contains("--min_wait"))
        #expect(run("--editJob", folder.path + "/none/job.star", "--editOption", "x").0 == 1)
    }
}
