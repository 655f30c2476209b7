import Reporting

/// Whole-file decompression, for stacks whose images are read in any order.
enum Decompression {
    private static let chunk = 1 << 20

    /// - Throws: `InputError` naming `path` when the data are damaged or cut short.
    static func unpack(_ path: String, _ compression: Compression) throws -> [UInt8] {
        let stream = try DecompressionStream(path: path, compression: compression)
        var output: [UInt8] = []
        var room = [UInt8](repeating: 0, count: chunk)
        while true {
            let given = try room.withUnsafeMutableBytes { try stream.read(into: $0) }
            output.append(contentsOf: room[..<given])
            if given < chunk { return output }
        }
    }
}
