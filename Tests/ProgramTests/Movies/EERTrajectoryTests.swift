import Foundation
import Reporting
import StarFormat
import TestSupport
import Testing

@Suite struct EERTrajectoryTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func run(_ arguments: [String]) -> (status: Int32, text: String) {
        runMovieProgram(
            "relion_eer_trajectory_handler", ["--i", folder.file("corrected_micrographs.star")] + arguments)
    }

    /// Ten frames of eight detector frames, moving evenly by (2, -1) pixels a frame.
    private func write(grouping: Bool = true, size: Int = 4096) throws {
        let shifts = (0..<10).map { "\($0 + 1) \(2 * $0) \(-$0)\n" }.joined()
        let coefficients = (0..<36).map { "\($0) \(Double($0 + 1) / 8)\n" }.joined()
        try folder.write(
            """
            data_general

            _rlnImageSizeX \(size)
            _rlnImageSizeY \(size)
            _rlnImageSizeZ 10
            _rlnMicrographMovieName Movies/a.eer
            _rlnMicrographBinning 1.0
            _rlnMicrographOriginalPixelSize 0.8
            _rlnMicrographDoseRate 0.4
            \(grouping ? "_rlnEERGrouping 8\n_rlnEERUpsampling 1" : "")

            data_global_shift

            loop_
            _rlnMicrographFrameNumber #1
            _rlnMicrographShiftX #2
            _rlnMicrographShiftY #3
            \(shifts)
            data_local_motion_model

            loop_
            _rlnMotionModelCoeffsIdx #1
            _rlnMotionModelCoeff #2
            \(coefficients)
            data_hot_pixels

            loop_
            _rlnCoordinateX #1
            _rlnCoordinateY #2
            10 21
            11 20

            data_local_shift

            loop_
            _rlnMicrographFrameNumber #1
            _rlnCoordinateX #2
            1 5

            """, to: "a.star")
        try folder.write(
            "data_optics\nloop_\n_rlnOpticsGroup\n_rlnOpticsGroupName\n1 one\n\ndata_micrographs\nloop_\n_rlnMicrographName\n_rlnMicrographMetadata\na.mrc \(folder.file("a.star"))\n",
            to: "corrected_micrographs.star")
    }

    private func result(_ suffix: String) throws -> StarDocument {
        let list = try StarDocument(contentsOf: folder.file("corrected_micrographs_\(suffix).star"))
        #expect(try list.table("micrographs").strings("rlnMicrographMetadata") == [folder.file("a_\(suffix).star")])
        return try StarDocument(contentsOf: folder.file("a_\(suffix).star"))
    }

    /// The first polynomial of the local motion without x and y.
    private func motion(_ document: StarDocument, at z: Double) throws -> Double {
        let c = try document.table("local_motion_model").doubles("rlnMotionModelCoeff")
        return c[0] * z + c[1] * z * z + c[2] * z * z * z
    }

    @Test(arguments: [4, 16, 5]) func regroupedMotionIsTheSameInTime(grouping: Int) throws {
        try write()
        let outcome = run(["--o", "new", "--regroup", "\(grouping)"])
        #expect(outcome.status == 0, "\(outcome.text)")
        let old = try StarDocument(contentsOf: folder.file("a.star")), new = try result("new")
        let general = try new.table("general")
        #expect(try general.int("rlnImageSizeZ") == 80 / grouping && general.int("rlnEERGrouping") == grouping)
        #expect(try abs(general.double("rlnMicrographDoseRate") - 0.4 * Double(grouping) / 8) < 1e-6)
        let shifts = try new.table("global_shift")
        for (frame, shift) in try shifts.doubles("rlnMicrographShiftX").enumerated() {
            // Even motion stays even until the last old frame begins; the file has six decimals.
            let expected = 2 * min(9, Double(frame * grouping) / 8)
            #expect(abs(shift - expected) < 2e-6, "frame \(frame + 1)")
        }
        let scale = Double(grouping) / 8
        for z in [1.0, 3] {
            let expected = try motion(old, at: z * scale)
            // Six digits for each of three coefficients.
            #expect(try abs(motion(new, at: z) - expected) < 1e-4 * max(1, abs(expected)))
        }
        #expect(!new.contains("local_shift") && new.contains("hot_pixels"))
    }

    @Test func resamplingScalesDistances() throws {
        try write()
        #expect(run(["--o", "up", "--resample", "2"]).status == 0)
        let up = try result("up"), general = try up.table("general")
        #expect(
            try general.int("rlnImageSizeX") == 8192 && general.int("rlnImageSizeY") == 8192
                && general.int("rlnEERUpsampling") == 2)
        #expect(
            try general.double("rlnMicrographBinning") == 2 && general.double("rlnMicrographOriginalPixelSize") == 0.4)
        #expect(try up.table("global_shift").doubles("rlnMicrographShiftX") == (0..<10).map { Double(4 * $0) })
        #expect(
            try up.table("local_motion_model").doubles("rlnMotionModelCoeff") == (0..<36).map { Double($0 + 1) / 4 })
        #expect(try up.table("hot_pixels").doubles("rlnCoordinateX") == [20, 20, 21, 21, 22, 22, 23, 23])
        #expect(try up.table("hot_pixels").doubles("rlnCoordinateY") == [42, 43, 42, 43, 40, 41, 40, 41])
        try write(size: 8192)
        #expect(run(["--o", "down", "--resample", "1"]).status == 0)
        let down = try result("down")
        #expect(try down.table("general").double("rlnMicrographOriginalPixelSize") == 1.6)
        #expect(try down.table("hot_pixels").doubles("rlnCoordinateX") == [5], "both are parts of one pixel")
    }

    @Test func bothAtOnceAndTheOldGroupingByHand() throws {
        try write(grouping: false)
        let missing = run(["--o", "x", "--regroup", "4"])
        #expect(missing.status == 1 && missing.text.contains("--old_group"), "\(missing.text)")
        #expect(run(["--o", "x", "--regroup", "4", "--old_group", "8", "--resample", "2"]).status == 0)
        let document = try result("x")
        #expect(
            try document.table("general").int("rlnImageSizeZ") == 20
                && document.table("general").int("rlnImageSizeX") == 8192)
        #expect(try document.table("global_shift").doubles("rlnMicrographShiftX")[3] == 6)
    }

    @Test func wrongUsesAreNamed() throws {
        try write()
        for (arguments, word) in [
            (["--o", "x"], "neither is given"), (["--o", "a/b", "--regroup", "4"], "--o"),
            (["--o", "x", "--resample", "1"], "8192 pixels"),
            (["--o", "x", "--resample", "3"], "--resample"), (["--o", "x", "--regroup", "100"], "at least 100"),
            (["--o", "x", "--regroup", "-1"], "--regroup"),
        ] {
            let outcome = run(arguments)
            #expect(outcome.status == 1 && outcome.text.contains(word), "\(arguments): \(outcome.text)")
        }
    }
}
