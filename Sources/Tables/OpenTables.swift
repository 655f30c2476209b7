import Foundation
import Parallel
import Reporting
import Synchronization

/// Tables that are being looked at, kept in memory so that the next page, sorting or histogram does not read the file again.
///
/// A file that has changed (time or size) is read again. The tables that were not asked for longest go when the memory given is full.
package final class OpenTables: Sendable {
    private struct Key: Hashable {
        var path: String
        var modified: Int
        var byteCount: Int
    }

    private struct State {
        var entries: [Key: (table: OpenTable, lastUse: ContinuousClock.Instant)] = [:]
    }

    private let state = Mutex(State())
    private let reading = NSLock()
    /// Tables that nobody asked for so long go, as those of a running job's earlier iterations.
    private static let idleTime = Duration.seconds(600)
    private let memoryInBytes: Int
    private let pool: ThreadPool

    /// - Parameter memoryInBytes: nil: an eighth of the machine's, at most 2 GB.
    package init(memoryInBytes: Int? = nil, pool: ThreadPool) {
        self.memoryInBytes = memoryInBytes ?? min(2 << 30, Int(ProcessInfo.processInfo.physicalMemory / 8))
        self.pool = pool
    }

    /// - Parameter name: what messages call the file.
    package func table(_ path: String, name: String? = nil) throws -> OpenTable {
        let key = try Self.key(of: path, name: name ?? path)
        if let known = known(key) { return known }
        // One file is read at a time, so that the calls of one page do not read the same one together.
        return try reading.withLock {
            if let known = known(key) { return known }
            let table = try OpenTable(path: path, name: name, pool: pool)
            keep(table, key)
            return table
        }
    }

    private func known(_ key: Key) -> OpenTable? {
        let now = ContinuousClock.now
        return state.withLock { state in
            state.entries = state.entries.filter { $0.value.lastUse + Self.idleTime > now }
            state.entries[key]?.lastUse = now
            return state.entries[key]?.table
        }
    }

    private func keep(_ table: OpenTable, _ key: Key) {
        state.withLock { state in
            state.entries = state.entries.filter { $0.key.path != key.path }
            while let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse }),
                state.entries.values.reduce(table.byteCount, { $0 + $1.table.byteCount }) > memoryInBytes
            {
                state.entries[oldest.key] = nil
            }
            state.entries[key] = (table, ContinuousClock.now)
        }
    }

    private static func key(of path: String, name: String) throws -> Key {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw InputError(place: name, found: "no such file", remedy: "The job that writes it may not have come so far yet, or it was cleaned away")
        }
        return Key(
            path: path, modified: Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec), byteCount: Int(status.st_size))
    }
}
