import Arrays
import Foundation
import ImageFormats
import ProgramKit
import Randomness
import Reporting
import StarFormat
import TestSupport
import Testing

@testable import ParticlePrograms

/// `relion_postprocess` run in-process on small half maps.
@Suite struct PostprocessProgramTests {
    private let folder: TemporaryFolder
    static let box = 24

    init() throws {
        folder = try TemporaryFolder()
        for half in 1...2 { try write(Self.map(half: half), "run_half\(half)_class001_unfil.mrc") }
        try write(Self.sphere, "mask.mrc")
    }

    private func path(_ name: String) -> String { folder.path + "/" + name }
    private func exists(_ name: String) -> Bool { folder.exists(name) }
    private func write(_ map: RealArray, _ name: String) throws {
        try ImageFile.write(map, to: path(name), pixelSizeInAngstrom: 2)
    }

    private static func radius(_ i: Int) -> Double {
        let n = box, c = n / 2
        let x = i % n - c, y = i / n % n - c, z = i / n / n - c
        return Double(x * x + y * y + z * z).squareRoot()
    }

    /// The same lump of random density in both halves, and noise of their own.
    private static func map(half: Int) -> RealArray {
        var signal = CounterGenerator(seed: 1, stream: 0), noise = CounterGenerator(seed: 1, stream: half)
        let count = box * box * box
        let values = (0..<count).map { i -> Float in
            let density = signal.uniform() + 0.5, own = noise.uniform() - 0.5
            return Float((radius(i) < 6 ? density : 0) + 0.8 * own)
        }
        return RealArray(shape: .cube(box), values: values)
    }

    private static let sphere = RealArray(
        shape: .cube(box), values: (0..<box * box * box).map { Float(min(1, max(0, (11 - radius($0)) / 3))) })

    private func run(_ options: [String], input: String = "run_half1_class001_unfil.mrc", output: String = "out/post") -> (
        status: Int32, text: String
    ) {
        let reporter = Reporter.recording(verbosity: .normal)
        let program = ParticlePrograms.programs.first { $0.name == "relion_postprocess" }
        let status = program?.run(["--i", path(input), "--o", path(output)] + options, reporter) ?? -1
        return (status, reporter.recordedText)
    }

    @Test func allOutputsAppear() throws {
        let result = run(["--mask", path("mask.mrc"), "--adhoc_bfac", "-50", "--half_maps", "--interpolate"])
        #expect(result.status == 0, "\(result.text)")
        for name in [
            ".mrc", "_masked.mrc", ".star", "_fsc.xml", "_fsc.dat", "_fsc.pdf", "_guinier.pdf", "_half1.mrc", "_half2.mrc",
            "_half1_masked.mrc",
        ] {
            #expect(exists("out/post" + name), "\(name)")
        }
        #expect(exists("out/logfile.pdf"))
        #expect(result.text.contains("FINAL RESOLUTION"))
        let star = try StarDocument(contentsOf: path("out/post.star"))
        #expect(try star.table("general").string("rlnUnfilteredMapHalf2", row: 0)?.hasSuffix("run_half2_class001_unfil.mrc") == true)
        #expect(try star.table("fsc").rowCount == Self.box / 2 + 1)
        #expect(try star.table("guinier").contains("rlnLogAmplitudesSharpened"))
        #expect(try ImageFile.readHeader(path("out/post.mrc")).pixelSizeInAngstrom == 2)
        let xml = try String(contentsOfFile: path("out/post_fsc.xml"), encoding: .utf8)
        #expect(xml.components(separatedBy: "<coordinate>").count == Self.box / 2 + 2)
    }

