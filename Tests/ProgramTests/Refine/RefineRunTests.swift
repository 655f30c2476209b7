import Foundation
import ImageFormats
import Metadata
import Reporting
import StarFormat
import TestSupport
import Testing

@testable import ParticlePrograms

private func refine(_ arguments: [String]) -> (status: Int32, text: String) {
    let reporter = Reporter.recording()
    let program = ParticlePrograms.programs.first { $0.name == "relion_refine" }
    let status = program?.run(arguments, reporter) ?? -1
    return (status, reporter.recordedText)
}

@Suite("relion_refine writes its files")
struct RefineFilesTests {
    private func run(_ more: [String]) throws -> RefineFixture {
        let fixture = try RefineFixture()
        let sampling = ["--healpix_order", "0", "--oversampling", "0", "--offset_range", "2", "--random_seed", "1"]
        let result = refine(fixture.arguments + sampling + ["--dont_check_norm"] + more)
        #expect(result.status == 0, "\(result.text)")
        return fixture
    }

    @Test("3D classification")
    func classification() throws {
        let fixture = try run(["--K", "2", "--iter", "1", "--norm", "--scale"])
        for name in ["data.star", "model.star", "optimiser.star", "class001.mrc", "class002.mrc"] {
            #expect(fixture.folder.exists("out/run_it000_" + name), "no it000_\(name)")
            #expect(fixture.folder.exists("out/run_it001_" + name), "no it001_\(name)")
        }
        #expect(fixture.folder.exists("out/run_it001_sampling.star"))
        let optimiser = try OptimiserFile(contentsOf: fixture.folder.file("out/run_it001_optimiser.star"))
        #expect(optimiser.iteration == 1 && optimiser.correctsNorm && optimiser.correctsCTF)
        let model = try ModelFile(contentsOf: optimiser.modelFile)
        #expect(model.classes.count == 2 && model.groups.map(\.name) == ["a.mrc", "b.mrc"])
        let header = try ImageFile.readHeader(model.classes[1].referenceImage)
        #expect(header.shape == .cube(16) && header.pixelSizeInAngstrom == 2)
        let data = try ParticleTable(contentsOf: optimiser.dataFile)
        #expect(data.count == 12)
        #expect(try data.values(.classNumber).allSatisfy { $0 == 1 || $0 == 2 })
        #expect(try data.rows.strings("rlnMicrographName").first == "Mics/job002/a.mrc")
    }

    @Test("2D classification without references")
    func averages() throws {
        let fixture = try run(["--ref", "None", "--K", "2", "--iter", "1", "--psi_step", "30"])
        let header = try ImageFile.readHeader(fixture.folder.file("out/run_it001_classes.mrcs"))
        #expect(header.imageCount == 2 && header.shape == .square(16))
        #expect(fixture.folder.exists("out/run_unmasked_classes.mrcs"))
        let model = try ModelFile(contentsOf: fixture.folder.file("out/run_it001_model.star"))
        #expect(model.referenceDimensionality == 2)
        #expect(model.classes[1].referenceImage.hasPrefix("00000002@"))
    }

