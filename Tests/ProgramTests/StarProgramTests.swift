import Foundation
import ProgramKit
import Reporting
import StarFormat
import TestSupport
import Testing
import UtilityPrograms

/// Programs on STAR files, run in-process.
@Suite struct StarProgramTests {
    private let folder: TemporaryFolder
    private let input: String
    private let output: String

    init() throws {
        folder = try TemporaryFolder()
        input = try folder.write(Self.example, to: "in.star")
        output = folder.file("out.star")
    }

    private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
        let entry = try #require(UtilityPrograms.programs.first { $0.name == program })
        let reporter = Reporter.recording(verbosity: .normal)
        let status = entry.run(arguments, reporter)
        return (status, reporter.recordedText)
    }

    private func handler(_ arguments: [String]) throws -> (status: Int32, text: String) { try run("relion_star_handler", arguments) }

    private func particles(_ path: String) throws -> StarTable { try StarDocument(contentsOf: path).table("particles") }

    static let example = """
        # version 50001

        data_optics

        loop_
        _rlnOpticsGroupName #1
        _rlnOpticsGroup #2
        _rlnVoltage #3
        _rlnSphericalAberration #4
        _rlnAmplitudeContrast #5
        _rlnImagePixelSize #6
        one 1 300 2.7 0.1 2
        two 2 300 2.7 0.1 2

        data_particles

        loop_
        _rlnImageName #1
        _rlnMicrographName #2
        _rlnOpticsGroup #3
        _rlnDefocusU #4
        _rlnClassNumber #5
        _rlnCoordinateX #6
        _rlnCoordinateY #7
        _rlnOriginXAngst #8
        _rlnOriginYAngst #9
        _rlnAngleRot #10
        _rlnAngleTilt #11
        _rlnAnglePsi #12
        _rlnRandomSubset #13
        1@a.mrcs a.mrc 1 10000 1 100 100 0 0 0 0 0 1
        2@a.mrcs a.mrc 1 11000 2 103 104 0 0 0 0 90 2
        3@a.mrcs a.mrc 2 12000 3 500 500 4 2 10 20 30 1
        1@b.mrcs b.mrc 2 13000 1 100 100 0 0 0 90 0 2

        """

    // MARK: relion_star_handler

    @Test func withoutOperationTheFileIsCopied() throws {
        #expect(try handler(["--i", input, "--o", output]).status == 0)
        #expect(try particles(output).rowCount == 4)
    }

    @Test func twoOperationsAtOnceAreRefused() throws {
        let result = try handler(["--i", input, "--o", output, "--select", "rlnDefocusU", "--split", "--nr_split", "2"])
        #expect(result.status == 1)
        #expect(result.text.contains("--select --split"))
        #expect(!folder.exists("out.star"))
    }

    @Test func selectsByNumber() throws {
        _ = try handler(["--i", input, "--o", output, "--select", "rlnDefocusU", "--minval", "11000", "--maxval", "12000"])
        #expect(try particles(output).strings("rlnImageName") == ["2@a.mrcs", "3@a.mrcs"])
        #expect(try handler(["--i", input, "--o", output, "--select", "rlnImageName"]).status == 1)
    }

    @Test func selectsByTextAndDropsUnusedOpticsGroups() throws {
        _ = try handler(["--i", input, "--o", output, "--select_by_str", "rlnMicrographName", "--select_include", "b.m"])
        #expect(try particles(output).strings("rlnImageName") == ["1@b.mrcs"])
        #expect(try StarDocument(contentsOf: output).table("optics").strings("rlnOpticsGroupName") == ["two"])
        #expect(try particles(output).ints("rlnOpticsGroup") == [1])
        _ = try handler(["--i", input, "--o", output, "--select_by_str", "rlnMicrographName", "--select_exclude", "b.m"])
        #expect(try particles(output).rowCount == 3)
        #expect(try handler(["--i", input, "--o", output, "--select_by_str", "rlnMicrographName"]).status == 1)
    }

    @Test func splitsByNumberAndSize() throws {
        _ = try handler(["--i", input, "--o", output, "--split", "--nr_split", "2"])
        #expect(try particles(folder.file("out_split2.star")).strings("rlnImageName") == ["3@a.mrcs", "1@b.mrcs"])
        let nodes = try StarDocument(contentsOf: folder.file("RELION_OUTPUT_NODES.star")).table("output_nodes")
        #expect(try nodes.strings("rlnPipeLineNodeName") == [folder.file("out_split1.star"), folder.file("out_split2.star")])
        #expect(try nodes.strings("rlnPipeLineNodeTypeLabel") == Array(repeating: "ParticleGroupMetadata.star.relion", count: 2))
        _ = try handler(["--i", input, "--o", folder.file("s.star"), "--split", "--size_split", "3"])
        #expect(try particles(folder.file("s_split1.star")).rowCount == 3)
        #expect(try particles(folder.file("s_split2.star")).rowCount == 1)
        func shuffled(_ seed: String) throws -> [String] {
            _ = try handler(["--i", input, "--o", output, "--split", "--nr_split", "1", "--random_order", "--random_seed", seed])
            return try particles(folder.file("out_split1.star")).strings("rlnImageName")
        }
        #expect(try shuffled("1") == shuffled("1"))
        #expect(try Set(shuffled("1")).count == 4)
        #expect(try (2...6).contains { try shuffled("\($0)") != shuffled("1") })
        #expect(try handler(["--i", input, "--o", output, "--split"]).status == 1)
    }

    @Test func combinesAndWarnsOfDuplicates() throws {
        let other = try folder.write(Self.example.replacingOccurrences(of: "two 2", with: "three 2"), to: "in2.star")
        let result = try handler(["--i", "\(folder.path)/in*.star", "--o", output, "--combine", "--check_duplicates", "rlnImageName"])
        #expect(result.status == 0)
        #expect(result.text.contains("duplicate entry: 1@a.mrcs"))
        #expect(try StarDocument(contentsOf: output).table("optics").strings("rlnOpticsGroupName") == ["one", "two", "three"])
        #expect(try particles(output).ints("rlnOpticsGroup") == [1, 1, 2, 2, 1, 1, 3, 3])
        // Without optics groups the numbers stay as they are.
        _ = try handler(["--i", "\(input) \(other)", "--o", output, "--combine", "--ignore_optics", "--i_tablename", "particles"])
        #expect(try particles(output).ints("rlnOpticsGroup") == [1, 1, 2, 2, 1, 1, 2, 2])
        #expect(try handler(["--i", folder.file("none*.star"), "--o", output, "--combine"]).status == 1)
    }

    @Test func combinedOpticsGroupsThatDifferAreNamed() throws {
        try folder.write(Self.example.replacingOccurrences(of: "two 2 300", with: "two 2 200"), to: "in2.star")
        let result = try handler(["--i", "\(folder.path)/in*.star", "--o", output, "--combine"])
        #expect(result.status == 0)
        #expect(result.text.contains("named two are joined although they differ: rlnVoltage is 300 and 200"))
        #expect(!result.text.contains("named one are joined although"))
        #expect(try StarDocument(contentsOf: output).table("optics").rowCount == 2)
    }

    @Test func combinesPicks() throws {
        let header = "data_\n\nloop_\n_rlnCoordinateX #1\n_rlnCoordinateY #2\n"
        let a = try folder.write(header + "1 1\n5 5\n", to: "a.star")
        let b = try folder.write(header + "1.05 1.02\n5 9\n", to: "b.star")
        for (name, coordinates) in [("list1.star", a), ("list2.star", b)] {
            try folder.write(
                "data_coordinate_files\n\nloop_\n_rlnMicrographName #1\n_rlnMicrographCoordinates #2\nMotionCorr/job002/Movies/m.mrc \(coordinates)\n",
                to: name)
        }
        #expect(try handler(["--i", "\(folder.path)/list*.star", "--o", output, "--combine_picks"]).status == 0)
        let list = try StarDocument(contentsOf: output).table("coordinate_files")
        let file = folder.file("Movies/m_combined.star")
        #expect(try list.strings("rlnMicrographCoordinates") == [file])
        #expect(try StarDocument(contentsOf: file).tables[0].doubles("rlnCoordinateY") == [1, 5, 9])
    }

    @Test func comparesByTextAndDistance() throws {
        let other = try folder.write(Self.example.replacingOccurrences(of: "3@a.mrcs", with: "4@a.mrcs")
            .replacingOccurrences(of: " 103 104", with: " 103 105"), to: "other.star")
        _ = try handler(["--i", input, "--o", output, "--compare", other, "--label1", "rlnImageName"])
        #expect(try particles(folder.file("out_both.star")).rowCount == 3)
        #expect(try particles(folder.file("out_only1.star")).strings("rlnImageName") == ["3@a.mrcs"])
        #expect(try particles(folder.file("out_only2.star")).strings("rlnImageName") == ["4@a.mrcs"])
        let planar = ["--i", input, "--o", output, "--compare", other, "--label1", "rlnCoordinateX", "--label2", "rlnCoordinateY"]
        _ = try handler(planar + ["--max_dist", "0.5"])
        #expect(try particles(folder.file("out_only1.star")).strings("rlnImageName") == ["2@a.mrcs"])
        _ = try handler(planar + ["--max_dist", "1"])
        #expect(try particles(folder.file("out_both.star")).rowCount == 4)
        _ = try handler(planar + ["--label3", "rlnDefocusU"])
        #expect(try particles(folder.file("out_both.star")).rowCount == 3)
        #expect(try handler(["--i", input, "--o", output, "--compare", other]).status == 1)
    }

    @Test func changesColumns() throws {
        func result(_ arguments: [String]) throws -> StarTable {
            let result = try handler(["--i", input, "--o", output] + arguments)
            #expect(result.status == 0, "\(result.text)")
            return try particles(output)
        }
        #expect(try result(["--operate", "rlnDefocusU", "--multiply_by", "2", "--add_to", "-1"]).doubles("rlnDefocusU")
            == [19999, 21999, 23999, 25999])
        #expect(try result(["--operate", "rlnClassNumber", "--multiply_by", "0.5"]).ints("rlnClassNumber") == [0, 1, 1, 0])
        let set = try result(["--operate", "rlnOriginXAngst", "--operate2", "rlnOriginYAngst", "--operate3", "rlnAngleRot", "--set_to", "7"])
        #expect(try set.doubles("rlnOriginYAngst") + set.doubles("rlnAngleRot") == Array(repeating: 7, count: 8))
        #expect(try !result(["--remove_column", "rlnClassNumber"]).contains("rlnClassNumber"))
        #expect(try result(["--add_column", "rlnGroupName", "--add_column_value", "my group"]).strings("rlnGroupName")[0] == "my group")
        #expect(try result(["--add_column", "rlnDefocusV", "--copy_column_from", "rlnDefocusU"]).doubles("rlnDefocusV")[1] == 11000)
        for wrong in [["--operate", "rlnImageName", "--multiply_by", "2"], ["--operate", "rlnDefocusU", "--set_to", "abc"],
                      ["--remove_column", "rlnNone"], ["--add_column", "rlnGroupName"], ["--operate", "rlnNone", "--add_to", "1"]] {
            #expect(try handler(["--i", input, "--o", output] + wrong).status == 1, "\(wrong)")
        }
    }

    @Test func centresParticles() throws {
        _ = try handler(["--i", input, "--o", output, "--center", "--center_X", "1", "--center_Y", "2", "--center_Z", "4"])
        let table = try particles(output)
        let (x, y) = (try table.doubles("rlnOriginXAngst"), try table.doubles("rlnOriginYAngst"))
        // Pixel size 2 Å: −(1, 2) px unturned; psi 90° turns x to −y; tilt 90° puts z on −x.
        let tolerance = 1e-5  // Five decimals in the file.
        for (row, expected) in [(0, (-2.0, -4.0)), (1, (-4.0, 2.0)), (3, (8.0, -4.0))] {
            #expect(abs(x[row] - expected.0) < tolerance && abs(y[row] - expected.1) < tolerance, "\(row): \(x[row]) \(y[row])")
        }
        _ = try handler(["--i", input, "--o", output, "--center", "--center_X", "1", "--ignore_optics", "--angpix", "3", "--i_tablename", "particles"])
        #expect(try particles(output).doubles("rlnOriginXAngst")[0] == -3)
    }

    @Test func removesDuplicates() throws {
        // 5 px apart in the micrograph.
        _ = try handler(["--i", input, "--o", output, "--remove_duplicates", "10.1"])
        #expect(try particles(output).strings("rlnImageName") == ["2@a.mrcs", "3@a.mrcs", "1@b.mrcs"])
        #expect(try particles(folder.file("out_removed.star")).strings("rlnImageName") == ["1@a.mrcs"])
        _ = try handler(["--i", input, "--o", output, "--remove_duplicates", "9.9"])
        #expect(try particles(output).rowCount == 4)
        _ = try handler(["--i", input, "--o", output, "--remove_duplicates", "9.9", "--image_angpix", "1.9"])
        #expect(try particles(output).rowCount == 3)
    }

    @Test func removesDuplicatesOfParticlesThatHaveNoOriginsYet() throws {
        _ = try handler(["--i", input, "--o", folder.file("no_x.star"), "--remove_column", "rlnOriginXAngst"])
        _ = try handler(["--i", folder.file("no_x.star"), "--o", folder.file("plain.star"), "--remove_column", "rlnOriginYAngst"])
        let result = try handler(["--i", folder.file("plain.star"), "--o", output, "--remove_duplicates", "1e6"])
        #expect(result.status == 0)
        // One is left in each micrograph.
        let names = try particles(output).strings("rlnMicrographName")
        #expect(Set(names).count == names.count)
    }

    @Test func selectsPicksByFigureOfMerit() throws {
        let picks = try folder.write(
            "\ndata_\n\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnAutopickFigureOfMerit\n1 2 0.5\n3 4 0.1\n5 6 0.3\n\n",
            to: "picks.star")
        let result = try handler(["--i", picks, "--o", output, "--select", "rlnAutopickFigureOfMerit", "--minval", "0.2"])
        #expect(result.status == 0)
        #expect(try StarDocument(contentsOf: output).tables[0].doubles("rlnCoordinateX") == [1, 5])
    }

    @Test func printsAndPlotsHistograms() throws {
        func lines(_ arguments: [String]) throws -> [String] {
            let result = try handler(["--i", input, "--o", output, "--hist_column", "rlnDefocusU"] + arguments)
            #expect(result.status == 0, "\(result.text)")
            return result.text.split(separator: "\n").map(String.init)
        }
        let counts = try lines(["--hist_bins", "3"])
        #expect(counts.contains("Min: 10000.0 Q1: 11000.0 Median: 12000.0 Q3: 13000.0 Max: 13000.0"))
        #expect(counts.contains("[12000.0, 13000.0): 2.0"))
        #expect(try lines(["--hist_bins", "3", "--in_percent"]).contains("[12000.0, 13000.0): 50.0"))
        #expect(try lines(["--hist_bins", "3", "--show_cumulative"]).contains("[11000.0, 12000.0): 50.0"))
        #expect(try lines(["--hist_bins", "2", "--hist_min", "10000", "--hist_max", "14000"]).contains("[12000.0, 14000.0): 2.0"))
        #expect(folder.exists("out.eps"))
    }

    @Test func dryRunsWriteNothing() throws {
        #expect(try handler(["--i", input, "--o", output, "--split", "--nr_split", "2", "--dry_run"]).status == 0)
        #expect(!folder.exists("out_split1.star") && !folder.exists("RELION_OUTPUT_NODES.star"))
    }

    // MARK: Golden data

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func goldenOutputs() throws {
        let input = SharedData.golden("noisy/truth.star").path
        _ = try handler(["--i", input, "--o", folder.file("select.star"), "--select", "rlnDefocusU", "--minval", "12000", "--maxval", "15000"])
        _ = try handler(["--i", input, "--o", folder.file("split.star"), "--split", "--nr_split", "3"])
        _ = try handler(["--i", input, "--o", folder.file("center.star"), "--center", "--center_X", "1", "--center_Y", "2", "--center_Z", "2.75"])
        let tolerance = 1.01e-5  // RELION writes negative numbers with five decimals.
        for name in ["select.star", "split_split1.star", "split_split2.star", "split_split3.star", "center.star"] {
            let ours = try StarDocument(contentsOf: folder.file(name))
            let golden = try StarDocument(contentsOf: SharedData.golden("star/\(name)").path)
            #expect(ours.tables.map(\.name) == golden.tables.map(\.name))
            for (one, other) in zip(ours.tables, golden.tables) {
                #expect(one.labels == other.labels && one.rowCount == other.rowCount)
                for label in one.labels {
                    for (a, b) in zip(try one.strings(label), try other.strings(label)) where a != b {
                        let close = NumberText.double(a).flatMap { x in NumberText.double(b).map { abs(x - $0) < tolerance } }
                        if close != true { Issue.record("\(name) \(label): \(a) instead of \(b)") }
                    }
                }
            }
        }
        let printed = try run("relion_star_printtable", [input, "data_particles", "rlnDefocusU", "rlnAngleTilt"])
        #expect(try printed.text == String(contentsOf: SharedData.golden("star/printtable.txt"), encoding: .utf8))
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func discardsOddImages() throws {
        let text = try String(contentsOf: SharedData.golden("noisy/truth.star"), encoding: .utf8)
            .replacingOccurrences(of: "noisy/particles.mrcs", with: SharedData.golden("noisy/particles.mrcs").path)
        let input = try folder.write(text, to: "noisy.star")
        func kept(_ sigma: String) throws -> Int {
            _ = try handler(["--i", input, "--o", folder.file("out.star"), "--discard_on_stats", "--discard_sigma", sigma])
            return try particles(folder.file("out.star")).rowCount
        }
        #expect(try kept("4") == 240)
        #expect(try (1..<200).contains(kept("1")))
        #expect(try handler(["--i", input, "--discard_on_stats", "--discard_label", "rlnNone"]).status == 1)
    }

    // MARK: Other programs

    @Test func printsTables() throws {
        #expect(try run("relion_star_printtable", [input, "particles", "rlnMicrographName", "_rlnClassNumber"]).text
            == "a.mrc 1\na.mrc 2\na.mrc 3\nb.mrc 1\n")
        #expect(try run("relion_star_printtable", [input, "data_optics"]).text.hasPrefix("one 1 300 2.7 0.1 2\n"))
        #expect(try run("relion_star_printtable", [input, "none"]).status == 1)
        #expect(try run("relion_star_printtable", [input, "particles", "rlnNone"]).status == 1)
    }

    @Test func plotsTables() throws {
        #expect(try run("relion_star_plottable", [input, "particles", "rlnDefocusU", "rlnClassNumber"]).status == 0)
        #expect(folder.exists("in.star-particles-rlnDefocusU.pdf"))
        let data = try String(contentsOfFile: folder.file("in.star-particles-rlnDefocusU.dat"), encoding: .utf8)
        #expect(data == "1 10000\n2 11000\n3 12000\n1 13000\n")
        #expect(try run("relion_star_plottable", [input, "particles", "rlnImageName"]).status == 1)
    }

    @Test func selectsParticlesByPlace() throws {
        let reference = try folder.write(
            Self.example.replacingOccurrences(of: "103 104 0 0 0 0 90 2", with: "103.5 104.5 8 9 1 2 3 2")
                .replacingOccurrences(of: "500 500", with: "800 500"), to: "ref.star")
        let arguments = ["--i", input, "--i_ref", reference, "--o", output]
        let result = try run("relion_particle_select", arguments)
        #expect(result.status == 0 && result.text.contains("1 particles of a.mrc are not in"))
        #expect(try particles(output).strings("rlnImageName") == ["1@a.mrcs", "2@a.mrcs", "1@b.mrcs"])
        #expect(try particles(output).doubles("rlnOriginXAngst") == [0, 0, 0])
        _ = try run("relion_particle_select", arguments + ["--offsets"])
        #expect(try particles(output).doubles("rlnOriginXAngst") == [0, 8, 0])
        #expect(try particles(output).doubles("rlnAnglePsi") == [0, 90, 0])
        _ = try run("relion_particle_select", arguments + ["--angles"])
        #expect(try particles(output).doubles("rlnAnglePsi") == [0, 3, 0])
        // The other half set.
        let swapped = try folder.write(Self.example.replacingOccurrences(of: "0 0 0 1\n", with: "0 0 0 2\n"), to: "swapped.star")
        #expect(try run("relion_particle_select", ["--i", input, "--i_ref", swapped, "--o", output, "--angles"]).status == 1)
        _ = try run("relion_particle_select", ["--i", input, "--i_ref", swapped, "--o", output, "--angles", "--offsets"])
        #expect(try particles(output).ints("rlnRandomSubset")[0] == 2)
    }

    @Test func convertsOldFiles() throws {
        let header = "data_\n\nloop_\n"
        let particles = try folder.write(
            header + "_rlnImageName #1\n_rlnVoltage #2\n_rlnSphericalAberration #3\n_rlnAmplitudeContrast #4\n"
                + "_rlnDetectorPixelSize #5\n_rlnMagnification #6\n_rlnOriginX #7\n1@a.mrcs 300 2.7 0.1 5 25000 1.5\n", to: "p.star")
        let output = folder.file("new.star")
        #expect(try run("relion_convert_star", ["--i", particles, "--o", output]).status == 0)
        var file = try StarDocument(contentsOf: output)
        #expect(try file.table("optics").doubles("rlnImagePixelSize") == [2])
        #expect(try !file.table("optics").contains("rlnImageSize"))
        #expect(try file.table("particles").doubles("rlnOriginXAngst") == [3])
        _ = try run("relion_convert_star", ["--i", particles, "--o", output, "--box_size", "128"])
        #expect(try StarDocument(contentsOf: output).table("optics").ints("rlnImageSize") == [128])
        #expect(try run("relion_convert_star", ["--i", output, "--o", folder.file("again.star")]).status == 1)
        let metadata = try folder.write(
            "data_general\n\n_rlnVoltage 200\n_rlnMicrographOriginalPixelSize 0.5\n_rlnMicrographBinning 2\n", to: "m.star")
        let micrographs = try folder.write(
            header + "_rlnMicrographName #1\n_rlnMicrographMetadata #2\nm.mrc \(metadata)\n", to: "mics.star")
        #expect(try run("relion_convert_star", ["--i", micrographs, "--o", output]).text.contains("--Cs"))
        #expect(try run("relion_convert_star", ["--i", micrographs, "--o", output, "--Cs", "1.4", "--Q0", "0.07"]).status == 0)
        file = try StarDocument(contentsOf: output)
        let optics = try file.table("optics")
        #expect(try optics.double("rlnMicrographPixelSize") == 1)
        #expect(try optics.double("rlnMicrographOriginalPixelSize") == 0.5)
        #expect(try optics.double("rlnAmplitudeContrast") == 0.07)
        #expect(try file.table("micrographs").labels == ["rlnMicrographName", "rlnMicrographMetadata", "rlnOpticsGroup"])
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func suggestsT() throws {
        let map = SharedData.golden("map.mrc").path
        func suggestion(_ arguments: [String]) throws -> Double {
            let text = try run("relion_suggest_tvalue", ["--map", map, "--mask", SharedData.golden("mask.mrc").path] + arguments).text
            let line = try #require(text.split(separator: "\n").first { $0.contains("within the mask:") && $0.contains("Suggested") })
            return try #require(line.split(separator: " ").last.flatMap { Double($0) })
        }
        // The mask holds nearly all of this map's power.
        #expect(abs(try suggestion([]) - 4) < 1e-3)
        #expect(abs(try suggestion(["--T", "2", "--try", "1"]) - 2) < 1e-3)
        #expect(try run("relion_suggest_tvalue", ["--map", map, "--mask", map]).status == 1)
    }
}
