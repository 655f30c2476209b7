import Testing

@testable import StarFormat

/// Cells that nobody changed keep their text and stand in the fields that their kind has.
struct UnchangedCellTests {
    private static let cells = [
        "1", "-1.5", "+5", "12.345600", "123456789.25", "1e-5", "-2.5E+03", "inf", "nan", "-", ".", "1.2.3", "1-2", "0x1F", "i", "n", "abc",
        "12abc", "000001@stack.mrcs", "Mics/job002/a.mrc", "-abc", "1e", "1e+", "é", "1234567890123456789012345",
    ]

    @Test("blanks in front follow from the value", arguments: cells)
    func width(cell: String) throws {
        // A wide first row keeps the column from counting as one of numbers stored as text.
        let document = try StarDocument(text: "data_t\n\nloop_\n_a #1\n_b #2\n    1.000000     2.000000\n\(cell) \(cell)\n", name: "x.star")
        let width = cell.utf8.count < 12 && NumberText.double(cell) != nil ? 12 : 10
        let field = String(repeating: " ", count: max(0, width - cell.utf8.count)) + cell
        #expect(try document.serialized().contains("\n\(field) \(field) \n"))
    }

    @Test("unchanged, typed and quoted cells side by side")
    func mixture() throws {
        var document = try StarDocument(text: "data_t\n\nloop_\n_a #1\n_b #2\n_c #3\n'a b' 3.5 \"\"\nxyz 4.5 w\n", name: "x.star")
        document.tables[0].set("d", ints: [7, 8])
        document.tables[0].set("b", doubles: [1.25, -1.25])
        let lines = try document.serialized().split(separator: "\n").suffix(3)
        #expect(lines.first == "     \"a b\"     1.250000         \"\"            7 ")
        #expect(lines.dropFirst().first == "       xyz     -1.25000          w            8 ")
    }
}
