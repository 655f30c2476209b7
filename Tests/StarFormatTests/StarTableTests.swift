import StarFormat
import Testing

@Suite struct StarTableTests {
    private func table(_ rows: [String]) throws -> StarTable {
        try StarDocument(text: "data_p\nloop_\n_n #1\n_x #2\n_s #3\n" + rows.joined(separator: "\n"), name: "t.star").tables[0]
    }

    @Test func columnsCanBeSetRenamedRemovedAndOrdered() throws {
        var table = try table(["1 1.5 a", "2 2.5 b"])
        table.set("x", doubles: [7, -8.25])
        table.fill("new", with: 3)
        table.renameColumn("s", to: "text")
        table.removeColumn("n")
        table.orderColumns(["new", "text"])
        #expect(table.labels == ["new", "text", "x"])
        #expect(try table.doubles("x") == [7, -8.25])
        #expect(try table.ints("new") == [3, 3])
        #expect(try table.strings("text") == ["a", "b"])
    }

    @Test func rowsAreSelectedInAnyOrder() throws {
        var table = try table(["1 1.5 a", "2 2.5 b", "3 3.5 c"])
        table.set("typed", ints: [10, 20, 30])
        let chosen = table.selecting(rows: [2, 0, 2])
        #expect(try chosen.ints("n") == [3, 1, 3])
        #expect(try chosen.ints("typed") == [30, 10, 30])
        #expect(chosen.place(ofRow: 0) == "t.star:8")
        #expect(try chosen.selecting(where: { $0 == 1 }).strings("s") == ["a"])
        #expect(table.selecting(rows: []).isEmpty)
    }

    @Test func appendingJoinsFilesAndTypedColumns() throws {
        var first = try table(["1 1.5 a", "2 2.5 b"])
        var second = try table(["3 3.5 c"])
        second.set("x", doubles: [9])
        second.fill("extra", with: 1)
        try first.append(second)
        #expect(first.labels == ["n", "x", "s"])
        #expect(try first.doubles("x") == [1.5, 2.5, 9])
        #expect(try first.strings("s") == ["a", "b", "c"])
        var made = StarTable(name: "p")
        made.set("n", ints: [5])
        made.set("s", strings: ["z"])
        try first.append(made)
        #expect(first.labels == ["n", "s"])
        #expect(try first.ints("n") == [1, 2, 3, 5])
        #expect(try first.selecting(rows: [3, 1]).strings("s") == ["z", "b"])
        try made.append(first)
        #expect(try made.strings("s") == ["z", "a", "b", "c", "z"])
        #expect(try made.ints("n") == [5, 1, 2, 3, 5])
    }

    @Test func emptyTablesTakeTheColumnsOfTheFirstAppended() throws {
        var all = StarTable(name: "all")
        try all.append(table(["1 1.5 a"]))
        #expect(all.name == "all")
        #expect(all.rowCount == 1)
    }

    @Test func distinctValuesAreNumberedByFirstAppearance() throws {
        let (values, index) = try table(["1 1 b", "2 1 a", "3 1 b"]).distinctStrings("s")
        #expect(values == ["b", "a"])
        #expect(index == [0, 1, 0])
    }

    @Test func listsAreSetValueByValue() throws {
        var list = StarTable(name: "general", kind: .list)
        list.setValue("rlnPixelSize", 1.5)
        list.setValue("rlnCount", 12)
        list.setValue("rlnFlag", true)
        list.setValue("rlnName", "")
        list.setValue("rlnPixelSize", 2.5)
        #expect(try StarDocument(tables: [list]).serialized() == """

            # version 50001

            data_general

            _rlnPixelSize                2.500000
            _rlnCount                          12
            _rlnFlag                            1
            _rlnName                 ""
             

            """)
    }
}
