import Foundation
import ProgramKit
import Reporting

/// Which MotionCor2 runs on which devices.
struct MotionCor2Settings: Sendable {
    let executable: String
    /// As many movies are worked on at a time as there are groups of devices.
    let devices: [[String]]

    static let variable = "RELION_MOTIONCOR2_EXECUTABLE"
    private static let noDevices = [["0"]]

    /// - Throws: `InputError` naming every option that is wrong, or that MotionCor2 cannot follow.
    init(_ program: MotionCorrectionProgram, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let (general, alignment, own) = (program.general, program.alignment, program.own)
        var check = InputCheck()
        executable = alignment.motionCor2.ifGiven ?? environment[Self.variable] ?? ""
        check.require(!executable.isEmpty, "--motioncor2_exe", found: "is not given", expected: "MotionCor2's executable, here or in \(Self.variable)")
        if executable.contains("/") {
            check.require(FileManager.default.isExecutableFile(atPath: executable), "--motioncor2_exe \(executable)", found: "is no program that can be run")
        }
        for word in ["RotGain", "FlipGain"] where alignment.otherArguments.contains(word) {
            check.require(false, "--other_motioncor2_args", found: "has -\(word)", expected: "--gain_rot and --gain_flip", remedy: "The gain reference is turned for all programs alike")
        }
        check.require(general.spectrumGrouping <= 0, "--grouping_for_ps", found: "is given with --use_motioncor2", expected: "no power spectra",
                      remedy: "Leave it out and estimate the CTF from the micrographs, or use --use_own")
        check.require(!own.float16, "--float16", found: "is given with --use_motioncor2", expected: "32-bit numbers, which are all that MotionCor2 writes")
        check.require(own.maximumIterations == 5, "--max_iter", found: "is given with --use_motioncor2", expected: "-Iter in --other_motioncor2_args")
        var groups: [[String]] = []
        if let text = alignment.gpu.ifGiven {
            groups = text.split(separator: ":", omittingEmptySubsequences: false).map { $0.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init) }
            check.require(groups.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.allSatisfy(\.isNumber) } }, "--gpu \(text)", found: "is no list of devices",
                          expected: "numbers; \":\" between those of movies that are worked on at the same time, \",\" between those of one movie")
        }
        devices = groups.isEmpty ? Self.noDevices : groups
        try check.finish()
    }
}
