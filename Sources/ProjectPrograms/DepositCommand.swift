import ArgumentParser
import Foundation
import Pipeline
import ProgramKit
import Reporting
import UtilityPrograms

extension ProjectCommand {
    struct Deposit: PeopleCommand {
        static let configuration = CommandConfiguration(
            abstract: "Collect what the EMDB, and with --empiar the EMPIAR, ask for when a map is deposited.",
            discussion: """
                The folder gets copies of map, half maps, mask and FSC curve, a picture, the metadata as far as the project knows them \
                (deposition.txt and .json) and a manifest with SHA-256 sums. --empiar adds links to movies, micrographs and particle \
                stacks, with their STAR files, under their names in the project. Nothing that exists is written over.
                """)
        @OptionGroup var options: ProjectOptions
        @Option(help: "The post-processing job of the map.") var job: String
        @Option(name: [.customLong("output"), .customShort("o")], help: "The folder to make.") var output: String
        @Flag(help: "Add raw data for EMPIAR, as links.") var empiar = false
        @Flag(name: .customLong("no_checksums"), help: "Leave sums out of the manifest: they read every byte of the movies.") var noChecksums = false
        @Flag(name: .customLong("dry_run"), help: "Only show what would be collected.") var dryRun = false

        func perform() throws {
            let project = try options.open()
            var plan = try DepositionPlan(job: job, in: project)
            let history = try ProjectHistory(of: plan.process.name, in: project)
            if empiar { plan.addRawData(history) }
            guard !FileManager.default.fileExists(atPath: output) else {
                throw InputError(place: output, found: "there is a file or folder of this name", remedy: "Choose another name")
            }
            let folder = output.hasSuffix("/") ? String(output.dropLast()) : output
            if let obstacle = OutputFolder.obstacle(to: folder) { throw InputError(place: output, found: obstacle, remedy: "Choose another name") }
            for name in plan.missing.prefix(20) { warn("\(name) is not there; it is left out") }
            if plan.missing.count > 20 { warn("and \(plan.missing.count - 20) more files are not there") }
            if dryRun {
                for item in plan.items { print("\(item.target)  \(item.isLink ? "link to" : "copy of") \(item.source)") }
                return
            }
            try collect(plan, history, project, into: folder)
            print("made \(output) with \(plan.items.count) files; fill in what deposition.txt shows as ___")
        }

        private func warn(_ text: String) { FileHandle.standardError.write(Data("WARNING: \(text)\n".utf8)) }

        /// In a folder beside it, which gets its name when all is there.
        private func collect(_ plan: DepositionPlan, _ history: ProjectHistory, _ project: Project, into folder: String) throws {
            let files = FileManager.default
            let temporary = "\(folder).tmp\(getpid())"
            do {
                try files.createDirectory(atPath: temporary, withIntermediateDirectories: true)
                let manifest = try plan.collect(into: temporary, checksums: !noChecksums)
                var sheet = DepositionSheet(history, result: plan.process, in: project)
                if let level = drawPicture(in: temporary) { sheet.addContourLevel(level) }
                let methods = MethodsText(history, in: project)
                let texts = [
                    ("manifest.tsv", manifest), ("deposition.txt", sheet.text), ("deposition.json", try sheet.json()),
                    ("history.json", try HistoryDocument(history, methods: methods).json()),
                ]
                for (name, text) in texts { try Data(text.utf8).write(to: URL(fileURLWithPath: PathName.joined(temporary, name))) }
                guard rename(temporary, folder) == 0 else {
                    throw InputError(place: output, found: "the folder cannot be made (\(String(cString: strerror(errno))))")
                }
            } catch let error as InputError {
                try? files.removeItem(atPath: temporary)
                throw error
            } catch {
                try? files.removeItem(atPath: temporary)
                throw InputError(place: output, found: "the folder cannot be made (\(error.localizedDescription))", remedy: "Check permissions and space")
            }
        }

        /// The picture is the map as a surface; a map that cannot be drawn is deposited without.
        /// - Returns: the density of the surface.
        private func drawPicture(in folder: String) -> String? {
            let reporter = Reporter.recording(verbosity: .normal)
            let program = UtilityPrograms.programs.first { $0.name == "relion_map_picture" }
            let masked = PathName.joined(folder, "additional_map_masked.mrc")
            let map = FileManager.default.fileExists(atPath: masked) ? masked : PathName.joined(folder, "main_map.mrc")
            let status = program?.run(["--i", map, "--o", PathName.joined(folder, "picture.png"), "--pixels", "600", "--views", "1"], reporter)
            guard status == 0 else {
                warn("no picture was made: \(reporter.recordedText)")
                return nil
            }
            let mark = "Surface at density "
            guard let line = reporter.recordedText.split(separator: "\n").first(where: { $0.contains(mark) }) else { return nil }
            return line.components(separatedBy: mark).last
        }
    }
}
