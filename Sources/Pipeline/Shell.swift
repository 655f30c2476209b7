import Foundation

/// Short commands whose answer is waited for.
enum Shell {
    /// Runs a command found on the PATH and gives its status and all it printed; nil when it could not be started. Status 127:
    /// there is no such command.
    static func answer(_ words: [String], in folder: String = "", environment: [String: String]? = nil) -> (status: Int32, text: String)? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        if !folder.isEmpty { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        if let environment { process.environment = environment }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch { return nil }
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
