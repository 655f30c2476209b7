import Arrays
import Foundation
import ImageFormats
import Reporting
import StarFormat
import TestSupport
import Testing

/// A project folder below the current one, since imports take relative paths only.
private final class ProjectFolder: Sendable {
    let name: String

    init() throws {
        name = ".build/relion-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: name) }

    func path(_ file: String) -> String {
        let path = "\(name)/\(file)"
        try? FileManager.default.createDirectory(atPath: PathName(path).folder, withIntermediateDirectories: true)
        return path
    }

    func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(file)))
    }
    func text(_ file: String) throws -> String { try String(contentsOfFile: "\(name)/\(file)", encoding: .utf8) }
    func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: "\(name)/\(file)") }
}

@Suite struct ImportTests {
    private let project: ProjectFolder
    init() throws { project = try ProjectFolder() }

    private func run(_ arguments: [String]) -> (status: Int32, text: String) {
        runMovieProgram("relion_import", arguments + ["--odir", project.name + "/Import/job001/"])
    }

    private func writeMovies(_ names: [String], frames: Int = 2) throws {
        for name in names {
            try ImageFile.writeStack(
                MovieTestData.counts(Shape(x: 8, y: 8), frames: frames, seed: 1), to: project.path(name),
                pixelSizeInAngstrom: 1)
        }
    }

    private func importMovies(
        _ options: [String] = [], pattern: String = "Movies/*.mrcs"
    ) -> (status: Int32, text: String) {
        run(
            [
                "--i", project.name + "/" + pattern, "--ofile", "movies.star", "--do_movies", "--angpix", "0.885",
                "--kV", "200", "--Cs", "1.4", "--Q0", "0.08",
            ] + options)
    }

    private func document(_ file: String = "movies.star") throws -> StarDocument {
        try StarDocument(contentsOf: project.name + "/Import/job001/" + file)
    }

