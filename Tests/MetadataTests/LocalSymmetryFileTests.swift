import Geometry
import Metadata
import Reporting
import Testing
import TestSupport

@Suite struct LocalSymmetryFileTests {
    private func read(_ rows: String, labels: Int = 7) throws -> LocalSymmetryFile {
        let names = ["MaskName", "AngleRot", "AngleTilt", "AnglePsi", "OriginXAngst", "OriginYAngst", "OriginZAngst"]
        let header = names.prefix(labels).enumerated().map { "_rln\($1) #\($0 + 1)\n" }.joined()
        let folder = try TemporaryFolder()
        return try LocalSymmetryFile(contentsOf: try folder.write("data_\n\nloop_\n" + header + rows, to: "symmetry.star"))
    }

    @Test func rowsAreGroupedByMask() throws {
        let file = try read("a.mrc 0 0 0 0 0 0\na.mrc 10 20 30 1 2 3\nb.mrc 0 90 0 0 0 0\na.mrc 0 0 90 0 0 0\n")
        #expect(file.domains.map(\.maskFile) == ["a.mrc", "b.mrc"])
        #expect(file.domains.map(\.motions.count) == [2, 1])
        #expect(file.domains[0].motions[0].shift == Vector3(1, 2, 3))
        #expect(file.domains[0].motions[0].rotation == EulerAngles(rot: 10, tilt: 20, psi: 30).matrix)
    }

    @Test(arguments: [
        ("a.mrc 0 0 0 0 0 0\n", "no motion"), ("a.mrc 0 9 0 0 0 0\na.mrc 0 9 0 0 0 0\n", "symmetry.star:12"),
        ("a.mrc 0 x 0 0 0 0\n", "rlnAngleTilt"), ("a.mrc 0 nan 0 0 0 0\n", "symmetry.star:11"),
    ])
    func damage(rows: String, word: String) throws {
        let error = #expect(throws: InputError.self) { try read(rows) }
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }

    @Test func missingColumnsAreNamed() throws {
        let error = #expect(throws: InputError.self) { try read("a.mrc 0 9 0\n", labels: 4) }
        #expect(error?.description.contains("rlnOriginXAngst") == true)
    }
}
