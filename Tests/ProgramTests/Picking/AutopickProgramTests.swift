import Arrays
import Foundation
import ImageFormats
import StarFormat
import TestSupport
import Testing

/// relion_autopick on two small micrographs with four dark discs each.
@Suite struct AutopickProgramTests {
    private let folder: TemporaryFolder
    private static let centres = [(60.0, 70.0), (160.0, 90.0), (100.0, 180.0), (200.0, 190.0)]

    init() throws {
        folder = try TemporaryFolder()
        for (index, name) in ["a", "b"].enumerated() {
            try ImageFile.write(
                Self.micrograph(seed: UInt64(index + 1), blobs: index == 0 ? Self.centres : Array(Self.centres.prefix(3))),
                to: folder.file("Mics/\(name).mrc"), pixelSizeInAngstrom: 2)
        }
        try folder.write(micrographs(["a", "b"]), to: "mics.star")
    }

    private static func micrograph(seed: UInt64, blobs: [(Double, Double)]) -> RealArray {
        var numbers = TestNumbers(seed: seed)
        var image = RealArray(shape: Shape(x: 256, y: 240))
        for y in 0..<240 {
            for x in 0..<256 {
                let disc = blobs.contains { hypot(Double(x) - $0.0, Double(y) - $0.1) < 27 }
                image.values[y * 256 + x] = Float(numbers.next(below: 1000)) / 1000 - (disc ? 1 : 0)
            }
        }
        return image
    }

    private func micrographs(_ names: [String], ctf: Bool = true) -> String {
        """

        data_optics

        loop_
        _rlnOpticsGroupName #1
        _rlnOpticsGroup #2
        _rlnMicrographOriginalPixelSize #3
        _rlnVoltage #4
        _rlnSphericalAberration #5
        _rlnAmplitudeContrast #6
        _rlnMicrographPixelSize #7
        groupA 1 2.0 300 2.7 0.1 2.0

        data_micrographs

        loop_
        _rlnMicrographName #1
        _rlnOpticsGroup #2

        """ + (ctf ? "_rlnDefocusU #3\n_rlnDefocusV #4\n_rlnDefocusAngle #5\n" : "")
            + names.map { "\(folder.path)/Mics/\($0).mrc 1" + (ctf ? " 12000 11500 30\n" : "\n") }.joined()
    }

    private func run(_ options: [String], input: String = "mics.star", output: String = "Pick") -> (status: Int32, text: String) {
        runMovieProgram(
            "relion_autopick", ["--i", folder.path + "/" + input, "--odir", "\(folder.path)/\(output)/"] + options)
    }

    private static let blobs = ["--LoG", "--LoG_diam_min", "90", "--LoG_diam_max", "130", "--LoG_adjust_threshold", "1"]

    private func table(_ name: String, output: String = "Pick") throws -> StarTable {
        try #require(StarDocument(contentsOf: "\(folder.path)/\(output)/\(name)").tables.first)
    }

    private func picks(_ name: String = "a", output: String = "Pick") throws -> StarTable {
        try table("\(folder.path)/Mics/\(name)_autopick.star", output: output)
    }

    private func text(_ output: String, _ name: String = "a") throws -> String {
        try String(contentsOfFile: "\(folder.path)/\(output)\(folder.path)/Mics/\(name)_autopick.star", encoding: .utf8)
    }

    // MARK: Output

