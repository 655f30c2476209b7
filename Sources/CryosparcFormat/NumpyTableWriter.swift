import Foundation
import StarFormat

/// Collects columns and writes them as a NumPy table: version 1.0 of the format, little endian, one record a row.
package struct NumpyTableWriter {
    private struct Column {
        let description: String
        let width: Int
        let write: (_ row: Int, _ bytes: inout [UInt8]) -> Void
    }

    private var columns: [Column] = []
    private let rowCount: Int

    package init(rowCount: Int) { self.rowCount = rowCount }

    private static func append<Word: FixedWidthInteger>(_ word: Word, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Single precision, as cryoSPARC has all its numbers.
    /// - Parameter values: `elements` for each row.
    package mutating func add(_ name: String, floats values: [Double], elements: Int = 1) {
        precondition(values.count == rowCount * elements)
        let shape = elements == 1 ? "" : ", (\(elements),)"
        columns.append(Column(description: "('\(name)', '<f4'\(shape))", width: 4 * elements) { row, bytes in
            for element in 0..<elements { Self.append(Float(values[row * elements + element]).bitPattern, to: &bytes) }
        })
    }

    package mutating func add(_ name: String, whole values: [UInt32], elements: Int = 1) {
        precondition(values.count == rowCount * elements)
        let shape = elements == 1 ? "" : ", (\(elements),)"
        columns.append(Column(description: "('\(name)', '<u4'\(shape))", width: 4 * elements) { row, bytes in
            for element in 0..<elements { Self.append(values[row * elements + element], to: &bytes) }
        })
    }

    package mutating func add(_ name: String, words values: [UInt64]) {
        precondition(values.count == rowCount)
        columns.append(Column(description: "('\(name)', '<u8')", width: 8) { row, bytes in Self.append(values[row], to: &bytes) })
    }

    /// Texts, filled up with zeros to the longest.
    package mutating func add(_ name: String, texts: [String]) {
        precondition(texts.count == rowCount)
        let width = max(1, texts.map(\.utf8.count).max() ?? 1)
        columns.append(Column(description: "('\(name)', '|S\(width)')", width: width) { row, bytes in
            bytes.append(contentsOf: texts[row].utf8)
            bytes.append(contentsOf: repeatElement(0, count: width - texts[row].utf8.count))
        })
    }

    /// The whole file.
    package var bytes: [UInt8] {
        var text = "{'descr': [\(columns.map(\.description).joined(separator: ", "))], 'fortran_order': False, 'shape': (\(rowCount),), }"
        // Rows begin at a multiple of 64; the header ends with a line end.
        let isLong = text.utf8.count + 80 > 65535
        let prefix = isLong ? 12 : 10
        text += String(repeating: " ", count: (64 - (prefix + text.utf8.count + 1) % 64) % 64) + "\n"
        var bytes = NumpyHeader.magic + [isLong ? 2 : 1, 0]
        if isLong { Self.append(UInt32(text.utf8.count), to: &bytes) } else { Self.append(UInt16(text.utf8.count), to: &bytes) }
        bytes += Array(text.utf8)
        bytes.reserveCapacity(bytes.count + rowCount * columns.reduce(0) { $0 + $1.width })
        for row in 0..<rowCount { for column in columns { column.write(row, &bytes) } }
        return bytes
    }

    /// At once or not at all.
    package func write(to path: String) throws {
        let file = try AtomicFile(path: path)
        try bytes.withUnsafeBufferPointer { try file.write($0) }
        try file.commit()
    }
}
