import Foundation
import Reporting
import StarFormat
import TestSupport
import Testing

/// 10,000 damaged STAR files are read or refused with an `InputError`: never a crash, never a hang.
@Suite(.timeLimit(.minutes(1))) struct DamagedStarTests {
    private static let loop = "\ndata_particles\n\nloop_\n_rlnImageName #1\n_rlnDefocusU #2\n_rlnClassNumber #3\n_rlnGroupName #4\n"
        + (1...12).map { "00000\($0)@a/stack.mrcs \(9000 + $0).5 \($0 % 3) \"group \($0)\"\n" }.joined() + "\n"
    private static let list = "\n# version 50001\n\ndata_general\n\n_rlnCurrentIteration 5\n_rlnPath 'a b'\n\n"

    /// Reads all that can be asked for.
    private func use(_ path: String) throws {
        let document = try StarDocument(contentsOf: path)
        for table in document.tables {
            for label in table.labels {
                _ = try table.strings(label)
                _ = try? table.doubles(label)
                _ = try? table.ints(label)
                _ = try table.distinctStrings(label)
            }
            if table.rowCount > 1 { _ = table.selecting(rows: [table.rowCount - 1, 0]) }
            _ = try StarTable(name: "twice", joining: [table, table]) { _ in "0" }
        }
        _ = try StarDocument(text: document.serialized(), name: "again")
    }

    @Test(arguments: [loop, list + loop, loop + list + "data_empty\n\n"])
    func damagedTables(text: String) throws {
        let folder = try TemporaryFolder(inMemory: true)
        var refused = 0
        let count = 3334
        for seed in 0..<count {
            let path = folder.file("a.star")
            try Data(Damage.damaged(Array(text.utf8), seed: seed)).write(to: URL(fileURLWithPath: path))
            do {
                try use(path)
            } catch let error as InputError {
                refused += 1
                #expect(!error.description.isEmpty)
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
        }
        #expect(refused > count / 50 && refused < count)
    }

    @Test func tablesThatLackColumnsAreJoined() throws {
        let document = try StarDocument(text: Self.loop, name: "a.star")
        let table = try document.table("particles")
        var typed = StarTable(name: "b")
        typed.set("rlnDefocusU", doubles: [1, 2])
        typed.set("rlnNew", ints: [7, 8])
        let joined = try StarTable(name: "all", joining: [table, typed, table.selecting(rows: [3])]) { _ in "0" }
        #expect(joined.rowCount == 15 && joined.labels == table.labels + ["rlnNew"])
        #expect(try joined.doubles("rlnDefocusU").suffix(3) == [1, 2, 9004.5])
        #expect(try joined.ints("rlnClassNumber").suffix(3) == [0, 0, 1])
        #expect(try joined.ints("rlnNew").suffix(4) == [0, 7, 8, 0])
        #expect(try joined.strings("rlnGroupName")[11] == "group 12")
        #expect(try StarTable(name: "none", joining: []) { _ in "" }.rowCount == 0)
    }
}
