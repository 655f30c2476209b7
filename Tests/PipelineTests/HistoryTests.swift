import Foundation
import Reporting
import Testing
import TestSupport

@testable import Pipeline

@Suite struct HistoryTests {
    @Test func notesTellOfEachStart() {
        let note = "\n ++++ Executing new job on Fri Aug 30 16:51:26 2024\n ++++ with the following command(s): \na --x 1\nb\n ++++ \nmine\n"
        let runs = Project.runs(note: note + note)
        #expect(runs.count == 2 && runs[0].started == "Fri Aug 30 16:51:26 2024" && runs[1].commands == ["a --x 1", "b"])
    }

    @Test func numbersAsInPapers() {
        #expect(FigureText.number(0.885) == "0.885" && FigureText.number(300) == "300" && FigureText.number(3.0) == "3")
        #expect(FigureText.number(-361.33) == "−361" && FigureText.number(30.648) == "30.6" && FigureText.count(1_234_567) == "1,234,567")
        #expect(FigureText.list(["a", "b", "c"]) == "a, b and c" && FigureText.plural(1, "class") == "1 class" && FigureText.plural(2, "class") == "2 classes")
    }

    @Test func methodsOfAMap() throws {
        let folder = try TemporaryFolder()
        let project = Project(root: folder.path)
        try project.initialise()
        try project.change("jobs") { graph in
            graph.add(PipelineProcess(name: "Refine3D/job001/", typeLabel: "relion.refine3d", status: .succeeded))
            graph.add(PipelineProcess(name: "PostProcess/job002/", typeLabel: "relion.postprocess", status: .succeeded))
            graph.add(PipelineProcess(name: "Class2D/job003/", typeLabel: "relion.class2d", status: .succeeded))
            let half = PipelineNode(name: "Refine3D/job001/run_half1_class001_unfil.mrc", typeLabel: "DensityMap.mrc.relion.halfmap")
            try graph.addOutput(half, of: "Refine3D/job001/")
            try graph.addInput(half, to: "PostProcess/job002/")
        }
        func settings(_ type: String, _ rows: String) -> String {
            "data_job\n_rlnJobTypeLabel \(type)\n_rlnJobIsContinue 0\n_rlnJobIsTomo 0\n\ndata_joboptions_values\nloop_\n_rlnJobOptionVariable #1\n_rlnJobOptionValue #2\n\(rows)\n\n"
        }
        try folder.write(settings("relion.refine3d", "sym_name D2\nini_high 50"), to: "Refine3D/job001/job.star")
        try folder.write(settings("relion.postprocess", "do_auto_bfac Yes"), to: "PostProcess/job002/job.star")
        try folder.write("RELION version: 5.0.1 \n", to: "Refine3D/job001/run.out")
        try folder.write(
            "data_general\n_rlnFinalResolution 3.214\n_rlnBfactorUsedForSharpening -87.6\n_rlnMaskName m.mrc\n_rlnRandomiseFrom 5.5\n\n",
            to: "PostProcess/job002/postprocess.star")
        let history = try ProjectHistory(of: "2", in: project)
        #expect(history.jobs.map(\.name) == ["Refine3D/job001/", "PostProcess/job002/"])
        #expect(history.jobs[0].version == "5.0.1" && history.jobs[0].changedParameters["sym_name"] == "D2")
        let methods = MethodsText(history, in: project)
        #expect(methods.text.contains("the resolution was 3.21 Å by the FSC = 0.143 criterion") || methods.text.contains("The resolution was 3.21 Å by the FSC = 0.143"))
        #expect(methods.text.contains("D2 symmetry") && methods.text.contains("−87.6 Å²") && methods.text.contains("beyond 5.5 Å"))
        #expect(methods.references.contains { $0.contains("Rosenthal") } && !methods.references.contains { $0.contains("CTFFIND4") })
        let json = try HistoryDocument(history, methods: methods).json()
        let decoded = try JSONDecoder().decode(HistoryDocument.self, from: Data(json.utf8))
        #expect(decoded.schema == "relion-history/1" && decoded.jobs == history.jobs)
        // A file by its absolute path, through the project's folder.
        #expect(try ProjectHistory(of: folder.path + "/Refine3D/job001/run_half1_class001_unfil.mrc", in: project).jobs.count == 1)
        #expect(throws: InputError.self) { try ProjectHistory(of: "nothing.star", in: project) }
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func aRealProject() throws {
        let project = Project(root: SharedData.tutorial("").path)
        let history = try ProjectHistory(of: "Class2D/LoG/run_it025_data.star", in: project)
        #expect(history.jobs.count == 7 && history.jobs.last?.version == "5.0-beta-3-commit-12cf15")
        let text = MethodsText(history, in: project).text
        for part in ["24 movies were imported", "200 kV", "0.885 Å", "5 × 5 patches", "30.6 e/Å² in total", "3.1 to 4.9 µm", "150 to 180 Å",
                     "2,374 particles were extracted in boxes of 256 × 256 pixels, downscaled to 64 × 64 pixels of 3.54 Å", "50 classes"] {
            #expect(text.contains(part), "\(part)")
        }
    }
}
