import Arrays
import Parallel

/// Which voxels of a map reach a level, one bit a voxel: 64 voxels of a row to a word.
///
/// Cells between voxels that the surface crosses, and edges that cross it, follow for 64 at a time from shifts of these words, so
/// that the great majority of a map, far from its surface, costs one comparison a voxel and nothing else.
struct OccupancyBits {
    let shape: Shape
    let wordsPerRow: Int
    let words: AlignedBuffer<UInt64>

    /// A voxel that is not a number is below any level.
    init(of map: UnsafePointer<Float>, shape: Shape, level: Float, pool: ThreadPool) {
        self.shape = shape
        let wordsPerRow = (shape.x + 63) / 64
        self.wordsPerRow = wordsPerRow
        let buffer = AlignedBuffer<UInt64>(count: wordsPerRow * shape.y * shape.z)
        nonisolated(unsafe) let map = map
        pool.forEachChunk(count: shape.y * shape.z, chunk: 256) { rows, _ in
            for row in rows {
                let values = map + row * shape.x, target = buffer.base + row * wordsPerRow
                for word in 0..<wordsPerRow {
                    let first = word * 64, count = min(64, shape.x - first)
                    target[word] = Self.pack(values + first, count: count, level: level)
                }
            }
        }
        words = buffer
    }

    @inline(__always)
    private static func pack(_ values: UnsafePointer<Float>, count: Int, level: Float) -> UInt64 {
        var result: UInt64 = 0
        if count == 64 {
            // Eight lanes at a time: the compiler makes a comparison and a mask of each.
            for part in 0..<8 {
                let lanes = UnsafeRawPointer(values + part * 8).loadUnaligned(as: SIMD8<Float>.self)
                let bits = SIMD8<Int32>(1, 2, 4, 8, 16, 32, 64, 128)
                let marked = SIMD8<Int32>.zero.replacing(with: bits, where: lanes .>= level)
                result |= UInt64(marked.wrappedSum()) << UInt64(part * 8)
            }
        } else {
            for i in 0..<count where values[i] >= level { result |= 1 << UInt64(i) }
        }
        return result
    }

    @inline(__always)
    func row(_ y: Int, _ z: Int) -> UnsafePointer<UInt64> { UnsafePointer(words.base + (z * shape.y + y) * wordsPerRow) }

    /// The word whose bit x is bit x + 1 of the row; after the last voxel, the last bit again, so that the row's end is no crossing.
    @inline(__always)
    func next(_ row: UnsafePointer<UInt64>, _ word: Int) -> UInt64 {
        let isLast = word == wordsPerRow - 1
        if !isLast { return row[word] >> 1 | row[word + 1] << 63 }
        let end = UInt64((shape.x - 1) & 63)
        return row[word] >> 1 | (row[word] & (1 << end))
    }
}
