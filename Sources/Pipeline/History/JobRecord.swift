import Foundation
import Jobs
import Reporting

/// What a job's folder says about how its files were made: when, by which program and version, with which settings, from what.
package struct JobRecord: Sendable, Codable, Equatable {
    package struct File: Sendable, Codable, Equatable {
        package var name: String
        package var type: String
        /// The job that made it; nil for files from outside the project.
        package var from: String?
        /// Whether it is on the disk.
        package var exists: Bool
    }

    /// One start of the job: a job that was continued has several.
    package struct Run: Sendable, Codable, Equatable {
        /// As `note.txt` has it: `Fri Aug 30 18:47:02 2024`.
        package var started: String
        package var commands: [String]
    }

    package var name: String
    package var alias: String?
    package var type: String
    package var status: String
    package var runs: [Run]
    /// What the programs say of themselves in `run.out`; nil where they say nothing.
    package var version: String?
    /// All options of `job.star`.
    package var parameters: [String: String]
    /// Those that differ from this version's defaults.
    package var changedParameters: [String: String]
    package var inputs: [File]
    package var outputs: [File]
}

extension Project {
    /// - Parameter graph: the pipeline that the job is in.
    package func record(of process: PipelineProcess, in graph: PipelineGraph) -> JobRecord {
        let settings = try? JobSettings(contentsOf: path(process.name), environment: [:])
        let parameters = settings.map { $0.values.merging($0.unknown) { known, _ in known } } ?? [:]
        let changed = parameters.filter { key, value in settings?.option(key).map { $0.builtInDefault != value } ?? true }
        func file(_ node: PipelineNode) -> JobRecord.File {
            let maker = graph.producer(of: node.name)?.name
            return JobRecord.File(name: node.name, type: node.typeLabel, from: maker, exists: exists(node.name))
        }
        return JobRecord(
            name: process.name, alias: process.alias, type: process.typeLabel, status: process.status.label,
            runs: Self.runs(note: note(of: process.name)), version: version(of: process.name), parameters: parameters,
            changedParameters: changed, inputs: graph.inputs(of: process.name).map(file), outputs: graph.outputs(of: process.name).map(file))
    }

    /// The starts that a job's note tells of, without what people wrote between them.
    static func runs(note: String) -> [JobRecord.Run] {
        let (start, heading, end) = ("++++ Executing new job on ", "++++ with the following command", "++++")
        var runs: [JobRecord.Run] = []
        var isInside = false
        for line in note.split(separator: "\n") {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.hasPrefix(start) {
                runs.append(JobRecord.Run(started: String(text.dropFirst(start.count)), commands: []))
                isInside = false
            } else if text.hasPrefix(heading) {
                isInside = !runs.isEmpty
            } else if text.hasPrefix(end) {
                isInside = false
            } else if isInside, !text.isEmpty {
                runs[runs.count - 1].commands.append(text)
            }
        }
        return runs
    }

    /// The version that the programs print at their start; the last one where a job was continued by another version.
    func version(of job: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path(job + JobFile.output)) else { return nil }
        defer { try? file.close() }
        // Output of later runs stands at the end of the file, so that both ends are looked at.
        let limit = 1 << 18
        var text = String(decoding: (try? file.read(upToCount: limit)) ?? Data(), as: UTF8.self)
        if let size = try? file.seekToEnd(), size > UInt64(2 * limit) {
            try? file.seek(toOffset: size - UInt64(limit))
            text += "\n" + String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
        } else {
            try? file.seek(toOffset: UInt64(limit))
            text += String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
        }
        let mark = "RELION version:"
        guard let line = text.split(separator: "\n").last(where: { $0.contains(mark) }), let range = line.range(of: mark) else { return nil }
        return line[range.upperBound...].split(separator: " ").first.map(String.init)
    }
}
