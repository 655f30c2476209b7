import Foundation
import Reporting

/// Where programs are found.
extension Shell {
    static func quoted(_ text: String) -> String { "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'" }

    /// The first executable file of this name on a search path; names with a slash stand for themselves.
    static func find(_ name: String, path: String) -> String? {
        if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
        return path.split(separator: ":").map { PathName.joined(String($0), name) }.first { access($0, X_OK) == 0 }
    }

    /// The folder with the links to this executable (`bin/relion_refine` …); nil where there is none.
    static let ownFolder: String? = {
        var candidates: [String] = []
        let called = CommandLine.arguments.first ?? ""
        if let found = find(called, path: ProcessInfo.processInfo.environment["PATH"] ?? "") {
            candidates.append(PathName(URL(fileURLWithPath: found).path).folder)
        }
        if let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            candidates.append(PathName(own).folder)
            // Beside a build folder: .build/x86_64-unknown-linux-gnu/release/relion and bin/relion_refine.
            var folder = PathName(own).folder
            for _ in 0..<3 { folder = PathName(folder).folder }
            candidates.append(PathName.joined(folder, "bin"))
        }
        return candidates.first { access(PathName.joined($0, "relion_refine"), X_OK) == 0 }
    }()

    /// The environment in which `which relion_refine` finds this suite's programs first.
    static func withOwnPrograms(_ environment: [String: String]) -> [String: String] {
        guard let ownFolder else { return environment }
        var environment = environment
        let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        if path.split(separator: ":").first.map(String.init) != ownFolder { environment["PATH"] = ownFolder + ":" + path }
        return environment
    }

    /// The programs that a command names: what stands in `` `which …` ``, else its first word.
    static func programs(of command: String) -> [String] {
        let called = command.matches(of: /`which ([^`\s]+)`/).map { String($0.output.1) }
        if !called.isEmpty { return called }
        return command.split(separator: " ").first.map { [String($0)] } ?? []
    }
}
