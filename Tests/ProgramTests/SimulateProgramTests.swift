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

    /// Options whose effect is seen in the images or the tables; a value that differs from the one in `simulate`.
    static let options: [[String]] = [
        ["--model2", "built-in"], ["--bfactor", "100"], ["--n", "12"], ["--box", "44"], ["--angpix", "6"], ["--nr_mics", "2"],
        ["--offset", "9"], ["--junk", "0.5"], ["--bg_radius", "12"], ["--float16"], ["--seed", "3"], ["--voltage", "200"], ["--cs", "0.5"],
        ["--ac", "0.07"], ["--defocus_min", "15000"], ["--defocus_max", "9000"], ["--defocus_spread", "0"], ["--astigmatism", "0"],
        ["--beamtilt_x", "1"], ["--beamtilt_y", "1"], ["--phase_shift", "90"], ["--ctf_bfactor", "300"], ["--dose", "20"],
        ["--noiseless"], ["--ice", "0"], ["--damage"], ["--scale_spread", "0"],
    ]

    @Test("every option changes the images")
    func everyOptionActs() throws {
        let folder = try TemporaryFolder()
        func stack(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.file(name + "/Particles/mic001.mrcs"))) }
        try simulate(folder.file("S"))
        let reference = try stack("S")
        for option in Self.options {
            try simulate(folder.file("T"), option)
            #expect(try stack("T") != reference, "\(option)")
        }
        // Of two species, the fraction moves the border between them.
        try simulate(folder.file("T"), ["--model2", "built-in", "--fraction2", "0"])
        #expect(try stack("T") == reference)
    }

    @Test("options of the model's file")
    func modelOptions() throws {
        let folder = try TemporaryFolder()
        let lines: [String] = (0..<12).map { i -> String in
            let x = 20 + 3.8 * Double(i), y = 10 + Double(i * i % 7), z = 5 + Double(i % 3), b = Double(10 * i)
            let chain = i < 8 ? "A" : "B"
            return String(format: "ATOM  %5d  CA  ALA ", i + 1) + chain
                + String(format: "%4d    %8.3f%8.3f%8.3f  1.00%6.2f           C", i + 1, x, y, z, b)
        }
        let pdb = lines.joined(separator: "\n")
        let model = try folder.write(pdb, to: "chain.pdb")
        func map(_ more: [String]) throws -> [Float] {
            let result = try run("simulate", ["--model", model, "--o", folder.file("S"), "--only_map", "--box", "48", "--angpix", "3"] + more)
            #expect(result.status == 0, "\(result.text)")
            return try ImageFile.readVolume(folder.file("S/reference.mrc")).volume.values
        }
        let reference = try map([])
        for option in [["--chains", "A"], ["--keep_origin"], ["--principal_axes"], ["--model_bfactors"]] {
            #expect(try map(option) != reference, "\(option)")
        }
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
        particles.set("rlnOpticsGroup", ints: [Int](repeating: 1, count: 8))
        var optics = StarTable(name: "optics")
        optics.set("rlnOpticsGroup", ints: [1])
        optics.set("rlnOpticsGroupName", strings: ["one"])
        for (label, value) in [("rlnVoltage", 300), ("rlnSphericalAberration", 2.7), ("rlnAmplitudeContrast", 0.1), ("rlnImagePixelSize", 1.5)] {
            optics.set(label, doubles: [value])
        }
        optics.set("rlnImageSize", ints: [64])
        optics.set("rlnImageDimensionality", ints: [2])
        try StarDocument(tables: [optics, particles]).write(to: folder.file("run_data.star"))
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

    @Test("movies, gain, tracks and truth belong together")
    func movies() throws {
        let folder = try TemporaryFolder()
        let name = folder.file("M")
        let base = ["--o", name, "--nr_movies", "2", "--size", "256", "--frames", "3", "--angpix", "3", "--nr_particles", "5", "--bfactor", "200"]
        let result = try run("simulate_movies", base)
        #expect(result.status == 0, "\(result.text)")
        let list = try StarDocument(contentsOf: name + "/movies.star").table("movies")
        for movie in try list.strings("rlnMicrographMovieName") {
            let reader = try MovieFile.open(movie)
            #expect(reader.frameCount == 3 && reader.shape.x == 256)
            let tracks = try StarDocument(contentsOf: movie.replacingOccurrences(of: ".tiff", with: "_tracks.star")).table("tracks")
            let shifts = try tracks.doubles("rlnMicrographShiftX"), frames = try tracks.ints("rlnMicrographFrameNumber")
            #expect(shifts.count == 15 && zip(shifts, frames).allSatisfy { $1 != 1 || $0 == 0 })
        }
        let truth = try StarDocument(contentsOf: name + "/truth.star")
        #expect(try truth.table("particles").rowCount == 10 && truth.table("micrographs").rowCount == 2)
        let (gain, _) = try ImageFile.read(name + "/Movies/gain.mrc")
        #expect(gain.shape.x == 256)
        let again = folder.file("N")
        _ = try run("simulate_movies", ["--o", again] + base.dropFirst(2) + ["--j", "1"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: name + "/Movies/mic002.tiff"))
            == Data(contentsOf: URL(fileURLWithPath: again + "/Movies/mic002.tiff")))
    }

    @Test("bad options of movies are all named", arguments: [
        ["--size", "63"], ["--frames", "0"], ["--nr_movies", "-1"], ["--angpix", "0"], ["--dose_per_frame", "0"], ["--drift", "-1"],
        ["--dead_rows", "900"], ["--hot_pixels", "-4"], ["--ice", "-1"], ["--voltage", "1"], ["--fraction2", "2"],
    ])
    func badMovieOptions(options: [String]) throws {
        let folder = try TemporaryFolder()
        let result = try run("simulate_movies", ["--o", folder.file("M"), "--size", "512"] + options)
        #expect(result.status != 0 && result.text.contains(options[0]), "\(result.text)")
        #expect(!folder.exists("M"))
    }
}
