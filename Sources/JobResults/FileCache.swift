import Foundation
import Synchronization

/// What was made from small files, kept as long as they have not changed.
final class FileCache<Value: Sendable>: Sendable {
    private let known = Mutex<[String: (stamp: [Int], value: Value)]>([:])
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// - Parameters:
    ///   - path: the file that the value belongs to.
    ///   - others: further files that it is made from.
    /// - Returns: nil where it cannot be made.
    func value(_ path: String, others: [String] = [], make: () throws -> Value) -> Value? {
        let stamp = ([path] + others).flatMap(Self.stamp)
        if let found = known.withLock({ $0[path] }), found.stamp == stamp { return found.value }
        guard let value = try? make() else { return nil }
        known.withLock { known in
            if known.count >= limit { known.removeAll() }
            known[path] = (stamp, value)
        }
        return value
    }

    private static func stamp(_ path: String) -> [Int] {
        var status = stat()
        guard stat(path, &status) == 0 else { return [-1] }
        return [Int(status.st_size), Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)]
    }
}

/// What is kept between two looks at a job.
struct ResultCaches: Sendable {
    let iterations = FileCache<IterationRecord>(limit: 4000)
    /// Figures of merit of one micrograph's picks; not a number where a pick has none.
    let picks = FileCache<[Float]>(limit: 50_000)
    /// Å that one movie moved.
    let motions = FileCache<Double>(limit: 50_000)
}
