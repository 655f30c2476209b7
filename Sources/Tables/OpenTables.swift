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
        var entries: [Key: (table: OpenTable, lastUse: Int)] = [:]
        var uses = 0
    }

    private let state = Mutex(State())
    private let memoryInBytes: Int
    private let pool: ThreadPool

    package init(memoryInBytes: Int = 2 << 30, pool: ThreadPool) { (self.memoryInBytes, self.pool) = (memoryInBytes, pool) }

    /// - Parameter name: what messages call the file.
    package func table(_ path: String, name: String? = nil) throws -> OpenTable {
        let key = try Self.key(of: path, name: name ?? path)
        let known = state.withLock { state -> OpenTable? in
            state.uses += 1
            state.entries[key]?.lastUse = state.uses
            return state.entries[key]?.table
        }
        if let known { return known }
        let table = try OpenTable(path: path, name: name, pool: pool)
        state.withLock { state in
            state.entries = state.entries.filter { $0.key.path != path }
            while let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse }),
                state.entries.values.reduce(table.byteCount, { $0 + $1.table.byteCount }) > memoryInBytes
            {
                state.entries[oldest.key] = nil
            }
            state.entries[key] = (table, state.uses)
        }
        return table
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
