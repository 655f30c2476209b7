import Foundation
import Pipeline
import Schemes
import StarFormat
import Testing
import TestSupport

/// `relion it` with the suite's own programs on small simulated movies that arrive one by one, one of them in two parts. All its processes
/// are killed once while movies are worked on, and it is started again. Nothing is missed, and nothing is done twice.
@Suite struct ArrivingMoviesTests {
    private static let options = """
        {
        'prep__importmovies__fn_in_raw' : 'Movies/*.tiff',
        'prep__importmovies__angpix' : 3,
        'prep__importmovies__kV' : 300,
        'prep__importmovies__Cs' : 2.7,
        'prep__motioncorr__dose_per_frame' : 8,
        'prep__motioncorr__nr_threads' : 1,
        'prep__motioncorr__patch_x' : 1,
        'prep__motioncorr__patch_y' : 1,
        'prep__do_at_most' : 2,
        'prep__wait_sec' : 0.2,
        'prep__max_idle_sec' : 8,
        'proc__select_mics__select_maxval' : 100,
        'proc__autopick__log_diam_min' : 90,
        'proc__autopick__log_diam_max' : 140,
        'proc__extract__extract_size' : 64,
        'proc__extract__rescale' : 32,
        'proc__do_class2d' : False,
        'proc__wait_sec' : 0.2,
        'proc__max_idle_sec' : 12,
        }

        """

    private let folder: TemporaryFolder
    private let programs: SuitePrograms
    private let watch: OutputWatch
    private var project: Project { Project(root: folder.path) }

    init() throws {
        (folder, programs) = (try TemporaryFolder(), try SuitePrograms())
        watch = OutputWatch(folder: folder.path, jobs: ["MotionCorr/job002", "CtfFind/job003", "AutoPick/job005", "Extract/job006"])
    }

    @Test func nothingMissedAndNothingTwice() throws {
        let names = (1...5).map { "mic00\($0)" }
        let simulation = try programs.start(
            "relion_simulate_movies",
            ["--o", "Sim", "--nr_movies", "5", "--size", "256", "--frames", "4", "--angpix", "3", "--dose_per_frame", "8", "--nr_particles", "8",
             "--min_distance", "150", "--no_gain", "--drift", "2", "--local_motion", "0", "--dead_rows", "0", "--hot_pixels", "0"],
            in: folder, log: "sim.log")
        simulation.waitUntilExit()
        try #require(simulation.terminationStatus == 0, "\(text("sim.log"))")
        try folder.write(Self.options, to: "options.py")
        try FileManager.default.createDirectory(atPath: folder.path + "/Movies", withIntermediateDirectories: true)

        let first = try programs.start("relion", ["it", "options.py"], in: folder, log: "it.log")
        // It waits for the first movie.
        try wait("waiting for the first", first) { text("it.log").contains("waiting for the first") }
        try deliver(names[0])
        try wait("one is done", first) { corrected().count == 1 }
        // One is still being written: the half of it is there.
        try deliver(names[1], half: true)
        try deliver(names[2])
        try wait("what is whole is done", first) { corrected().count == 2 }
        try deliver(names[1])
        let runs = told("motioncorr").count
        try wait("motion correction of more", first) { told("motioncorr").count > runs }
        try killAll(first)
        try deliver(names[3])
        let second = try programs.start("relion", ["it", "options.py"], in: folder, log: "it.log")
        try wait("four are done", second) { corrected().count == 4 }
        try deliver(names[4])
        try wait("the end", second) { !second.isRunning }
        #expect(second.terminationStatus == 0)

        try checkOutputs(names)
        try checkRuns()
    }

    // MARK: What goes on meanwhile

    private func deliver(_ name: String, half: Bool = false) throws {
        let movie = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/Sim/Movies/\(name).tiff"))
        try movie.prefix(half ? movie.count / 2 : movie.count).write(to: URL(fileURLWithPath: folder.path + "/Movies/\(name).tiff"))
    }

