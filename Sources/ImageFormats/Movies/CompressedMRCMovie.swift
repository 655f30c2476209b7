import Arrays
import Reporting
import Synchronization

/// A movie in an MRC file packed by gzip, bzip2, xz or zstd, unpacked frame by frame.
///
/// The formats have no random access: a frame is reached through all frames before it. When several threads ask for
/// neighbouring frames, those that were passed on the way to a later one are kept until they are fetched, up to
/// `keptBytes`. A frame further back means starting again.
final class CompressedMRCMovie: MovieReader {
    private static let keptBytes = 1 << 28

    let path: String
    let framesFollowInOrder = true
    private let layout: StoredLayout
    private let position: Mutex<Position>

    private struct Position: ~Copyable {
        var stream: DecompressionStream
        /// The frame that the stream comes to next.
        var next = 0
        /// Frames that were passed and not fetched yet.
        var kept: [Int: [UInt8]] = [:]
    }

    init(path: String) throws {
        let kind = try FileKind(path: path)
        guard let compression = kind.compression else { preconditionFailure("not a compressed file") }
        self.path = path
        let stream = try DecompressionStream(path: kind.path, compression: compression)
        var header = [UInt8](repeating: 0, count: MRCHeader.byteCount)
        try header.withUnsafeMutableBytes { try stream.readFully(into: $0, what: "its header") }
        layout = try header.withUnsafeBytes {
            // The length of the unpacked file is not known before its end.
            try MRCHeader(parsing: $0, path: path).layout(path: path, fileSize: .max, isStack: true)
        }
        try MovieFile.requirePlausible(layout.header.shape, path: path)
        try stream.skip(layout.dataOffset - MRCHeader.byteCount, what: "its extended header")
        position = Mutex(Position(stream: stream))
    }

    var shape: Shape { layout.header.shape }
    var frameCount: Int { layout.header.imageCount }
    var pixel: MoviePixel { MoviePixel(layout.header.mode) }
    var pixelSizeInAngstrom: Double? { layout.header.pixelSizeInAngstrom }

    func readFrame(_ frame: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
        try MovieFile.requireFrame(frame, of: frameCount, path: path)
        precondition(target.count == shape.count, "the buffer does not fit the frame")
        var bytes = try position.withLock { try fetch(frame, &$0) }
        bytes.withUnsafeMutableBytes { PixelDecoding.decode($0, layout: layout, into: target) }
    }

    private func fetch(_ frame: Int, _ position: inout Position) throws -> [UInt8] {
        if let bytes = position.kept.removeValue(forKey: frame) { return bytes }
        if frame < position.next {
            try position.stream.restart()
            try position.stream.skip(layout.dataOffset, what: "its header")
            (position.next, position.kept) = (0, [:])
        }
        let keptLimit = max(1, Self.keptBytes / max(1, layout.imageBytes))
        while position.next < frame {
            if frame - position.next > keptLimit {
                try position.stream.skip(layout.imageBytes, what: "frame \(position.next + 1)")
            } else {
                position.kept[position.next] = try nextFrame(&position)
                if position.kept.count > keptLimit, let oldest = position.kept.keys.min() {
                    position.kept[oldest] = nil
                }
            }
            position.next += 1
        }
        let bytes = try nextFrame(&position)
        position.next += 1
        return bytes
    }

    private func nextFrame(_ position: inout Position) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: layout.imageBytes)
        try bytes.withUnsafeMutableBytes { [frame = position.next, stream = position.stream] in
            try stream.readFully(into: $0, what: "frame \(frame + 1)")
        }
        return bytes
    }
}