    @Test func picksAndLists() throws {
        let result = run(Self.blobs)
        try #require(result.status == 0, "\(result.text)")
        let picked = try picks()
        #expect(
            picked.labels == ["rlnCoordinateX", "rlnCoordinateY", "rlnAutopickFigureOfMerit", "rlnClassNumber", "rlnAnglePsi"])
        #expect(picked.rowCount == 4)
        let (x, y) = (try picked.doubles("rlnCoordinateX"), try picked.doubles("rlnCoordinateY"))
        for centre in Self.centres {
            // The disc's flat middle leaves a few pixels of freedom.
            #expect(zip(x, y).contains { hypot($0 - centre.0, $1 - centre.1) < 4 })
        }
        #expect(try picks("b").rowCount == 3)
        let list = try table("autopick.star")
        #expect(list.name == "coordinate_files")
        #expect(try list.strings("rlnMicrographName") == ["a", "b"].map { "\(folder.path)/Mics/\($0).mrc" })
        #expect(try list.strings("rlnMicrographCoordinates")[1] == "\(folder.path)/Pick\(folder.path)/Mics/b_autopick.star")
        #expect(try table("summary.star").ints("rlnGroupNrParticles") == [4, 3])
        #expect(folder.exists("Pick/logfile.pdf"))
    }

    @Test func picksByPatternOfNamesAndAnotherName() throws {
        let result = run(Self.blobs + ["--angpix", "2", "--pickname", "log"], input: "Mics/*.mrc", output: "Other")
        try #require(result.status == 0, "\(result.text)")
        #expect(try table("log.star", output: "Other").rowCount == 2)
        #expect(try table("\(folder.path)/Mics/a_log.star", output: "Other").rowCount == 4)
    }

    @Test func threadsDoNotChangeAnything() throws {
        #expect(run(Self.blobs + ["--j", "1"]).status == 0)
        #expect(run(Self.blobs + ["--j", "3"], output: "Three").status == 0)
        #expect(try text("Pick") == text("Three") && text("Pick", "b") == text("Three", "b"))
    }

    @Test func optionsHaveTheirEffects() throws {
        #expect(run(Self.blobs).status == 0)
        let plain = try text("Pick")
        for (number, options) in [
            ["--LoG_adjust_threshold", "20"], ["--LoG_diam_max", "200"], ["--LoG_diam_min", "60"], ["--LoG_upper_threshold", "1"],
            ["--LoG_neighbour", "300"], ["--Log_invert"], ["--LoG_use_ctf"], ["--skip_side", "70"], ["--shrink", "0.5"],
            ["--shrink", "100"], ["--shrink", "0", "--lowpass", "20"], ["--outlier_removal_zscore", "1"], ["--random_seed", "5"],
            ["--shrink", "158", "--skip_optimise_scale"],
        ].enumerated() {
            let result = run(Self.blobs + options, output: "Changed\(number)")
            #expect(result.status == 0, "\(options): \(result.text)")
            #expect(try text("Changed\(number)") != plain, "\(options)")
        }
        #expect(run(Self.blobs + ["--Log_max_search", "1"]).text.contains("filters: 90, 110, 130 Å"))
    }

    @Test func mapsAreKeptAndReadAgain() throws {
        let written = run(Self.blobs + ["--write_fom_maps"])
        try #require(written.status == 0, "\(written.text)")
        let first = try text("Pick")
        #expect(folder.exists("Pick\(folder.path)/Mics/a_autopick_LoG90.mrc"))
        #expect(run(Self.blobs + ["--read_fom_maps", "--LoG_adjust_threshold", "20"]).status == 0)
        #expect(try text("Pick") != first)
        #expect(run(Self.blobs + ["--read_fom_maps"]).status == 0)
        #expect(try text("Pick") == first)
        #expect(run(Self.blobs + ["--read_fom_maps", "--shrink", "0.5"]).text.contains("--shrink"))
    }

    @Test func finishedMicrographsAreNotDoneAgain() throws {
        #expect(run(Self.blobs).status == 0)
        try FileManager.default.removeItem(atPath: "\(folder.path)/Pick\(folder.path)/Mics/b_autopick.star")
        let again = run(Self.blobs + ["--only_do_unfinished", "--LoG_adjust_threshold", "50"])
        #expect(again.status == 0 && again.text.contains("1 had been done before"), "\(again.text)")
        #expect(try picks().rowCount == 4 && picks("b").rowCount == 0)
        #expect(try table("autopick.star").rowCount == 2)
    }

    @Test func dryRunWritesNothing() {
        let result = run(Self.blobs + ["--dry_run"])
        #expect(result.status == 0 && !folder.exists("Pick"), "\(result.text)")
    }

    // MARK: References

    /// A disc like those in the micrographs, and a bar that is not there.
    private func writeReferences() throws {
        let images = [false, true].map { isBar in
            var image = RealArray(shape: .square(80))
            for y in 0..<80 {
                for x in 0..<80 {
                    let (dx, dy) = (Double(x - 40), Double(y - 40))
                    let isInside = isBar ? abs(dx) < 30 && abs(dy) < 5 : hypot(dx, dy) < 27
                    image.values[y * 80 + x] = isInside ? 2 : 0
                }
            }
            return image
        }
        try ImageFile.writeStack(images, to: folder.file("refs.mrcs"), pixelSizeInAngstrom: 2)
    }

    private var likeReferences: [String] {
        ["--ref", folder.path + "/refs.mrcs", "--invert", "--lowpass", "20", "--particle_diameter", "130", "--threshold", "0.2"]
    }

    @Test func picksLikeReferences() throws {
        try writeReferences()
        let result = run(likeReferences + ["--j", "1"])
        try #require(result.status == 0, "\(result.text)")
        let picked = try picks()
        #expect(picked.rowCount == 4)
        let (x, y) = (try picked.doubles("rlnCoordinateX"), try picked.doubles("rlnCoordinateY"))
        for centre in Self.centres { #expect(zip(x, y).contains { hypot($0 - centre.0, $1 - centre.1) < 3 }) }
        #expect(try picked.ints("rlnClassNumber") == [1, 1, 1, 1])
        #expect(run(likeReferences + ["--j", "3"], output: "Three").status == 0)
        #expect(try text("Pick") == text("Three"))
    }

    @Test func referenceOptionsHaveTheirEffects() throws {
        try writeReferences()
        #expect(run(likeReferences).status == 0)
        let plain = try text("Pick")
        for (number, options) in [
            ["--threshold", "-0.5"], ["--min_distance", "300"], ["--lowpass", "30"], ["--highpass", "300"], ["--ang", "90"], ["--ctf"],
            ["--angpix_ref", "2.5"], ["--shrink", "0.5"], ["--skip_side", "20"], ["--shrink_particle_mask", "6"],
            ["--particle_diameter", "140"], ["--max_stddev_noise", "0.5"], ["--min_avg_noise", "10"], ["--extra_pad", "20"],
            ["--random_seed", "7"], ["--pad", "1"], ["--outlier_removal_zscore", "1"],
            ["--ref", "gauss", "--particle_diameter", "90", "--gauss_max", "1"],
        ].enumerated() {
            let result = run(likeReferences + options, output: "Ref\(number)")
            #expect(result.status == 0, "\(options): \(result.text)")
            #expect(try text("Ref\(number)") != plain, "\(options)")
        }
        #expect(run(likeReferences + ["--ctf"], output: "Ctf").status == 0)
        #expect(run(likeReferences + ["--ctf", "--ctf_intact_first_peak"], output: "Peak").status == 0)
        #expect(try text("Ctf") != text("Peak"))
        #expect(run(likeReferences + ["--write_fom_maps"]).status == 0)
        #expect(run(likeReferences + ["--read_fom_maps"]).status == 0)
        #expect(try text("Pick") == plain)
    }

    @Test func mapsAreProjected() throws {
        var map = RealArray(shape: .cube(40))
        for z in 0..<40 {
            for y in 0..<40 {
                for x in 0..<40 where hypot(hypot(Double(x - 20), Double(y - 20)), Double(z - 20)) < 13 {
                    map.values[(z * 40 + y) * 40 + x] = 0.1
                }
            }
        }
        try ImageFile.write(map, to: folder.file("map.mrc"), pixelSizeInAngstrom: 4)
        let options = ["--ref", folder.path + "/map.mrc", "--angpix_ref", "4", "--invert", "--lowpass", "20", "--threshold", "0.1"]
        let result = run(options + ["--particle_diameter", "130", "--healpix_order", "0", "--sym", "C2"])
        #expect(result.status == 0, "\(result.text)")
        let picked = try picks()
        let (x, y) = (try picked.doubles("rlnCoordinateX"), try picked.doubles("rlnCoordinateY"))
        for centre in Self.centres { #expect(zip(x, y).contains { hypot($0 - centre.0, $1 - centre.1) < 4 }) }
        // Written with the map's own contrast, whatever that of the micrographs.
        let projections = try StackReader(path: folder.path + "/Pick/reference_projections.mrcs")
        #expect(try projections.count < 12 && projections.image(0)[20, 20] > 1)
    }

    // MARK: Faults

    @Test func wrongReferencesAreTold() throws {
        try folder.write("no image", to: "bad.mrcs")
        #expect(run(["--ref", folder.path + "/bad.mrcs"]).status != 0)
        #expect(run(["--ref", folder.path + "/none.star"]).status != 0)
        #expect(run(["--ref", "gauss"]).text.contains("--particle_diameter"))
        try writeReferences()
        #expect(run(likeReferences + ["--particle_diameter", "500"]).text.contains("--particle_diameter"))
        #expect(run(likeReferences + ["--shrink", "0", "--lowpass", "-1"]).text.contains("--lowpass"))
    }

    @Test func oneBadMicrographDoesNotStopTheOthers() throws {
        try folder.write("no image", to: "Mics/bad.mrc")
        try ImageFile.write(RealArray(shape: .square(256), repeating: 2), to: folder.file("Mics/flat.mrc"), pixelSizeInAngstrom: 2)
        try folder.write(micrographs(["bad", "a", "missing", "flat"]), to: "some.star")
        let result = run(Self.blobs, input: "some.star")
        #expect(result.status == 0 && result.text.contains("3 of 4 micrographs were left out"), "\(result.text)")
        #expect(try table("autopick.star").rowCount == 1)
    }

    /// A stopped run keeps what it finished and writes no lists; the next run does the rest, and all is as if nothing had happened.
    @Test func stoppedRunsGoOn() throws {
        #expect(run(Self.blobs, output: "Whole").status == 0)
        try folder.write(micrographs(["a"]), to: "first.star")
        #expect(run(Self.blobs, input: "first.star").status == 0)
        try FileManager.default.removeItem(atPath: folder.path + "/Pick/autopick.star")
        try folder.write("", to: "Job/RELION_JOB_ABORT_NOW")
        let control = ["--only_do_unfinished", "--pipeline_control", folder.path + "/Job/"]
        let stopped = run(Self.blobs + control)
        #expect(stopped.status != 0 && stopped.text.contains("stopped on request"), "\(stopped.text)")
        #expect(folder.exists("Job/RELION_JOB_EXIT_ABORTED") && !folder.exists("Pick/autopick.star"))
        #expect(!folder.exists("Pick\(folder.path)/Mics/b_autopick.star"))
        let again = run(Self.blobs + control)
        #expect(again.status == 0 && again.text.contains("1 had been done before"), "\(again.text)")
        #expect(folder.exists("Job/RELION_JOB_EXIT_SUCCESS"))
        #expect(try text("Pick") == text("Whole") && text("Pick", "b") == text("Whole", "b"))
        #expect(try table("autopick.star").rowCount == 2)
    }

    /// Left out at first, taken up when it is there.
    @Test func repairedMicrographsAreTakenUp() throws {
        try folder.write("no image", to: "Mics/c.mrc")
        try folder.write(micrographs(["c", "a", "b"]), to: "three.star")
        let first = run(Self.blobs, input: "three.star")
        #expect(first.status == 0 && first.text.contains("1 of 3 micrographs were left out"), "\(first.text)")
        #expect(first.text.contains("Mics/c.mrc") && first.text.contains("--only_do_unfinished"))
        try ImageFile.write(Self.micrograph(seed: 5, blobs: Self.centres), to: folder.file("Mics/c.mrc"), pixelSizeInAngstrom: 2)
        let second = run(Self.blobs + ["--only_do_unfinished"], input: "three.star")
        #expect(second.status == 0 && second.text.contains("2 had been done before"), "\(second.text)")
        #expect(try table("summary.star").ints("rlnGroupNrParticles") == [4, 4, 3])
        try folder.write(micrographs(["missing", "gone"]), to: "none.star")
        let none = run(Self.blobs, input: "none.star")
        #expect(none.status != 0 && none.text.contains("missing.mrc") && none.text.contains("gone.mrc"), "\(none.text)")
    }

    /// Neither lists nor maps of figures of merit with wrong bytes stop the program other than by a message.
    @Test func damagedFilesAreSurvived() throws {
        var numbers = TestNumbers(seed: 11)
        let list = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/mics.star"))
        #expect(run(Self.blobs + ["--write_fom_maps"]).status == 0)
        let mapPath = "\(folder.path)/Pick\(folder.path)/Mics/a_autopick_LoG110.mrc"
        let map = try Data(contentsOf: URL(fileURLWithPath: mapPath))
        func damaged(_ data: Data, headOnly: Bool) -> Data {
            var result = data
            for _ in 0...numbers.next(below: 4) {
                result[numbers.next(below: headOnly ? 1024 : result.count)] = UInt8(numbers.next(below: 256))
            }
            return numbers.next(below: 3) == 0 ? result.prefix(numbers.next(below: result.count)) : result
        }
        for number in 0..<60 {
            try damaged(list, headOnly: false).write(to: URL(fileURLWithPath: folder.path + "/damaged.star"))
            let result = run(Self.blobs + ["--dry_run"], input: "damaged.star", output: "Damaged")
            #expect(result.status == 0 || result.text.contains("ERROR"), "\(number): \(result.text)")
        }
        for number in 0..<20 {
            try damaged(map, headOnly: true).write(to: URL(fileURLWithPath: mapPath))
            let result = run(Self.blobs + ["--read_fom_maps"])
            #expect(result.status == 0, "\(number): \(result.text)")
        }
    }

    @Test func wrongOptionsAreToldAtOnce() throws {
        let result = run(["--LoG", "--helix", "--topaz_extract", "--LoG_diam_min", "200", "--LoG_diam_max", "100", "--shrink", "-1"])
        #expect(result.status != 0)
        for word in ["--helix", "--topaz_extract", "--LoG_diam_min 200", "--shrink"] {
            #expect(result.text.contains(word), "\(word): \(result.text)")
        }
        #expect(run([]).text.contains("--LoG"))
        #expect(run(["--LoG"]).text.contains("--LoG_diam_min"))
        #expect(run(Self.blobs, input: "none.star").status != 0)
        try folder.write(micrographs(["a"], ctf: false), to: "noctf.star")
        #expect(run(Self.blobs + ["--LoG_use_ctf"], input: "noctf.star").text.contains("CTF"))
        try folder.write(micrographs(["a", "a"]), to: "twice.star")
        #expect(run(Self.blobs, input: "twice.star").text.contains("each micrograph once"))
    }
}
