import Foundation

/// Mail through the system's `mail` program; schemes do not stop because a mail could not be sent.
enum Mail {
    /// - Returns: what went wrong; nil when `mail` took it.
    static func send(_ text: String, subject: String, to address: String) -> String? {
        let process = Process(), input = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["mail", "-s", subject, address]
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return error.localizedDescription }
        try? input.fileHandleForWriting.write(contentsOf: Data((text + "\n").utf8))
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
        switch process.terminationStatus {
        case 0: return nil
        case 127: return "there is no program mail"
        default: return "mail ended with status \(process.terminationStatus)"
        }
    }
}
