import Arrays
import Foundation
import ImageFormats
import StarFormat
import TestSupport
import Testing

/// relion_preprocess on two small micrographs.
@Suite struct ExtractionProgramTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for (index, name) in ["a", "b"].enumerated() {
            try ImageFile.write(
                MovieTestData.counts(Shape(x: 64, y: 48), frames: 1, seed: UInt64(index + 1))[0],
                to: folder.file("Mics/\(name).mrc"), pixelSizeInAngstrom: 2)
        }
        try folder.write(micrographs(), to: "mics.star")
        try folder.write(Self.picks([(20.7, 20.2, 0.5), (40, 30, 0.1), (60, 5, 0.3)]), to: "Mics/a_pick.star")
        try folder.write(Self.picks([(30, 24, 0.4)]), to: "Mics/b_pick.star")
    }

    private func micrographs(_ names: [String] = ["a", "b"], extra: String = "") -> String {
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
        groupA 1 1.0 200 1.4 0.1 2.0
        groupB 2 1.0 200 1.4 0.1 2.0

        data_micrographs

        loop_
        _rlnMicrographName #1
        _rlnOpticsGroup #2
        _rlnDefocusU #3
        _rlnDefocusV #4
        _rlnDefocusAngle #5
        _rlnCtfMaxResolution #6

        """ + names.enumerated().map { "\(folder.path)/Mics/\($1).mrc \($0 % 2 + 1) \(9000 + 1000 * $0) 8000 30 4.5\n" }.joined()
    }

    private static func picks(_ list: [(Double, Double, Double)]) -> String {
        "\ndata_\n\nloop_\n_rlnCoordinateX #1\n_rlnCoordinateY #2\n_rlnAutopickFigureOfMerit #3\n_rlnParticleSelectionType #4\n"
            + list.enumerated().map { "\($1.0) \($1.1) \($1.2) \($0 % 2 + 1)\n" }.joined() + "\n"
    }

    private func run(_ options: [String], box: Int? = 16, output: String = "Extract") -> (status: Int32, text: String) {
        runMovieProgram(
            "relion_preprocess",
            ["--i", folder.path + "/mics.star", "--part_dir", folder.path + "/" + output, "--extract"]
                + ["--part_star", "\(folder.path)/\(output)/particles.star", "--pick_star", "\(folder.path)/\(output)/pick.star"]
                + (box.map { ["--extract_size", "\($0)"] } ?? []) + options)
    }

    private func extract(_ options: [String] = [], box: Int = 16, output: String = "Extract") throws -> StarDocument {
        let result = run(["--coord_suffix", "_pick.star"] + options, box: box, output: output)
        try #require(result.status == 0, "\(result.text)")
        return try StarDocument(contentsOf: "\(folder.path)/\(output)/particles.star")
    }

    private func images(_ name: String = "a", output: String = "Extract") throws -> RealArray {
        try StackReader(path: "\(folder.path)/\(output)\(folder.path)/Mics/\(name).mrcs").all()
    }

    // MARK: Output

    @Test func stacksAndTables() throws {
        let document = try extract()
        let optics = try document.table("optics"), particles = try document.table("particles")
        #expect(
            optics.labels == [
                "rlnOpticsGroupName", "rlnOpticsGroup", "rlnMicrographOriginalPixelSize", "rlnVoltage",
                "rlnSphericalAberration", "rlnAmplitudeContrast", "rlnImagePixelSize", "rlnImageSize", "rlnImageDimensionality",
                "rlnCtfDataAreCtfPremultiplied",
            ])
        #expect(try optics.doubles("rlnImagePixelSize") == [2, 2] && optics.ints("rlnImageSize") == [16, 16])
        #expect(
            particles.labels == [
                "rlnCoordinateX", "rlnCoordinateY", "rlnAutopickFigureOfMerit", "rlnImageName", "rlnMicrographName",
                "rlnOpticsGroup", "rlnCtfMaxResolution", "rlnDefocusU", "rlnDefocusV", "rlnDefocusAngle", "rlnCtfBfactor",
                "rlnCtfScalefactor", "rlnPhaseShift",
            ])
        #expect(try particles.doubles("rlnDefocusU") == [9000, 9000, 9000, 10000])
        #expect(try particles.ints("rlnOpticsGroup") == [1, 1, 1, 2])
        #expect(particles.string("rlnCoordinateX", row: 0) == "20.7")
        let stack = "\(folder.path)/Extract/\(folder.path.dropFirst())/Mics/a.mrcs"
        #expect(particles.string("rlnImageName", row: 1) == "00000002@\(stack)")
        let picks = try StarDocument(contentsOf: folder.path + "/Extract/pick.star").table("coordinate_files")
        #expect(try picks.strings("rlnMicrographCoordinates").allSatisfy { FileManager.default.fileExists(atPath: $0) })
        let reader = try StackReader(path: stack)
        #expect(reader.header.shape == .square(16) && reader.count == 3 && reader.header.pixelSizeInAngstrom == 2)
        let micrograph = try ImageFile.read(folder.path + "/Mics/a.mrc").image
        #expect(try reader.image(0)[8, 8] == micrograph[20, 20] && reader.image(2)[15, 0] == micrograph[63, 0])
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func columnsOfTheGoldenParticles() throws {
        let golden = { SharedData.golden("movies/" + $0) }
        try FileManager.default.copyItem(atPath: golden("mic001_corrected.mrc").path, toPath: folder.file("mic001.mrc"))
        try FileManager.default.copyItem(atPath: golden("mic001_autopick.star").path, toPath: folder.file("mic001_pick.star"))
        let text = try String(contentsOf: golden("micrographs_ctf.star"), encoding: .utf8)
            .replacingOccurrences(of: "\tMotionCorr/Movies/mic001.mrc", with: "\t\(folder.path)/mic001.mrc")
        try folder.write(text, to: "mics.star")
        let document = try extract(
            ["--scale", "64", "--norm", "--bg_radius", "24", "--invert_contrast"], box: 256)
        let ours = try document.table("particles"), all = try StarDocument(contentsOf: golden("extracted_particles.star").path)
        let theirs = try all.table("particles")
        #expect(ours.labels == theirs.labels && ours.rowCount == 41)
        for label in theirs.labels where !["rlnImageName", "rlnMicrographName"].contains(label) {
            #expect(try ours.doubles(label) == Array(theirs.doubles(label).prefix(41)), "\(label)")
        }
        let (optics, theirOptics) = (try document.table("optics"), try all.table("optics"))
        #expect(optics.labels == theirOptics.labels)
        for label in optics.labels.dropFirst() { #expect(try optics.doubles(label) == theirOptics.doubles(label), "\(label)") }
    }

    // MARK: Options

    private static let norm = ["--norm", "--bg_radius", "6"]

    /// Options, and what they modify.
    @Test(arguments: [
        (["--scale", "8"], []), (["--window", "12"], []), (norm, []), (["--no_ramp"], norm), (["--white_dust", "1"], norm),
        (["--black_dust", "0.5"], norm), (["--invert_contrast"], []), (["--premultiply_ctf"], []), (["--phase_flip"], []),
        (["--ctf_intact_first_peak"], ["--premultiply_ctf"]), (["--premultiply_extract_size", "32"], ["--premultiply_ctf"]),
        (["--extract_bias_x", "2"], []), (["--extract_bias_y", "-3"], []), (["--minimum_pick_fom", "0.2"], []),
        (["--selection_type", "1"], []),
    ])
    func everyOptionChangesTheImages(options: [String], base: [String]) throws {
        _ = try extract(base, output: "Base")
        let document = try extract(base + options)
        let found = try images()
        #expect(found != (try images(output: "Base")))
        let isPremultiplied = try document.table("optics").ints("rlnCtfDataAreCtfPremultiplied")
        #expect(isPremultiplied == ((base + options).contains("--premultiply_ctf") ? [1, 1] : [0, 0]))
        let count = ["--minimum_pick_fom", "--selection_type"].contains(options[0]) ? 2 : 3
        #expect(found.shape.z == count)
    }

    @Test func halfPrecision() throws {
        _ = try extract(["--float16", "--norm", "--bg_radius", "6"])
        _ = try extract(["--norm", "--bg_radius", "6"], output: "Single")
        let (half, single) = (try images(), try images(output: "Single"))
        #expect(half != single && zip(half.values, single.values).allSatisfy { abs($0 - $1) < 4e-3 })
    }

    @Test func sizesOfRescaledParticles() throws {
        let optics = try extract(["--scale", "8", "--window", "6"]).table("optics")
        #expect(try optics.doubles("rlnImagePixelSize") == [4, 4] && optics.ints("rlnImageSize") == [6, 6])
        #expect(try images().shape == Shape(x: 6, y: 6, z: 3))
    }

    @Test func coordinatesByListByFolderAndAsText() throws {
        _ = try extract()
        let expected = try images()
        try folder.write(
            "data_coordinate_files\nloop_\n_rlnMicrographName\n_rlnMicrographCoordinates\n"
                + "\(folder.path)/Mics/a.mrc \(folder.path)/Mics/a_pick.star\n", to: "list.star")
        #expect(run(["--coord_list", folder.path + "/list.star"], output: "List").status == 0)
        #expect(try images(output: "List") == expected)
        let picks = folder.file("Picks\(folder.path)/Mics/a.box")
        try "12 12 16 16\n32 22 16 16\n52 -3 16 16\n".write(toFile: picks, atomically: true, encoding: .utf8)
        #expect(run(["--coord_suffix", ".box", "--coord_dir", folder.path + "/Picks"], output: "Box").status == 0)
        #expect(try images(output: "Box") == expected)
        try folder.write("x y density\n20 20 1\n40 30 1\n60 5 1\n", to: "Mics/a.coords")
        #expect(run(["--coord_suffix", ".coords"], output: "Text").status == 0)
        #expect(try images(output: "Text") == expected)
    }

    // MARK: Again from refined particles

    private func refined(_ rows: String, labels: String = "") -> String {
        """
        data_optics
        loop_
        _rlnOpticsGroupName
        _rlnOpticsGroup
        _rlnVoltage
        _rlnSphericalAberration
        _rlnAmplitudeContrast
        _rlnImagePixelSize
        _rlnImageSize
        unused 1 200 1.4 0.1 4 8
        groupB 2 200 1.4 0.1 4 8
        groupA 3 200 1.4 0.1 4 8

        data_particles
        loop_
        _rlnImageName
        _rlnMicrographName
        _rlnOpticsGroup
        _rlnCoordinateX
        _rlnCoordinateY
        _rlnOriginXAngst
        _rlnOriginYAngst
        _rlnAngleRot
        _rlnAngleTilt
        _rlnAnglePsi
        \(labels)
        \(rows)

        """
    }

    private func extractAgain(_ options: [String], _ text: String? = nil, output: String = "Again") throws -> StarDocument {
        let rows = "1@x.mrcs \(folder.path)/Mics/a.mrc 3 20 20 5.2 -7 90 90 0\n2@x.mrcs \(folder.path)/Mics/a.mrc 3 30 30 0 0 0 0 0"
        try folder.write(text ?? refined(rows), to: "data.star")
        let result = run(["--reextract_data_star", folder.path + "/data.star"] + options, output: output)
        try #require(result.status == 0, "\(result.text)")
        return try StarDocument(contentsOf: "\(folder.path)/\(output)/particles.star")
    }

    @Test func recentred() throws {
        let document = try extractAgain(["--recenter"])
        let particles = try document.table("particles")
        // 5.2 Å are 2.6 pixels: 3 and −0.4; −7 Å are −3.5: −4 and 0.5.
        #expect(try particles.doubles("rlnCoordinateX") == [17, 30] && particles.doubles("rlnCoordinateY") == [24, 30])
        let (x, y) = (try particles.doubles("rlnOriginXAngst"), try particles.doubles("rlnOriginYAngst"))
        #expect(abs(x[0] + 0.8) < 1e-5 && abs(y[0] - 1) < 1e-5)
        let optics = try document.table("optics")
        #expect(try optics.strings("rlnOpticsGroupName") == ["groupB", "groupA"] && optics.doubles("rlnImagePixelSize") == [2, 2])
        #expect(try particles.ints("rlnOpticsGroup") == [3, 3] && optics.ints("rlnOpticsGroup") == [2, 3])
        let micrograph = try ImageFile.read(folder.path + "/Mics/a.mrc").image
        #expect(try images(output: "Again")[8, 8] == micrograph[17, 24])
    }

    @Test func recentredOnAPointOfTheReference() throws {
        // With rot = tilt = 90° the matrix maps z of the reference to −x of the image at psi 0: Rz, Ry, Rz.
        let particles = try extractAgain(["--recenter", "--recenter_z", "3"]).table("particles")
        // 12 Å to −x: origin 5.2 + 12 = 17.2 Å are 8.6 pixels.
        #expect(try particles.doubles("rlnCoordinateX")[0] == 11 && particles.doubles("rlnCoordinateY")[0] == 24)
        let finer = try extractAgain(["--recenter", "--recenter_z", "3", "--ref_angpix", "2"]).table("particles")
        // 6 Å: 11.2 Å are 5.6 pixels.
        #expect(try finer.doubles("rlnCoordinateX")[0] == 14)
        let sideways = try extractAgain(["--recenter", "--recenter_x", "2", "--recenter_y", "1"]).table("particles")
        #expect(try sideways.doubles("rlnCoordinateX")[1] == 34 && sideways.doubles("rlnCoordinateY")[1] == 32)
    }

    @Test func otherPixelSizesOfMicrographsAreTold() throws {
        let row = "1@x.mrcs \(folder.path)/Mics/a.mrc 3 20 20 0 0 0 0 0"
        let text = refined(row).replacingOccurrences(of: "_rlnImageSize\n", with: "_rlnImageSize\n_rlnMicrographPixelSize\n")
            .replacingOccurrences(of: " 4 8\n", with: " 4 8 1.0\n")
        try folder.write(text, to: "data.star")
        let result = run(["--reextract_data_star", folder.path + "/data.star"])
        #expect(result.status == 0 && result.text.contains("micrographs of 1.0 Å a pixel, these have 2.0 Å"), "\(result.text)")
        let optics = try StarDocument(contentsOf: folder.path + "/Extract/particles.star").table("optics")
        #expect(try optics.doubles("rlnMicrographPixelSize") == [2, 2])
    }

    @Test func originsResetOrKept() throws {
        #expect(try extractAgain([]).table("particles").doubles("rlnOriginXAngst") == [5.2, 0])
        #expect(try extractAgain(["--reset_offsets"]).table("particles").doubles("rlnOriginXAngst") == [0, 0])
    }

    @Test func contrastOfParticlesOrOfMicrographs() throws {
        let row = "1@x.mrcs \(folder.path)/Mics/b.mrc 3 30 24 0 0 0 0 0 15000 14000"
        let text = refined(row, labels: "_rlnDefocusU\n_rlnDefocusV")
        let own = try extractAgain(["--premultiply_ctf"], text)
        #expect(try own.table("particles").doubles("rlnDefocusU") == [15000])
        let ownImages = try images("b", output: "Again")
        let new = try extractAgain(["--premultiply_ctf", "--keep_ctfs_micrographs"], text, output: "New")
        #expect(try new.table("particles").doubles("rlnDefocusU") == [10000])
        #expect(try new.table("particles").ints("rlnOpticsGroup") == [2])
        #expect(try new.table("optics").strings("rlnOpticsGroupName") == ["groupA", "groupB"])
        #expect(try images("b", output: "New") != ownImages)
    }

    @Test func micrographsOfOtherJobsAreFound() throws {
        // Names within the project: what follows the job's folder.
        let mine = String(folder.path.dropFirst())
        let text = refined("1@x.mrcs MotionCorr/job002/\(mine)/Mics/a.mrc 3 20 20 0 0 0 0 0")
        #expect(try extractAgain([], text).table("particles").rowCount == 1)
    }

    // MARK: Going on

    @Test func onlyUnfinishedMicrographs() throws {
        _ = try extract()
        let star = "\(folder.path)/Extract\(folder.path)/Mics/a_extract.star"
        let before = try FileManager.default.attributesOfItem(atPath: star)[.modificationDate] as? Date
        try FileManager.default.removeItem(atPath: "\(folder.path)/Extract\(folder.path)/Mics/b_extract.star")
        let document = try extract(["--only_do_unfinished"])
        #expect(try document.table("particles").rowCount == 4)
        #expect(try FileManager.default.attributesOfItem(atPath: star)[.modificationDate] as? Date == before)
    }

    @Test func badMicrographsDoNotStopOthers() throws {
        try folder.write("no image", to: "Mics/c.mrc")
        for name in ["c", "d"] { try folder.write(Self.picks([(20, 20, 1)]), to: "Mics/\(name)_pick.star") }
        try folder.write(micrographs(["a", "b", "c", "d", "e"]), to: "mics.star")
        let result = run(["--coord_suffix", "_pick.star"])
        #expect(result.status == 0 && result.text.contains("2 of 5 micrographs were left out"), "\(result.text)")
        #expect(result.text.contains("Mics/c.mrc") && result.text.contains("Mics/d.mrc"))
        #expect(result.text.contains("1 micrograph has no coordinate file"), "\(result.text)")
        let particles = try StarDocument(contentsOf: folder.path + "/Extract/particles.star").table("particles")
        #expect(particles.rowCount == 4)
    }

    @Test func particlesBesideMicrographsAreLeftOut() throws {
        try folder.write(Self.picks([(20, 20, 1), (500, 20, 1), (20, -40, 1)]), to: "Mics/a_pick.star")
        let result = run(["--coord_suffix", "_pick.star"])
        #expect(result.status == 0 && result.text.contains("2 particles are left out"), "\(result.text)")
        #expect(try images().shape.z == 1)
    }

    @Test func micrographsWithOtherColumnsAreFilledUp() throws {
        try folder.write("\ndata_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n30 24\n\n", to: "Mics/b_pick.star")
        let particles = try extract().table("particles")
        #expect(try particles.doubles("rlnAutopickFigureOfMerit") == [0.5, 0.1, 0.3, 0])
    }

    @Test func micrographsWithoutPicks() throws {
        try folder.write("\ndata_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n\n", to: "Mics/b_pick.star")
        #expect(try extract().table("particles").rowCount == 3)
    }

    // MARK: Faults

    @Test(arguments: [
        (["--extract_size", "15", "--coord_suffix", "_pick.star"], "is odd"),
        (["--coord_suffix", "_pick.star"], "--extract_size"),
        (["--extract_size", "16"], "none of them is given"),
        (["--extract_size", "16", "--coord_suffix", ".box", "--coord_list", "x.star"], "2 of them are given"),
        (["--extract_size", "16", "--coord_suffix", "_pick.star", "--norm"], "--bg_radius"),
        (["--extract_size", "16", "--coord_suffix", "_pick.star", "--norm", "--bg_radius", "9"], "at most 8"),
        (["--extract_size", "16", "--coord_suffix", "_pick.star", "--helix"], "--helix  is not available yet"),
        (["--extract_size", "16", "--coord_suffix", "_pick.star", "--project3d"], "--project3d  is not available yet"),
        (["--extract_size", "16", "--coord_suffix", "_pick.star", "--recenter"], "--reextract_data_star"),
        (["--extract_size", "16", "--coord_suffix", "_none.star"], "no particles to extract"),
        (
            ["--extract_size", "16", "--coord_suffix", "_pick.star", "--premultiply_ctf", "--premultiply_extract_size", "8"],
            "--premultiply_extract_size"
        ),
        (["--extract_size", "16", "--coord_suffix", "_pick.star", "--selection_type", "7"], "no particles to extract"),
    ])
    func faults(options: [String], message: String) {
        let result = run(options, box: nil)
        #expect(result.status == 1 && result.text.contains(message), "\(result.text)")
    }

    @Test func allFaultsAtOnce() {
        let result = run(["--helix", "--norm", "--extract_size", "3"], box: nil)
        for message in ["--helix", "--bg_radius", "is odd", "--coord_suffix"] { #expect(result.text.contains(message), "\(message)") }
    }

    @Test func groupsThatDoNotMatch() throws {
        let row = "1@x.mrcs \(folder.path)/Mics/b.mrc 1 30 24 0 0 0 0 0"
        try folder.write(refined(row), to: "data.star")
        let result = run(["--reextract_data_star", folder.path + "/data.star"])
        #expect(result.status == 1 && result.text.contains("optics group unused"), "\(result.text)")
    }

    /// Damaged lists, coordinates and micrographs end in particles or in words, never in a crash.
    @Test(arguments: ["mics.star", "Mics/a_pick.star", "Mics/a.mrc", "data.star"]) func damagedInput(name: String) throws {
        let rows = "1@x.mrcs \(folder.path)/Mics/a.mrc 3 20 20 5.2 -7 90 90 0\n2@x.mrcs \(folder.path)/Mics/a.mrc 3 30 30 0 0 0 0 0"
        try folder.write(refined(rows), to: "data.star")
        let original = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
        let source = name == "data.star" ? ["--reextract_data_star", folder.path + "/data.star", "--recenter"] : ["--coord_suffix", "_pick.star"]
        for seed in 0..<150 {
            try Data(Damage.damaged(original, seed: seed)).write(to: URL(fileURLWithPath: folder.file(name)))
            let result = run(source + ["--premultiply_ctf", "--scale", "8"])
            #expect(result.status == 0 || result.text.contains("ERROR"), "seed \(seed): \(result.text)")
        }
    }

    @Test func dryRunWritesNothing() {
        let result = run(["--coord_suffix", "_pick.star", "--dry_run"])
        #expect(result.status == 0 && result.text.contains("4 particles in 2 micrographs") && !folder.exists("Extract"))
    }

    // MARK: Stacks

    @Test func operationsOnAStack() throws {
        _ = try extract()
        let input = "\(folder.path)/Extract\(folder.path)/Mics/a.mrcs", output = folder.path + "/out.mrcs"
        let result = runMovieProgram(
            "relion_preprocess",
            ["--operate_on", input, "--operate_out", output, "--scale", "8", "--norm", "--bg_radius", "3", "--invert_contrast"])
        #expect(result.status == 0, "\(result.text)")
        _ = try extract(["--scale", "8", "--norm", "--bg_radius", "3", "--invert_contrast"], output: "Direct")
        let reader = try StackReader(path: output)
        #expect(try reader.all() == images(output: "Direct") && reader.header.pixelSizeInAngstrom == 4)
    }
}
