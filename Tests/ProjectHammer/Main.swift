import Foundation
import Pipeline

/// Adds jobs to a project as fast as it can: the other side of the tests with many processes, and the one that is killed.
///
/// Arguments: the project's folder, how many jobs, a name for the aliases. Prints the name of each job after its entry is on
/// the disk.
@main
struct Main {
    static func main() throws {
        let words = CommandLine.arguments
        guard words.count == 4, let count = Int(words[2]) else { exit(64) }
        let project = Project(root: words[1])
        for index in 0..<count {
            let name = try project.change("adding job \(index) of \(words[3])") { graph in
                let name = JobName(folder: "Import", number: graph.jobCounter).path
                graph.add(PipelineProcess(
                    name: name, alias: "Import/\(words[3])_\(index)/", typeLabel: "relion.import", status: .succeeded))
                try graph.addOutput(PipelineNode(name: name + "movies.star", typeLabel: "M.star"), of: name)
                return name
            }
            try FileHandle.standardOutput.write(contentsOf: Data((name + "\n").utf8))
        }
    }
}
