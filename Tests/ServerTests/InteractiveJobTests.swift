import Foundation
import Pipeline
import StarFormat
import Testing
import TestSupport

@testable import Server

/// Picking and selecting through the API, and the files that come of it.
@Suite struct InteractiveJobTests {
    private static let port: UInt16 = 4322
    private let folder: TemporaryFolder
    private let project: Project
    private let server: ProjectServer

    init() throws {
        folder = try TemporaryFolder()
        project = Project(root: folder.path)
        try project.initialise()
        try folder.write(
            """
            data_optics

            loop_
            _rlnOpticsGroup #1
            _rlnMicrographPixelSize #2
            1 1.5

            data_micrographs

            loop_
            _rlnMicrographName #1
            _rlnOpticsGroup #2
            _rlnCtfMaxResolution #3
            MotionCorr/job001/Movies/a.mrc 1 4.5
            MotionCorr/job001/Movies/b.mrc 1 9.0

            """, to: "MotionCorr/job001/m.star")
        let list = PipelineNode(name: "MotionCorr/job001/m.star", typeLabel: "MicrographGroupMetadata.star.relion")
        let picks = PipelineNode(name: "AutoPick/job002/autopick.star", typeLabel: "MicrographCoordsGroup.star.relion.autopick")
        try project.change("jobs") { graph in
            graph.add(PipelineProcess(name: "MotionCorr/job001/", typeLabel: "relion.motioncorr.own", status: .succeeded))
            try graph.addOutput(list, of: "MotionCorr/job001/")
            graph.add(PipelineProcess(name: "AutoPick/job002/", typeLabel: "relion.autopick.log", status: .succeeded))
            try graph.addOutput(picks, of: "AutoPick/job002/")
        }
        try folder.write("data_job\n\n_rlnJobTypeLabel relion.autopick.log\n_rlnJobIsContinue 0\n_rlnJobIsTomo 0\n\ndata_joboptions_values\n\nloop_\n_rlnJobOptionVariable #1\n_rlnJobOptionValue #2\nangpix -1\n", to: "AutoPick/job002/job.star")
        try folder.write("data_coordinate_files\n\nloop_\n_rlnMicrographName #1\n_rlnMicrographCoordinates #2\nMotionCorr/job001/Movies/b.mrc AutoPick/job002/Movies/b_autopick.star\n", to: "AutoPick/job002/autopick.star")
        try folder.write("data_\n\nloop_\n_rlnCoordinateX #1\n_rlnCoordinateY #2\n_rlnAutopickFigureOfMerit #3\n10 20 0.7\n30 40 0.9\n50 60 0.2\n", to: "AutoPick/job002/Movies/b_autopick.star")
        server = ProjectServer(project)
    }

    private func answer(_ target: String, body: String? = nil, token: String? = nil) throws -> (status: Int, text: String) {
        let head = [
            "\(body == nil ? "GET" : "POST") \(target) HTTP/1.1", "Host: 127.0.0.1:\(Self.port)", "Cookie: relion_\(Self.port)=\(token ?? server.access.userToken)",
            "Content-Type: application/json",
        ].joined(separator: "\r\n")
        var request = try HTTPRequest(head: Array(head.utf8))
        request.body = Array((body ?? "").utf8)
        let response = server.answer(request, port: Self.port)
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }

    private func listing() throws -> PickingCalls.Listing {
        try JSONDecoder().decode(PickingCalls.Listing.self, from: Data(answer("/api/picking?job=ManualPick/job003").text.utf8))
    }

    private func picks(_ micrograph: String) throws -> PickingCalls.Picks {
        try JSONDecoder().decode(
            PickingCalls.Picks.self, from: Data(answer("/api/picks?job=3&micrograph=MotionCorr/job001/Movies/\(micrograph).mrc").text.utf8))
    }

    private func save(_ micrograph: String, x: [Double], y: [Double], rows: [Int], token: String? = nil) throws -> (status: Int, text: String) {
        try answer("/api/picks", body: "{\"job\":\"3\",\"micrograph\":\"MotionCorr/job001/Movies/\(micrograph).mrc\",\"x\":\(x),\"y\":\(y),\"rows\":\(rows)}", token: token)
    }