    /// Options whose change must change the output.
    @Test(arguments: [
        ["--angpix", "2.1"], ["--adhoc_bfac", "-90"], ["--auto_bfac", "--autob_lowres", "20"],
        ["--auto_bfac", "--autob_lowres", "20", "--autob_highres", "8"], ["--skip_fsc_weighting"], ["--low_pass", "12"],
        ["--low_pass", "12", "--filter_edge_width", "6"], ["--low_pass", "-1"], ["--molweight", "30"], ["--ampl_corr"],
        ["--randomize_at_fsc", "0.2"], ["--randomize_at_A", "10"], ["--random_seed", "4"], ["--auto_mask", "--inimask_threshold", "0.5"],
    ])
    func everyOptionChangesTheOutput(options: [String]) throws {
        let mask = options.contains("--auto_mask") ? [] : ["--mask", path("mask.mrc")]
        let plain = run(mask.isEmpty ? ["--mask", path("mask.mrc")] : mask, output: "plain/post")
        let changed = run(mask + options)
        #expect(plain.status == 0, "\(plain.text)")
        #expect(changed.status == 0, "\(changed.text)")
        func content(_ folder: String) throws -> [Data] {
            let star = try String(contentsOfFile: path("\(folder)/post.star"), encoding: .utf8)
            let lines = star.split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.contains("/post") }
            return [Data(lines.joined(separator: "\n").utf8), try Data(contentsOf: URL(fileURLWithPath: path("\(folder)/post.mrc")))]
        }
        #expect(try content("out") != content("plain"))
    }

    @Test func transferFunctionIsRead() throws {
        let mtf = "data_\n\nloop_\n_rlnResolutionInversePixel #1\n_rlnMtfValue #2\n0 1\n0.25 0.7\n0.5 0.3\n"
        try mtf.write(toFile: path("mtf.star"), atomically: true, encoding: .utf8)
        #expect(run(["--mtf", path("mtf.star"), "--mtf_angpix", "1"]).status == 0)
        #expect(try StarDocument(contentsOf: path("out/post.star")).table("guinier").contains("rlnLogAmplitudesMTFCorrected"))
        try mtf.replacingOccurrences(of: "0.5 0.3", with: "0.5 0").write(toFile: path("mtf.star"), atomically: true, encoding: .utf8)
        #expect(run(["--mtf", path("mtf.star")]).status == 1)
    }

    @Test func optimisationSetNamesTheMaps() throws {
        let set = """
            data_

            _rlnTomoParticlesFile particles.star
            _rlnTomoReferenceMap1File \(path("run_half1_class001_unfil.mrc"))
            _rlnTomoReferenceMap2File \(path("run_half2_class001_unfil.mrc"))

            """
        try set.write(toFile: path("set.star"), atomically: true, encoding: .utf8)
        let reporter = Reporter.recording(verbosity: .normal)
        let program = ParticlePrograms.programs.first { $0.name == "relion_postprocess" }
        let status = program?.run(["--ios", path("set.star"), "--o", path("out/post")], reporter)
        #expect(status == 0, "\(reporter.recordedText)")
        let updated = try StarDocument(contentsOf: path("out/post_optimisation_set.star")).tables[0]
        #expect(updated.string("rlnTomoReferenceFscFile", row: 0) == path("out/post.star"))
        #expect(updated.string("rlnTomoParticlesFile", row: 0) == "particles.star")
    }

    @Test func localResolutionIsWritten() throws {
        let options = ["--locres", "--locres_sampling", "10", "--mask", path("mask.mrc")]
        let result = run(options)
        #expect(result.status == 0, "\(result.text)")
        for name in ["out/post_locres.mrc", "out/post_locres_filtered.mrc", "out/post_locres_fscs.star", "out/histogram.pdf"] {
            #expect(exists(name), "\(name)")
        }
        #expect(!exists("out/post.star"))
    }

    @Test func aDryRunWritesNothing() {
        #expect(run(["--dry_run", "--mask", path("mask.mrc")]).status == 0)
        #expect(!exists("out"))
    }

    @Test func wrongInputIsExplained() throws {
        try write(RealArray(shape: .cube(16), repeating: 1), "small.mrc")
        try write(RealArray(shape: .cube(Self.box), repeating: 2), "two.mrc")
        try write(RealArray(shape: .square(8)), "image.mrc")
        try folder.write("no map", to: "text_half1.mrc")
        for (options, expected) in [
            (["--mask", path("small.mrc")], "small.mrc"), (["--mask", path("two.mrc")], "between 0 and 1"),
            (["--i2", path("small.mrc")], "small.mrc"), (["--i2", path("absent.mrc")], "absent.mrc"),
            (["--auto_bfac", "--adhoc_bfac", "-10"], "--adhoc_bfac"), (["--locres", "--auto_bfac"], "--locres"),
            (["--i2", path("image.mrc")], "three-dimensional"),
        ] {
            let result = run(options)
            #expect(result.status == 1, "\(options)")
            #expect(result.text.contains(expected), "\(options): \(result.text)")
        }
        #expect(run([], input: "small.mrc").text.contains("half1"))
        #expect(run([], input: "text_half1.mrc").status == 1)
        #expect(!exists("out"), "nothing is written before the input is known to be good")
    }
}
