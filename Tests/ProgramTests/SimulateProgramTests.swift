import Foundation
import ImageFormats
import Metadata
import ParticlePrograms
import ProgramKit
import Reporting
import StarFormat
import TestSupport
import Testing
import UtilityPrograms

/// relion_simulate and the programs around it, in-process and on files.
@Suite("Simulation programs")
struct SimulateProgramTests {
    private static let programs = ProgramTable(ParticlePrograms.programs + UtilityPrograms.programs)

    private func run(_ name: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
        let reporter = Reporter.recording(verbosity: .normal)
        let program = try #require(Self.programs.program(named: name))
        return (program.run(arguments, reporter), reporter.recordedText)
    }

    private func simulate(_ folder: String, _ more: [String] = []) throws {
        let result = try run("simulate", ["--o", folder, "--n", "24", "--box", "40", "--angpix", "5", "--nr_mics", "3", "--bfactor", "200"] + more)
        #expect(result.status == 0, "\(result.text)")
    }

    @Test("particles, truth and map belong together")
    func files() throws {
        let folder = try TemporaryFolder()
        let name = folder.file("S")
        try simulate(name)
        let particles = try ParticleTable(contentsOf: name + "/particles.star")
        let truth = try ParticleTable(contentsOf: name + "/truth.star")
        #expect(particles.count == 24 && truth.count == 24)
        #expect(!particles.rows.contains("rlnAngleRot") && truth.rows.contains("rlnAngleRot"))
        #expect(particles.opticsGroups.count == 1)
        #expect(try ImageFile.readHeader(name + "/Particles/mic002.mrcs").imageCount == 8)
        let (map, header) = try ImageFile.readVolume(name + "/reference.mrc")
        #expect(map.shape.x == 40 && abs((header.pixelSizeInAngstrom ?? 0) - 5) < 1e-4)
    }

    @Test("the same seed gives the same bytes with any number of threads")
    func determinism() throws {
        let folder = try TemporaryFolder()
        try simulate(folder.file("A"), ["--j", "1"])
        try simulate(folder.file("B"), ["--j", "3"])
        try simulate(folder.file("C"), ["--seed", "2"])
        let stacks = try ["A", "B", "C"].map { try Data(contentsOf: URL(fileURLWithPath: folder.file($0 + "/Particles/mic001.mrcs"))) }
        #expect(stacks[0] == stacks[1])
        #expect(stacks[0] != stacks[2])
    }

    @Test("truth compared with itself is without error")
    func comparison() throws {
        let folder = try TemporaryFolder()
        let name = folder.file("S"), output = folder.file("compare")
        try simulate(name)
        let result = try run("compare_truth", [
            "--i", name + "/truth.star", "--truth", name + "/truth.star", "--sym", "D2", "--map", name + "/reference.mrc", "--ref",
            name + "/reference.mrc", "--o", output,
        ])
        #expect(result.status == 0, "\(result.text)")
        let table = try StarDocument(contentsOf: output + ".star").table("truth_comparison")
        #expect(try table.double("simMedianAngleError") < 1e-3)
        #expect(try table.int("simHandIsMirrored") == 0)
        #expect(FileManager.default.fileExists(atPath: output + "_fsc.png"))
    }

    @Test("wrong options are all named, and nothing is written")
    func wrongOptions() throws {
        let folder = try TemporaryFolder()
        let result = try run("simulate", ["--o", folder.file("S"), "--box", "41", "--dose", "-1", "--junk", "2", "--nr_mics", "0"])
        #expect(result.status != 0)
        for option in ["--box", "--dose", "--junk", "--nr_mics"] { #expect(result.text.contains(option), "\(result.text)") }
        #expect(try run("simulate", ["--o", folder.file("S"), "--box", "16", "--angpix", "2"]).text.contains("across"))
        #expect(try run("simulate", ["--o", folder.file("S"), "--model", folder.file("no.pdb")]).text.contains("no.pdb"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("S")))
        #expect(try run("simulate", ["--o", folder.file("S"), "--dry_run"]).status == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.file("S")))
    }

    @Test("classes are kept by resolution, size or number")
    func selection() throws {
        let folder = try TemporaryFolder()
        var classes = StarTable(name: "model_classes")
        classes.set("rlnReferenceImage", strings: (1...4).map { "00000\($0)@c.mrcs" })
        classes.set("rlnClassDistribution", doubles: [0.5, 0.3, 0.19, 0.01])
        classes.set("rlnEstimatedResolution", doubles: [10, 12, 30, 9])
        try StarDocument(tables: [classes]).write(to: folder.file("run_model.star"))
        var particles = StarTable(name: "particles")
        particles.set("rlnImageName", strings: (1...8).map { "00000\($0)@p.mrcs" })
        particles.set("rlnClassNumber", ints: [1, 2, 3, 4, 1, 2, 3, 4])
        try StarDocument(tables: [particles]).write(to: folder.file("run_data.star"))
        func kept(_ more: [String]) throws -> [Int] {
            let output = folder.file("kept.star")
            let result = try run("select_classes", ["--i", folder.file("run_model.star"), "--o", output] + more)
            #expect(result.status == 0, "\(result.text)")
            return try StarDocument(contentsOf: output).table("particles").ints("rlnClassNumber")
        }
        #expect(try kept([]) == [1, 2, 1, 2])
        #expect(try kept(["--min_fraction", "0"]) == [1, 2, 4, 1, 2, 4])
        #expect(try kept(["--resolution_ratio", "0"]) == [1, 2, 3, 1, 2, 3])
        #expect(try kept(["--max_resolution", "11"]) == [1, 1])
        #expect(try kept(["--classes", "3,4"]) == [3, 4, 3, 4])
        #expect(try kept(["--random_subset", "2"]).count == 2)
        #expect(try run("select_classes", ["--i", folder.file("run_model.star"), "--classes", "9"]).status != 0)
    }

    @Test("pictures have the size asked for", arguments: [("surface", 3 * 64, 64), ("slices", 3 * 40, 40), ("projections", 3 * 40, 40)])
    func pictures(style: String, width: Int, height: Int) throws {
        let folder = try TemporaryFolder()
        try simulate(folder.file("S"), ["--only_map"])
        let output = folder.file("map.png")
        let result = try run("map_picture", ["--i", folder.file("S/reference.mrc"), "--o", output, "--style", style, "--pixels", "64"])
        #expect(result.status == 0, "\(result.text)")
        let picture = try PNGFile.read(output, channels: .grey)
        #expect(picture.width == width && picture.height == height)
        #expect(Set(picture.pixels).count > 10)
    }
}
