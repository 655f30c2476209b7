import Foundation
import Reporting
import Testing
import TestSupport

@testable import Pipeline

@Suite struct DepositionTests {
    @Test func sumsAreThoseOfTheStandard() throws {
        // FIPS 180-4 examples.
        #expect(FileChecksum.sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(FileChecksum.sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        let folder = try TemporaryFolder()
        let path = try folder.write(String(repeating: "a", count: 1_000_000), to: "million")
        #expect(try FileChecksum.sha256(ofFile: path) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func placesStayInTheFolder() {
        #expect(DepositionPlan.file(of: "000001@Extract/job009/x.mrcs:mrcs") == "Extract/job009/x.mrcs")
        #expect(DepositionPlan.place(of: "Movies/a.tiff") == "empiar/Movies/a.tiff")
        #expect(DepositionPlan.place(of: "/data/a.tiff") == "empiar/outside_project/data/a.tiff")
        #expect(DepositionPlan.place(of: "../../etc/a") == "empiar/outside_project/etc/a")
    }

    @Test func aMapIsCollected() throws {
        let folder = try TemporaryFolder()
        let project = Project(root: folder.path)
        try project.initialise()
        try project.change("jobs") { graph in
            graph.add(PipelineProcess(name: "Import/job001/", typeLabel: "relion.import.movies", status: .succeeded))
            graph.add(PipelineProcess(name: "PostProcess/job002/", typeLabel: "relion.postprocess", status: .succeeded))
            let movies = PipelineNode(name: "Import/job001/movies.star", typeLabel: "MicrographMovieGroupMetadata.star.relion")
            try graph.addOutput(movies, of: "Import/job001/")
            try graph.addInput(movies, to: "PostProcess/job002/")
        }
        try folder.write("data_movies\nloop_\n_rlnMicrographMovieName #1\nMovies/a.tiff\nMovies/b.tiff\n\n", to: "Import/job001/movies.star")
        try folder.write("movie", to: "Movies/a.tiff")
        try folder.write(
            "data_general\n_rlnFinalResolution 3.2\n_rlnMaskName mask.mrc\n_rlnUnfilteredMapHalf1 h1.mrc\n_rlnUnfilteredMapHalf2 h2.mrc\n\n",
            to: "PostProcess/job002/postprocess.star")
        // All that is missing is told at once.
        let error = #expect(throws: InputError.self) { try DepositionPlan(job: "2", in: project) }
        #expect(error?.problems.count == 5)
        #expect(throws: InputError.self) { try DepositionPlan(job: "1", in: project) }
        for name in ["PostProcess/job002/postprocess.mrc", "PostProcess/job002/postprocess_fsc.xml", "h1.mrc", "h2.mrc", "mask.mrc"] {
            try folder.write(name, to: name)
        }
        var plan = try DepositionPlan(job: "2", in: project)
        let history = try ProjectHistory(of: "2", in: project)
        plan.addRawData(history)
        #expect(plan.missing == ["Movies/b.tiff"])
        let target = folder.file("deposit")
        let manifest = try plan.collect(into: target, checksums: true)
        #expect(manifest.contains("half_map_1.mrc\t6\t") && manifest.contains("empiar/Movies/a.tiff\t5\t"))
        #expect(try String(contentsOfFile: target + "/half_map_2.mrc", encoding: .utf8) == "h2.mrc")
        let link = try FileManager.default.destinationOfSymbolicLink(atPath: target + "/empiar/Movies/a.tiff")
        #expect(link.hasSuffix("Movies/a.tiff"))
        #expect(throws: InputError.self) { try plan.collect(into: target, checksums: false) }
        let process = try #require(try project.graph().process("PostProcess/job002/"))
        let sheet = DepositionSheet(history, result: process, in: project)
        let resolution = sheet.entries.first { $0.name == "resolution" }
        #expect(resolution?.value == "3.2" && resolution?.unit == "Å")
        #expect(sheet.text.contains("microscope model: ___"))
        let decoded = try JSONDecoder().decode(DepositionSheet.self, from: Data(sheet.json().utf8))
        #expect(decoded == sheet)
    }
}
