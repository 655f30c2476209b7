import Foundation
import Glibc
import Testing
import TestSupport

/// Chromium without a window, with a profile of its own; it ends with this object.
final class Browser {
    static let hint: Comment = "needs Chromium (Debian's package chromium), or its path in RELION_CHROMIUM"

    static let executable: String? = {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["RELION_CHROMIUM"] { return access(path, X_OK) == 0 ? path : nil }
        let folders = (environment["PATH"] ?? "/usr/bin").split(separator: ":")
        return ["chromium", "chromium-browser", "google-chrome"].lazy.flatMap { name in folders.map { "\($0)/\(name)" } }.first { access($0, X_OK) == 0 }
    }()

    static var isInstalled: Bool { executable != nil }

    let pipe: BrowserPipe
    private let number: pid_t
    private let profile: TemporaryFolder

    init() throws {
        guard let executable = Self.executable else { throw BrowserFailure("there is no Chromium") }
        profile = try TemporaryFolder()
        let commands = try Self.openPipe(), messages = try Self.openPipe()
        // Without a sandbox since test machines run as root; only the tests' own pages are opened.
        let words = [
            executable, "--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--user-data-dir=\(profile.path)", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--enable-unsafe-swiftshader", "--mute-audio",
            "--force-device-scale-factor=1", "about:blank",
        ]
        number = try Self.spawn(executable, words, reading: commands.reading, writing: messages.writing)
        close(commands.reading)
        close(messages.writing)
        pipe = BrowserPipe(output: commands.writing, input: messages.reading)
    }

    deinit {
        _ = try? pipe.call("Browser.close", timeLimitInSeconds: 5)
        pipe.close()
        var status: Int32 = 0
        for _ in 0..<100 where waitpid(number, &status, WNOHANG) == 0 { usleep(50_000) }
        if kill(number, SIGKILL) == 0 { waitpid(number, &status, 0) }
    }

    func page(width: Int = 1400, height: Int = 900) throws -> BrowserPage { try BrowserPage(pipe, width: width, height: height) }

    /// Both ends stay out of other children and away from descriptors 3 and 4.
    private static func openPipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw BrowserFailure("no pipe: \(String(cString: strerror(errno)))") }
        let high = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
        ends.forEach { close($0) }
        return (high[0], high[1])
    }

    private static func spawn(_ executable: String, _ words: [String], reading: Int32, writing: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for stream in [Int32(0), 1, 2] { posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0) }
        posix_spawn_file_actions_adddup2(&actions, reading, 3)
        posix_spawn_file_actions_adddup2(&actions, writing, 4)
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { (word: String) in strdup(word) } + [nil]
        defer { arguments.forEach { free($0) } }
        var number: pid_t = 0
        let code = posix_spawn(&number, executable, &actions, nil, arguments, environ)
        guard code == 0 else { throw BrowserFailure("\(executable): \(String(cString: strerror(code)))") }
        return number
    }
}