    private func schedulePicking() throws {
        let made = try answer("/api/run", body: #"{"type":"relion.manualpick","values":{"fn_in":"MotionCorr/job001/m.star","diameter":"180"},"schedule":true}"#)
        #expect(made.status == 200, "\(made.text)")
    }

    /// Picks lie where relion_manualpick looks for them, with RELION's columns; kept ones keep theirs.
    @Test func picksAreWritten() throws {
        try schedulePicking()
        let found = try listing()
        #expect(found.micrographs.map(\.picks) == [0, 0] && found.pixelSize == 1.5 && found.diameter == 180 && found.offers == ["AutoPick/job002/"])
        #expect(try save("a", x: [1, 2.5, 3], y: [4, 5, 6], rows: [-1, -1, -1]).status == 200)
        let file = folder.file("ManualPick/job003/Movies/a_manualpick.star")
        let table = try #require(try StarDocument(contentsOf: file).tables.first)
        #expect(table.labels == ["rlnCoordinateX", "rlnCoordinateY", "rlnParticleSelectionType", "rlnAnglePsi", "rlnAutopickFigureOfMerit"])
        #expect(try table.doubles("rlnCoordinateX") == [1, 2.5, 3] && table.ints("rlnParticleSelectionType") == [2, 2, 2])
        // The second goes, the third is moved, one comes.
        #expect(try save("a", x: [9, 1, 7], y: [9, 4, 8], rows: [-1, 0, 2]).status == 200)
        let now = try picks("a")
        #expect(now.x == [1, 7, 9] && now.y == [4, 8, 9])
        #expect(try listing().micrographs.map(\.picks) == [3, 0])
        #expect(try save("a", x: [], y: [], rows: []).status == 200)
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test func picksOfProgramsAreTakenOver() throws {
        try schedulePicking()
        #expect(try answer("/api/picking/take", body: #"{"job":"3","from":"2"}"#).status == 200)
        let taken = try picks("b")
        #expect(taken.x == [10, 30, 50] && taken.values["rlnAutopickFigureOfMerit"] == [0.7, 0.9, 0.2])
        #expect(try save("b", x: [30, 5], y: [40, 5], rows: [1, -1]).status == 200)
        let now = try picks("b")
        #expect(now.x == [30, 5] && now.values["rlnAutopickFigureOfMerit"] == [0.9, 0])
        let table = try #require(try StarDocument(contentsOf: folder.file("ManualPick/job003/Movies/b_manualpick.star")).tables.first)
        #expect(try table.ints("rlnParticleSelectionType") == [2, 2])
        // The automatic picks themselves stay, and are not changed from here.
        let seen = try answer("/api/picks?job=2&micrograph=MotionCorr/job001/Movies/b.mrc")
        #expect(seen.text.contains("[10,30,50]"))
        #expect(try answer("/api/picks", body: #"{"job":"2","micrograph":"MotionCorr/job001/Movies/b.mrc","x":[],"y":[],"rows":[]}"#).status == 422)
    }

    @Test func whatDoesNotFitIsRefused() throws {
        try schedulePicking()
        for (x, rows) in [([1.0], [3]), ([1.0, 2.0], [-1]), ([1.0], [-1, -1])] { #expect(try save("a", x: x, y: [1], rows: rows).status == 422) }
        #expect(try answer("/api/picks", body: #"{"job":"3","micrograph":"MotionCorr/job001/Movies/a.mrc","x":[1],"y":[1],"rows":[-1],"count":5}"#).status == 409)
        #expect(try save("../../../escape", x: [1], y: [1], rows: [-1]).status == 422)
        #expect(try save("a", x: [1], y: [1], rows: [-1], token: server.access.onlookerToken).status == 403)
        #expect(try listing().micrographs.map(\.picks) == [0, 0])
        #expect(try answer("/api/picking/select", body: #"{"job":"3","left":["MotionCorr/job001/Movies/b.mrc"]}"#).status == 200)
        #expect(try listing().micrographs.map(\.isSelected) == [true, false])
    }

    @Test func classesAndMicrographsToSelect() throws {
        try folder.write("data_optimiser_general\n\n_rlnModelStarFile Class2D/job004/m.star\n_rlnExperimentalDataStarFile Class2D/job004/d.star\n", to: "Class2D/job004/o.star")
        try folder.write("data_model_classes\n\nloop_\n_rlnReferenceImage #1\n_rlnClassDistribution #2\n_rlnEstimatedResolution #3\n000001@Class2D/job004/c.mrcs 0.7 8\n000002@Class2D/job004/c.mrcs 0.3 inf\n", to: "Class2D/job004/m.star")
        try folder.write("data_particles\n\nloop_\n_rlnImageName #1\n_rlnClassNumber #2\n1@p 1\n2@p 2\n3@p 1\n", to: "Class2D/job004/d.star")
        let classes = try JSONDecoder().decode(SelectionCalls.Listing.self, from: Data(answer("/api/selection?input=Class2D/job004/o.star").text.utf8))
        #expect(classes.kind == "classes" && classes.images.map(\.index) == [0, 1] && classes.images[0].path == "Class2D/job004/c.mrcs")
        #expect(classes.columns.first?.values == [2, 1] && classes.columns.map(\.label).contains("rlnClassDistribution"))
        let micrographs = try JSONDecoder().decode(SelectionCalls.Listing.self, from: Data(answer("/api/selection?input=MotionCorr/job001/m.star").text.utf8))
        #expect(micrographs.kind == "micrographs" && micrographs.columns.map(\.label) == ["rlnCtfMaxResolution"])
        let images = try SelectableImages(project, input: "Class2D/job004/o.star")
        try FileManager.default.createDirectory(atPath: folder.file("Select/job005"), withIntermediateDirectories: true)
        try SelectableImages.write([false, true], of: "Select/job005/", in: project)
        #expect(images.marks(of: "Select/job005/", in: project) == [false, true])
        #expect(try answer("/api/selection", body: #"{"input":"Class2D/job004/o.star","marks":[false,false]}"#).status == 422)
        #expect(try answer("/api/selection", body: #"{"input":"../o.star","marks":[true]}"#).status == 403)
        #expect(try project.graph().processes.count == 2)
    }
}
