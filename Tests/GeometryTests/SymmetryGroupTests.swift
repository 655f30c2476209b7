import Foundation
import Geometry
import Reporting
import TestSupport
import Testing

@Suite struct SymmetryGroupTests {
    @Test(.enabled(if: SharedData.isPresent, SharedData.hint), arguments: [
        "C1", "C4", "Ci", "Cs", "C2v", "D1", "D2", "D5", "D7", "T", "O", "I", "I1", "I2", "I3", "I4",
    ])
    func listingIsTheReferenceProgramsText(name: String) throws {
        let text = try String(contentsOf: SharedData.golden("symmetry/\(name).txt"), encoding: .utf8)
        let expected = text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.contains("Running CPU") }
        let found = try SymmetryGroup(name: name).listing.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(found.count == expected.count)
        for (a, b) in zip(found, expected) { #expect(a == b) }
    }

    static let orders: [(String, Int)] = [
        ("c1", 1), ("C13", 13), ("ci", 2), ("CS", 2), ("c3v", 6), ("C3h", 6), ("S6", 6), ("d3", 6), ("D3v", 12),
        ("D3h", 12), ("t", 12), ("Td", 24), ("Th", 24), ("O", 24), ("Oh", 48), ("i2", 60), ("Ih", 120), ("I1h", 120),
        ("I3h", 120), ("I4h", 120),
    ]

    @Test(arguments: orders)
    func groupsAreClosed(name: String, order: Int) throws {
        let group = try SymmetryGroup(name: name)
        #expect(group.order == order)
        for a in group.operators {
            #expect(abs(abs(a.right.determinant) - 1) < 1e-5)
            let inverse = a.right.transpose
            #expect(group.operators.contains { $0.right.isClose(to: inverse, tolerance: 1e-5) }, "\(name)")
        }
    }

    @Test(arguments: ["", "X", "C", "C0", "D", "C100", "S3", "I6", "I5", "C4x", "Dnv", "T2", "C½"])
    func unknownNamesAreRefusedWithTheAcceptedOnes(name: String) {
        #expect { try SymmetryGroup(name: name) } throws: { error in
            (error as? InputError)?.description.contains("I4") == true
        }
    }

    /// A region that stands for all directions of a group holds about its share of the sphere, and the mates of its
    /// members come close to every direction.
    @Test(arguments: orders + [("C6", 6), ("D2", 4), ("D7", 14), ("I3", 60), ("I4", 60), ("I1", 60)])
    func keptDirectionsCoverTheSphereOnce(name: String, order: Int) throws {
        let group = try SymmetryGroup(name: name)
        let healpixOrder = 3
        let grid = OrientationSampling(kind: .sphere(healpixOrder: healpixOrder), symmetry: group)
        let all = OrientationSampling(kind: .sphere(healpixOrder: healpixOrder))
        let mates = grid.directions.map(\.vector).flatMap { v in group.operators.map { $0.apply(to: v) } }
        // Full groups with mirrors are cut by RELION's own tables, some of which leave gaps; rotation groups must not.
        let isRotational = group.operators.allSatisfy { $0.right.determinant > 0 }
        if isRotational {
            // The grid has four-fold symmetry: where the group's wedge cuts it otherwise, mates stand up to a pixel apart.
            let spacing = 7.5 * 1.5
            // The wedge of a high-order axis holds no pixel of the rings next to the poles, in RELION as here.
            for v in all.directions.map(\.vector) where abs(v.z) < 0.95 {
                #expect(mates.contains { AngularDistance.angle($0, v) < spacing }, "\(name) \(v)")
            }
            let share = Double(all.directions.count) / Double(order)
            #expect(abs(Double(grid.directions.count) - share) < 6 * share.squareRoot() + 2, "\(name)")
        }
        #expect(!grid.directions.isEmpty)
    }
}
