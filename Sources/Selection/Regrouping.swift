/// Puts the intensity groups of particles together until there are about as many as asked for.
package enum Regrouping {
    /// One present group: particles that share a scale.
    package struct Group: Sendable, Hashable {
        package var number: Int
        package var scale: Double
        package var opticsGroup: Int
        package var particleCount: Int

        package init(number: Int, scale: Double, opticsGroup: Int, particleCount: Int) {
            (self.number, self.scale, self.opticsGroup, self.particleCount) = (number, scale, opticsGroup, particleCount)
        }
    }

    /// Groups of similar scale are put together, never across optics groups: new groups are filled in the order of scale, and
    /// one is full when it holds its share of the particles.
    ///
    /// - Returns: the new group (from 1) of each present group's number.
    package static func newGroups(of groups: [Group], count: Int) -> [Int: Int] {
        let total = groups.reduce(0) { $0 + $1.particleCount }
        let share = Double(total) / Double(max(1, count))
        var result: [Int: Int] = [:], current = 0
        for opticsGroup in Set(groups.map(\.opticsGroup)).sorted() {
            current += 1
            var filled = 0
            let members = groups.filter { $0.opticsGroup == opticsGroup }.sorted { ($0.scale, $0.number) < ($1.scale, $1.number) }
            for group in members {
                // A group goes where it overfills less than it would leave empty.
                if filled > 0, Double(filled) + Double(group.particleCount) / 2 > share {
                    current += 1
                    filled = 0
                }
                filled += group.particleCount
                result[group.number] = current
            }
        }
        return result
    }
}
