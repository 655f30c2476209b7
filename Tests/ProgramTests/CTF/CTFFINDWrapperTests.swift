import Foundation
import StarFormat
import TestSupport
import Testing

/// A script in place of CTFFIND-4 keeps its input and writes what the program would.
@Suite struct CTFFINDWrapperTests {
    private let images: ThonRingImages
    private var folder: TemporaryFolder { images.folder }

    init() throws { images = try ThonRingImages() }

    /// The path of an executable that answers with the given row of results.
    private func executable(_ row: String, status: Int = 0) throws -> String {
        let path = try folder.write(
            """
            #!/bin/sh
            read input
            if [ "$1" = "movie" ]; then read isMovie; read frames; fi
            read output
            root="${output%.ctf}"
            { echo "$0 $*"; echo "$input"; cat; } > "$root.answers"
            echo "Summary of results                          : $root.txt"
            { echo "# Output"; echo "# Columns: #1 - micrograph number; #2 - defocus 1"; echo "\(row)"; } > "$root.txt"
            printf '#\\n#\\n#\\n#\\n#\\n0.24 0.25 0.27 0.28 0.29\\n9 1 -2 3 9\\n' > "${root}_avrot.txt"
            exit \(status)
            """, to: "ctffind")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    private func run(_ options: [String], output: String = "out") throws -> (status: Int32, text: String) {
        let list = try images.makeMicrographs()
        return runMovieProgram(
            "relion_run_ctffind",
            [
                "--i", list, "--o", folder.path + "/" + output, "--is_ctffind4", "--ResMin", "30", "--ResMax", "5",
                "--dFMin", "5000",
                "--FStep", "500", "--dAst", "100",
            ] + options)
    }

    private func answers(_ name: String, output: String = "out") throws -> [String] {
        let path = folder.path + "/" + output + images.path(name) + ".answers"
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test func asksAsVersion4Wants() throws {
        let path = try executable("1.0 15000.5 14000.25 -30.5 0.5 0.07 4.5")
        let result = try run(["--ctffind_exe", path])
        #expect(result.status == 0, "\(result.text)")
        // Pixel size, voltage, Cs, Q, box, resolutions, defocus and step; astigmatism unknown, exhaustive, restrained by; no phase
        // shift, no tilt, no expert options.
        #expect(
            try answers("m0") == [
                path + " ", images.path("m0.mrc"), "1.5", "300", "2.7", "0.1", "512", "30", "5", "5000", "50000", "500",
                "no",
                "yes", "yes", "100", "no", "no", "no",
            ])
        let table = try StarDocument(contentsOf: folder.path + "/out/micrographs_ctf.star").table("micrographs")
        #expect(try table.doubles("rlnDefocusU") == [15000.5, 15000.5, 15000.5])
        #expect(try table.double("rlnDefocusV") == 14000.25 && table.double("rlnDefocusAngle") == -30.5)
        #expect(try table.double("rlnCtfFigureOfMerit") == 0.07 && table.double("rlnCtfMaxResolution") == 4.5)
        #expect(try table.double("rlnCtfIceRingDensity") == 3)
        #expect(!table.contains("rlnPhaseShift") && !table.contains("rlnCtfValidationScore"))
    }

    @Test func spectraPhaseShiftsAndSpeed() throws {
        let path = try executable("1.0 15000 14000 -30 0.5 0.07 inf")
        let result = try run([
            "--ctffind_exe", path, "--use_given_ps", "--do_phaseshift", "--phase_max", "90", "--fast_search",
        ])
        #expect(result.status == 0, "\(result.text)")
        let answers = try answers("m0_PS")
        #expect(answers[0].hasSuffix("--amplitude-spectrum-input") && answers[1] == images.path("m0_PS.mrc"))
        #expect(answers[13] == "no" && answers[16] == "yes")
        #expect(answers.suffix(5) == ["0", "1.57079633", "0.174532925", "no", "no"])
        let table = try StarDocument(contentsOf: folder.path + "/out/micrographs_ctf.star").table("micrographs")
        #expect(abs(try table.double("rlnPhaseShift") - 0.5 * 180 / .pi) < 1e-4)
        #expect(try table.double("rlnCtfMaxResolution") == 25)
    }

    @Test func windowsAreCutAndRemoved() throws {
        let result = try run(["--ctffind_exe", try executable("1 15000 14000 -30 0 0.07 5"), "--ctfWin", "200"])
        #expect(result.status == 0, "\(result.text)")
        #expect(try answers("m0")[1].hasSuffix("m0_win.mrc"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/out" + images.path("m0_win.mrc")))
    }

    @Test func unfinishedOnesAreKnownByTheirLog() throws {
        #expect(
            try run(["--ctffind_exe", try executable("1 15000 14000 -30 0 0.07 5"), "--do_at_most", "2"]).status == 0)
        let result = try run(["--ctffind_exe", try executable("1 16000 14000 -30 0 0.07 5"), "--only_do_unfinished"])
        #expect(result.status == 0 && result.text.contains("1 will be fitted"), "\(result.text)")
        let table = try StarDocument(contentsOf: folder.path + "/out/micrographs_ctf.star").table("micrographs")
        #expect(try table.doubles("rlnDefocusU") == [15000, 15000, 16000])
    }

    @Test func failuresAreTold() throws {
        let failed = try run(["--ctffind_exe", try executable("1 15000 14000 -30 0 0.07 5", status: 3)])
        #expect(failed.status == 1 && failed.text.contains("status 3"), "\(failed.text)")
        let garbled = try run(["--ctffind_exe", try executable("1 nonsense")], output: "garbled")
        #expect(garbled.status == 1 && garbled.text.contains("nonsense"), "\(garbled.text)")
        let missing = try run(["--ctffind_exe", folder.path + "/nowhere"], output: "missing")
        #expect(missing.status == 1)
    }

    /// Jobs of RELION name `ctffind.exe` on every machine.
    @Test func builtInEstimatorStandsInForAMissingProgram() throws {
        let absent = try run(["--ctffind_exe", "no-such-ctffind.exe"], output: "absent")
        #expect(absent.text.contains("built-in estimator (there is no no-such-ctffind.exe on this machine)"), "\(absent.text)")
    }

    @Test func ownOverridesTheExecutable() throws {
        let result = try run([
            "--ctffind_exe", try executable("1 15000 14000 -30 0 0.07 5"), "--use_own", "--Box", "256",
        ])
        #expect(result.status == 0 && result.text.contains("built-in"))
        let table = try StarDocument(contentsOf: folder.path + "/out/micrographs_ctf.star").table("micrographs")
        #expect(abs(try table.double("rlnDefocusU") - 9150) < 100)
    }
}
