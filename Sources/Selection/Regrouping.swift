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

    /// Groups of similar scale are put together, never across optics groups: in the order of scale each present group goes to the
    /// share of the particles in which its middle one lies.
    ///
    /// - Returns: the new group (from 1) of each present group's number.
    package static func newGroups(of groups: [Group], count: Int) -> [Int: Int] {
        let total = groups.reduce(0) { $0 + $1.particleCount }
        let share = Double(max(1, total)) / Double(max(1, count))
        var result: [Int: Int] = [:], current = 0
        for opticsGroup in Set(groups.map(\.opticsGroup)).sorted() {
            var filled = 0, lastShare = -1
            let members = groups.filter { $0.opticsGroup == opticsGroup }.sorted { ($0.scale, $0.number) < ($1.scale, $1.number) }
            for group in members {
                let own = Int((Double(filled) + Double(group.particleCount) / 2) / share)
                if own != lastShare { current += 1 }
                (lastShare, filled) = (own, filled + group.particleCount)
                result[group.number] = current
            }
        }
        return result
    }
}
