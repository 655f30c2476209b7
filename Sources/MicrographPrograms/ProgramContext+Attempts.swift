import Parallel
import ProgramKit
import Reporting

extension ProgramContext {
    /// Does `count` pieces of work under a progress bar, as many at a time as `pool` has threads. A piece that fails does not keep
    /// the others from being done: its error comes back in its place.
    ///
    /// - Parameter body: gets the number of the piece and of the worker. It throws `JobAborted` when it sees that the user
    ///   stopped the job.
    /// - Throws: `JobAborted`, when no more pieces are begun and those that were begun have ended; the bar then says how many were done.
    func attempts<Value: Sendable>(
        _ title: String, count: Int, on pool: ThreadPool, _ body: @Sendable (_ item: Int, _ worker: Int) throws -> Value
    ) throws -> [Result<Value, any Error>] {
        let progress = reporter.progress(title, total: count)
        let results: [Result<Value, any Error>] = try pool.tryMap(count: count) { item, worker in
            try jobControl.checkForAbort()
            let result: Result<Value, any Error> = Result { try body(item, worker) }
            if case .failure(let error as JobAborted) = result { throw error }
            progress.advance()
            return result
        }
        progress.finish()
        return results
    }
}
