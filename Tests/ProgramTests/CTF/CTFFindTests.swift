import Arrays
import Foundation
import ImageFormats
import Reporting
import StarFormat
import TestSupport
import Testing

@Suite struct CTFFindTests {
    private let images: ThonRingImages
    private var folder: TemporaryFolder { images.folder }
    private static let usual = ["--Box", "256", "--ResMin", "30", "--ResMax", "5", "--dFMin", "5000", "--j", "2"]

    init() throws { images = try ThonRingImages() }

    private func run(_ input: String, _ options: [String] = [], output: String = "out") -> (status: Int32, text: String)
    {
        runMovieProgram(
            "relion_run_ctffind", ["--i", input, "--o", folder.path + "/" + output + "/"] + Self.usual + options)
    }

    private func results(_ output: String = "out") throws -> StarTable {
        try StarDocument(contentsOf: folder.path + "/\(output)/micrographs_ctf.star").table("micrographs")
    }

    private func means(_ table: StarTable) throws -> [Double] {
        zip(try table.doubles("rlnDefocusU"), try table.doubles("rlnDefocusV")).map { ($0 + $1) / 2 }
    }

    /// Root of the output of an input with an absolute path.
    private func root(_ name: String, _ output: String = "out") -> String {
        folder.path + "/" + output + images.path(name)
    }

    // MARK: Inputs