    @Test func moviesWithTheirOptics() throws {
        try writeMovies(["Movies/b.mrcs", "Movies/a.mrcs"])
        try project.write("data_\nloop_\n_rlnResolutionInversePixel\n_rlnMtfValue\n0 1\n0.5 0.4\n", to: "mtf.star")
        let result = importMovies([
            "--optics_group_mtf", project.name + "/mtf.star", "--beamtilt_x", "-0.2", "--optics_group_name", "group-7",
        ])
        #expect(result.status == 0, "\(result.text)")
        let document = try document()
        let optics = try document.table("optics"), movies = try document.table("movies")
        #expect(
            optics.labels == [
                "rlnOpticsGroupName", "rlnOpticsGroup", "rlnMtfFileName", "rlnMicrographOriginalPixelSize",
                "rlnVoltage", "rlnSphericalAberration", "rlnAmplitudeContrast",
                "rlnBeamTiltX", "rlnBeamTiltY",
            ])
        #expect(optics.string("rlnOpticsGroupName", row: 0) == "group-7")
        #expect(try optics.double("rlnMicrographOriginalPixelSize") == 0.885 && optics.double("rlnVoltage") == 200)
        #expect(
            try optics.double("rlnSphericalAberration") == 1.4 && optics.double("rlnAmplitudeContrast") == 0.08
                && optics.double("rlnBeamTiltX") == -0.2)
        #expect(
            try movies.strings("rlnMicrographMovieName") == [
                project.name + "/Movies/a.mrcs", project.name + "/Movies/b.mrcs",
            ])
        #expect(try movies.ints("rlnOpticsGroup") == [1, 1])
    }

    @Test func micrographsHaveAPixelSizeOfTheirOwn() throws {
        try ImageFile.write(RealArray(shape: .square(8)), to: project.path("Mics/a.mrc"), pixelSizeInAngstrom: 1)
        try ImageFile.write(RealArray(shape: .cube(4)), to: project.path("Mics/b.mrc"), pixelSizeInAngstrom: 1)
        let result = run([
            "--i", project.name + "/Mics/*.mrc", "--ofile", "micrographs.star", "--do_micrographs", "--angpix", "1.2",
        ])
        #expect(
            result.status == 0 && result.text.contains("1 of 2 files were left out")
                && result.text.contains("4 sections"), "\(result.text)")
        let document = try document("micrographs.star")
        #expect(try document.table("micrographs").strings("rlnMicrographName") == [project.name + "/Mics/a.mrc"])
        #expect(try document.table("optics").double("rlnMicrographPixelSize") == 1.2)
        #expect(try !document.table("optics").contains("rlnBeamTiltX"))
    }

    @Test func continuingAddsNewFilesAndGroups() throws {
        try writeMovies(["Movies/a.mrcs", "Movies/c.mrcs"])
        try project.write("half written", to: "Movies/b.mrcs")
        let first = importMovies()
        #expect(first.status == 0 && first.text.contains("b.mrcs"), "\(first.text)")
        try writeMovies(["Movies/b.mrcs"])
        let second = importMovies(["--continue"])
        #expect(second.status == 0 && second.text.contains("3 movies, 1 of them new"), "\(second.text)")
        #expect(
            try document().table("movies").strings("rlnMicrographMovieName").map { PathName($0).name } == [
                "a.mrcs", "c.mrcs", "b.mrcs",
            ])
        // The same files in another group are a mistake.
        let moved = importMovies(["--continue", "--optics_group_name", "other"])
        #expect(moved.status == 1 && moved.text.contains("with optics group 1"), "\(moved.text)")
        try writeMovies(["More/d.mrcs"])
        let third = importMovies(
            ["--continue", "--optics_group_name", "other", "--beamtilt_y", "0.5"], pattern: "More/*.mrcs")
        #expect(third.status == 0, "\(third.text)")
        let document = try document()
        #expect(try document.table("movies").ints("rlnOpticsGroup") == [1, 1, 1, 2])
        #expect(try document.table("optics").strings("rlnOpticsGroupName") == ["opticsGroup1", "other"])
        #expect(try document.table("optics").doubles("rlnBeamTiltY") == [0, 0.5])
        // Without the option the file is made anew.
        #expect(importMovies(pattern: "More/*.mrcs").status == 0)
        #expect(try self.document().table("movies").rowCount == 1)
    }

    @Test func coordinatesOfEveryProgram() throws {
        let texts = [
            "a_pick.star": "data_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n10 20\n30.5 40\n",
            "a.box": "10 20 101 101 -3\n30 40 100 100\n",
            "a.pos": "# <X position> <Y position>\n10 20\n30 40\n",
            "a.coords": "       x         y      density\n  10 20 0.3\n 30 40 0.1\n", "a.txt": "10 20\n30 40\n",
        ]
        for (name, text) in texts {
            try project.write(text, to: "Mics/" + name)
            let suffix = name.dropFirst()
            let result = run([
                "--i", project.name + "/Mics/*\(suffix)", "--ofile", "coords_suffix\(suffix)", "--do_coordinates",
            ])
            #expect(result.status == 0 && result.text.contains("2 coordinates in 1 files"), "\(name): \(result.text)")
            // The project's folder is a part of the path here, as Micrographs/ is elsewhere.
            #expect(try project.text("Import/job001/\(project.name)/Mics/\(name)") == text)
            #expect(try project.text("Import/job001/coords_suffix\(suffix)") == "\(project.name)/Mics/*.mrc\n")
        }
        try project.write("10 20\nten twenty\n", to: "Mics/b.txt")
        let result = run(["--i", project.name + "/Mics/*.txt", "--ofile", "coords_suffix.txt", "--do_coordinates"])
        #expect(
            result.status == 0 && result.text.contains("b.txt:2")
                && !project.exists("Import/job001/\(project.name)/Mics/b.txt"), "\(result.text)")
    }

    @Test func halfMapsComeInPairs() throws {
        let half = RealArray(shape: .cube(4), repeating: 1)
        try ImageFile.write(half, to: project.path("run_half1_unfil.mrc"), pixelSizeInAngstrom: 1)
        let arguments = [
            "--i", project.name + "/run_half1_unfil.mrc", "--ofile", "run_half1_unfil.mrc", "--do_halfmaps",
        ]
        #expect(run(arguments).text.contains("run_half2_unfil.mrc"))
        #expect(!project.exists("Import/job001/run_half1_unfil.mrc"))
        try ImageFile.write(RealArray(shape: .cube(5)), to: project.path("run_half2_unfil.mrc"), pixelSizeInAngstrom: 1)
        #expect(run(arguments).status == 1)
        try ImageFile.write(half, to: project.path("run_half2_unfil.mrc"), pixelSizeInAngstrom: 1)
        #expect(run(arguments).status == 0)
        for name in ["run_half1_unfil.mrc", "run_half2_unfil.mrc"] {
            #expect(try ImageFile.read(project.name + "/Import/job001/" + name).image == half)
        }
    }

    @Test func particlesAreRenamed() throws {
        let head =
            "data_optics\nloop_\n_rlnOpticsGroupName\n_rlnOpticsGroup\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n_rlnImagePixelSize\n"
        let particles = "\ndata_particles\nloop_\n_rlnImageName\n_rlnOpticsGroup\n1@none.mrcs 1\n"
        try project.write(head + "one 1 300 2.7 0.1 2\n" + particles, to: "particles.star")
        try project.write(head + "one 1 300 2.7 0.1 2\ntwo 2 300 2.7 0.1 2\n" + particles, to: "two.star")
        func run(_ name: String, _ options: [String]) -> (status: Int32, text: String) {
            self.run(["--i", project.name + "/" + name, "--ofile", name, "--do_particles"] + options)
        }
        let result = run("particles.star", ["--particles_optics_group_name", "new-name"])
        #expect(result.status == 0 && result.text.contains("none.mrcs"), "\(result.text)")
        #expect(try document("particles.star").table("optics").string("rlnOpticsGroupName", row: 0) == "new-name")
        #expect(run("two.star", ["--particles_optics_group_name", "new"]).text.contains("2 optics groups"))
        #expect(run("two.star", ["--particles_optics_group_name", "not good!"]).text.contains("letters, digits"))
        #expect(run("two.star", []).status == 0)
    }

    @Test func otherFilesAreCopied() throws {
        try ImageFile.write(RealArray(shape: .cube(4)), to: project.path("ref.mrc"), pixelSizeInAngstrom: 1)
        try project.write("damaged", to: "bad.mrc")
        func run(_ name: String) -> (status: Int32, text: String) {
            self.run(["--i", project.name + "/" + name, "--ofile", "x", "--do_other"])
        }
        #expect(run("ref.mrc").status == 0 && project.exists("Import/job001/ref.mrc"))
        #expect(run("bad.mrc").status == 1 && !project.exists("Import/job001/bad.mrc"))
        #expect(run("*.mrc").text.contains("one file"))
        #expect(run("none.mrc").text.contains("matches no files"))
    }

    @Test func allThatIsWrongIsSaidAtOnce() throws {
        try writeMovies(["Movies/a.mrcs"])
        let result = importMovies([
            "--do_other", "--optics_group_name", "a b", "--angpix", "0", "--kV", "-1", "--Q0", "2",
            "--optics_group_mtf", "none.star",
        ])
        #expect(result.status == 1)
        for word in ["2 of them are given", "--optics_group_name", "--angpix", "--kV", "--Q0", "none.star"] {
            #expect(result.text.contains(word), "\(word): \(result.text)")
        }
        let absolute = FileManager.default.currentDirectoryPath + "/" + project.name + "/Movies/*.mrcs"
        #expect(
            run(["--i", absolute, "--ofile", "movies.star", "--do_movies"]).text.contains("leads out of the project"))
        #expect(importMovies(["--dry_run"]).status == 0 && !project.exists("Import/job001/movies.star"))
    }
}
