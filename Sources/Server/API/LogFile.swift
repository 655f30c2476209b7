import Foundation
import Reporting

/// A growing text file, read in pieces.
struct LogFile {
    let path: String

    /// - Parameter offset: nil: the last `limit` bytes.
    func piece(from offset: Int?, limit: Int) throws -> (bytes: [UInt8], next: Int) {
        guard let file = FileHandle(forReadingAtPath: path) else { throw HTTPFailure(404, "There is no such log.") }
        defer { try? file.close() }
        let end = Int(try file.seekToEnd())
        // A log that is shorter than what was read of it was begun again.
        let start = offset.map { $0 < 0 || $0 > end ? 0 : $0 } ?? max(0, end - limit)
        try file.seek(toOffset: UInt64(start))
        let data = try file.read(upToCount: min(limit, end - start)) ?? Data()
        return (Array(data), start + data.count)
    }

    func tail(byteCount: Int) throws -> String { String(decoding: try piece(from: nil, limit: byteCount).bytes, as: UTF8.self) }
}