    @Test func micrographs() throws {
        let result = run(try images.makeMicrographs())
        #expect(result.status == 0, "\(result.text)")
        let table = try results()
        for (found, expected) in zip(try means(table), ThonRingImages.defocus) { #expect(abs(found - expected) < 60) }
        #expect(try table.doubles("rlnDefocusAngle").allSatisfy { abs($0 - 30) < 15 })
        #expect(try table.doubles("rlnCtfAstigmatism").allSatisfy { abs($0 - 300) < 120 })
        #expect(try table.doubles("rlnCtfMaxResolution").allSatisfy { $0 < 6 })
        #expect(try table.doubles("rlnCtfFigureOfMerit").allSatisfy { $0 > 0.1 && $0 < 1 })
        #expect(try table.doubles("rlnCtfValidationScore").allSatisfy { $0 > 0.2 })
        #expect(try table.doubles("rlnAccumMotionTotal") == [12.5, 12.5, 12.5], "the input's columns are kept")
        #expect(!table.contains("rlnPhaseShift"))
        let optics = try StarDocument(contentsOf: folder.path + "/out/micrographs_ctf.star").table("optics")
        #expect(try optics.doubles("rlnMicrographPixelSize") == [1.5])
        #expect(FileManager.default.fileExists(atPath: folder.path + "/out/logfile.pdf"))
        #expect(FileManager.default.fileExists(atPath: root("m0") + "_ctf.png"))
        let image = try ImageFile.read(try table.strings("rlnCtfImage")[0]).image
        #expect(image.shape == .square(256))
    }

    @Test func unweightedMicrographsAndSpectra() throws {
        let list = try images.makeMicrographs()
        #expect(run(list, ["--use_noDW"], output: "noDW").status == 0)
        for (found, expected) in zip(try means(try results("noDW")), ThonRingImages.defocus) {
            #expect(abs(found - expected - 2000) < 60)
        }
        let result = run(list, ["--use_given_ps"], output: "ps")
        #expect(result.status == 0, "\(result.text)")
        for (found, expected) in zip(try means(try results("ps")), ThonRingImages.defocus) {
            #expect(abs(found - expected - 4000) < 60)
        }
        #expect(try ImageFile.read(try results("ps").strings("rlnCtfImage")[0]).image.shape == .square(512))
    }

    @Test func patternsNeedTheMicroscope() throws {
        _ = try images.makeMicrographs()
        let pattern = images.path("m?.mrc")
        let refused = run(pattern)
        #expect(refused.status == 1)
        for option in ["--CS", "--HT", "--AmpCnst", "--angpix"] { #expect(refused.text.contains(option)) }
        let microscope = ["--CS", "2.7", "--HT", "300", "--AmpCnst", "0.1", "--angpix", "1.5"]
        let result = run(pattern, microscope)
        #expect(result.status == 0, "\(result.text)")
        #expect(try means(results()).enumerated().allSatisfy { abs($1 - ThonRingImages.defocus[$0]) < 60 })
        #expect(run(folder.path + "/none*.mrc", microscope).status == 1)
    }

    @Test func movies() throws {
        let list = try images.makeMicrographs()
        for (index, defocus) in ThonRingImages.defocus.enumerated() {
            let frames = (0..<4).map {
                ThonRingImages.micrograph(
                    defocus: defocus - 1000, shape: .square(384), seed: UInt64(100 + 10 * index + $0))
            }
            try ImageFile.writeStack(frames, to: images.path("m\(index)_frames.mrcs"), pixelSizeInAngstrom: 1.5)
        }
        let options = ["--do_movie_thon_rings", "--movie_rootname", "_frames.mrcs"]
        let result = run(list, options)
        #expect(result.status == 0, "\(result.text)")
        for (found, expected) in zip(try means(try results()), ThonRingImages.defocus) {
            #expect(abs(found - expected + 1000) < 80)
        }
        // Frames here have nothing in common but their defocus: sums of two have more rings than noise, too, but other ones.
        #expect(run(list, options + ["--avg_movie_frames", "2"], output: "two").status == 0)
        #expect(try results("two").doubles("rlnCtfFigureOfMerit") != results().doubles("rlnCtfFigureOfMerit"))
    }

    @Test func tiltSeries() throws {
        let list = try images.makeTiltSeries()
        let result = run(list)
        #expect(result.status == 0, "\(result.text)")
        let global = try StarDocument(contentsOf: folder.path + "/out/tilt_series_ctf.star").table("global")
        let series = try global.strings("rlnTomoTiltSeriesStarFile")
        #expect(series == [folder.path + "/out/tilt_series/TS_01.star"])
        let table = try StarDocument(contentsOf: series[0]).table("TS_01")
        #expect(try means(table).allSatisfy { abs($0 - 14000) < 150 })
        #expect(try table.doubles("rlnMicrographPreExposure") == [0, 30, 60])
        let fits = try StarDocument(contentsOf: folder.path + "/out/power_spectra_fits.star").tables[0]
        #expect(fits.rowCount == 3 && fits.contains("rlnCtfImage") && !fits.contains("rlnMicrographName"))
        // The dose changes the range of the fit, unless it is told not to.
        #expect(run(list, ["--exp_factor_dose", "0"], output: "all").status == 0)
        let all = try StarDocument(contentsOf: folder.path + "/all/tilt_series/TS_01.star").table("TS_01")
        let merits = (try table.doubles("rlnCtfFigureOfMerit"), try all.doubles("rlnCtfFigureOfMerit"))
        #expect(merits.0[0] == merits.1[0] && merits.0[2] != merits.1[2])
    }

    @Test func nominalDefocusLimitsTheSearch() throws {
        let list = try images.makeTiltSeries(nominal: [-1.4, -2.6, -2.6])
        #expect(run(list, ["--localsearch_nominal_defocus", "5000"]).status == 0)
        let near = try StarDocument(contentsOf: folder.path + "/out/tilt_series/TS_01.star").table("TS_01")
        let means = try means(near)
        #expect(abs(means[0] - 14000) < 100 && means[1] >= 21000 && means[2] >= 21000)
        #expect(try near.doubles("rlnCtfValidationScore")[1] == 0, "a better defocus outside the range is noticed")
        #expect(run(list, ["--localsearch_nominal_defocus", "0"], output: "all").status == 0)
        let all = try StarDocument(contentsOf: folder.path + "/all/tilt_series/TS_01.star").table("TS_01")
        #expect(try self.means(all).allSatisfy { abs($0 - 14000) < 150 })
    }

    // MARK: Options

    @Test func optionsChangeTheResult() throws {
        let list = try images.makeMicrographs()
        #expect(run(list).status == 0)
        let usual = try results()
        for (index, options) in [
            ["--Box", "320"], ["--ResMin", "20"], ["--ResMax", "7"], ["--dAst", "20"], ["--ctfWin", "400"],
            ["--dFMin", "20000"],
            ["--dFMax", "12000"],
        ].enumerated() {
            let result = run(list, options, output: "o\(index)")
            #expect(result.status == 0, "\(result.text)")
            #expect(try results("o\(index)").doubles("rlnDefocusU") != usual.doubles("rlnDefocusU"), "\(options)")
        }
        // These change how the search goes, not where it ends.
        for (index, options) in [["--fast_search"], ["--FStep", "100"], ["--use_own"]].enumerated() {
            #expect(run(list, options, output: "s\(index)").status == 0)
            for (found, expected) in zip(try means(try results("s\(index)")), try means(usual)) {
                #expect(abs(found - expected) < 2)
            }
        }
    }

    @Test func phaseShifts() throws {
        let image = ThonRingImages.micrograph(defocus: 12000, phaseShift: 60, shape: .square(768), signal: 2, seed: 77)
        try ImageFile.write(image, to: folder.file("Movies/p.mrc"), pixelSizeInAngstrom: 1.5)
        let microscope = ["--CS", "2.7", "--HT", "300", "--AmpCnst", "0.1", "--angpix", "1.5", "--do_phaseshift"]
        #expect(run(images.path("p.mrc"), microscope).status == 0)
        #expect(abs(try results().double("rlnPhaseShift") - 60) < 12)
        let limited = microscope + ["--phase_min", "80", "--phase_max", "100", "--phase_step", "5"]
        #expect(run(images.path("p.mrc"), limited, output: "limited").status == 0)
        #expect((80...100).contains(try results("limited").double("rlnPhaseShift").rounded()))
    }

    @Test func threadsDoNotChangeABit() throws {
        let list = try images.makeMicrographs()
        #expect(run(list, ["--j", "1"], output: "one").status == 0)
        #expect(run(list, ["--j", "3"], output: "three").status == 0)
        #expect(try results("one").doubles("rlnDefocusU") == results("three").doubles("rlnDefocusU"))
        #expect(
            FileManager.default.contents(atPath: root("m1", "one") + ".ctf")
                == FileManager.default.contents(atPath: root("m1", "three") + ".ctf"))
    }

    @Test func unfinishedOnesAndParts() throws {
        let list = try images.makeMicrographs()
        let first = run(list, ["--do_at_most", "1"])
        #expect(first.status == 0 && first.text.contains("2 images are left"), "\(first.text)")
        #expect(try results().rowCount == 1)
        let date =
            try FileManager.default.attributesOfItem(atPath: root("m0") + "_ctf.star")[.modificationDate] as? Date
        let second = run(list, ["--only_do_unfinished", "--do_at_most", "1"])
        #expect(second.status == 0 && second.text.contains("1 will be fitted"), "\(second.text)")
        #expect(try results().rowCount == 2)
        #expect(
            try FileManager.default.attributesOfItem(atPath: root("m0") + "_ctf.star")[.modificationDate] as? Date
                == date)
        let joined = run(list, ["--only_make_star"])
        #expect(joined.status == 0 && joined.text.contains("0 will be fitted"))
        #expect(try results().rowCount == 2)
        #expect(run(list, ["--only_make_star"], output: "nothing").status == 1)
    }

