import Arrays
import Reporting

/// The pages of an EER file: a TIFF or BigTIFF whose pages hold one detector frame each, in compressions that only EER
/// has.
///
/// libtiff is not used here: it has a current page and a limit on their number, while frames are wanted by all threads
/// at once, and nothing but a few numbers is needed from each page. Pages in other compressions (some programs store
/// the sum of all frames first) are passed over.
struct EERContainer: Sendable {
    struct Strip: Equatable { var offset: Int, byteCount: Int }

    private(set) var columns = 0
    private(set) var rows = 0
    private(set) var code = EERCode.sevenBit
    /// The bytes of each detector frame, in order.
    private(set) var frames: [[Strip]] = []

    private enum Tag {
        static let width = 256, height = 257, compression = 259, stripOffsets = 273, stripByteCounts = 279
        static let runBits = 65007, xBits = 65008, yBits = 65009
    }

    private static let largestPageCount = 1 << 20
    private static let largestStripCount = 1 << 16

    init(_ source: ByteSource, extent: MovieFile.Extent) throws {
        let file = TIFFBytes(source)
        var offset = try file.firstDirectory()
        var seen: Set<Int> = []
        while offset != 0 {
            guard seen.insert(offset).inserted, seen.count <= Self.largestPageCount else {
                throw file.damage("its pages run in a circle (page \(seen.count + 1))")
            }
            let (fields, next) = try file.directory(at: offset, page: seen.count)
            try addPage(fields, number: seen.count, file)
            if extent == .firstFrame, !frames.isEmpty { break }
            offset = next
        }
        guard !frames.isEmpty else {
            throw InputError(
                place: source.path, found: "no page holds electron events",
                expected: "TIFF pages in compression 65000, 65001 or 65002",
                remedy: "Rename the file if it is an ordinary TIFF movie")
        }
    }

    private mutating func addPage(_ fields: [Int: TIFFBytes.Field], number: Int, _ file: TIFFBytes) throws {
        func value(_ tag: Int) throws -> Int? { try fields[tag].map { try file.values($0, limit: 1) }?.first }
        guard let compression = try value(Tag.compression).flatMap({ EERCode.Compression(rawValue: $0) }) else {
            return
        }
        guard let width = try value(Tag.width), let height = try value(Tag.height) else {
            throw file.damage("page \(number) has no size")
        }
        let code: EERCode
        switch compression {
        case .eightBit: code = .eightBit
        case .sevenBit: code = .sevenBit
        case .detailed:
            guard let run = try value(Tag.runBits), let x = try value(Tag.xBits) else {
                throw file.damage(
                    "page \(number) in compression 65002 does not state its numbers of bits (fields 65007 and 65008)")
            }
            // The first files of this kind state the bits of one axis only.
            code = EERCode(runBits: run, xBits: x, yBits: try value(Tag.yBits) ?? x, escapeHasPlace: false)
        }
        guard code.isPlausible else {
            throw file.damage("page \(number) has events of \(code.runBits) + \(code.xBits) + \(code.yBits) bits")
        }
        if frames.isEmpty {
            try MovieFile.requirePlausible(Shape(x: width, y: height), path: file.path)
            guard width.nonzeroBitCount == 1 else {
                throw file.damage("its frames are \(width) pixels wide, not a power of two")
            }
            (columns, rows, self.code) = (width, height, code)
        }
        guard width == columns, height == rows, code == self.code else {
            throw file.damage(
                "page \(number) has \(width) × \(height) pixels or another code than the first frame (\(columns) × \(rows))"
            )
        }
        frames.append(try strips(fields, number: number, file))
    }

    private func strips(_ fields: [Int: TIFFBytes.Field], number: Int, _ file: TIFFBytes) throws -> [Strip] {
        guard let offsetField = fields[Tag.stripOffsets], let countField = fields[Tag.stripByteCounts] else {
            throw file.damage("page \(number) does not say where its data are")
        }
        let offsets = try file.values(offsetField, limit: Self.largestStripCount)
        let counts = try file.values(countField, limit: Self.largestStripCount)
        guard offsets.count == counts.count else {
            throw file.damage("page \(number) has \(offsets.count) strips of \(counts.count) lengths")
        }
        var total = 0
        let strips = zip(offsets, counts).map { Strip(offset: $0, byteCount: $1) }
        for strip in strips {
            guard strip.byteCount <= file.byteCount, strip.offset <= file.byteCount - strip.byteCount else {
                throw file.damage("the data of page \(number) lie beyond its end")
            }
            total += strip.byteCount
        }
        guard total <= file.byteCount else { throw file.damage("page \(number) has more data than the file") }
        return strips
    }
}
