import Foundation
import Reporting

/// Starts a job's commands on this machine as a process group of its own, which lives on when the starter ends.
///
/// A shell runs the commands one after the other while they succeed. It waits for a word from the starter first, so that the
/// job's owner is on the disk before any command runs; and it leaves an exit file where the commands did not.
struct LocalLaunch {
    let project: Project
    let plan: JobPlan
    let environment: [String: String]

    init(project: Project, plan: JobPlan, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.project = project
        self.plan = plan
        self.environment = environment
    }

    private var parallelism: LocalParallelism { LocalParallelism(plan, environment: Shell.withOwnPrograms(environment)) }

    /// The commands as this machine runs them, with redirections, joined by `&&`.
    var commandLine: String {
        plan.commands.map { command in
            let text = parallelism.line(command)
            return command.contains(">") ? text : "\(text) >> \(plan.job)\(JobFile.output) 2>> \(plan.job)\(JobFile.errors)"
        }.joined(separator: " && ")
    }

    private var script: String {
        let job = Shell.quoted(plan.job)
        let root = project.root.isEmpty ? "." : project.root
        // A later command that fails makes the success of an earlier one void.
        let correction = plan.commands.count > 1 ? "rm -f \"${job}\(JobFile.success)\"" : ":"
        return """
            read -r word || exit 1
            exec </dev/null
            cd \(Shell.quoted(root)) || exit 1
            job=\(job)
            ( \(commandLine)
            )
            status=$?
            if [ $status -ne 0 ]; then \(correction); fi
            if [ -e "${job}\(JobFile.success)" ] || [ -e "${job}\(JobFile.failure)" ] || [ -e "${job}\(JobFile.aborted)" ]; then exit $status; fi
            if [ -e "${job}\(JobFile.abortNow)" ]; then : > "${job}\(JobFile.aborted)"
            elif [ $status -eq 0 ]; then : > "${job}\(JobFile.success)"
            else echo "The command ended with status $status." >> "${job}\(JobFile.errors)"; : > "${job}\(JobFile.failure)"
            fi
            exit $status
            """
    }

    /// - Throws: `InputError` when the shell cannot be started.
    func start() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw failure(errno) }
        // The starter's end must not stay open in other children: the shell would wait for ever should the starter die.
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        defer {
            close(ends[0])
            close(ends[1])
        }
        if let remark = parallelism.remark(on: plan.commands) { try project.append(remark + "\n", to: plan.job + JobFile.output) }
        let number = try spawn(input: ends[0])
        do {
            try project.setRunOwner(.process(.ofProcess(number)), of: plan.job)
        } catch {
            kill(number, SIGKILL)
            throw error
        }
        _ = "go\n".utf8CString.withUnsafeBytes { write(ends[1], $0.baseAddress, 3) }
        // So that it does not stay a zombie of a server that runs for weeks.
        Thread.detachNewThread {
            var status: Int32 = 0
            waitpid(number, &status, 0)
        }
    }

    /// POSIX_SPAWN_SETSID, which the headers give as a macro behind a feature test.
    #if os(Linux)
    private static let newSession: Int16 = 0x80
    #else
    private static let newSession: Int16 = 0x400
    #endif

    private func spawn(input: Int32) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        for (descriptor, file) in [(Int32(1), JobFile.output), (2, JobFile.errors)] {
            posix_spawn_file_actions_addopen(
                &actions, descriptor, project.path(plan.job + file), O_WRONLY | O_CREAT | O_APPEND, 0o666)
        }
        Self.keepDescriptorsToOneself()
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t(), allSignals = sigset_t()
        sigemptyset(&noSignals)
        sigfillset(&allSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setsigdefault(&attributes, &allSignals)
        posix_spawnattr_setflags(&attributes, Self.newSession | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
        let words: [UnsafeMutablePointer<CChar>?] = ["/bin/sh", "-c", script].map { (word: String) in strdup(word) } + [nil]
        let variables: [UnsafeMutablePointer<CChar>?] =
            Shell.withOwnPrograms(environment).map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var number: pid_t = 0
        let code = posix_spawn(&number, "/bin/sh", &actions, &attributes, words, variables)
        if code != 0 { throw failure(code) }
        return number
    }

    /// A job that runs for days must not hold files, locks and sockets of the process that started it, nor those that it was given
    /// by its own parent.
    private static func keepDescriptorsToOneself() {
        let folder = FileManager.default.fileExists(atPath: "/proc/self/fd") ? "/proc/self/fd" : "/dev/fd"
        for number in ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap({ Int32($0) }) where number > 2 {
            let flags = fcntl(number, F_GETFD)
            if flags >= 0, flags & FD_CLOEXEC == 0 { _ = fcntl(number, F_SETFD, flags | FD_CLOEXEC) }
        }
    }

    private func failure(_ code: Int32) -> InputError {
        InputError(place: plan.job, found: "the job cannot be started (\(String(cString: strerror(code))))")
    }
}
