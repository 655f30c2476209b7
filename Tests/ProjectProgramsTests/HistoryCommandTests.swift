import CryosparcFormat
import Foundation
import Pipeline
import ProgramKit
import Reporting
import StarFormat
import Testing
import TestSupport

@testable import ProjectPrograms

/// Commands that tell of, draw and hand on what a project holds.
@Suite struct HistoryCommandTests {
    private let folder: TemporaryFolder
    private let project: Project

    init() throws {
        folder = try TemporaryFolder()
        project = Project(root: folder.path)
        try project.initialise()
        try project.change("jobs") { graph in
            graph.add(PipelineProcess(name: "Extract/job001/", typeLabel: "relion.extract", status: .succeeded))
            graph.add(PipelineProcess(name: "Class2D/job002/", alias: "Class2D/all/", typeLabel: "relion.class2d", status: .failed))
            graph.add(PipelineProcess(name: "Select/job003/", typeLabel: "relion.select", status: .running))
            let particles = PipelineNode(name: "Extract/job001/particles.star", typeLabel: "ParticleGroupMetadata.star.relion")
            try graph.addOutput(particles, of: "Extract/job001/")
            try graph.addInput(particles, to: "Class2D/job002/")
        }
    }

    private func run(_ words: String...) throws {
        var command = try ProjectCommand.parseAsRoot(words)
        try command.run()
    }

    @Test func chartsShowJobsAndFiles() throws {
        let graph = try project.graph()
        let chart = GraphChart.chart(graph, title: "x")
        #expect(chart.nodes.map(\.title) == ["Extract/job001", "Class2D/all", "Select/job003"])
        #expect(chart.edges.count == 1 && chart.edges[0].labels == ["particles.star"] && chart.legend.count == 3)
        #expect(chart.nodes[1].fill == GraphChart.colours[.failed])
        let part = GraphChart.chart(graph, jobs: ["Class2D/job002/", "Extract/job001/"], title: "x")
        #expect(part.nodes.count == 2 && part.edges.count == 1)
        try run("graph", "--project", folder.path, "--output", folder.file("jobs.svg"), "2")
        #expect(folder.exists("jobs.svg"))
        #expect(throws: (any Error).self) { try run("graph", "--project", folder.path, "--output", folder.file("jobs.gif")) }
        #expect(throws: (any Error).self) { try run("graph", "--project", folder.path, "--output", folder.file("jobs.svg"), "17") }
    }

    @Test func historiesAreTold() throws {
        for format in ["text", "json", "methods"] { try run("history", "--project", folder.path, "--format", format, "all") }
        #expect(throws: (any Error).self) { try run("history", "--project", folder.path, "--format", "yaml", "2") }
        #expect(throws: (any Error).self) { try run("history", "--project", folder.path, "none.star") }
    }

    @Test func particlesGoToCryosparcAndBack() throws {
        let star = try folder.write("""
            data_optics
            loop_
            _rlnOpticsGroup #1
            _rlnVoltage #2
            _rlnSphericalAberration #3
            _rlnAmplitudeContrast #4
            _rlnImagePixelSize #5
            1 300 2.7 0.1 1.5

            data_particles
            loop_
            _rlnImageName #1
            _rlnOpticsGroup #2
            000001@a.mrcs 1
            000002@a.mrcs 1

            """, to: "p.star")
        let file = folder.file("p.cs"), back = folder.file("back.star")
        try run("export-cs", star, "--output", file, "--prefix", "")
        #expect(folder.exists("p.csg"))
        #expect(try NumpyTable(contentsOf: file).strings("blob/path") == ["a.mrcs", "a.mrcs"])
        try run("import-cs", file, "--output", back, "--path", "CS")
        #expect(try StarDocument(contentsOf: back).table("particles").strings("rlnImageName") == ["000001@CS/a.mrcs", "000002@CS/a.mrcs"])
        // Nothing is written over unasked.
        #expect(throws: (any Error).self) { try run("import-cs", file, "--output", back) }
        try run("import-cs", file, "--output", back, "--overwrite")
        #expect(try StarDocument(contentsOf: back).table("particles").strings("rlnImageName")[0] == "000001@a.mrcs")
        #expect(throws: (any Error).self) { try run("export-cs", star, "--output", folder.file("p.npy")) }
        #expect(throws: (any Error).self) { try run("export-cs", star, "--output", folder.file("q.cs"), "--micrograph_size", "0", "5") }
    }

    @Test func depositionsNeedAMap() {
        #expect(throws: (any Error).self) { try run("deposit", "--project", folder.path, "--job", "2", "--output", folder.file("d")) }
        #expect(!folder.exists("d"))
    }

    @Test func namesAreCompleted() {
        let completion = Completion(table: ProgramTable([]))
        #expect(completion.candidates(["relion", "project", "his"]) == ["history"])
        #expect(completion.candidates(["relion", "project", "history", "1", "--format", "m"]) == ["methods"])
    }
}