    @Test func dryRunWritesNothing() throws {
        let result = run(try images.makeMicrographs(), ["--dry_run"])
        #expect(result.status == 0 && result.text.contains("3 will be fitted"))
        #expect(!folder.exists("out/micrographs_ctf.star"))
    }

    // MARK: Faults

    @Test func badOptionsAreToldTogether() throws {
        let result = run(
            try images.makeMicrographs(),
            [
                "--Box", "31", "--ResMax", "40", "--dFMax", "100", "--FStep", "0", "--dAst", "-1", "--ctfWin", "3",
                "--avg_movie_frames",
                "0", "--do_at_most", "-2",
            ])
        #expect(result.status == 1)
        for word in [
            "--Box", "--ResMin", "--dFMin", "--FStep", "--dAst", "--ctfWin", "--avg_movie_frames", "--do_at_most",
        ] {
            #expect(result.text.contains(word), "\(word)")
        }
        let list = folder.path + "/corrected_micrographs.star"
        for options in [
            ["--use_given_ps", "--do_movie_thon_rings"], ["--use_given_ps", "--ctfWin", "300"],
            ["--use_given_ps", "--use_noDW"],
            ["--do_phaseshift", "--phase_max", "-10"], ["--ctffind_exe", "/bin/true"],
        ] {
            #expect(run(list, options).status == 1, "\(options)")
        }
    }

