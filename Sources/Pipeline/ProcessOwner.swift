import Foundation

/// A process on a machine, described so that others can tell whether it still runs.
///
/// Numbers of processes are used again: the time of the start tells an old process from a new one of the same number.
package struct ProcessOwner: Sendable, Equatable {
    package var host: String
    package var processNumber: Int32
    /// In the kernel's ticks since the machine's start; 0 where the system does not tell.
    package var startTime: UInt64
    /// Changes with each start of the machine; empty where the system does not tell.
    package var bootIdentity: String
    /// Seconds since 1970 when this was written.
    package var time: Int

    package enum State: Sendable { case running, dead, unknown }

    package static func current() -> ProcessOwner {
        let number = getpid()
        return ProcessOwner(
            host: hostName, processNumber: number, startTime: startTime(of: number) ?? 0, bootIdentity: boot,
            time: Int(Date().timeIntervalSince1970))
    }

    /// Another process of this machine, such as a started job.
    package static func ofProcess(_ number: Int32) -> ProcessOwner {
        var owner = current()
        owner.processNumber = number
        owner.startTime = startTime(of: number) ?? 0
        return owner
    }

    private static let hostName: String = {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()

    private static let boot: String = {
        guard let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8) else { return "" }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }()

    /// Field 22 of the process's line in /proc; the name in field 2 may hold anything, so counting starts behind it. A zombie has
    /// ended already.
    private static func startTime(of number: Int32) -> UInt64? {
        guard let line = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
            let end = line.lastIndex(of: ")")
        else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return UInt64(fields[19])
    }

    /// What is known about the process from here; processes on other machines are unknown.
    package var state: State {
        let here = Self.current()
        guard host == here.host else { return .unknown }
        if !bootIdentity.isEmpty, !here.bootIdentity.isEmpty, bootIdentity != here.bootIdentity { return .dead }
        if kill(processNumber, 0) != 0, errno == ESRCH { return .dead }
        guard startTime != 0 else { return .running }
        return Self.startTime(of: processNumber) == startTime ? .running : .dead
    }

    // MARK: Text

    private static let mark = "owner:"

    /// One line: `owner: host=… process=… start=… boot=… time=…`.
    package var line: String {
        "\(Self.mark) host=\(host) process=\(processNumber) start=\(startTime) boot=\(bootIdentity) time=\(time)"
    }

    /// Finds the line in a text; nil where there is none or it is not whole.
    package init?(in text: String) {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(Self.mark) }) else { return nil }
        var values: [Substring: Substring] = [:]
        for word in line.split(separator: " ").dropFirst() {
            guard let sign = word.firstIndex(of: "=") else { continue }
            values[word[..<sign]] = word[word.index(after: sign)...]
        }
        guard let host = values["host"], let number = values["process"].flatMap({ Int32($0) }), number > 0,
            let start = values["start"].flatMap({ UInt64($0) }), let time = values["time"].flatMap({ Int($0) })
        else { return nil }
        self.init(
            host: String(host), processNumber: number, startTime: start, bootIdentity: String(values["boot"] ?? ""), time: time)
    }

    init(host: String, processNumber: Int32, startTime: UInt64, bootIdentity: String, time: Int) {
        self.host = host
        self.processNumber = processNumber
        self.startTime = startTime
        self.bootIdentity = bootIdentity
        self.time = time
    }
}
