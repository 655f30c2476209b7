import Arrays
import Foundation
import ImageFormats
import Metadata
import MicrographPrograms
import ParticlePrograms
import ProgramKit
import Reporting
import StarFormat
import TestSupport
import Testing

/// relion_run_motioncorr on simulated movies, in-process and on files.
@Suite("Motion correction program")
struct MotionCorrectionProgramTests {
    private static let programs = ProgramTable(ParticlePrograms.programs + MicrographPrograms.programs)

    private static func run(_ name: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
        let reporter = Reporter.recording(verbosity: .normal)
        let program = try #require(programs.program(named: name))
        return (program.run(arguments, reporter), reporter.recordedText)
    }

    private static func movies(in folder: TemporaryFolder) throws -> [String] {
        let name = folder.file("S")
        let result = try run("simulate_movies", ["--o", name, "--nr_movies", "2", "--size", "256", "--frames", "6", "--angpix", "3", "--nr_particles", "14", "--min_distance", "150", "--dose_per_frame", "5",
                                                 "--bfactor", "200", "--hot_pixels", "3", "--drift", "5", "--local_motion", "1"])
        #expect(result.status == 0, "\(result.text)")
        return ["--i", name + "/movies.star", "--use_own", "--gainref", name + "/Movies/gain.mrc"]
    }

