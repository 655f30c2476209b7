import Reporting
import StarFormat

/// Particles (or micrographs, or movies) with their optics groups: what a STAR file such as `particles.star` holds.
///
/// The rows stay a `StarTable`, so that all columns, known or not, survive. Typed access goes through `ParticleColumn`;
/// angles are in degrees, distances in Å, numbers of groups and classes one-based as in the file.
package struct ParticleTable: Sendable {
    package enum Content: String, Sendable, CaseIterable {
        case particles, micrographs, movies
        case tiltImages = "tilt_images"
    }

    /// What the rows are.
    package var content: Content
    /// One row a particle, in the file's order.
    package var rows: StarTable
    /// The table `data_optics` with all its columns; numbers run 1, 2, … in order.
    package private(set) var optics: StarTable
    /// `optics` in typed form; the group of particle i is `opticsGroups[opticsGroupIndices()[i]]`.
    package private(set) var opticsGroups: [OpticsGroup]
    /// All other tables of the file (`general`, `images_body_1`, …), in order.
    package var otherTables: [StarTable] = []
    /// The file it came from, for messages.
    package var name: String
    /// The file was written by RELION 3.0 or older and was brought up to date while reading.
    package private(set) var wasUpgraded = false

    package var count: Int { rows.rowCount }

    package init(rows: StarTable, opticsGroups: [OpticsGroup], content: Content = .particles, name: String = "") {
        (self.rows, self.opticsGroups, self.content, self.name) = (rows, opticsGroups, content, name)
        optics = OpticsGroup.table(of: opticsGroups)
        self.rows.name = content.rawValue
    }

    /// Reads a file; those of RELION 3.0 and older, without optics groups, are upgraded as `relion_convert_star` does.
    ///
    /// - Parameters:
    ///   - content: what the file must hold; nil: whatever is there.
    ///   - imageSize: box size and dimensionality of an image by its name, asked for old files; nil where not known.
    /// - Throws: `InputError` naming the file for a missing table or column, an undefined optics group, a wrong value.
    package init(
        contentsOf path: String, content: Content? = .particles,
        imageSize: (String) throws -> (size: Int, dimensionality: Int)? = { _ in nil }
    ) throws {
        try self.init(StarDocument(contentsOf: path), content: content, imageSize: imageSize)
    }

    package init(
        _ document: StarDocument, content wanted: Content?,
        imageSize: (String) throws -> (size: Int, dimensionality: Int)? = { _ in nil }
    ) throws {
        name = document.name
        let present = Content.allCases.filter { document.contains($0.rawValue) }
        if let optics = document.firstTable("optics"), !optics.isEmpty {
            guard let content = wanted ?? present.first else {
                throw InputError(
                    place: document.name, found: "there are optics groups but no particles, micrographs or movies",
                    expected: "one of these tables")
            }
            self.content = content
            rows = try document.table(content.rawValue)
            self.optics = optics
            otherTables = document.tables.filter { $0.name != content.rawValue && $0.name != "optics" }
        } else {
            guard let table = wanted.flatMap({ document.firstTable($0.rawValue) }) ?? document.tables.first, !table.isEmpty else {
                throw InputError(place: document.name, found: "there are no rows of data", expected: "particles or micrographs")
            }
            let upgraded = try OldVersionUpgrade(of: table, content: wanted, imageSize: imageSize)
            (self.content, rows, optics) = (upgraded.content, upgraded.rows, upgraded.optics)
            otherTables = document.tables.filter { $0.name != table.name }
            wasUpgraded = true
        }
        for label in rows.labels { rows.renameColumn(label, to: LabelTable.currentName(label)) }
        opticsGroups = try OpticsGroup.groups(from: optics)
        if content == .particles { try rows.require([ParticleColumn.imageName.label]) }
        try numberOpticsGroups()
    }

    /// Checks that each row's group exists and makes the groups' numbers run 1, 2, … in the order of their table.
    private mutating func numberOpticsGroups() throws {
        let label = ParticleColumn.opticsGroup.label
        if !rows.contains(label), opticsGroups.count == 1 { rows.fill(label, with: opticsGroups[0].number) }
        var newNumber: [Int: Int] = [:]
        for (index, group) in opticsGroups.enumerated() {
            if newNumber.updateValue(index + 1, forKey: group.number) != nil {
                throw optics.mismatch(
                    label, index, found: "\(group.number)", expected: "each group's number once", remedy: "Renumber the groups")
            }
        }
        let numbers = try rows.ints(label)
        if let row = numbers.firstIndex(where: { newNumber[$0] == nil }) {
            throw rows.mismatch(
                label, row, found: "\(numbers[row])", expected: "a group of the table data_optics",
                remedy: "Add this optics group or correct the number")
        }
        if opticsGroups.enumerated().allSatisfy({ $0.offset + 1 == $0.element.number }) { return }
        rows.set(label, ints: numbers.map { newNumber[$0] ?? $0 })
        optics.set(label, ints: Array(1...opticsGroups.count))
        for index in opticsGroups.indices { opticsGroups[index].number = index + 1 }
    }

    /// Replaces the optics table; groups that particles refer to must stay.
    package mutating func setOptics(_ table: StarTable) throws {
        optics = table
        opticsGroups = try OpticsGroup.groups(from: table)
        try numberOpticsGroups()
    }

    /// Drops optics groups that no row refers to, and renumbers the others in order.
    package mutating func removeUnusedOpticsGroups() throws {
        let used = Set(try rows.ints(ParticleColumn.opticsGroup.label))
        try setOptics(optics.selecting { used.contains(opticsGroups[$0].number) })
    }

    /// The tables in the order in which RELION writes them: general, optics, rows, others.
    package var document: StarDocument {
        var rows = rows
        rows.name = content.rawValue
        var document = StarDocument(tables: otherTables.filter { $0.name == "general" } + [optics, rows])
        document.tables += otherTables.filter { $0.name != "general" }
        document.name = name
        return document
    }

    package func write(to path: String) throws { try document.write(to: path) }

    /// The table with the given rows in the given order. Body tables follow; unused optics groups stay.
    package func selecting(rows indices: [Int]) -> ParticleTable {
        var result = self
        result.rows = rows.selecting(rows: indices)
        result.otherTables = otherTables.map { table in
            table.name.hasPrefix("images_body_") && table.rowCount == count ? table.selecting(rows: indices) : table
        }
        return result
    }
}
