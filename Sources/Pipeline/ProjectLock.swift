import Foundation
import Reporting

/// RELION's lock of a pipeline: the folder `.relion_lock` with a file in it. Whoever makes the folder has the lock.
///
/// Our file says who holds it, so that a lock left by a process that died is recognised and taken over: at once when the
/// process ran on this machine, after `foreignPatience` when it ran on another one. A folder without an owner is RELION's;
/// it is waited for, and broken only when it has been empty for `emptyPatience` (whoever made it died before writing the file).
///
/// Taking over has a second lock, which the system frees when its holder dies: only one process at a time removes a stale
/// lock, and only after looking once more that it is still the same one.
package final class ProjectLock: Sendable {
    package struct Patience: Sendable {
        /// How long to wait before giving up.
        package var total = 60.0
        package var empty = 5.0
        package var foreign = 300.0
        package init() {}
    }

    private let folder: String
    private let file: String
    private let owner: ProcessOwner
    private let content: String

    /// Waits for the lock.
    ///
    /// - Parameters:
    ///   - folder: the lock's folder: `.relion_lock` in the project, or `.relion_lock_scheme_NAME`.
    ///   - fileName: of the file in it: `lock_default_pipeline.star`, or `lock_scheme`.
    ///   - message: what is done under the lock, for people who look into the file.
    /// - Throws: `InputError` when there is no permission or space, or when the lock is held for too long.
    package init(folder: String, fileName: String, message: String, patience: Patience = Patience()) throws {
        self.folder = folder
        file = PathName.joined(folder, fileName)
        owner = .current()
        content = "\(message)\n\(owner.line)\ntoken: \(UUID().uuidString)\n"
        let start = ContinuousClock.now
        var watch = Watch(folder: folder, fileName: fileName, patience: patience)
        var pause = 0.002
        while !(try make()) {
            watch.look()
            if watch.isStale {
                try watch.remove()
                continue
            }
            if (ContinuousClock.now - start).inSeconds > patience.total { throw watch.timeout(after: patience.total) }
            // Uneven pauses, so that those who wait do not all come back at the same time.
            Thread.sleep(forTimeInterval: pause * Double.random(in: 0.5...1.5))
            pause = min(pause * 1.5, 0.25)
        }
    }

    private func make() throws -> Bool {
        guard mkdir(folder, 0o700) == 0 else {
            if errno == EEXIST { return false }
            throw Self.failure(folder, errno)
        }
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        // Someone may have taken the empty folder for a dead one's if this process was stopped for seconds just now.
        if descriptor < 0, errno == ENOENT { return false }
        if descriptor < 0 { throw Self.failure(folder, errno) }
        defer { close(descriptor) }
        let bytes = Array(content.utf8)
        guard bytes.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == bytes.count else {
            let code = errno
            unlink(file)
            rmdir(folder)
            throw Self.failure(folder, code)
        }
        return true
    }

    /// Whether the lock is still this object's; false when somebody took it over or removed it by hand.
    package var isHeld: Bool { (try? String(contentsOfFile: file, encoding: .utf8)) == content }

    /// Gives the lock back. The folder disappears in one step: nobody ever sees it empty.
    package func release() {
        guard isHeld else { return }
        let retired = "\(folder)_released_\(owner.processNumber)_\(UUID().uuidString.prefix(8))"
        if rename(folder, retired) == 0 { try? FileManager.default.removeItem(atPath: retired) }
    }

    static func failure(_ folder: String, _ code: Int32) -> InputError {
        let reason = String(cString: strerror(code))
        let remedy = switch code {
        case EACCES, EPERM: "Ask the project's owner for permission to write; looking at the project needs none"
        case ENOSPC, EDQUOT: "Make space on the disk: empty the trash or clean jobs"
        case EROFS: "The file system is read-only; the project can be looked at, not changed"
        case ENOENT: "Check that the project's folder exists"
        default: ""
        }
        return InputError(place: folder, found: "the lock of the project cannot be made (\(reason))", remedy: remedy)
    }
}

extension ProjectLock {
    /// Looks at somebody else's lock again and again until it can be called stale.
    private struct Watch {
        let folder: String
        let file: String
        let patience: Patience
        private var content: String?
        private var identity: UInt64 = 0
        private var since = ContinuousClock.now

        init(folder: String, fileName: String, patience: Patience) {
            self.folder = folder
            file = PathName.joined(folder, fileName)
            self.patience = patience
        }

        mutating func look() {
            let now = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
            let identityNow = Self.identity(of: folder)
            if now != content || identityNow != identity {
                content = now
                identity = identityNow
                since = .now
            }
        }

        private static func identity(of path: String) -> UInt64 {
            var status = stat()
            return lstat(path, &status) == 0 ? UInt64(status.st_ino) : 0
        }

        var owner: ProcessOwner? { ProcessOwner(in: content ?? "") }

        var isStale: Bool {
            guard let content, identity != 0 else { return false }
            let age = (ContinuousClock.now - since).inSeconds
            guard let owner else { return content.isEmpty && age > patience.empty }
            switch owner.state {
            case .dead: return true
            case .running: return false
            case .unknown: return age > patience.foreign
                || Date().timeIntervalSince1970 - Double(owner.time) > max(2 * patience.foreign, 600)
            }
        }

        /// Removes the stale lock unless it changed meanwhile.
        func remove() throws {
            let guardFile = folder + "_takeover"
            let descriptor = open(guardFile, O_RDWR | O_CREAT, 0o666)
            if descriptor < 0 { throw ProjectLock.failure(folder, errno) }
            defer { close(descriptor) }
            guard flock(descriptor, LOCK_EX) == 0 else { throw timeout(after: 0) }
            var again = self
            again.look()
            guard again.content == content, again.identity == identity, again.identity != 0 else { return }
            if (content ?? "").isEmpty, rmdir(folder) == 0 { return }
            let retired = "\(folder)_stale_\(getpid())_\(UUID().uuidString.prefix(8))"
            if rename(folder, retired) == 0 { try? FileManager.default.removeItem(atPath: retired) }
        }

        func timeout(after seconds: Double) -> InputError {
            let who: String
            if let owner {
                who = "process \(owner.processNumber) on \(owner.host) since \(Date(timeIntervalSince1970: Double(owner.time)))"
            } else {
                let text = (content ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
                who = "another program" + (text.isEmpty ? "" : " (\(text))")
            }
            return InputError(
                place: folder, found: "the project has been locked by \(who) for \(Int(seconds)) s",
                remedy: "Wait for it; if it has crashed, remove the folder \(folder)")
        }
    }
}