    private func wait(_ what: String, _ process: Process, _ isDone: () throws -> Bool) throws {
        let end = Date() + 60
        while try !isDone() {
            try #require(Date() < end, "\(what) did not come:\n\(text("it.log"))")
            if what != "the end" { try #require(process.isRunning, "it ended before \(what):\n\(text("it.log"))") }
            watch.look()
            usleep(10_000)
        }
        watch.look()
    }

    /// The machine goes down for the schemes and for what watches them; jobs end by themselves.
    private func killAll(_ parent: Process) throws {
        for name in ["prep", "proc"] {
            let lock = try String(contentsOfFile: folder.path + "/.relion_lock_scheme_\(name)/lock_scheme", encoding: .utf8)
            kill(try #require(ProcessOwner(in: lock)).processNumber, SIGKILL)
        }
        kill(parent.processIdentifier, SIGKILL)
        parent.waitUntilExit()
    }

    private func text(_ name: String) -> String { (try? String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)) ?? "" }

    private func rows(_ file: String, _ table: String, _ label: String) -> [String] {
        (try? StarDocument(contentsOf: folder.path + "/" + file).table(table).strings(label)) ?? []
    }

    private func corrected() -> [String] { rows("MotionCorr/job002/corrected_micrographs.star", "micrographs", "rlnMicrographName") }

    /// Lines that tell a start of a scheme's job.
    private func told(_ job: String) -> [Substring] {
        text("it.log").split(separator: "\n").filter { $0.contains(" + \(job): ") && ($0.hasSuffix("has started") || $0.hasSuffix("goes on")) }
    }

    // MARK: What is there at the end

    private func checkOutputs(_ names: [String]) throws {
        let expected = Set(names.map { "MotionCorr/job002/Movies/\($0).mrc" })
        for (file, table, label) in [
            ("MotionCorr/job002/corrected_micrographs.star", "micrographs", "rlnMicrographName"),
            ("CtfFind/job003/micrographs_ctf.star", "micrographs", "rlnMicrographName"),
            ("Select/job004/micrographs.star", "micrographs", "rlnMicrographName"),
            ("AutoPick/job005/autopick.star", "coordinate_files", "rlnMicrographName"),
        ] {
            let found = rows(file, table, label)
            #expect(found.count == 5 && Set(found) == expected, "\(file)")
        }
        #expect(Set(rows("Import/job001/movies.star", "movies", "rlnMicrographMovieName")) == Set(names.map { "Movies/\($0).tiff" }))
        for name in names { #expect(folder.exists("Extract/job006/Movies/\(name).mrcs"), "\(name)") }
        // As many particles as images, each in one place of one stack.
        let images = rows("Extract/job006/particles.star", "particles", "rlnImageName")
        #expect(Set(images).count == images.count && images.count >= 20, "\(images.count) particles")
        #expect(Set(rows("Extract/job006/particles.star", "particles", "rlnMicrographName")) == expected)
    }

    private func checkRuns() throws {
        let processes = try project.graph().processes
        #expect(processes.map(\.name) == ["Import/job001/", "MotionCorr/job002/", "CtfFind/job003/", "Select/job004/", "AutoPick/job005/", "Extract/job006/"])
        #expect(processes.allSatisfy { $0.status == .succeeded })
        #expect(watch.rewritten.isEmpty, "\(watch.rewritten)")
        #expect(watch.count > 15)
        // The log of a continued job goes on: all that it set out to do, over all its runs.
        let counts = text("MotionCorr/job002/run.out").matches(of: /(?m)^(\d+) movies to correct/).compactMap { Int($0.output.1) }
        #expect(counts.reduce(0, +) == 5, "\(counts)")
        // Each run that its note tells was told by the scheme; the kill may have come between the two, once in all.
        var untold = 0
        for (job, place) in [("importmovies", "Import/job001"), ("motioncorr", "MotionCorr/job002"), ("ctffind", "CtfFind/job003"),
                             ("select_mics", "Select/job004"), ("autopick", "AutoPick/job005"), ("extract", "Extract/job006")] {
            let runs = text(place + "/note.txt").matches(of: /\+\+\+\+ Executing/).count
            untold += runs - told(job).count
            #expect(runs >= told(job).count && runs > 0, "\(job)")
        }
        #expect(untold <= 2)
    }
}

/// Looks at what jobs have written for single micrographs. A file that is written again is another file under the same name.
private final class OutputWatch {
    private let folder: String
    private let jobs: [String]
    private var numbers: [String: Set<UInt64>] = [:]

    init(folder: String, jobs: [String]) { (self.folder, self.jobs) = (folder, jobs) }

    var count: Int { numbers.count }
    var rewritten: [String] { numbers.filter { $0.value.count > 1 }.map(\.key).sorted() }

    func look() {
        for job in jobs {
            let place = folder + "/" + job + "/Movies"
            for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [] where name.hasPrefix("mic") {
                guard [".mrc", ".mrcs", ".ctf", "_autopick.star"].contains(where: name.hasSuffix) else { continue }
                var status = stat()
                if stat(place + "/" + name, &status) == 0 { numbers[job + "/" + name, default: []].insert(UInt64(status.st_ino)) }
            }
        }
    }
}
