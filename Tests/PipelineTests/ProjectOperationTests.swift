import Foundation
import Reporting
import StarFormat
import Testing
import TestSupport

@testable import Pipeline

@Suite(.enabled(if: SharedData.isPresent, SharedData.hint)) struct ProjectOperationTests {
    private let tutorial: TutorialProject
    private var project: Project { tutorial.project }
    private var folder: TemporaryFolder { tutorial.folder }

    init() throws { tutorial = try TutorialProject() }

    private func text(_ name: String) throws -> String { try String(contentsOfFile: project.path(name), encoding: .utf8) }

    @Test func deletingAndUndeletingComeBackToTheSameFile() throws {
        let before = try text("default_pipeline.star")
        try project.restoreLinks()
        try project.rebuildNodes()
        #expect(folder.exists(".Nodes/ParticleGroupMetadata/Extract/LoGExtract/particles.star"))
        #expect(try project.deletionPlan(["AutoPick/job008/"], scope: .withDependants).count == 3)
        #expect(try project.delete(["AutoPick/job008"]) == ["AutoPick/job008/", "Extract/job009/", "Class2D/job010/"])
        #expect(try project.graph().processes.count == 5)
        #expect(folder.exists("Trash/Class2D/job010/job.star"))
        #expect(folder.exists("Trash/AutoPick/job008/deleted_pipeline.star"))
        #expect(!folder.exists("Class2D/job010"))
        #expect(project.kind("Class2D/LoG") == nil)
        #expect(!folder.exists(".Nodes/ParticleGroupMetadata/Extract/LoGExtract"))
        #expect(project.trashedJobs() == ["AutoPick/job008/", "Class2D/job010/", "Extract/job009/"])
        #expect(try project.undelete("AutoPick/job008/", scope: .deletedTogether).count == 3)
        #expect(try text("default_pipeline.star") == before)
        #expect(folder.exists("Class2D/LoG/job.star"))
        #expect(folder.exists(".Nodes/ParticleGroupMetadata/Extract/LoGExtract/particles.star"))
        #expect(project.trashedJobs().isEmpty)
    }

    @Test func oneJobOfManyComesBackWithItsLinks() throws {
        try project.delete(["Extract/job009/"], scope: .jobAlone)
        #expect(try project.graph().inputs(of: "Class2D/job010/").isEmpty)
        try project.undelete("Extract/job009")
        #expect(try project.graph().inputs(of: "Class2D/job010/").map(\.name) == ["Extract/job009/particles.star"])
        #expect(try project.graph().parents(of: "Extract/job009/").count == 2)
        #expect(throws: InputError.self) { try project.undelete("Extract/job009") }
        #expect(throws: InputError.self) { try project.delete(["Nope/job099/"]) }
    }

    /// As after a kill between the change of the pipeline and the move of the folder.
    @Test func interruptedDeletionsAreFoundAndUndone() throws {
        try project.change("half a deletion") { graph in
            try graph.part(processes: ["Class2D/job010/"]).write(to: project.path("Class2D/job010/deleted_pipeline.star"))
            graph.remove(processes: ["Class2D/job010/"])
        }
        #expect(try project.orphans() == ["Class2D/job010/"])
        try project.undelete("Class2D/job010/")
        #expect(try project.orphans().isEmpty)
        #expect(try project.graph().process("Class2D/job010/")?.alias == "Class2D/LoG/")
    }

    @Test func emptyingTheTrashFreesWhatItHolds() throws {
        try project.delete(["Class2D/job010/"])
        let bytes = project.byteCount("Trash")
        #expect(bytes > 1000)
        #expect(try project.emptyTrash() == bytes)
        #expect(!folder.exists("Trash"))
        #expect(try project.emptyTrash() == 0)
    }

    @Test func aliases() throws {
        try project.setAlias(of: "Class2D/job010/", to: "second try")
        #expect(try project.graph().process("Class2D/job010/")?.alias == "Class2D/second_try/")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: project.path("Class2D/second_try")) == "../Class2D/job010/")
        #expect(folder.exists("Class2D/second_try/job.star"))
        #expect(project.kind("Class2D/LoG") == nil)
        for bad in ["a", "job12", "a*b", "x/y", ".hidden"] {
            #expect(throws: InputError.self, "\(bad)") { try project.setAlias(of: "Class2D/job010/", to: bad) }
        }
        try folder.write("", to: "Class2D/taken")
        #expect(throws: InputError.self) { try project.setAlias(of: "Class2D/job010/", to: "taken") }
        try project.setAlias(of: "Class2D/job010/", to: "")
        #expect(try project.graph().process("Class2D/job010/")?.alias == nil)
        #expect(project.kind("Class2D/second_try") == nil)
    }

    @Test func cleaningShowsMovesAndComesBack() throws {
        for iteration in ["000", "010", "024", "025"] {
            for file in ["data.star", "model.star", "optimiser.star", "classes.mrcs"] {
                try folder.write("12345678", to: "Class2D/job010/run_it\(iteration)_\(file)")
            }
        }
        try folder.write("12345678", to: "Class2D/job010/run_ct24_it026_data.star")
        let plan = try project.cleaningPlan("Class2D/job010/", .gentle)
        // Iteration 25 is in the pipeline, the continuation's 26 is the last.
        #expect(plan.items.count == 12)
        #expect(plan.bytes == 12 * 8)
        #expect(try project.cleaningPlans(.gentle).contains { $0.job == "Class2D/job010/" })
        try project.clean(plan)
        #expect(!folder.exists("Class2D/job010/run_it010_data.star"))
        #expect(folder.exists("Class2D/job010/run_it025_data.star"))
        #expect(folder.exists("Trash/Class2D/job010/run_it010_data.star"))
        #expect(try project.cleaningPlan("Class2D/job010/", .gentle).items.isEmpty)
        #expect(try project.undoCleaning(of: "Class2D/job010") == 12 * 8)
        #expect(folder.exists("Class2D/job010/run_it010_data.star"))
        #expect(throws: InputError.self) { try project.undoCleaning(of: "Class2D/job010") }
    }

    @Test func harshCleaningTakesFoldersUnlessForbidden() throws {
        try folder.write("123", to: "Extract/job009/Movies/a.mrcs")
        try folder.write("1234", to: "Extract/job009/Movies/a_extract.star")
        let gentle = try project.cleaningPlan("Extract/job009/", .gentle).items.map(\.name)
        #expect(gentle.contains("Extract/job009/Movies/a_extract.star") && gentle.allSatisfy { $0.hasSuffix("_extract.star") })
        let harsh = try project.cleaningPlan("Extract/job009/", .harsh)
        #expect(harsh.items.map(\.name) == ["Extract/job009/Movies"])
        #expect(try project.cleaningPlans(.harsh).contains { $0.job == "Extract/job009/" })
        try folder.write("", to: "Extract/job009/NO_HARSH_CLEAN")
        #expect(try !project.cleaningPlans(.harsh).contains { $0.job == "Extract/job009/" })
        try project.clean(harsh)
        #expect(!folder.exists("Extract/job009/Movies"))
        #expect(folder.exists("Trash/Extract/job009/Movies/a.mrcs"))
        try project.undoCleaning(of: "Extract/job009/")
        #expect(folder.exists("Extract/job009/Movies/a.mrcs"))
        try project.change("running") { try $0.setStatus(.running, of: "Extract/job009/") }
        #expect(throws: InputError.self) { try project.cleaningPlan("Extract/job009/", .gentle) }
    }

    @Test func statusFollowsExitFiles() throws {
        func run(_ job: String) throws {
            try project.change("running") { try $0.setStatus(.running, of: job) }
            for exit in JobFile.exits { project.remove(job + exit.name) }
        }
        let job = "Extract/job009/"
        for (name, status) in JobFile.exits {
            try run(job)
            #expect(try project.checkCompletion().isEmpty)
            try folder.write("", to: job + name)
            #expect(try project.checkCompletion().map(\.status) == [status])
            #expect(try project.graph().process(job)?.status == status)
        }
        // Further outputs.
        try run(job)
        try folder.write("x", to: job + "more.star")
        try folder.write("""
            data_output_nodes

            loop_
            _rlnPipeLineNodeName #1
            _rlnPipeLineNodeTypeLabel #2
            \(job)more.star ParticleGroupMetadata.star.relion
            \(job)particles.star Other.star

            """, to: job + JobFile.outputNodes)
        try folder.write("", to: job + JobFile.success)
        #expect(try project.checkCompletion().count == 1)
        #expect(try project.graph().node(job + "more.star")?.typeLabel == "ParticleGroupMetadata.star.relion")
        #expect(try project.graph().node(job + "particles.star")?.typeLabel == "ParticleGroupMetadata.star.relion")
        #expect(folder.exists(".Nodes/ParticleGroupMetadata/Extract/LoGExtract/more.star"))
        // A process that died without a word.
        try run(job)
        var dead = ProcessOwner.current()
        dead.startTime -= 1
        try project.setRunOwner(.process(dead), of: job)
        #expect(try project.checkCompletion().map(\.status) == [.failed])
        try run(job)
        try project.abort(job)
        #expect(try project.checkCompletion().map(\.status) == [.aborted])
        #expect(throws: InputError.self) { try project.abort(job) }
        // A living one: exit files of earlier commands do not count yet.
        try run(job)
        try project.setRunOwner(.process(.current()), of: job)
        try folder.write("", to: job + JobFile.success)
        #expect(try project.checkCompletion().isEmpty)
    }

    @Test func markingAsFinished() throws {
        let job = "Class2D/job010/"
        try folder.write("", to: job + "run_it025_optimiser.star")
        try folder.write("", to: job + "run_ct25_it030_optimiser.star")
        try folder.write("", to: job + "run_ct25_it030_data.star")
        try folder.write("", to: job + "run_ct25_it030_class001.mrc")
        try project.mark(job, as: .succeeded)
        let outputs = try project.graph().outputs(of: job).map(\.name)
        #expect(outputs.contains(job + "run_ct25_it030_optimiser.star"))
        #expect(outputs.contains(job + "run_ct25_it030_class001.mrc"))
        try project.change("another") { graph in
            graph.add(PipelineProcess(name: "Class3D/job011/", typeLabel: "relion.class3d", status: .running))
        }
        #expect(throws: InputError.self) { try project.mark("Class3D/job011/", as: .succeeded) }
        project.remove("Extract/job009/particles.star")
        try project.mark("Extract/job009/", as: .failed)
        #expect(try project.graph().outputs(of: "Extract/job009/").isEmpty)
        #expect(try project.graph().process("Extract/job009/")?.status == .failed)
    }

    @Test func notesReadAsRelions() throws {
        let real = try text("Class2D/job010/note.txt")
        let lines = real.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        project.remove("Class2D/job010/note.txt")
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "EEE MMM dd HH:mm:ss yyyy"
        let date = try #require(formatter.date(from: String(lines[1].dropFirst(" ++++ Executing new job on ".count))))
        try project.noteStart(of: "Class2D/job010/", commands: [lines[3]], at: date)
        #expect(project.note(of: "Class2D/job010/") == real)
        try project.addNote("good classes", to: "Class2D/job010/")
        #expect(project.note(of: "Class2D/job010/") == real + "good classes\n")
        #expect(try text(project.collectNotes()).contains("good classes"))
    }

    @Test func diskUseCountsEveryJob() throws {
        let use = try project.diskUse()
        #expect(use.count == 9)
        #expect(use.first { $0.name == "Class2D/job010/" }?.bytes == project.byteCount("Class2D/job010"))
    }

    @Test func newProjects() throws {
        let empty = try TemporaryFolder()
        let project = Project(root: empty.path + "/new")
        #expect(throws: InputError.self) { try project.graph() }
        try project.initialise()
        #expect(project.exists(".gui_projectdir"))
        #expect(try project.graph().jobCounter == 1)
        try project.initialise()
        #expect(try project.nextJob(folder: "Import") == "Import/job001/")
    }
}
