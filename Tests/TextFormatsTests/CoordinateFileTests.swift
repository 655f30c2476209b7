import Reporting
import TestSupport
import Testing
import TextFormats

@Suite struct CoordinateFileTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func read(_ text: String, _ name: String) throws -> [PickedCoordinate] {
        try CoordinateFile.read(folder.write(text, to: name))
    }

    @Test func boxesGiveTheirCentres() throws {
        #expect(
            try read("10 20 100 101 -3\n-5 7 20 20\n", "a.box") == [
                PickedCoordinate(x: 60, y: 70), PickedCoordinate(x: 5, y: 17),
            ])
        #expect(throws: InputError.self) { try read("10 20\n", "b.box") }
    }

    @Test func headingsAndFurtherColumns() throws {
        let expected = [PickedCoordinate(x: 10, y: 20), PickedCoordinate(x: 30.5, y: 40)]
        for (text, name) in [
            ("# <X position> <Y position>\n10 20\n30.5 40\n", "a.pos"), ("10 20\n30.5\t40", "a.txt"),
            ("\n10 20 x\r\n\n30.5 40 y\r\n", "b.txt"),
        ] {
            #expect(try read(text, name) == expected, "\(name)")
        }
        #expect(try read("    x  y  density\n 10 20 3\n", "a.coords") == [PickedCoordinate(x: 10, y: 20, z: 3)])
        #expect(try read("", "empty.txt") == [])
    }

    @Test func otherLinesAreErrorsWithTheirNumber() throws {
        let error = #expect(throws: InputError.self) { try read("x y\n1 2\n3\n", "a.txt") }
        #expect(error?.description.contains("a.txt:3") == true)
        #expect(throws: InputError.self) { try read("1 2\nnan 3\n", "b.txt") }
        #expect(throws: InputError.self) { try CoordinateFile.read(folder.file("none.txt")) }
    }
}
