import Foundation
import Pipeline
import Schemes

/// Runs a scheme with short waits, to be killed at any moment by the tests. Arguments: the project's folder and the scheme's name.
@main
struct Main {
    static func main() throws {
        let words = CommandLine.arguments
        guard words.count == 3 else { exit(64) }
        var timing = SchemeRun.Timing()
        timing.look = 0.01
        let folder = SchemeFolder(project: Project(root: words[1]), name: words[2])
        let outcome = try SchemeRun(folder, timing: timing) { FileHandle.standardError.write(Data(($0 + "\n").utf8)) }.run()
        exit(outcome == .done ? 0 : 1)
    }
}
