import Reporting

/// A STAR file: tables in their order. The way into this module.
///
/// ```swift
/// var file = try StarDocument(contentsOf: "particles.star")
/// let defocus = try file.table("particles").doubles("rlnDefocusU", expected: "a number in Å")
/// try file.write(to: "new.star")
/// ```
package struct StarDocument: Sendable {
    /// The file's name in messages; empty for documents made in memory.
    package var name: String
    package var tables: [StarTable]

    package init(tables: [StarTable] = []) {
        name = ""
        self.tables = tables
    }

    /// Reads a file. Files of any size are kept as their bytes plus four bytes a value; nothing is decoded yet.
    ///
    /// - Throws: `InputError` naming file and line when the file is missing, empty, cut off within a row, or no STAR file.
    package init(contentsOf path: String) throws {
        name = path
        tables = try StarParser.parse(StarText(contentsOf: path))
    }

    /// As `init(contentsOf:)`, for text in memory; `name` stands in messages.
    package init(text: String, name: String) throws {
        self.name = name
        tables = try StarParser.parse(StarText(name: name, bytes: Array(text.utf8)))
    }

    /// The first table of this name.
    package func firstTable(_ name: String) -> StarTable? { tables.first { $0.name == name } }

    package func contains(_ name: String) -> Bool { tables.contains { $0.name == name } }

    /// The first table of this name.
    /// - Throws: `InputError` naming the file when there is none.
    package func table(_ name: String) throws -> StarTable {
        guard let table = firstTable(name) else {
            let present = tables.map { "data_" + $0.name }.joined(separator: ", ")
            throw InputError(
                place: self.name, found: "the file has no table data_\(name) (it has \(present))", expected: "this table")
        }
        return table
    }

    /// Replaces the table of the same name, or adds it at the end.
    package mutating func set(_ table: StarTable) {
        if let index = tables.firstIndex(where: { $0.name == table.name }) {
            tables[index] = table
        } else {
            tables.append(table)
        }
    }

    package mutating func remove(_ name: String) { tables.removeAll { $0.name == name } }
}
