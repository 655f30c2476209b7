import Foundation
import StarFormat
import TestSupport
import Testing

/// relion_manualpick: the lists that it writes without a window.
@Suite struct ManualPickProgramTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(micrographs("_rlnMicrographPixelSize #6\n", "0.885"), to: "mics.star")
        try folder.write(picks([1.5, 0.2, -0.3]), to: "Pick/Mics/a_manualpick.star")
        try folder.write(picks([]), to: "Pick/Mics/c_manualpick.star")
    }

    private func micrographs(_ label: String, _ value: String) -> String {
        """

        data_optics

        loop_
        _rlnOpticsGroupName #1
        _rlnOpticsGroup #2
        _rlnVoltage #3
        _rlnSphericalAberration #4
        _rlnMicrographOriginalPixelSize #5
        \(label)groupA 1 300 2.7 0.885 \(value)

        data_micrographs

        loop_
        _rlnMicrographName #1
        _rlnOpticsGroup #2
        _rlnDefocusU #3
        MotionCorr/job002/Mics/a.mrc 1 10000
        MotionCorr/job002/Mics/b.mrc 1 11000
        MotionCorr/job002/Mics/c.mrc 1 12000

        """
    }

    private func picks(_ figures: [Double]) -> String {
        "\ndata_\n\nloop_\n_rlnCoordinateX #1\n_rlnCoordinateY #2\n_rlnAutopickFigureOfMerit #3\n"
            + figures.map { "100 200 \($0)\n" }.joined() + "\n"
    }

    private func run(_ options: [String] = ["--allow_save", "--fast_save"], input: String = "mics.star") -> (status: Int32, text: String) {
        runMovieProgram(
            "relion_manualpick",
            ["--i", "\(folder.path)/\(input)", "--odir", "\(folder.path)/Pick/", "--selection", "\(folder.path)/Pick/selected.star"]
                + options)
    }

    private func document(_ name: String) throws -> StarDocument { try StarDocument(contentsOf: "\(folder.path)/Pick/\(name)") }

    @Test func listsAreWritten() throws {
        let result = run()
        try #require(result.status == 0, "\(result.text)")
        #expect(result.text.contains("3 picked particles in 3 selected micrographs"))
        let selected = try document("selected.star")
        #expect(selected.tables.map(\.name) == ["optics", "micrographs"])
        #expect(try selected.table("micrographs").ints("rlnDefocusU") == [10000, 11000, 12000])
        #expect(try document("local_selection.star").tables[0].ints("rlnSelected") == [1, 1, 1])
        let list = try document("manualpick.star").table("coordinate_files")
        #expect(try list.strings("rlnMicrographName") == ["a", "c"].map { "MotionCorr/job002/Mics/\($0).mrc" })
        #expect(try list.strings("rlnMicrographCoordinates")[0] == "\(folder.path)/Pick/Mics/a_manualpick.star")
    }

    @Test func theSelectionIsKept() throws {
        #expect(run().status == 0)
        let text = try String(contentsOfFile: folder.path + "/Pick/local_selection.star", encoding: .utf8)
        let name = "MotionCorr/job002/Mics/a.mrc"
        try folder.write(
            text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.contains(name) ? "\(name) 0" : String($0) }
                .joined(separator: "\n"), to: "Pick/local_selection.star")
        let result = run()
        #expect(result.status == 0 && result.text.contains("0 picked particles in 2 selected micrographs of 3"), "\(result.text)")
        #expect(try document("selected.star").table("micrographs").rowCount == 2)
        #expect(try document("local_selection.star").tables[0].ints("rlnSelected") == [0, 1, 1])
        #expect(try document("manualpick.star").table("coordinate_files").rowCount == 1)
        try folder.write("\ndata_\n\nloop_\n_rlnMicrographName #1\nx\n", to: "Pick/local_selection.star")
        #expect(run().text.contains("rlnSelected"))
    }

    @Test func optionsHaveTheirEffects() throws {
        #expect(run(["--allow_save", "--fast_save", "--minimum_pick_fom", "0"]).text.contains("2 picked particles"))
        #expect(run(["--allow_save", "--fast_save", "--pickname", "other"]).text.contains("0 picked particles"))
        #expect(try document("other.star").table("coordinate_files").labels == ["rlnMicrographName", "rlnMicrographCoordinates"])
        #expect(run(["--allow_save", "--fast_save", "--dry_run", "--pickname", "dry"]).status == 0)
        #expect(!folder.exists("Pick/dry.star"))
        // All that a job's command line may have.
        let display = "--scale 0.3 --sigma_contrast 3 --black 0 --white 0 --topaz_denoise --lowpass 20 --highpass -1 --particle_diameter 200"
            + " --pick_start_end --color_label rlnAutopickFigureOfMerit --blue 0 --red 2 --color_star x.star --ctf_scale 1"
            + " --ctf_sigma_contrast 3 --coord_scale 1 --open_simultaneous 3"
        #expect(run(["--allow_save", "--fast_save"] + display.split(separator: " ").map(String.init)).status == 0)
        #expect(run(["--fast_save", "--pickname", "none"]).text.contains("--allow_save") && !folder.exists("Pick/none.star"))
    }

    @Test func picksOfAListAreCounted() throws {
        try folder.write(
            "\ndata_coordinate_files\n\nloop_\n_rlnMicrographName #1\n_rlnMicrographCoordinates #2\n"
                + "a.mrc \(folder.path)/Pick/Mics/a_manualpick.star\nb.mrc \(folder.path)/none.star\n", to: "list.star")
        let result = run(["--allow_save", "--fast_save", "--pickname", "autopick"], input: "list.star")
        #expect(result.status == 0 && result.text.contains("3 picked particles in 2"), "\(result.text)")
        #expect(try document("autopick.star").table("coordinate_files").rowCount == 1)
        #expect(try document("selected.star").tables[0].labels == ["rlnMicrographName", "rlnMicrographCoordinates"])
    }

    @Test func pixelSizesAreAskedFor() throws {
        try folder.write(micrographs("_rlnImageDimensionality #6\n", "2"), to: "old.star")
        #expect(run(input: "old.star").text.contains("--angpix"))
        #expect(run(["--allow_save", "--fast_save", "--angpix", "1.5"], input: "old.star").status == 0)
        #expect(try document("selected.star").table("optics").doubles("rlnMicrographPixelSize") == [1.5])
    }

    @Test func faultsAreTold() throws {
        let window = run(["--allow_save"])
        #expect(window.status != 0 && window.text.contains("browser") && window.text.contains("--fast_save"), "\(window.text)")
        #expect(window.text.contains("3 picked particles") && !folder.exists("Pick/selected.star"))
        #expect(run(input: "none.star").status != 0)
        #expect(run(input: "none*.mrc").status != 0)
        try folder.write("\ndata_\n\nloop_\n_rlnNothing #1\n1\n", to: "Pick/Mics/b_manualpick.star")
        let damaged = run()
        #expect(damaged.status != 0 && damaged.text.contains("b_manualpick.star"), "\(damaged.text)")
    }

    /// The lists of a job that RELION ran, from the same micrographs and picks: the same bytes, but for the job's folder.
    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func listsAreRelions() throws {
        let project = SharedData.root.appendingPathComponent("data/bgal-tutorial")
        let job = project.appendingPathComponent("ManualPick/job006"), pick = "Movies/20170629_00021_frameImage_manualpick.star"
        try folder.write(String(contentsOf: job.appendingPathComponent(pick), encoding: .utf8), to: "Pick/" + pick)
        let result = runMovieProgram(
            "relion_manualpick",
            [
                "--i", project.appendingPathComponent("CtfFind/job005/micrographs_ctf.star").path, "--odir", folder.path + "/Pick/",
                "--selection", folder.path + "/Pick/micrographs_selected.star", "--allow_save", "--fast_save", "--scale", "0.3",
            ])
        try #require(result.status == 0, "\(result.text)")
        #expect(result.text.contains("13 picked particles in 24"))
        for name in ["micrographs_selected.star", "local_selection.star", "manualpick.star"] {
            let expected = try String(contentsOf: job.appendingPathComponent(name), encoding: .utf8)
            let ours = try String(contentsOfFile: folder.path + "/Pick/" + name, encoding: .utf8)
            #expect(ours.replacingOccurrences(of: folder.path + "/Pick/", with: "ManualPick/job006/") == expected, "\(name)")
        }
    }
}