    @Test("micrographs, spectra, motion and tables belong together")
    func files() throws {
        let folder = try TemporaryFolder()
        let base = try Self.movies(in: folder), out = folder.file("M")
        let result = try Self.run("run_motioncorr", base + ["--o", out, "--dose_weighting", "--dose_per_frame", "2", "--save_noDW", "--float16", "--grouping_for_ps", "2",
                                                            "--ps_size", "128", "--patch_x", "3", "--patch_y", "3", "--even_odd_split"])
        #expect(result.status == 0, "\(result.text)")
        let document = try StarDocument(contentsOf: out + "/corrected_micrographs.star")
        let table = try document.table("micrographs")
        #expect(table.rowCount == 2)
        #expect(try document.table("optics").doubles("rlnMicrographPixelSize") == [3])
        for label in ["rlnMicrographName", "rlnMicrographNameNoDW", "rlnCtfPowerSpectrum", "rlnMicrographNameEven", "rlnMicrographNameOdd"] {
            for name in try table.strings(label) {
                let header = try ImageFile.readHeader(name)
                #expect(header.shape.x == (label == "rlnCtfPowerSpectrum" ? 128 : 256), "\(name)")
                #expect(abs((header.pixelSizeInAngstrom ?? 0) - 3) < 1e-4)
            }
        }
        for name in try table.strings("rlnMicrographMetadata") {
            let file = try MotionFile(contentsOf: name)
            #expect(file.width == 256 && file.frameCount == 6 && file.shifts.count == 6 && file.shifts[0] == .zero)
            #expect(file.model != nil && (2...3).contains(file.hotPixels.count) && file.patchShifts.count == 9 * 6)  // One may stand out too little.
            let copy = folder.file("copy.star")
            try file.write(to: copy)
            #expect(try String(contentsOfFile: copy, encoding: .utf8) == String(contentsOfFile: name, encoding: .utf8))
        }
        #expect(FileManager.default.fileExists(atPath: out + "/logfile.pdf"))
        let compared = try Self.run("compare_movies", ["--truth", folder.file("S/truth.star"), "--mics", out + "/corrected_micrographs.star", "--o", folder.file("c.star")])
        #expect(compared.status == 0, "\(compared.text)")
        let summary = try StarDocument(contentsOf: folder.file("c.star")).table("movie_comparison")
        // Motion of 5 pixels is found to better than a pixel.
        #expect(try summary.double("simTrackErrorUncorrected") > 1.5 && summary.double("simTrackErrorGlobal") < 1)
        let total = try table.doubles("rlnAccumMotionTotal"), early = try table.doubles("rlnAccumMotionEarly"), late = try table.doubles("rlnAccumMotionLate")
        for i in 0..<2 { #expect(total[i] > 0 && abs(total[i] - early[i] - late[i]) < 1e-4) }
    }

    @Test("a bad movie does not stop the others, and what is finished stays")
    func unfinished() throws {
        let folder = try TemporaryFolder()
        let base = try Self.movies(in: folder), out = folder.file("M")
        let bad = folder.file("S/Movies/mic001.tiff"), good = try Data(contentsOf: URL(fileURLWithPath: bad))
        try good.prefix(good.count / 2).write(to: URL(fileURLWithPath: bad))
        let first = try Self.run("run_motioncorr", base + ["--o", out])
        #expect(first.status == 0 && first.text.contains("1 of 2 movies were left out: ") && first.text.contains("mic001.tiff"), "\(first.text)")
        let micrograph = try #require(StarDocument(contentsOf: out + "/corrected_micrographs.star").table("micrographs").strings("rlnMicrographMetadata").first)
        let written = try FileManager.default.attributesOfItem(atPath: micrograph)[.modificationDate] as? Date
        try good.write(to: URL(fileURLWithPath: bad))
        let second = try Self.run("run_motioncorr", base + ["--o", out, "--only_do_unfinished"])
        #expect(second.status == 0, "\(second.text)")
        #expect(try StarDocument(contentsOf: out + "/corrected_micrographs.star").table("micrographs").rowCount == 2)
        #expect(try FileManager.default.attributesOfItem(atPath: micrograph)[.modificationDate] as? Date == written)
    }

    @Test("what was damaged after it was finished is made again", arguments: [".star", ".mrc"])
    func damagedOutput(suffix: String) throws {
        let folder = try TemporaryFolder()
        let base = try Self.movies(in: folder), out = folder.file("M")
        #expect(try Self.run("run_motioncorr", base + ["--o", out]).status == 0)
        let star = try #require(StarDocument(contentsOf: out + "/corrected_micrographs.star").table("micrographs").strings("rlnMicrographMetadata").first)
        let damaged = URL(fileURLWithPath: star.dropLast(".star".count) + suffix), whole = try Data(contentsOf: damaged)
        try whole.prefix(300).write(to: damaged)
        let second = try Self.run("run_motioncorr", base + ["--o", out, "--only_do_unfinished"])
        #expect(second.status == 0, "\(second.text)")
        #expect(try Data(contentsOf: damaged).count == whole.count)
        #expect(try StarDocument(contentsOf: out + "/corrected_micrographs.star").table("micrographs").rowCount == 2)
    }

    @Test("movies that would become the same micrograph are refused")
    func sameMicrograph() throws {
        let folder = try TemporaryFolder()
        let base = try Self.movies(in: folder), list = base[1]
        let text = try String(contentsOfFile: list, encoding: .utf8)
        let row = try #require(text.split(separator: "\n").last { $0.contains("mic001") })
        try (text.trimmingCharacters(in: .newlines) + "\n" + row.replacingOccurrences(of: ".tiff", with: ".tif") + "\n")
            .write(toFile: list, atomically: true, encoding: .utf8)
        let result = try Self.run("run_motioncorr", base + ["--o", folder.file("M")])
        #expect(result.status != 0 && result.text.contains("would both become"), "\(result.text)")
    }

    @Test("a turned gain reference is turned back")
    func turnedGain() throws {
        let folder = try TemporaryFolder()
        let base = try Self.movies(in: folder)
        _ = try Self.run("run_motioncorr", base + ["--o", folder.file("A"), "--do_at_most", "1"])
        let gain = try ImageFile.read(base[4]).image
        var turned = gain
        // Three quarter turns clockwise undo one.
        for y in 0..<256 { for x in 0..<256 { turned[255 - y, x] = gain[x, y] } }
        try ImageFile.write(turned, to: folder.file("turned.mrc"), pixelSizeInAngstrom: nil)
        let result = try Self.run("run_motioncorr", Array(base.prefix(3)) + ["--gainref", folder.file("turned.mrc"), "--gain_rot", "3", "--o", folder.file("B"), "--do_at_most", "1"])
        #expect(result.status == 0, "\(result.text)")
        let names = try ["A", "B"].map { try #require(StarDocument(contentsOf: folder.file($0) + "/corrected_micrographs.star").table("micrographs").strings("rlnMicrographName").first) }
        #expect(try ImageFile.read(names[0]).image == ImageFile.read(names[1]).image)
    }

    @Test("a gain reference that lies the wrong way is refused, with the options that turn it", arguments: GainTurn.all.dropFirst())
    func misplacedGain(turn: GainTurn) throws {
        let folder = try TemporaryFolder()
        let base = try Self.movies(in: folder)
        try ImageFile.write(turn.applied(to: ImageFile.read(base[4]).image), to: folder.file("turned.mrc"), pixelSizeInAngstrom: nil)
        let options = Array(base.prefix(3)) + ["--gainref", folder.file("turned.mrc"), "--o", folder.file("M"), "--dry_run"]
        let back = try #require(GainTurn.all.first { turn.then($0) == GainTurn() })
        let result = try Self.run("run_motioncorr", options)
        #expect(result.status != 0 && result.text.contains("--gain_rot \(back.quarters) --gain_flip \(back.reflection.rawValue), with which it does"), "\(result.text)")
        // Also from another wrong way.
        let other = try Self.run("run_motioncorr", options + ["--gain_rot", "1", "--gain_flip", "2"])
        if back != GainTurn(quarters: 3, reflection: .upsideDown) {
            #expect(other.status != 0 && other.text.contains("--gain_rot \(back.quarters) --gain_flip \(back.reflection.rawValue), with which"), "\(other.text)")
        }
        let right = try Self.run("run_motioncorr", options + ["--gain_rot", "\(back.quarters)", "--gain_flip", "\(back.reflection.rawValue)"])
        #expect(right.status == 0, "\(right.text)")
    }

    @Test("gain of another size, impossible exposure and other frame counts are told before the first movie")
    func foreseen() throws {
        let folder = try TemporaryFolder()
        let base = try Self.movies(in: folder), out = ["--o", folder.file("M")]
        try ImageFile.write(RealArray(shape: .square(128), repeating: 1), to: folder.file("small.mrc"), pixelSizeInAngstrom: nil)
        let wrong = try Self.run("run_motioncorr", Array(base.prefix(3)) + ["--gainref", folder.file("small.mrc"), "--dose_weighting", "--dose_per_frame", "49",
                                                                         "--preexposure", "300"] + out)
        #expect(wrong.status != 0 && wrong.text.contains("128 × 128") && wrong.text.contains("594 e/Å²"), "\(wrong.text)")
        #expect(!folder.exists("M"))
        let much = try Self.run("run_motioncorr", base + out + ["--dry_run", "--dose_weighting", "--dose_per_frame", "49"])
        #expect(much.status == 0 && much.text.contains("unusually much"), "\(much.text)")
        let name = folder.file("S/Movies/mic001.tiff"), movie = try MovieFile.open(name)
        let frames = try (0..<4).map { try movie.frame($0) }
        let writer = try TIFFMovieWriter(path: name, shape: movie.shape, pixel: movie.pixel, frameCount: 4, packing: .lzw)
        for frame in frames { try writer.append(frame) }
        try writer.finish()
        let short = try Self.run("run_motioncorr", base + out + ["--dry_run"])
        #expect(short.status == 0 && short.text.contains("1 movies do not have 6 frames") && short.text.contains("mic001.tiff (4)"), "\(short.text)")
    }

    @Test("options that change the result")
    func options() throws {
        let folder = try TemporaryFolder()
        let base = try Self.movies(in: folder) + ["--do_at_most", "1"]
        func micrograph(_ more: [String], _ out: String) throws -> RealArrayValues {
            let result = try Self.run("run_motioncorr", base + ["--o", folder.file(out)] + more)
            #expect(result.status == 0, "\(more): \(result.text)")
            let name = try #require(StarDocument(contentsOf: folder.file(out) + "/corrected_micrographs.star").table("micrographs").strings("rlnMicrographName").first)
            return try ImageFile.read(name).image.values
        }
        let plain = try micrograph([], "0")
        let changes: [[String]] = [
            ["--bin_factor", "2"], ["--bfactor", "20"], ["--patch_x", "3", "--patch_y", "3"], ["--skip_defect"], ["--first_frame_sum", "2"],
            ["--last_frame_sum", "5"], ["--dose_weighting"], ["--max_iter", "1"], ["--ccf_downsample", "0.2"],
            ["--float16", "--grouping_for_ps", "2"], ["--dose_weighting", "--preexposure", "20"],
        ]
        for (i, change) in changes.enumerated() { #expect(try micrograph(change, "\(i + 1)") != plain, "\(change)") }
        let patches = ["--patch_x", "3", "--patch_y", "3"], local = try micrograph(patches, "local")
        let grouped = try micrograph(patches + ["--group_frames", "2"], "grouped")
        #expect(grouped != local)
        #expect(try micrograph(patches + ["--group_frames", "2", "--interpolate_shifts"], "interpolated") != grouped)
        let binned = try micrograph(patches + ["--bin_factor", "2"], "binned")
        #expect(try micrograph(patches + ["--bin_factor", "2", "--no_early_binning"], "late") != binned)
        try "3 5 40 2\n".write(toFile: folder.file("defects.txt"), atomically: true, encoding: .utf8)
        #expect(try micrograph(["--defect_file", folder.file("defects.txt")], "defects") != plain)
    }

    @Test("options that change nothing are told", arguments: [
        ["--archive", "A"], ["--gpu", "0"], ["--other_motioncor2_args", "-Iter 3"], ["--motioncor2_exe", "mc2"], ["--interpolate_shifts"], ["--early_binning"],
        ["--no_early_binning"], ["--save_noDW"],
    ])
    func withoutEffect(options: [String]) throws {
        let folder = try TemporaryFolder()
        let result = try Self.run("run_motioncorr", try Self.movies(in: folder) + ["--o", folder.file("M"), "--dry_run"] + options)
        #expect(result.status == 0 && result.text.contains("\(options[0]) has no effect"), "\(result.text)")
    }

    @Test("the local model is stated in binned pixels, or in the movie's without early binning, as RELION does; all other shifts in the movie's")
    func modelUnit() throws {
        let folder = try TemporaryFolder()
        let base = try Self.movies(in: folder) + ["--do_at_most", "1", "--patch_x", "3", "--patch_y", "3"]
        func files(_ out: String, _ more: [String]) throws -> (file: MotionFile, stated: [Double]) {
            let result = try Self.run("run_motioncorr", base + ["--o", folder.file(out)] + more)
            #expect(result.status == 0, "\(result.text)")
            let path = try #require(StarDocument(contentsOf: folder.file(out) + "/corrected_micrographs.star").table("micrographs").strings("rlnMicrographMetadata").first)
            return (try MotionFile(contentsOf: path), try StarDocument(contentsOf: path).table("local_motion_model").doubles("rlnMotionModelCoeff"))
        }
        let plain = try files("1", []), early = try files("2", ["--bin_factor", "2"]), late = try files("3", ["--bin_factor", "2", "--no_early_binning"])
        let model = try #require(plain.file.model)
        for other in [early, late] {
            // The alignment does not depend on the binning of the sum.
            #expect(other.file.shifts == plain.file.shifts && other.file.patchShifts == plain.file.patchShifts)
            let read = try #require(other.file.model)
            for (a, b) in zip(model.x + model.y, read.x + read.y) { #expect(abs(a - b) < 1e-4 * max(1, abs(a))) }
        }
        #expect(early.file.modelUnit == .micrographPixels && late.file.modelUnit == .moviePixels)
        for i in plain.stated.indices {
            // Six digits after the point in the file.
            #expect(abs(early.stated[i] - plain.stated[i] / 2) < 1e-4 * max(1, abs(plain.stated[i])))
            #expect(late.stated[i] == plain.stated[i])
        }
    }

    private typealias RealArrayValues = [Float]

    @Test("bad options are all named", arguments: [
        ["--bin_factor", "0.5"], ["--bfactor", "0"], ["--gain_rot", "4"], ["--gain_flip", "3"], ["--patch_x", "0"], ["--group_frames", "0"],
        ["--ps_size", "33"], ["--first_frame_sum", "0"], ["--eer_upsampling", "7"], ["--dose_per_frame", "-1"], ["--dose_per_frame", "80"],
        ["--float16"], ["--use_own", "--use_motioncor2"], ["--early_binning", "--no_early_binning"], ["--ccf_downsample", "2"], ["--defect_file", "none.txt"], ["--max_iter", "0"],
    ])
    func badOptions(options: [String]) throws {
        let folder = try TemporaryFolder()
        let base = try Self.movies(in: folder)
        let result = try Self.run("run_motioncorr", base + ["--o", folder.file("M")] + options)
        #expect(result.status != 0 && result.text.contains(options[0]), "\(result.text)")
        #expect(!folder.exists("M/corrected_micrographs.star"))
    }
}
