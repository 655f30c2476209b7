import ArgumentParser
import Foundation
import Pipeline
import Reporting
import Schemes

/// `relion it`: on-the-fly processing.
package struct OnTheFlyCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "relion it", abstract: "Process movies while they arrive.",
        discussion: "Settings come from options files as relion_it.py has them; a key in a later file counts. Started again after it was "
            + "stopped or killed, it goes on where it was.")

    @OptionGroup var options: ProjectOptions
    @Argument(help: "Options files.") var files: [String] = []
    @Option(help: "Write an options file with all common keys, and end.") var template = ""
    @Flag(name: .customLong("onlysave"), help: "Put the options into the schemes, and end.") var onlySave = false
    @Flag(name: .customLong("nogui"), help: "Accepted; there is no window.") var noWindow = false
    @Flag(help: "Tell where the schemes are, and end.") var status = false
    @Flag(help: "Stop the schemes and their jobs, and end.") var abort = false
    @Flag(help: "Begin anew; the jobs that are there stay.") var reset = false
    @Option(help: "Run this scheme alone, in this process: prep or proc.") var only = ""
    @Option(help: "End when this process does.") var parent: Int32 = 0

    package init() {}

    package func run() throws {
        do {
            try perform()
        } catch let error as InputError {
            try? FileHandle.standardError.write(contentsOf: Data("ERROR: \(error)\n".utf8))
            throw ExitCode(1)
        }
    }

    func perform() throws {
        if !template.isEmpty { return try writeTemplate() }
        let project = try options.open()
        if status { return try tellStatus(project) }
        let folders = SchemeTemplate.all.map { SchemeFolder(project: project, name: $0.name) }
        if abort {
            // A job may outlive its scheme's process.
            for folder in folders where folder.lockState != .free { try folder.abort() }
            return
        }
        if !only.isEmpty { return try runAlone(SchemeFolder(project: project, name: only)) }
        let settings = try OnTheFlyOptions(files.map { try OptionsFile(contentsOf: $0) })
        if !project.isPresent {
            try project.initialise()
            print("this folder is a project now")
        }
        for line in try settings.apply(to: project) { print(line) }
        if reset { for folder in folders { try folder.reset() } }
        fflush(nil)
        if onlySave { return }
        try runSchemes(SchemeTemplate.all.map(\.name).filter { settings.flag("do_\($0)") }, project)
    }

    private func writeTemplate() throws {
        guard !FileManager.default.fileExists(atPath: template) else {
            throw InputError(place: template, found: "the file is there already", remedy: "Choose another name")
        }
        do { try OnTheFlyKey.template.write(toFile: template, atomically: true, encoding: .utf8) } catch {
            throw InputError(place: template, found: "the file cannot be written (\(error.localizedDescription))")
        }
    }

    private func tellStatus(_ project: Project) throws {
        for template in SchemeTemplate.all {
            let folder = SchemeFolder(project: project, name: template.name)
            let scheme = try folder.load()
            let counts = scheme.variables.filter { $0.name.contains("nr_") }.map { "\($0.name) \($0.value)" }.sorted()
            let standing = SchemeStanding(folder, scheme)
            print("\(template.name)  \(standing.text); \(counts.joined(separator: ", "))")
            for line in standing.advice { print("  " + line) }
        }
    }

    // MARK: Running

    /// One process for each scheme, which end when this one does; jobs do not, and the next run waits for them.
    private func runSchemes(_ names: [String], _ project: Project) throws {
        guard let program = Bundle.main.executablePath else {
            throw InputError(place: "relion it", found: "the program does not know where it is")
        }
        let children = try names.map { name in
            let child = Process()
            child.executableURL = URL(fileURLWithPath: program)
            child.arguments = ["it", "--project", options.folder.isEmpty ? "." : options.folder, "--pipeline", options.pipeline,
                               "--only", name, "--parent", "\(getpid())"]
            do { try child.run() } catch {
                throw InputError(place: program, found: "cannot be started (\(error.localizedDescription))")
            }
            return child
        }
        for child in children { child.waitUntilExit() }
        let failed = zip(names, children).filter { $1.terminationStatus != 0 }.map(\.0)
        if !failed.isEmpty { throw InputError(place: "relion it", found: "not at the end: " + failed.joined(separator: " and "), remedy: "See above; relion it goes on") }
    }

    private func runAlone(_ folder: SchemeFolder) throws {
        if parent > 0 { endWithParent() }
        try waitForFirstMovie(folder)
        var outcome = SchemeRun.Outcome.done
        // A job that died while nobody watched ends the first step; it is done again, once.
        for attempt in 1...2 {
            var lines = 0
            outcome = try SchemeRun(folder) {
                lines += 1
                print("\(folder.name) + \($0)")
                fflush(nil)
            }.run()
            guard case .jobEnded = outcome, lines <= 1, attempt == 1 else { break }
            print("\(folder.name) + the job ended while nobody watched: once more")
        }
        try SchemeOutcome(outcome, of: folder.name).tell(Reporter())
    }

    private func endWithParent() {
        let parent = parent
        Thread.detachNewThread {
            while getppid() == parent { Thread.sleep(forTimeInterval: 0.2) }
            _exit(1)
        }
    }

    /// The import job fails without any movie, and with none that is whole: one that has just been written may still grow.
    private func waitForFirstMovie(_ folder: SchemeFolder) throws {
        guard folder.name == "prep", try folder.load().job("importmovies")?.hasStarted == false else { return }
        let pattern = try folder.settings(of: "importmovies")["fn_in_raw"] ?? ""
        var isTold = false
        while !folder.project.files(matching: pattern).contains(where: { isQuiet(folder.project.path($0)) }) {
            if !isTold { print("prep + waiting for the first of \(pattern)") }
            fflush(nil)
            isTold = true
            Thread.sleep(forTimeInterval: 0.5)
        }
    }

    private func isQuiet(_ file: String) -> Bool {
        var status = stat()
        return stat(file, &status) == 0 && time(nil) - status.st_mtim.tv_sec >= 3
    }
}
