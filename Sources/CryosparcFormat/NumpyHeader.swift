import Foundation
import Reporting

/// What stands before the rows of a NumPy file: magic, version, and the description of a row as a Python dictionary.
///
/// Everything is checked against the length of the file before any row is touched.
struct NumpyHeader {
    private(set) var fields: [NumpyTable.Field] = []
    private(set) var rowWidth = 0
    let rowCount: Int
    let dataStart: Int
    private let name: String

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    private static let streamMagic: [UInt8] = [0x94] + Array("CSDAT".utf8)

    init(_ bytes: [UInt8], name: String) throws {
        func fault(_ found: String, remedy: String = "Export the file again") -> InputError {
            InputError(place: name, found: found, expected: "a table in NumPy's format, as cryoSPARC's .cs files are", remedy: remedy)
        }
        if bytes.starts(with: Self.streamMagic) {
            throw fault("this is cryoSPARC's compressed stream, not a NumPy file",
                        remedy: "Write it anew with cryosparc-tools: Dataset.load(FILE).save(NEWFILE)")
        }
        guard bytes.starts(with: Self.magic), bytes.count >= 10 else { throw fault("the file does not begin as one") }
        let version = bytes[6]
        guard (1...3).contains(version), bytes[7] == 0 else { throw fault("version \(version).\(bytes[7]) of the format") }
        let prefix = version == 1 ? 10 : 12
        guard bytes.count >= prefix else { throw fault("the file ends within its header") }
        let length = bytes[8..<prefix].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - prefix else { throw fault("the header says it has \(length) bytes; the file ends before") }
        dataStart = prefix + length
        self.name = name

        let literal: PythonLiteral
        do { literal = try PythonLiteral(String(decoding: bytes[prefix..<dataStart], as: UTF8.self)) } catch let error as PythonLiteral.Fault {
            throw fault("the header cannot be read: \(error.description)")
        }
        guard case .dictionary(let entries) = literal, let description = entries["descr"], let shape = entries["shape"]?.items else {
            throw fault("the header lacks descr or shape")
        }
        guard shape.count == 1, case .integer(let rows) = shape[0], rows >= 0 else {
            throw fault("an array of \(shape.count) dimensions", remedy: "A list of rows is needed")
        }
        rowCount = rows
        guard case .list(let columns) = description else { throw fault("a plain array without named columns") }
        for column in columns { try add(column, to: "", depth: 0) }
        let (needed, overflow) = rows.multipliedReportingOverflow(by: rowWidth)
        guard !overflow, needed <= bytes.count - dataStart else {
            throw fault("the header announces \(rows) rows of \(rowWidth) bytes; the file has \(bytes.count - dataStart) bytes after it",
                        remedy: "The file is cut off or damaged; export it again")
        }
        guard rowWidth > 0 || rows == 0 else { throw fault("rows without columns") }
    }

    private func fault(_ found: String) -> InputError {
        InputError(place: name, found: found, expected: "columns of numbers and texts of fixed length")
    }

    /// Takes `(name, type)`, `(name, type, shape)` or `(name, [nested fields])`; the name may be `(title, name)`.
    private mutating func add(_ column: PythonLiteral, to prefix: String, depth: Int) throws {
        guard depth < 8, let parts = column.items, (2...3).contains(parts.count), let ownName = parts[0].text ?? parts[0].items?.last?.text else {
            throw fault("a column without name or type")
        }
        let fieldName = prefix + ownName
        var shape: [Int] = []
        if parts.count == 3 {
            let extents = parts[2].items ?? [parts[2]]
            shape = try extents.map { extent in
                guard case .integer(let size) = extent, size >= 0 else { throw fault("column \(fieldName) has a shape that is no list of numbers") }
                return size
            }
        }
        if case .list(let nested) = parts[1] {
            guard shape.allSatisfy({ $0 == 1 }) else { throw fault("column \(fieldName) is an array of records") }
            for field in nested { try add(field, to: fieldName + ".", depth: depth + 1) }
            return
        }
        guard let type = parts[1].text else { throw fault("column \(fieldName) has no type") }
        let (kind, width, isBigEndian) = try Self.type(type) ?? { throw fault("column \(fieldName) has the type \"\(type)\"") }()
        var size = width
        for extent in shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw fault("column \(fieldName) is larger than any file") }
            size = product
        }
        // Arrays of nothing could announce any number of elements.
        guard width > 0 || shape.isEmpty else { throw fault("column \(fieldName) is an array of empty texts") }
        // Padding between fields has no name.
        if !ownName.isEmpty {
            fields.append(.init(name: fieldName, kind: kind, width: width, isBigEndian: isBigEndian, shape: shape, offset: rowWidth))
        }
        let (sum, overflow) = rowWidth.addingReportingOverflow(size)
        guard !overflow else { throw fault("rows are larger than any file") }
        rowWidth = sum
    }

    /// `<f4`, `>u8`, `|S57`, `<U12`, `|b1`, `|V4`, without the first character in the machine's order; nil for anything else.
    private static func type(_ text: String) -> (NumpyTable.Field.Kind, width: Int, isBigEndian: Bool)? {
        var rest = Substring(text)
        let order = rest.first.flatMap { "<>|=".contains($0) ? $0 : nil }
        if order != nil { rest.removeFirst() }
        guard let letter = rest.first, rest.dropFirst().utf8.allSatisfy({ (48...57).contains($0) }), let size = Int(rest.dropFirst()), size >= 0
        else { return nil }
        let isBigEndian = order == ">"
        switch letter {
        case "f" where [2, 4, 8].contains(size): return (.float, size, isBigEndian)
        case "i" where [1, 2, 4, 8].contains(size): return (.signed, size, isBigEndian)
        case "u" where [1, 2, 4, 8].contains(size): return (.unsigned, size, isBigEndian)
        case "b" where size == 1: return (.truth, size, isBigEndian)
        case "S", "a": return (.bytes, size, isBigEndian)
        case "U":
            let (width, overflow) = size.multipliedReportingOverflow(by: 4)
            return overflow ? nil : (.unicode, width, isBigEndian)
        case "V": return (.opaque, size, isBigEndian)
        case "c" where [8, 16].contains(size): return (.opaque, size, isBigEndian)
        default: return nil
        }
    }
}