    /// With tables shared by all particles, and with slices made for each: the same sums in another order.
    @Test("memory for shared slices changes only the last bits")
    func sliceMemory() throws {
        let runs = [try run(["--iter", "1"]), try run(["--iter", "1", "--slice_memory", "0"])]
        let maps = try runs.map { try ImageFile.read($0.folder.file("out/run_it001_class001.mrc")).image }
        let scale = maps[0].values.reduce(0) { max($0, abs($1)) }
        #expect(scale > 0)
        for (a, b) in zip(maps[0].values, maps[1].values) { #expect(abs(a - b) <= 1e-4 * scale) }
        let refused = refine(try RefineFixture().arguments + ["--slice_memory", "-1"])
        #expect(refused.status != 0 && refused.text.contains("--slice_memory"))
    }

    @Test("auto-refinement: two half sets, and joined files at the end")
    func halves() throws {
        let fixture = try run(["--auto_refine", "--split_random_halves", "--auto_iter_max", "2"])
        for half in [1, 2] {
            #expect(fixture.folder.exists("out/run_it001_half\(half)_class001.mrc"))
            #expect(fixture.folder.exists("out/run_it001_half\(half)_model.star"))
        }
        let optimiser = try OptimiserFile(contentsOf: fixture.folder.file("out/run_it001_optimiser.star"))
        #expect(optimiser.hasRandomHalves && optimiser.modelFileOfHalf2.hasSuffix("run_it001_half2_model.star"))
        let halves = try ParticleTable(contentsOf: optimiser.dataFile).integers(.randomSubset)
        #expect(halves.allSatisfy { $0 == 1 || $0 == 2 } && Set(halves).count == 2)
    }

    @Test("a spectrum of the signal changes the map, is kept, and its file is noted for runs that go on")
    func signalSpectrum() throws {
        let fixture = try RefineFixture()
        let rows = (0...8).map { "\($0) 0.000001" }.joined(separator: "\n")
        let file = try fixture.folder.write(
            "data_\n\nloop_\n_rlnSpectralIndex #1\n_rlnReferenceTau2 #2\n" + rows + "\n", to: "tau.star")
        let arguments = fixture.arguments + [
            "--healpix_order", "0", "--oversampling", "0", "--offset_range", "2", "--random_seed", "1", "--dont_check_norm",
            "--tau2_fudge", "2",
        ]
        let map = fixture.folder.file("out/run_it001_class001.mrc")
        #expect(refine(arguments + ["--iter", "1"]).status == 0)
        let plain = try ImageFile.read(map).image
        let result = refine(arguments + ["--iter", "1", "--tau", file])
        #expect(result.status == 0, "\(result.text)")
        let smooth = try ImageFile.read(map).image
        func power(_ values: [Float]) -> Float { values.reduce(0) { $0 + $1 * $1 } }
        #expect(power(smooth.values) < power(plain.values))
        let optimiser = try OptimiserFile(contentsOf: fixture.folder.file("out/run_it001_optimiser.star"))
        #expect(optimiser.tauSpectrumFile == file)
        let tau2 = try ModelFile(contentsOf: optimiser.modelFile).classes[0].spectra.tau2
        #expect(tau2.allSatisfy { abs($0 - 2e-6) < 1e-11 }, "\(tau2)")
    }

    @Test("a self-organising map is written beside the classes")
    func selfOrganisingMap() throws {
        let fixture = try run(["--ref", "None", "--K", "3", "--iter", "2", "--psi_step", "30", "--grad", "--som", "--grad_write_iter", "1"])
        let text = try String(contentsOfFile: fixture.folder.file("out/run_it001_som.txt"), encoding: .utf8)
        #expect(text.contains("_edge_activity_threshold") && text.contains("_nodes [index age activity]\n  0 "), "\(text)")
        let model = try ModelFile(contentsOf: fixture.folder.file("out/run_it001_model.star"))
        #expect(model.classes[2].distribution == 0 && model.classes[0].distribution > 0)
    }

    @Test("local symmetry changes the map, and continued runs find its file")
    func localSymmetry() throws {
        let fixture = try RefineFixture()
        let header = "data_\n\nloop_\n_rlnMaskName #1\n_rlnAngleRot #2\n_rlnAngleTilt #3\n_rlnAnglePsi #4\n"
            + "_rlnOriginXAngst #5\n_rlnOriginYAngst #6\n_rlnOriginZAngst #7\n"
        let file = try fixture.folder.write(header + "\(fixture.folder.path)/mask.mrc 0 90 0 4 0 0\n", to: "symmetry.star")
        let arguments = fixture.arguments + [
            "--healpix_order", "0", "--oversampling", "0", "--offset_range", "2", "--random_seed", "1", "--dont_check_norm",
        ]
        let map = fixture.folder.file("out/run_it001_class001.mrc")
        #expect(refine(arguments + ["--iter", "1"]).status == 0)
        let plain = try ImageFile.read(map).image
        let result = refine(arguments + ["--iter", "1", "--local_symmetry", file])
        #expect(result.status == 0, "\(result.text)")
        #expect(try ImageFile.read(map).image != plain)
        let optimiser = fixture.folder.file("out/run_it001_optimiser.star")
        #expect(try OptimiserFile(contentsOf: optimiser).localSymmetryFile == file)
        try FileManager.default.removeItem(atPath: file)
        let continued = refine(["--continue", optimiser, "--iter", "2"])
        #expect(continued.status == 1 && continued.text.contains("symmetry.star"), "\(continued.text)")
    }

    @Test("the clean-up of scratch happens, and images from scratch give the same files")
    func scratch() throws {
        let plain = try run(["--iter", "1"])
        let copied = try RefineFixture()
        let sampling = ["--healpix_order", "0", "--oversampling", "0", "--offset_range", "2", "--random_seed", "1"]
        let result = refine(
            copied.arguments + sampling
                + ["--iter", "1", "--scratch_dir", copied.folder.path, "--keep_free_scratch", "0"])
        #expect(result.status == 0, "\(result.text)")
        #expect(!copied.folder.exists("relion_volatile"))
        let a = try ImageFile.read(plain.folder.file("out/run_it001_class001.mrc")).image
        let b = try ImageFile.read(copied.folder.file("out/run_it001_class001.mrc")).image
        #expect(a == b)
    }
}

@Suite("relion_refine on golden data", .enabled(if: SharedData.isPresent, SharedData.hint))
struct RefineGoldenTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        // File names in the particle file are relative to the folder of the data.
        let text = try String(contentsOf: SharedData.golden("noisy/particles.star"), encoding: .utf8)
        let stack = SharedData.golden("noisy/particles.mrcs").path
        try folder.write(text.replacingOccurrences(of: "@noisy/particles.mrcs", with: "@" + stack), to: "particles.star")
        _ = folder.file("full/x")
        _ = folder.file("first/x")
    }

    private func arguments(output: String, iterations: Int) -> [String] {
        [
            "--o", folder.path + "/\(output)/run", "--i", folder.file("particles.star"), "--ref",
            SharedData.golden("map.mrc").path, "--ini_high", "30", "--iter", "\(iterations)", "--tau2_fudge", "4", "--K",
            "1", "--sym", "D2", "--particle_diameter", "200", "--flatten_solvent", "--zero_mask", "--ctf",
            "--oversampling", "1", "--healpix_order", "1", "--offset_range", "5", "--offset_step", "2", "--norm",
            "--scale", "--random_seed", "1", "--preread_images",
        ]
    }

    @Test("files have the labels of RELION's, in its order", arguments: ["model", "data", "sampling", "optimiser"])
    func labels(kind: String) throws {
        #expect(refine(arguments(output: "full", iterations: 1)).status == 0)
        let ours = try StarDocument(contentsOf: folder.file("full/run_it001_\(kind).star"))
        let golden = try StarDocument(contentsOf: SharedData.golden("refine3d/run_it001_\(kind).star").path)
        #expect(ours.tables.map(\.name) == golden.tables.map(\.name))
        for (a, b) in zip(ours.tables, golden.tables) { #expect(a.labels == b.labels, "\(kind) \(a.name)") }
    }

    /// Model files hold six digits and maps 32 bits: probabilities of near ties may differ by as much as that moves them.
    private static let probabilityTolerance = 0.01

    @Test("two iterations, and one with another by --continue, end in the same poses")
    func continuation() throws {
        #expect(refine(arguments(output: "full", iterations: 2)).status == 0)
        #expect(refine(arguments(output: "first", iterations: 1)).status == 0)
        let result = refine([
            "--continue", folder.file("first/run_it001_optimiser.star"), "--iter", "2", "--o", folder.path + "/first/run2",
            "--flatten_solvent", "--preread_images",
        ])
        #expect(result.status == 0, "\(result.text)")
        let full = try ParticleTable(contentsOf: folder.file("full/run_it002_data.star"))
        let continued = try ParticleTable(contentsOf: folder.file("first/run2_it002_data.star"))
        let (a, b) = (try full.values(.psi), try continued.values(.psi))
        let same = zip(a, b).filter { abs($0 - $1) < 1e-3 }.count
        #expect(same >= 238, "\(same) of 240 poses are the same")
        let (p, q) = (try full.values(.maximalProbability), try continued.values(.maximalProbability))
        let difference = zip(p, q).map { abs($0 - $1) }.reduce(0, +) / 240
        #expect(difference < Self.probabilityTolerance)
    }

    /// Model files of 2D runs have no directions: what stands for their weights must be put together anew.
    @Test("2D classification goes on from its files as if it had not stopped")
    func continuationOfClasses() throws {
        let stack = SharedData.golden("project_noctf.mrcs").path
        let rows = (1...24).map { "\($0)@\(stack)" }.joined(separator: "\n")
        try folder.write("data_\n\nloop_\n_rlnReferenceImage #1\n" + rows + "\n", to: "references.star")
        func run(_ output: String, iterations: Int) -> (status: Int32, text: String) {
            refine([
                "--o", folder.path + "/\(output)/run", "--i", folder.file("particles.star"), "--ref",
                folder.file("references.star"), "--iter", "\(iterations)", "--tau2_fudge", "2", "--K", "24",
                "--particle_diameter", "200", "--flatten_solvent", "--zero_mask", "--ctf", "--oversampling", "1",
                "--psi_step", "12", "--offset_range", "5", "--offset_step", "2", "--norm", "--scale", "--random_seed", "1",
                "--preread_images",
            ])
        }
        #expect(run("full", iterations: 2).status == 0)
        #expect(run("first", iterations: 1).status == 0)
        let result = refine([
            "--continue", folder.file("first/run_it001_optimiser.star"), "--iter", "2", "--o", folder.path + "/first/run2",
            "--preread_images",
        ])
        #expect(result.status == 0, "\(result.text)")
        let full = try ParticleTable(contentsOf: folder.file("full/run_it002_data.star"))
        let continued = try ParticleTable(contentsOf: folder.file("first/run2_it002_data.star"))
        let (a, b) = (try full.integers(.classNumber), try continued.integers(.classNumber))
        #expect(zip(a, b).filter { $0 == $1 }.count >= 238)
        let (p, q) = (try full.values(.maximalProbability), try continued.values(.maximalProbability))
        #expect(zip(p, q).map { abs($0 - $1) }.reduce(0, +) / 240 < Self.probabilityTolerance)
    }

    @Test("going on with another angular step starts with even directions")
    func continuationOnAnotherGrid() throws {
        #expect(refine(arguments(output: "first", iterations: 1)).status == 0)
        let result = refine([
            "--continue", folder.file("first/run_it001_optimiser.star"), "--iter", "2", "--o", folder.path + "/first/run2",
            "--healpix_order", "2", "--preread_images",
        ])
        #expect(result.status == 0, "\(result.text)")
        let before = try ModelFile(contentsOf: folder.file("first/run_it001_model.star"))
        let after = try ModelFile(contentsOf: folder.file("first/run2_it002_model.star"))
        let counts = [before, after].map { $0.classes[0].orientationDistribution.count }
        #expect(counts[1] > 3 * counts[0])
    }

    @Test("without a name for the output, going on tells from which iteration")
    func continuedName() throws {
        #expect(refine(arguments(output: "first", iterations: 1)).status == 0)
        let result = refine(["--continue", folder.file("first/run_it001_optimiser.star"), "--iter", "2"])
        #expect(result.status == 0, "\(result.text)")
        #expect(folder.exists("first/run_ct1_it002_data.star"))
    }

    @Test("damaged files of the earlier run are refused, by name", arguments: ["model", "data", "sampling"])
    func damaged(kind: String) throws {
        #expect(refine(arguments(output: "first", iterations: 1)).status == 0)
        let file = folder.file("first/run_it001_\(kind).star")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        try bytes.prefix(300).write(to: URL(fileURLWithPath: file))
        let result = refine(["--continue", folder.file("first/run_it001_optimiser.star"), "--iter", "2"])
        #expect(result.status == 1)
        #expect(result.text.contains("run_it001_\(kind).star"), "\(result.text)")
    }
}
