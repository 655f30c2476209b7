import Foundation
import Parallel
import Reporting
import StarFormat
import Testing
import TestSupport

@testable import Tables

/// Paging, sorting, filters, histograms and samples against values that can be told in advance.
@Suite struct OpenTableTests {
    private let folder: TemporaryFolder
    private let pool = ThreadPool(threads: 3)
    private let table: OpenTable

    private static let text = """
        # version 50001

        data_optics

        loop_
        _rlnOpticsGroup #1
        _rlnVoltage #2
        1 300.0

        data_particles

        loop_
        _rlnMicrographName #1
        _rlnDefocusU #2
        _rlnDefocusV #3
        _rlnClassNumber #4
        _rlnComment #5
        mic/a.mrc 10000.5 9000 1 "first one"
        mic/b.mrc  12000  12000  2 None # told apart
        MIC/c.mrc  -5  nan  2 x
        # a remark
        mic/b.mrc  8.5e3 100 3
        mic/a.mrc  abc 300 1 "" 77

        data_general

        _rlnTomoName  'a b'
        _rlnCount     12

        """

    init() throws {
        folder = try TemporaryFolder()
        table = try OpenTable(path: folder.write(Self.text, to: "a.star"), name: "a.star", pool: pool)
    }

    @Test func outline() throws {
        #expect(table.outline.blocks.map(\.name) == ["optics", "particles", "general"])
        #expect(table.outline.blocks.map(\.rowCount) == [1, 5, 1])
        #expect(table.outline.blocks.map(\.isLoop) == [true, true, false])
        #expect(try table.block(nil) == 1 && table.block("general") == 2)
        #expect(throws: InputError.self) { try table.block("nothing") }
        #expect(table.string(try table.column("rlnComment", block: 1), row: 0) == "first one")
        #expect(table.string(try table.column("_rlncomment", block: 1), row: 3).isEmpty)
        #expect(table.string(try table.column("TomoName", block: 2), row: 0) == "a b")
        #expect(table.numbers(try table.column("count", block: 2)).values == [12])
        #expect(throws: InputError.self) { try table.column("rlnNothing", block: 1) }
    }

    @Test func numbers() throws {
        let defocus = table.numbers(try table.column("DefocusU", block: 1))
        #expect(!defocus.isNumeric)    // abc
        #expect(defocus.values[0...3] == [10000.5, 12000, -5, 8500] && defocus.values[4].isNaN)
        #expect(table.numbers(try table.column("DefocusV", block: 1)).isNumeric)
        #expect(!table.looksNumeric(try table.column("MicrographName", block: 1)))
    }

    @Test func sorting() throws {
        #expect(try table.rows(RowRequest(block: 1, sort: "rlnDefocusV")) == [3, 4, 0, 1, 2])
        #expect(try table.rows(RowRequest(block: 1, sort: "rlnDefocusV", isDescending: true)) == [1, 0, 4, 3, 2])
        #expect(try table.rows(RowRequest(block: 1, sort: "rlnClassNumber")) == [0, 4, 1, 2, 3])
        #expect(try table.rows(RowRequest(block: 1, sort: "rlnMicrographName", isDescending: true)) == [1, 3, 0, 4, 2])
    }

