import Reporting

/// Directories of a TIFF or BigTIFF file, in either byte order, read without a library (see `EERContainer`).
struct TIFFBytes {
    /// One entry of a directory: values of an unsigned type, here or elsewhere in the file.
    struct Field {
        var type: Int
        var count: Int
        /// Where the values lie.
        var offset: Int
    }

    private let source: ByteSource
    var path: String { source.path }
    var byteCount: Int { source.byteCount }

    init(_ source: ByteSource) { self.source = source }

    private struct Form { var isSwapped = false, isBig = false }

    func damage(_ found: String) -> InputError {
        InputError(
            place: path, found: found, expected: "a complete EER file",
            remedy: "The file is damaged or truncated; copy it again")
    }

    private func bytes(_ offset: Int, _ count: Int) throws -> [UInt8] {
        guard offset >= 0, count >= 0, count <= byteCount, offset <= byteCount - count else {
            throw damage("a part of its description lies beyond its end")
        }
        var bytes = [UInt8](repeating: 0, count: count)
        try bytes.withUnsafeMutableBytes { try source.read(into: $0, at: offset) }
        return bytes
    }

    private func integer(_ bytes: ArraySlice<UInt8>, swapped: Bool) throws -> Int {
        var value: UInt64 = 0
        for byte in swapped ? Array(bytes) : bytes.reversed() { value = value << 8 | UInt64(byte) }
        guard let result = Int(exactly: value) else { throw damage("a number of its description is out of range") }
        return result
    }

    private func form() throws -> Form {
        guard byteCount >= 16 else { throw damage("\(byteCount) bytes") }
        let head = try bytes(0, 4)
        let isSwapped = head[0] == 0x4D
        guard head[0] == head[1], head[0] == 0x49 || isSwapped else { throw damage("is no TIFF file") }
        let version = try integer(head[2..<4], swapped: isSwapped)
        guard version == 42 || version == 43 else { throw damage("is no TIFF file (version \(version))") }
        return Form(isSwapped: isSwapped, isBig: version == 43)
    }

    /// Where the first page's directory lies.
    func firstDirectory() throws -> Int {
        let form = try form()
        return try integer(form.isBig ? bytes(8, 8)[...] : bytes(4, 4)[...], swapped: form.isSwapped)
    }

    /// The entries of a directory by tag, and where the next one lies (0 after the last).
    func directory(at offset: Int, page: Int) throws -> (fields: [Int: Field], next: Int) {
        let form = try form()
        let (countBytes, entryBytes, wordBytes) = form.isBig ? (8, 20, 8) : (2, 12, 4)
        let count = try integer(bytes(offset, countBytes)[...], swapped: form.isSwapped)
        guard count <= 4096 else { throw damage("page \(page) has \(count) fields") }
        let start = offset + countBytes
        let entries = try bytes(start, count * entryBytes + wordBytes)
        var fields: [Int: Field] = [:]
        for entry in 0..<count {
            let at = entry * entryBytes
            let tag = try integer(entries[at..<at + 2], swapped: form.isSwapped)
            let type = try integer(entries[at + 2..<at + 4], swapped: form.isSwapped)
            guard let size = Self.size(ofType: type) else { continue }
            let values = try integer(entries[at + 4..<at + 4 + wordBytes], swapped: form.isSwapped)
            let inPlace = at + 4 + wordBytes
            guard values <= byteCount else { throw damage("field \(tag) of page \(page) has \(values) values") }
            let isInPlace = values * size <= wordBytes
            let place =
                isInPlace
                ? start + inPlace : try integer(entries[inPlace..<inPlace + wordBytes], swapped: form.isSwapped)
            fields[tag] = Field(type: type, count: values, offset: place)
        }
        return (fields, try integer(entries[(count * entryBytes)...], swapped: form.isSwapped))
    }

    func values(_ field: Field, limit: Int) throws -> [Int] {
        guard let size = Self.size(ofType: field.type), field.count >= 1, field.count <= limit else {
            throw damage("a field of its description has \(field.count) values")
        }
        let isSwapped = try form().isSwapped
        let data = try bytes(field.offset, field.count * size)
        return try (0..<field.count).map { try integer(data[$0 * size..<($0 + 1) * size], swapped: isSwapped) }
    }

    /// BYTE, SHORT, LONG, LONG8 (and IFD8); nil for what is no unsigned integer.
    private static func size(ofType type: Int) -> Int? {
        switch type {
        case 1: 1
        case 3: 2
        case 4, 13: 4
        case 16, 18: 8
        default: nil
        }
    }
}
