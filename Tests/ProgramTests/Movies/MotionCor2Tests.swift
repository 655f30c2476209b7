import Foundation
import ImageFormats
import Metadata
import MicrographPrograms
import StarFormat
import TestSupport
import Testing

/// relion_run_motioncorr with a script in MotionCor2's place.
@Suite("MotionCor2 in motion correction")
struct MotionCor2Tests {
    /// Keeps its arguments, and writes what MotionCor2 would: sums, motion, and its logs.
    private static func standIn(_ folder: TemporaryFolder, output: String, patches: String = "", status: Int = 0) throws -> String {
        let path = folder.file("mc2")
        let image = folder.file("image.mrc")
        try ImageFile.write(MovieTestData.counts(.init(x: 64, y: 64), frames: 1, seed: 1)[0], to: image, pixelSizeInAngstrom: 2)
        try """
            #!/bin/sh
            echo "$@" >> "\(folder.file("arguments"))"
            while [ $# -gt 0 ]; do
                case "$1" in -OutMrc) out="${2%.mrc}"; shift;; -LogFile) log="$2"; shift;; -FmDose) dose=1;; -SplitSum) split=1;; esac
                shift
            done
            [ \(status) = 0 ] || exit \(status)
            cp "\(image)" "$out.mrc"
            if [ -n "$dose" ]; then cp "\(image)" "${out}_DW.mrc"; cp "\(image)" "${out}_DWS.mrc"; fi
            if [ -n "$split" ]; then cp "\(image)" "${out}_EVN.mrc"; cp "\(image)" "${out}_ODD.mrc"; fi
            cat << 'END'
            \(output)
            END
            cat > "${log}0-Patch-Patch.log" << 'END'
            \(patches)
            END

            """.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    private static let oldOutput = """
        Full-frame alignment shift
        ...... Frame (  1) shift:    0.00      0.00
        ...... Frame (  2) shift:    1.50     -0.25
        ...... Frame (  3) shift:    2.00     -0.75

        Total: 3
        """
    private static let newOutput = """
        Start alignment
          Frame   x Shift   y Shift
            1      0.00      0.00
            2      1.50     -0.25
            3      2.00     -0.75

        done
        """

    private static func movies(_ folder: TemporaryFolder, _ names: [String] = ["a"], fileExtension: String = "mrcs") throws -> [String] {
        let paths = names.map { folder.file("\($0).\(fileExtension)") }
        for path in paths { try ImageFile.writeStack(MovieTestData.counts(.init(x: 64, y: 64), frames: 5, seed: 2), to: path, pixelSizeInAngstrom: 1.25) }
        let star = "\ndata_optics\n\nloop_\n_rlnOpticsGroupName #1\n_rlnOpticsGroup #2\n_rlnMicrographOriginalPixelSize #3\n_rlnVoltage #4\n"
            + "opticsGroup1 1 1.25 300\n\n" + MovieTestData.star(paths)
        try star.write(toFile: folder.file("movies.star"), atomically: true, encoding: .utf8)
        return ["--i", folder.file("movies.star"), "--o", folder.file("M"), "--use_motioncor2"]
    }

    private static func root(_ folder: TemporaryFolder) throws -> String {
        let table = try StarDocument(contentsOf: folder.file("M/corrected_micrographs.star")).table("micrographs")
        return String(try #require(table.strings("rlnMicrographName").first).dropLast(4))
    }

    @Test("command line, names and motion", arguments: [oldOutput, newOutput])
    func wholeRun(output: String) throws {
        let folder = try TemporaryFolder()
        let program = try Self.standIn(folder, output: output, patches: "# frame x y\n1 10 20 0.5 0.25 0.4 0.2\n2 10 20 1 2 3 4")
        try ImageFile.write(MovieTestData.counts(.init(x: 64, y: 64), frames: 1, seed: 3)[0], to: folder.file("gain.mrc"), pixelSizeInAngstrom: nil)
        try "1 2 3 4\n".write(toFile: folder.file("bad.txt"), atomically: true, encoding: .utf8)
        let result = runMovieProgram("relion_run_motioncorr", try Self.movies(folder) + [
            "--motioncor2_exe", program, "--bfactor", "200", "--patch_x", "5", "--patch_y", "4", "--group_frames", "2", "--gainref", folder.file("gain.mrc"),
            "--first_frame_sum", "2", "--last_frame_sum", "4", "--bin_factor", "2", "--dose_weighting", "--dose_per_frame", "1.5", "--preexposure", "3",
            "--defect_file", folder.file("bad.txt"), "--even_odd_split", "--save_noDW", "--archive", "kept", "--other_motioncor2_args", "-Iter 9", "--gpu", "2,3",
        ])
        #expect(result.status == 0, "\(result.text)")
        let root = try Self.root(folder)
        let arguments = try String(contentsOfFile: folder.file("arguments"), encoding: .utf8).trimmingCharacters(in: .newlines)
        #expect(arguments == "-InMrc \(folder.file("a.mrcs")) -OutMrc \(root).mrc -LogFile \(root) -Bft 200 -PixSize 1.25 -Patch 5 4 -Group 2 "
            + "-Gain \(folder.file("gain.mrc")) -Throw 1 -FmRef 0 -Trunc 1 -FtBin 2 -Kv 300 -FmDose 1.5 -InitDose 3 -DefectFile \(folder.file("bad.txt")) "
            + "-SplitSum 1 -ArcDir kept -Iter 9 -Gpu 2 3")
        for suffix in [".mrc", "_noDW.mrc", "_EVN.mrc", "_ODD.mrc", ".com", ".out", ".err", ".star", "_shifts.eps"] {
            #expect(FileManager.default.fileExists(atPath: root + suffix), "\(suffix)")
        }
        for suffix in ["_DW.mrc", "_DWS.mrc"] { #expect(!FileManager.default.fileExists(atPath: root + suffix), "\(suffix)") }
        let file = try MotionFile(contentsOf: root + ".star")
        #expect(file.shifts == [nil, .zero, SIMD2(1.5, -0.25), SIMD2(2, -0.75), nil] && file.startFrame == 2 && file.model == nil && file.binning == 2)
        #expect(file.patchShifts.map(\.frame) == [2, 3] && file.patchShifts.last?.shift == SIMD2(1, 2) && file.patchShifts.last?.place == SIMD2(10, 20))
        let total = try StarDocument(contentsOf: folder.file("M/corrected_micrographs.star")).table("micrographs").doubles("rlnAccumMotionTotal")
        #expect(abs(total[0] - (1.5 * 1.5 + 0.0625).squareRoot() - 0.5.squareRoot()) < 1e-4)
    }

    @Test("without options only what is needed is said; without --save_noDW the plain sum goes")
    func fewOptions() throws {
        let folder = try TemporaryFolder()
        let program = try Self.standIn(folder, output: Self.oldOutput)
        let result = runMovieProgram("relion_run_motioncorr", try Self.movies(folder, ["a", "b&c"]) + ["--motioncor2_exe", program, "--dose_weighting", "--gpu", "0:1"])
        #expect(result.status == 0 && result.text.contains("3 shifts for 5 frames"), "\(result.text)")
        let root = try Self.root(folder)
        let lines = try String(contentsOfFile: folder.file("arguments"), encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2 && lines.allSatisfy { $0.contains("-Bft 150 -PixSize 1.25 -Patch 1 1 -FmRef 0 -Kv 300 -FmDose 1 -InitDose 0 -Gpu ") }, "\(lines)")
        #expect(!FileManager.default.fileExists(atPath: root + "_noDW.mrc") && !FileManager.default.fileExists(atPath: root + "_DW.mrc"))
    }

    @Test("a program that fails, or leaves no micrograph, is told of with its logs", arguments: [3, 0])
    func failure(status: Int) throws {
        let folder = try TemporaryFolder()
        let program = status == 0 ? "true" : try Self.standIn(folder, output: "", status: status)
        let result = runMovieProgram("relion_run_motioncorr", try Self.movies(folder) + ["--motioncor2_exe", program])
        #expect(result.status != 0 && result.text.contains(".err") && result.text.contains("a.mrcs"), "\(result.text)")
    }

    @Test("what MotionCor2 cannot do is refused", arguments: [
        ["--grouping_for_ps", "2"], ["--float16", "--grouping_for_ps", "2"], ["--max_iter", "7"], ["--other_motioncor2_args", "-RotGain 1"], ["--gpu", "a"],
        ["--motioncor2_exe", "/nowhere/mc2"],
    ])
    func refused(options: [String]) throws {
        let folder = try TemporaryFolder()
        let result = runMovieProgram("relion_run_motioncorr", try Self.movies(folder) + (options[0] == "--motioncor2_exe" ? [] : ["--motioncor2_exe", "true"]) + options)
        #expect(result.status != 0 && result.text.contains(options[0]), "\(result.text)")
    }

    @Test("frames that are not there, and files that MotionCor2 does not read, are left out")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        let result = runMovieProgram("relion_run_motioncorr", try Self.movies(folder) + ["--motioncor2_exe", "true", "--last_frame_sum", "9"])
        #expect(result.status != 0 && result.text.contains("5 frames"), "\(result.text)")
    }
}
