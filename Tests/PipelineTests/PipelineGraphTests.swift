import Foundation
import Reporting
import StarFormat
import Testing
import TestSupport

@testable import Pipeline

@Suite struct PipelineGraphTests {
    static func sample() throws -> PipelineGraph {
        var graph = PipelineGraph()
        for (number, type) in ["Import", "Extract", "Class2D", "Select"].enumerated() {
            graph.add(PipelineProcess(
                name: JobName(folder: type, number: number + 1).path, typeLabel: "relion." + type.lowercased(), status: .succeeded))
        }
        try graph.addOutput(PipelineNode(name: "Import/job001/a.star", typeLabel: "A.star"), of: "Import/job001/")
        try graph.addInput(PipelineNode(name: "Import/job001/a.star", typeLabel: "A.star"), to: "Extract/job002/")
        try graph.addOutput(PipelineNode(name: "Extract/job002/b.star", typeLabel: "B.star"), of: "Extract/job002/")
        try graph.addInput(PipelineNode(name: "Extract/job002/b.star", typeLabel: "B.star"), to: "Class2D/job003/")
        try graph.addInput(PipelineNode(name: "Extract/job002/b.star", typeLabel: "B.star"), to: "Select/job004/")
        return graph
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint))
    func realFilesComeBackByteForByte() throws {
        let folder = SharedData.tutorial("")
        var files = [folder.appendingPathComponent("default_pipeline.star").path]
        for path in FileManager.default.enumerator(atPath: folder.path)!.compactMap({ $0 as? String })
        where path.hasSuffix("job_pipeline.star") { files.append(folder.appendingPathComponent(path).path) }
        #expect(files.count > 6)
        for file in files {
            let graph = try PipelineGraph(contentsOf: file)
            #expect(try graph.document.serialized() == String(contentsOfFile: file, encoding: .utf8), "\(file)")
        }
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint))
    func realProjectIsUnderstood() throws {
        let graph = try PipelineGraph(contentsOf: SharedData.tutorial("default_pipeline.star").path)
        #expect(graph.jobCounter == 11)
        #expect(graph.processes.count == 8)
        #expect(graph.warnings.isEmpty)
        #expect(graph.find("LoGExtract")?.name == "Extract/job009/")
        #expect(graph.find("Class2D/LoG")?.name == "Class2D/job010/")
        #expect(graph.find("LoG") == nil, "two jobs have this alias in different folders")
        #expect(graph.find("10")?.name == "Class2D/job010/")
        #expect(graph.find("job006")?.typeLabel == "relion.manualpick")
        #expect(graph.parents(of: "Extract/job009/").map(\.name) == ["CtfFind/job005/", "AutoPick/job008/"])
        #expect(graph.children(of: "CtfFind/job005/").map(\.name) == ["ManualPick/job006/", "Select/job007/", "Extract/job009/"])
        #expect(graph.downstream(of: ["AutoPick/job008"]) == ["AutoPick/job008/", "Extract/job009/", "Class2D/job010/"])
        #expect(graph.upstream(of: ["Select/job007/"]) == ["Import/job001/", "MotionCorr/job002/", "CtfFind/job005/", "Select/job007/"])
    }

    @Test func editingFollowsTheRules() throws {
        var graph = try Self.sample()
        #expect(graph.jobCounter == 5)
        // A known job keeps its type; only its status changes, and the counter stays.
        graph.add(PipelineProcess(name: "Class2D/job003/", typeLabel: "relion.other", status: .running))
        #expect(graph.jobCounter == 5)
        #expect(graph.process("Class2D/job003")?.typeLabel == "relion.class2d")
        #expect(graph.process("Class2D/job003")?.status == .running)
        // A known file keeps its first type.
        try graph.addInput(PipelineNode(name: "Import/job001/a.star", typeLabel: "Z"), to: "Select/job004/")
        #expect(graph.node("Import/job001/a.star")?.typeLabel == "A.star")
        // Unknown files in a job's folder become its outputs; names through aliases get real ones.
        try graph.update("Import/job001/") { $0.alias = "Import/movies/" }
        try graph.addInput(PipelineNode(name: "Import/movies/new.star", typeLabel: "N"), to: "Select/job004/")
        #expect(graph.outputs(of: "Import/job001/").map(\.name) == ["Import/job001/a.star", "Import/job001/new.star"])
        #expect(throws: InputError.self) { try graph.addInput(PipelineNode(name: "", typeLabel: "N"), to: "Select/job004/") }
        #expect(throws: InputError.self) { try graph.setStatus(.failed, of: "Nope/job099/") }
    }

    @Test func removingAndMergingAreInverse() throws {
        let full = try Self.sample()
        let gone = Set(full.downstream(of: ["Extract/job002/"]))
        #expect(gone == ["Extract/job002/", "Class2D/job003/", "Select/job004/"])
        var rest = full
        let part = full.part(processes: gone)
        rest.remove(processes: gone)
        #expect(rest.processes.map(\.name) == ["Import/job001/"])
        #expect(rest.nodes.map(\.name) == ["Import/job001/a.star"])
        #expect(rest.inputEdges.isEmpty)
        try rest.merge(part)
        #expect(try rest.document.serialized() == full.document.serialized())
        #expect(throws: InputError.self) { try rest.merge(part) }
    }

    @Test func oldFilesAreBroughtUpToDate() throws {
        let text = """

            data_pipeline_general

            _rlnPipeLineJobCounter 3

            data_pipeline_processes

            loop_
            _rlnPipeLineProcessName #1
            _rlnPipeLineProcessAlias #2
            _rlnPipeLineProcessType #3
            _rlnPipeLineProcessStatus #4
            Import/job001/ None 0 2
            Class2D/job002/ Class2D/first/ 8 4

            data_pipeline_nodes

            loop_
            _rlnPipeLineNodeName #1
            _rlnPipeLineNodeType #2
            Import/job001/movies.star 0
            Class2D/job002/run_it025_data.star 3

            data_pipeline_output_edges

            loop_
            _rlnPipeLineEdgeProcess #1
            _rlnPipeLineEdgeToNode #2
            Import/job001/ Import/job001/movies.star
            Import/job099/ Import/job001/movies.star
            """
        let graph = try PipelineGraph(StarDocument(text: text, name: "old.star"))
        #expect(graph.processes.map(\.typeLabel) == ["relion.import", "relion.class2d"])
        #expect(graph.processes.map(\.status) == [.succeeded, .aborted])
        #expect(graph.nodes.map(\.typeLabel) == ["MicrographMovieGroupMetadata.star.relion", "ParticleGroupMetadata.star.relion"])
        #expect(graph.outputEdges.count == 1)
        #expect(graph.warnings.count == 1 && graph.warnings[0].contains("Import/job099/"))
        #expect(NodeTypeHistory.current("ParticlesData.star.relion.class2d") == "ParticleGroupMetadata.star.relion.class2d")
        #expect(NodeTypeHistory.current("TomoOptimisationSet.star.relion") == "TomoOptimisationSet.star.relion")
    }

    @Test func unknownTablesAndColumnsStay() throws {
        var graph = try Self.sample()
        var document = graph.document
        var table = try document.table("pipeline_processes")
        table.set("rlnSomethingNew", strings: ["a", "b", "c", "d"])
        document.set(table)
        var other = StarTable(name: "notes_of_others", kind: .list)
        other.setValue("rlnText", "kept")
        document.set(other)
        graph = try PipelineGraph(document)
        graph.add(PipelineProcess(name: "Class3D/job005/", typeLabel: "relion.class3d", status: .scheduled))
        let written = graph.document
        #expect(try written.table("pipeline_processes").strings("rlnSomethingNew") == ["a", "b", "c", "d", "None"])
        #expect(try written.table("notes_of_others").string("rlnText", row: 0) == "kept")
    }

    @Test func damagedFilesAreRefusedWithTheirPlace() throws {
        let good = try Self.sample().document.serialized()
        let bad = [
            good.replacingOccurrences(of: "Succeeded", with: "Sucseeded"),
            good.replacingOccurrences(of: "data_pipeline_general", with: "data_pipeline_generals"),
            good.replacingOccurrences(of: "_rlnPipeLineProcessName", with: "_rlnPipeLineProcessNames"),
            good.replacingOccurrences(of: "Class2D/job003/       None", with: "Extract/job002/       None"),
            "",
        ]
        for (index, text) in bad.enumerated() {
            #expect(throws: InputError.self, "case \(index)") { try PipelineGraph(StarDocument(text: text, name: "p.star")) }
        }
    }

    @Test func jobNames() {
        #expect(JobName("Class2D/job010/run_it025_data.star")?.rest == "run_it025_data.star")
        #expect(JobName("Class2D/job010")?.path == "Class2D/job010/")
        #expect(JobName("Schemes/prep/Import/job1234/x")?.number == 1234)
        #expect(JobName("Class2D/job01/") == nil)
        #expect(JobName("job010/") == nil)
        #expect(JobName(folder: "Extract", number: 7).path == "Extract/job007/")
        #expect(JobName(folder: "Extract", number: 1007).path == "Extract/job1007/")
    }
}
