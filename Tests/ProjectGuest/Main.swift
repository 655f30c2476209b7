import Foundation
import ProjectPrograms

/// Runs `relion project …` or `relion job …` as somebody who may not write anything: tests often run as root, whom permissions do not stop.
@main
struct Main {
    static func main() {
        let nobody: UInt32 = 65534
        if geteuid() == 0, setgid(nobody) != 0 || setuid(nobody) != 0 { exit(77) }
        let words = Array(CommandLine.arguments.dropFirst())
        switch words.first {
        case "project": ProjectCommand.main(Array(words.dropFirst()))
        case "job": JobCommand.main(Array(words.dropFirst()))
        default: exit(64)
        }
    }
}