    @Test(arguments: [
        ("", [0, 1, 2, 3, 4]), ("rlnDefocusU > 9000", [0, 1]), ("rlnDefocusU > 9000 and rlnClassNumber = 2", [1]),
        ("DefocusU>=8500 && !(classnumber==2)", [0, 3]), ("not rlnClassNumber == 2", [0, 3, 4]), ("rlnDefocusV != 300", [0, 1, 3]),
        ("abs(rlnDefocusU - rlnDefocusV) > 1000", [0, 3]), ("(rlnDefocusU - rlnDefocusV) / 2 > 500", [0, 3]), ("2 * -DefocusU > 0", [2]),
        ("rlnMicrographName contains B.M", [1, 3]), ("rlnMicrographName ~ mic/ or rlnClassNumber > 2", [0, 1, 2, 3, 4]),
        ("rlnMicrographName == mic/b.mrc", [1, 3]), ("rlnMicrographName != 'mic/b.mrc'", [0, 2, 4]), ("rlnMicrographName begins MIC", [2]),
        ("(rlnMicrographName ends a.mrc) and rlnClassNumber < 2", [0, 4]), ("comment == 'first one'", [0]), ("TOLD", [1]), ("b.mrc", [1, 3]),
        ("inside(DefocusU, DefocusV, 9000, 8000, 13000, 8000, 13000, 12500)", [0]), ("not inside(DefocusU, DefocusV, -9e3, -1, 13000, -1, 0, 5e4)", [1, 2, 4]),
        ("rlnDefocusU > 1e4 || rlnDefocusU < -1", [0, 1, 2]), ("sqrt(DefocusV) == 10", [3]), ("classnumber contains 3", [3]),
    ])
    func filters(filter: String, rows: [Int32]) throws { #expect(try table.rows(RowRequest(block: 1, filter: filter)) == rows) }

    @Test(arguments: ["rlnNothing > 3", "rlnDefocusU >", "> 3", "rlnDefocusU > 3 and", "(rlnDefocusU > 3", "rlnDefocusU > 3)", "a = 'b", "inside(DefocusU, DefocusV, 1, 2, 3, 4)", "inside(DefocusU, 1", "rlnDefocusU < 1..2",
                      "rlnMicrographName contains", String(repeating: "(", count: 5000) + "1 > 0", String(repeating: "not ", count: 5000) + "1 > 0"])
    func filtersThatMakeNoSense(filter: String) { #expect(throws: InputError.self) { try table.rows(RowRequest(block: 1, filter: filter)) } }

    @Test func histograms() throws {
        let values = table.numbers(try table.column("rlnDefocusU", block: 1)).values
        let all = ColumnHistogram(values, bins: 5)
        #expect(all.count == 4 && all.missing == 1 && all.minimum == -5 && all.maximum == 12000 && all.median == 9250.25)
        #expect(all.counts == [1, 0, 0, 1, 2] && all.start == -5 && all.step == 2401)
        let some = ColumnHistogram(values, rows: [0, 1], bins: 2, range: 0...11000)
        #expect(some.counts == [0, 1] && some.above == 1 && some.below == 0)
        let classes = ColumnHistogram(table.numbers(try table.column("rlnClassNumber", block: 1)).values)
        #expect(classes.counts == [2, 2, 1] && classes.start == 0.5 && classes.step == 1 && classes.median == 2)
        #expect(abs((classes.deviation ?? 0) - 0.56.squareRoot()) < 1e-12)
        #expect(ColumnHistogram([.nan]).counts.isEmpty && ColumnHistogram([3.5, 3.5]).counts == [2])
        #expect(ColumnHistogram((0..<1001).map { Double($0) * 0.1 }, bins: 10).median == 50)
    }

    @Test func scatter() throws {
        let x = (0..<1000).map(Double.init), y = x.map { $0 == 500 ? .nan : 2 * $0 }
        let sample = ScatterSample(x: x, y: y, colour: y, limit: 100)
        #expect(sample.total == 999 && sample.rows.count == 100 && Set(sample.rows).count == 100 && !sample.rows.contains(500))
        #expect(zip(sample.rows, sample.y).allSatisfy { Float(2 * $0) == $1 })
        #expect(ScatterSample(x: x, y: y, among: [3, 500, 7], limit: 10).rows == [3, 7])
    }

    @Test func changedFilesAreReadAgain() throws {
        let tables = OpenTables(pool: pool), path = folder.file("b.star")
        try folder.write("data_\n\nloop_\n_rlnA #1\n1\n2\n", to: "b.star")
        let first = try tables.table(path)
        #expect(try tables.table(path) === first && first.outline.blocks[0].rowCount == 2)
        try folder.write("data_\n\nloop_\n_rlnA #1\n1\n2\n3\n", to: "b.star")
        #expect(try tables.table(path).outline.blocks[0].rowCount == 3)
        #expect(throws: InputError.self) { try tables.table(folder.file("none.star")) }
        let small = OpenTables(memoryInBytes: 1, pool: pool)
        let kept = try small.table(path)
        #expect(try small.table(path) === kept)    // the one in use is always kept
    }

    /// What `StarDocument` reads is what is shown, and no file makes the reader stop the server.
    @Test func damagedFiles() throws {
        for (index, bytes) in Damage.versions(of: Array(Self.text.utf8), count: 300).enumerated() {
            let path = folder.file("damaged\(index).star")
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let document = try? StarDocument(contentsOf: path)
            guard let open = try? OpenTable(path: path, pool: pool) else {
                #expect(document == nil, "\(index)")
                continue
            }
            for (block, outline) in open.outline.blocks.enumerated() {
                for column in outline.labels.indices {
                    _ = open.numbers(.init(block: block, index: column))
                    for row in 0..<outline.rowCount {
                        let text = open.string(.init(block: block, index: column), row: row)
                        if let document { #expect(document.tables[block].string(outline.labels[column], row: row) == text, "\(index)") }
                    }
                }
            }
        }
    }
}
