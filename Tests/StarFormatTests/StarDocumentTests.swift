import Foundation
import Reporting
import StarFormat
import TestSupport
import Testing

@Suite struct StarDocumentTests {
    static let example = """
        # made by hand

        # version 30001

        data_optics

        loop_
        _rlnOpticsGroupName #1
        _rlnOpticsGroup #2
        "my group"  1

        data_particles
        # a remark
        loop_
        _rlnImageName #1
        _rlnDefocusU #2
        _myColumn #3
        _rlnGroupName #4
        data_1@a.mrcs 1.5e4 x ''  # comment
        2@a.mrcs  -3 'it''s' "a \u{7}" b"
        3@a.mrcs  12345.678901234 "" g
        data_list
        _rlnA 1
        _rlnLongerName    "two words"
        """

    @Test func readsTablesValuesAndComments() throws {
        let file = try StarDocument(text: Self.example, name: "x.star")
        #expect(file.tables.map(\.name) == ["optics", "particles", "list"])
        #expect(file.tables[0].precedingComments == ["made by hand"])
        #expect(file.tables[0].version == 30001)
        #expect(file.tables[1].comments == ["a remark"])
        #expect(try file.table("optics").strings("rlnOpticsGroupName") == ["my group"])
        let particles = try file.table("particles")
        #expect(particles.labels == ["rlnImageName", "rlnDefocusU", "myColumn", "rlnGroupName"])
        #expect(try particles.doubles("rlnDefocusU") == [15000, -3, 12345.678901234])
        #expect(try particles.strings("rlnImageName") == ["data_1@a.mrcs", "2@a.mrcs", "3@a.mrcs"])
        #expect(try particles.strings("myColumn") == ["x", "it''s", ""])
        #expect(try particles.strings("rlnGroupName") == ["", "a \" b", "g"])
        let list = try file.table("list")
        #expect(list.kind == .list)
        #expect(try list.int("rlnA") == 1)
        #expect(list.string("rlnLongerName", row: 0) == "two words")
    }

    @Test func carriageReturnsAndMissingLastLineEndAreAccepted() throws {
        let text = Self.example.replacingOccurrences(of: "\n", with: "\r\n")
        let file = try StarDocument(text: text, name: "x.star")
        #expect(try file.table("particles").strings("rlnGroupName") == ["", "a \" b", "g"])
        #expect(file.tables[1].comments == ["a remark"])
        #expect(try file.table("list").string("rlnLongerName", row: 0) == "two words")
    }

    @Test func writingAndReadingAgainKeepsEverything() throws {
        let file = try StarDocument(text: Self.example, name: "x.star")
        let again = try StarDocument(text: file.serialized(), name: "y.star")
        #expect(again.tables.map(\.labels) == file.tables.map(\.labels))
        for (one, other) in zip(file.tables, again.tables) {
            for label in one.labels { #expect(try one.strings(label) == other.strings(label)) }
        }
        #expect(try again.serialized() == file.serialized())
    }

    /// Files that RELION wrote come out byte for byte.
    @Test(
        .enabled(if: SharedData.isPresent, SharedData.hint),
        arguments: [
            "star/select.star", "star/expand.star", "class3d/run_it002_model.star", "class3d/run_it002_optimiser.star",
            "class3d/run_it002_sampling.star", "class2d/run_it001_model.star", "class2d/run_it001_data.star",
            "refine3d/run_it001_data.star", "movies/mic001_motion.star",
        ])
    func goldenRoundTrip(_ name: String) throws {
        let url = SharedData.golden(name)
        let file = try StarDocument(contentsOf: url.path)
        #expect(try file.serialized() == String(contentsOf: url, encoding: .utf8))
    }

    static let damaged: [(text: String, says: String)] = [
        ("", "x.star  the file is empty"),
        ("hello\nworld\n", "x.star:1  \"hello\""),
        ("# version 50001\n\n", "x.star  there is no data_ block"),
        ("data_p\n\nloop_\n_a #1\n_b #2\n_c #3\n1 2 3\n1 2\n", "x.star:8  the row has 2 values"),
        ("data_p\n\nloop_\n_a #1\n1 2\n", "x.star:5  the row has 2 values"),
        ("data_p\n\nloop_\n_a #1\n_a #2\n1 2\n", "_a stands there twice"),
        ("data_p\n\n_a\n", "x.star:3  _a has no value"),
        ("data_p\n\nloop_\n_a #1\n'x\n", "x.star:5  a quoted value has no closing quote"),
        ("data_p\n\nloop_\n1 2\n", "the loop of data_p has no labels"),
        ("data_p\nwhat\n", "x.star:2  \"what\""),
    ]

    @Test(arguments: damaged)
    func damagedFilesAreRefusedByLine(_ damaged: (text: String, says: String)) {
        let error = #expect(throws: InputError.self) { try StarDocument(text: damaged.text, name: "x.star") }
        #expect(error.map { "\($0)" }?.contains(damaged.says) == true, "\(error.map { "\($0)" } ?? "")")
    }

    @Test func wrongValuesAreNamedByLineLabelAndValue() throws {
        let file = try StarDocument(text: "data_p\n\nloop_\n_rlnDefocusU #1\n_b #2\n1.0 2\nabc 3.5\n\n", name: "x.star")
        let table = try file.table("p")
        let number = #expect(throws: InputError.self) { try table.doubles("rlnDefocusU", expected: "a number in Å") }
        #expect(number?.description.contains("x.star:7  _rlnDefocusU = \"abc\" (row 2 of data_p): expected a number in Å") == true)
        #expect(throws: InputError.self) { try table.ints("b") }
        #expect(throws: InputError.self) { try table.doubles("none") }
        #expect(throws: InputError.self) { try file.table("q") }
        #expect(throws: InputError.self) { try StarDocument(contentsOf: "/nonexistent/file.star") }
    }

    @Test func shortRowsOfTwoColumnTablesGiveEmptyValues() throws {
        let table = try StarDocument(text: "data_\nloop_\n_a\n_b\nx\ny z\n", name: "x").tables[0]
        #expect(try table.strings("b") == ["", "z"])
    }

    @Test func nothingIsLeftWhenAFileCannotBeWritten() throws {
        let file = try StarDocument(text: Self.example, name: "x.star")
        #expect(throws: InputError.self) { try file.write(to: "/dev/null/out.star") }
    }
}
