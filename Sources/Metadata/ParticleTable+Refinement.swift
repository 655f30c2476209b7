import StarFormat

/// Particles whose images share one intensity scale, in the words of refinement a *group*.
package struct ParticleGroups: Sendable {
    /// In order of first appearance; the number in files is the position plus one.
    package var names: [String]
    /// Position in `names`, one a particle.
    package var groupOfParticle: [Int]
    /// Particles in each group.
    package var counts: [Int]
}

/// What refinement makes of a particle table before it starts.
///
/// RELION does *not* keep the file's order: it sorts the particles by the bytes of `rlnMicrographName` (`rlnTomoName` for
/// subtomograms), stably, and the data files it writes have that order. Groups are then numbered by first appearance,
/// by `rlnGroupName` or else by the micrograph's name without its job folder; a group number in the file is replaced.
extension ParticleTable {
    /// Sorts stably by the column that refinement sorts by, where the table has it.
    package mutating func sortForRefinement() throws {
        let column: ParticleColumn = (opticsGroups.first?.imageDimensionality ?? 2) == 3 ? .tomogramName : .micrographName
        guard contains(column) else { return }
        self = selecting(rows: try Self.stableOrder(of: rows.distinctStrings(column.label)))
    }

    /// Rows ordered by the bytes of their strings; equal strings keep their order.
    private static func stableOrder(of strings: (values: [String], indexOfRow: [Int])) -> [Int] {
        let sorted = strings.values.indices.sorted { one, other in
            strings.values[one].utf8.lexicographicallyPrecedes(strings.values[other].utf8)
        }
        var counts = Array(repeating: 0, count: sorted.count)
        for index in strings.indexOfRow { counts[index] += 1 }
        var next = counts
        var start = 0
        for index in sorted {
            next[index] = start
            start += counts[index]
        }
        var order = Array(repeating: 0, count: strings.indexOfRow.count)
        for (row, index) in strings.indexOfRow.enumerated() {
            order[next[index]] = row
            next[index] += 1
        }
        return order
    }

    /// The groups of the particles in their present order.
    package func groups() throws -> ParticleGroups {
        let named: (values: [String], indexOfRow: [Int])
        if contains(.groupName) {
            named = try rows.distinctStrings(ParticleColumn.groupName.label)
        } else if let column = [ParticleColumn.micrographName, .tomogramName].first(where: contains) {
            named = try rows.distinctStrings(column.label)
        } else {
            named = ([""], Array(repeating: 0, count: count))
        }
        // Different micrographs may have the same name in different job folders: they are one group.
        var names: [String] = []
        var groupOfName: [String: Int] = [:]
        let groupOfValue = named.values.map { value in
            let name = contains(.groupName) ? value : Self.nameWithoutJob(value)
            if let known = groupOfName[name] { return known }
            groupOfName[name] = names.count
            names.append(name)
            return names.count - 1
        }
        let groupOfParticle = named.indexOfRow.map { groupOfValue[$0] }
        var counts = Array(repeating: 0, count: names.count)
        for group in groupOfParticle { counts[group] += 1 }
        return ParticleGroups(names: names, groupOfParticle: groupOfParticle, counts: counts)
    }

    /// `MotionCorr/job002/Movies/a.mrc` → `Movies/a.mrc`; other names are returned as they are.
    package static func nameWithoutJob(_ name: String) -> String {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let job = parts.indices.dropFirst().first { index in
            let part = Array(parts[index].utf8.prefix(6))
            return part.count == 6 && parts[index].hasPrefix("job") && part[3...].allSatisfy { $0 >= 48 && $0 < 58 }
        }
        guard let job, job + 1 < parts.count else { return name }
        return parts[(job + 1)...].joined(separator: "/")
    }

    /// Adds the columns that refinement always has: group number, angles, origins, class and norm correction.
    ///
    /// - Parameter groups: those of the particles in their present order.
    package mutating func addRefinementColumns(_ groups: ParticleGroups) {
        set(.groupNumber, groups.groupOfParticle.map { $0 + 1 })
        for column in [ParticleColumn.rot, .tilt, .psi, .originX, .originY] where !contains(column) {
            rows.fill(column.label, with: 0.0)
        }
        if contains(.coordinateZ), !contains(.originZ) { rows.fill(ParticleColumn.originZ.label, with: 0.0) }
        if !contains(.classNumber) { rows.fill(ParticleColumn.classNumber.label, with: 0) }
        if !contains(.normCorrection) { rows.fill(ParticleColumn.normCorrection.label, with: 1.0) }
    }
}
