import Reporting
import StarFormat

/// Joining tables of several data sets.
extension ParticleTable {
    /// What combining did, in words for the user.
    package struct CombiningNotes: Sendable {
        package var information: [String] = []
        package var warnings: [String] = []
        package init() {}
    }

    /// Joins tables row after row.
    ///
    /// Optics groups of the same name become one, others are added and numbered on. Columns that not all tables have are
    /// left out, but for aberrations, magnification and the CTF flag of optics groups, which get neutral values. Group
    /// numbers are dropped; from the second table on `optics<n>_` goes before group names, so that particles of
    /// different optics groups never share a scale group.
    package static func combined(_ tables: [ParticleTable], notes: inout CombiningNotes) throws -> ParticleTable {
        guard var result = tables.first else {
            throw InputError(place: "--i", found: "no STAR files", expected: "two or more to combine")
        }
        var names = result.opticsGroups.map(\.name)
        var opticsTables = [result.optics]
        // Where each group was first described.
        var seen: [Int: (optics: StarTable, row: Int)] = [:]
        for row in names.indices { seen[row] = (result.optics, row) }
        var rowTables = [result.rows]
        for table in tables.dropFirst() {
            guard table.content == result.content else {
                throw InputError(
                    place: table.name, found: "a table of \(table.content.rawValue)",
                    expected: "\(result.content.rawValue), as in \(result.name)")
            }
            var newNumbers: [Int] = []
            var added: [Int] = []
            for (index, group) in table.opticsGroups.enumerated() {
                if let known = names.firstIndex(of: group.name) {
                    newNumbers.append(known + 1)
                    if let first = seen[known] {
                        notes.warnings.append(Self.joiningWarning(group.name, table, row: index, first: first))
                    }
                } else {
                    seen[names.count] = (table.optics, index)
                    names.append(group.name)
                    newNumbers.append(names.count)
                    added.append(index)
                    notes.information.append("Added the optics group \(group.name) as number \(names.count)")
                }
            }
            var rows = table.rows
            let numbers = try table.opticsGroupIndices().map { newNumbers[$0] }
            rows.set(ParticleColumn.opticsGroup.label, ints: numbers)
            if table.contains(.groupName) {
                let groupNames = try table.strings(.groupName)
                rows.set(ParticleColumn.groupName.label, strings: zip(groupNames, numbers).map { "optics\($1)_\($0)" })
            }
            rowTables.append(rows)
            var optics = table.optics.selecting(rows: added)
            if !added.isEmpty { optics.set(ParticleColumn.opticsGroup.label, ints: added.map { newNumbers[$0] }) }
            opticsTables.append(optics)
        }
        addNeutralOptics(&opticsTables)
        result.rows = try StarTable.joined(rowTables, notes: &notes)
        result.rows.removeColumn(ParticleColumn.groupNumber.label)
        result.otherTables.removeAll { $0.name != "general" }
        try result.setOptics(StarTable.joined(opticsTables, notes: &notes))
        return result
    }

    /// What to say of optics groups of one name; values that are not the same are told, but for those that only one table has.
    private static func joiningWarning(
        _ name: String, _ table: ParticleTable, row: Int, first: (optics: StarTable, row: Int)
    ) -> String {
        let different = table.optics.labels.filter { $0 != ParticleColumn.opticsGroup.label && first.optics.contains($0) }.compactMap { label -> String? in
            let (one, two) = (table.optics.string(label, row: row) ?? "", first.optics.string(label, row: first.row) ?? "")
            if one == two { return nil }
            if let a = NumberText.double(one), let b = NumberText.double(two), abs(a - b) <= 1e-6 * max(abs(a), abs(b)) { return nil }
            return "\(label) is \(two) and \(one)"
        }
        if different.isEmpty {
            return "optics groups named \(name) are joined. Different data sets need different names: edit "
                + "rlnOpticsGroupName in \(table.name) if they are not the same."
        }
        return "optics groups named \(name) are joined although they differ: \(different.joined(separator: ", ")). The first values "
            + "are kept for all particles. Edit rlnOpticsGroupName in \(table.name) to keep them apart."
    }

    /// Gives optics tables that lack a correction which others have its neutral value.
    private static func addNeutralOptics(_ tables: inout [StarTable]) {
        let numbers: [(labels: [String], values: [Double])] = [
            (["rlnBeamTiltX"], [0]), (["rlnBeamTiltY"], [0]),
            (["rlnMagMat00", "rlnMagMat01", "rlnMagMat10", "rlnMagMat11"], [1, 0, 0, 1]),
        ]
        let texts = [
            ("rlnOddZernike", NumberText.vector(Array(repeating: 0, count: 6))),
            ("rlnEvenZernike", NumberText.vector(Array(repeating: 0, count: 9))),
        ]
        for (labels, values) in numbers where tables.contains(where: { table in labels.allSatisfy(table.contains) }) {
            for index in tables.indices where !labels.allSatisfy(tables[index].contains) {
                for (label, value) in zip(labels, values) { tables[index].fill(label, with: value) }
            }
        }
        for (label, value) in texts where tables.contains(where: { $0.contains(label) }) {
            for index in tables.indices where !tables[index].contains(label) { tables[index].fill(label, with: value) }
        }
        let premultiplied = "rlnCtfDataAreCtfPremultiplied"
        if tables.contains(where: { $0.contains(premultiplied) }) {
            for index in tables.indices where !tables[index].contains(premultiplied) { tables[index].fill(premultiplied, with: 0) }
        }
    }
}

extension StarTable {
    /// Rows of all tables; only columns that all of them have, in the order of the first.
    package static func joined(_ tables: [StarTable], notes: inout ParticleTable.CombiningNotes) throws -> StarTable {
        guard var result = tables.first else { return StarTable(name: "") }
        let filled = tables.filter { !$0.labels.isEmpty }
        for table in filled {
            for label in table.labels where !filled.allSatisfy({ $0.contains(label) }) {
                let warning = "the column \(label) is left out because not all files have it."
                if !notes.warnings.contains(warning) { notes.warnings.append(warning) }
            }
        }
        for table in tables.dropFirst() { try result.append(table) }
        return result
    }
}
