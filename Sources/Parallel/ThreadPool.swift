import Dispatch
import Synchronization

/// The process's worker threads. All parallel loops go through one pool.
///
/// A loop hands out chunks by an atomic counter; which worker runs a chunk varies, what a chunk computes does not.
/// Results that are combined across chunks must be stored per chunk and combined in chunk order by the caller
/// (`mapReduce`), so that the bits do not depend on the number of threads.
package final class ThreadPool: Sendable {
    package let threadCount: Int

    package init(threads: Int) { threadCount = max(1, threads) }

    /// Runs `body(item, worker)` for every item in `0..<count`; returns when all are done.
    ///
    /// - Parameter worker: in `0..<threadCount`; at most one item at a time runs with a given worker number, so it can
    ///   index scratch memory.
    package func forEach(count: Int, _ body: @Sendable (_ item: Int, _ worker: Int) -> Void) {
        let workers = min(threadCount, count)
        if workers <= 1 {
            for item in 0..<max(0, count) { body(item, 0) }
            return
        }
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            while true {
                let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if item >= count { return }
                body(item, worker)
            }
        }
    }

    /// As `forEach`, over contiguous ranges of at most `chunk` items.
    package func forEachChunk(count: Int, chunk: Int, _ body: @Sendable (_ range: Range<Int>, _ worker: Int) -> Void) {
        precondition(chunk > 0)
        let chunks = (count + chunk - 1) / chunk
        forEach(count: chunks) { index, worker in
            body(index * chunk..<min(count, (index + 1) * chunk), worker)
        }
    }

    /// Maps chunks in parallel; the results come back in chunk order whatever the number of threads.
    package func map<Result: Sendable>(
        count: Int, _ body: @Sendable (_ item: Int, _ worker: Int) -> Result
    ) -> [Result] {
        let slots = ResultSlots<Result>(count: count)
        forEach(count: count) { item, worker in slots.store(body(item, worker), at: item) }
        return slots.take()
    }

    /// As `map`; when items throw, the error of the first of them in order is thrown.
    package func tryMap<Value: Sendable>(
        count: Int, _ body: @Sendable (_ item: Int, _ worker: Int) throws -> Value
    ) throws -> [Value] {
        let results: [Result<Value, any Error>] = map(count: count) { item, worker in
            Result { try body(item, worker) }
        }
        return try results.map { try $0.get() }
    }
}

/// Storage for one result per item. Each slot is written once, by the task that owns the item, and read only after the
/// loop has ended: hence no lock.
private final class ResultSlots<Value: Sendable>: @unchecked Sendable {
    private let base: UnsafeMutablePointer<Value?>
    private let count: Int

    init(count: Int) {
        self.count = count
        base = .allocate(capacity: max(1, count))
        base.initialize(repeating: nil, count: count)
    }

    deinit {
        base.deinitialize(count: count)
        base.deallocate()
    }

    func store(_ value: Value, at index: Int) { base[index] = value }

    func take() -> [Value] { (0..<count).compactMap { base[$0] } }
}
