import Foundation
import StarFormat

/// The first rows of a STAR file's tables and the number of rows in all, without reading a file of a million rows into memory.
struct TableHead {
    let optics: StarTable?
    /// Particles, micrographs or movies; its first rows.
    let table: StarTable
    /// Of the whole table.
    let rowCount: Int

    private static let headBytes = 1 << 18

    /// - Parameter name: of the table after the optics groups: `particles`, `micrographs`, `movies`; empty: the file's first.
    init?(_ path: String, table name: String) {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard var head = try? file.read(upToCount: Self.headBytes) else { return nil }
        let isWhole = head.count < Self.headBytes
        var rest = Data()
        if !isWhole, let end = head.lastIndex(of: UInt8(ascii: "\n")) {
            rest = Data(head[head.index(after: end)...])
            head = Data(head[...end])
        }
        guard let document = try? StarDocument(text: String(decoding: head, as: UTF8.self), name: path),
            let table = name.isEmpty ? document.tables.first : document.firstTable(name)
        else { return nil }
        optics = document.firstTable("optics")
        self.table = table
        rowCount = table.rowCount + (isWhole ? 0 : Self.lines(of: file, after: rest))
    }

    /// Lines with something in them.
    private static func lines(of file: FileHandle, after start: Data) -> Int {
        var count = 0, isEmpty = true
        var part = start
        repeat {
            part.withUnsafeBytes { bytes in
                for byte in bytes {
                    if byte == UInt8(ascii: "\n") {
                        if !isEmpty { count += 1 }
                        isEmpty = true
                    } else if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\r"), byte != UInt8(ascii: "\t") {
                        isEmpty = false
                    }
                }
            }
            part = (try? file.read(upToCount: 1 << 23)) ?? Data()
        } while !part.isEmpty
        return count + (isEmpty ? 0 : 1)
    }

    /// A number of the first optics group.
    func opticsNumber(_ label: String) -> Double? {
        optics.flatMap { $0.contains(label) && $0.rowCount > 0 ? try? $0.double(label) : nil }
    }

    /// A column of the optics table; empty where there is none.
    func opticsNumbers(_ label: String) -> [Double] {
        optics.flatMap { $0.contains(label) ? try? $0.doubles(label) : nil } ?? []
    }
}