    @Test func oneBadMicrographDoesNotStopTheOthers() throws {
        let list = try images.makeMicrographs()
        try Data(count: 3000).write(to: URL(fileURLWithPath: images.path("m1.mrc")))
        let result = run(list)
        #expect(result.status == 0 && result.text.contains("m1.mrc"), "\(result.text)")
        #expect(try results().rowCount == 2)
        var image = ThonRingImages.micrograph(defocus: 14000, seed: 2)
        image.values[100] = .nan
        try ImageFile.write(image, to: images.path("m1.mrc"), pixelSizeInAngstrom: 1.5)
        let again = run(list, ["--only_do_unfinished"])
        #expect(
            again.status == 0 && again.text.contains("not numbers") && again.text.contains("1 will be fitted"),
            "\(again.text)")
        image.values[100] = 0
        try ImageFile.write(image, to: images.path("m1.mrc"), pixelSizeInAngstrom: 1.5)
        #expect(run(list, ["--only_do_unfinished"]).status == 0)
        #expect(try results().rowCount == 3)
    }

    @Test func listsThatLackSomething() throws {
        let text = try String(contentsOfFile: try images.makeMicrographs(), encoding: .utf8)
        for (from, to) in [
            ("_rlnMicrographName #1", "_rlnOther #1"), ("data_optics", "data_nothing"),
            ("_rlnOpticsGroup #4", "_rlnOther #4"),
            (" 1 12.5", " 7 12.5"), (" 300 2.7", " -300 2.7"), (" 300 2.7", " x 2.7"), ("_rlnVoltage", "_rlnOther"),
        ] {
            let path = try folder.write(text.replacingOccurrences(of: from, with: to), to: "damaged.star")
            let result = run(path)
            #expect(result.status == 1 && result.text.contains("damaged.star"), "\(from): \(result.text)")
        }
        #expect(run(folder.path + "/missing.star").status == 1)
    }

    @Test func damagedSpectraGiveErrors() throws {
        let list = try images.makeMicrographs()
        let whole = try #require(FileManager.default.contents(atPath: images.path("m0_PS.mrc")))
        // Cut short, not square, without a pixel size.
        for (offset, bytes) in [
            (0, [UInt8](repeating: 0, count: 4)), (40, [UInt8](repeating: 0, count: 12)), (4, [0, 1, 0, 0]),
        ] {
            var data = whole
            data.replaceSubrange(offset..<offset + bytes.count, with: bytes)
            try data.write(to: URL(fileURLWithPath: images.path("m0_PS.mrc")))
            let result = run(list, ["--use_given_ps"])
            #expect(
                result.status == 0 && result.text.contains("left out") && result.text.contains("m0_PS.mrc"),
                "\(result.text)")
        }
    }
}
