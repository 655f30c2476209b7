import ArgumentParser
import CryosparcFormat
import Foundation
import Reporting
import StarFormat

extension ProjectCommand {
    struct ImportCryosparc: PeopleCommand {
        static let configuration = CommandConfiguration(
            commandName: "import-cs", abstract: "Make a particle STAR file of cryoSPARC's .cs files.",
            discussion: """
                relion project import-cs J42/particles.cs J42/J42_passthrough_particles.cs --output particles.star --path CS
                Conventions: docs/coming-from-cryosparc.md. A job of type Import takes the file into the project.
                """)
        @Argument(help: "The particles' .cs file, then passthrough files of the same job.") var files: [String]
        @Option(name: [.customLong("output"), .customShort("o")], help: "The STAR file to write.") var output: String
        @Option(help: "Folder of cryoSPARC's project, put before relative paths.") var path = ""
        @Flag(name: .customLong("strip_uid"), help: "Take the long number off the names of files that cryoSPARC copied.") var strip = false
        @Flag(name: .customLong("invert_y"), help: "Count y from the other edge: for micrographs that are flipped there.") var invertY = false
        @Flag(help: "Write over an older file.") var overwrite = false

        func perform() throws {
            try OutputName.check(output, overwrite: overwrite)
            let tables = try files.map { try NumpyTable(contentsOf: $0) }
            guard let main = tables.first else { throw InputError(place: "import-cs", found: "no file is given") }
            var settings = CryosparcImport.Settings()
            settings.pathPrefix = path
            settings.stripsNumbers = strip
            settings.invertsY = invertY
            let result = try CryosparcImport(CryosparcTable(main, passthroughs: Array(tables.dropFirst())), settings: settings)
            for warning in result.warnings { FileHandle.standardError.write(Data("WARNING: \(warning)\n".utf8)) }
            try result.document.write(to: output)
            print("wrote \(output): \(main.rowCount) particles")
        }
    }

    struct ExportCryosparc: PeopleCommand {
        static let configuration = CommandConfiguration(
            commandName: "export-cs", abstract: "Make a .cs file for cryoSPARC of a particle STAR file.",
            discussion: "relion project export-cs Refine3D/job021/run_data.star --output particles.cs. Conventions: docs/coming-from-cryosparc.md.")
        @Argument(help: "The particle STAR file.") var file: String
        @Option(name: [.customLong("output"), .customShort("o")], help: "The .cs file to write; a group file .csg is written beside it.")
        var output: String
        @Option(help: "Put before relative paths; > stands for the folder of the .cs file.") var prefix = ">"
        @Option(name: .customLong("micrograph_size"), parsing: .upToNextOption, help: "Width and height of the micrographs in pixels, for coordinates.")
        var size: [Int] = []
        @Flag(help: "Write over an older file.") var overwrite = false

        func perform() throws {
            let group = PathName(output).stem + ".csg"
            var check: [InputProblem] = []
            if !size.isEmpty, size.count != 2 || size.contains(where: { $0 < 1 }) {
                check.append(InputProblem(place: "--micrograph_size", found: "\(size)", expected: "width and height in pixels"))
            }
            if !output.hasSuffix(".cs") { check.append(InputProblem(place: output, found: "the name of the output", expected: "a name ending in .cs")) }
            if !check.isEmpty { throw InputError(check) }
            for name in [output, group] { try OutputName.check(name, overwrite: overwrite) }
            var settings = CryosparcExport.Settings()
            settings.pathPrefix = prefix
            if size.count == 2 { settings.micrographSize = (size[0], size[1]) }
            let result = try CryosparcExport(StarDocument(contentsOf: file), settings: settings)
            for warning in result.warnings { FileHandle.standardError.write(Data("WARNING: \(warning)\n".utf8)) }
            try result.table.write(to: output)
            let text = CryosparcGroup(file: PathName(output).name, groups: result.groups, count: result.rowCount).text
            let writer = try AtomicFile(path: group)
            try writer.write(text)
            try writer.commit()
            print("wrote \(output) and \(group): \(result.rowCount) particles")
        }
    }
}

/// Names of files that commands are to write.
enum OutputName {
    static func check(_ path: String, overwrite: Bool) throws {
        if let obstacle = OutputFolder.obstacle(to: path) { throw InputError(place: path, found: obstacle, remedy: "Choose another name") }
        if !overwrite, FileManager.default.fileExists(atPath: path) {
            throw InputError(place: path, found: "there is a file of this name", remedy: "Choose another name, or give --overwrite")
        }
    }
}
