import Reporting
import StarFormat

/// One labelled value of a list table, and the property that holds it.
///
/// The files of refinement are lists of a hundred values in a fixed order: an array of fields is at once the order of
/// writing and the way of reading.
struct ListField<Record: Sendable>: Sendable {
    enum Property: Sendable {
        case double(WritableKeyPath<Record, Double> & Sendable)
        case int(WritableKeyPath<Record, Int> & Sendable)
        case bool(WritableKeyPath<Record, Bool> & Sendable)
        case string(WritableKeyPath<Record, String> & Sendable)
    }

    let label: String
    let property: Property
    /// Files without it are refused; other fields keep their standard values, as in files of older versions.
    let isRequired: Bool
    /// Written only when this holds.
    let isPresent: (@Sendable (Record) -> Bool)?

    init(_ label: String, _ property: Property, required: Bool = false, when isPresent: (@Sendable (Record) -> Bool)? = nil) {
        (self.label, self.property, isRequired, self.isPresent) = (label, property, required, isPresent)
    }
}

extension ListField {
    static func table(named name: String, from record: Record, fields: [ListField]) -> StarTable {
        var table = StarTable(name: name, kind: .list)
        for field in fields where field.isPresent?(record) ?? true {
            switch field.property {
            case .double(let path): table.setValue(field.label, record[keyPath: path])
            case .int(let path): table.setValue(field.label, record[keyPath: path])
            case .bool(let path): table.setValue(field.label, record[keyPath: path])
            case .string(let path): table.setValue(field.label, record[keyPath: path])
            }
        }
        return table
    }

    /// Reads the fields that the table has.
    /// - Throws: `InputError` naming the file for a missing required field or a wrong value.
    static func read(_ fields: [ListField], of table: StarTable, into record: inout Record) throws {
        try table.require(fields.filter(\.isRequired).map(\.label))
        for field in fields where table.contains(field.label) {
            let expected = LabelTable.expectation(field.label)
            switch field.property {
            case .double(let path): record[keyPath: path] = try table.double(field.label, expected: expected)
            case .int(let path): record[keyPath: path] = try table.int(field.label, expected: expected)
            case .bool(let path): record[keyPath: path] = try table.bool(field.label)
            case .string(let path): record[keyPath: path] = table.string(field.label, row: 0) ?? ""
            }
        }
    }
}
