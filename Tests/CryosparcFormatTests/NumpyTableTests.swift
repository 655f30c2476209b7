import Reporting
import Testing
import TestSupport

@testable import CryosparcFormat

@Suite struct NumpyTableTests {
    /// A file as NumPy writes it, from a header and the bytes of the rows.
    static func file(_ header: String, version: UInt8 = 1, rows: [UInt8]) -> [UInt8] {
        let text = Array((header + "\n").utf8)
        let length = version == 1 ? 2 : 4
        let size = (0..<length).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + size + text + rows
    }

    static let small: [UInt8] = {
        var writer = NumpyTableWriter(rowCount: 3)
        writer.add("uid", words: [1, UInt64.max, 7])
        writer.add("blob/path", texts: ["a.mrc", "", "longer/é.mrc"])
        writer.add("blob/idx", whole: [0, 5, 4_000_000_000])
        writer.add("alignments3D/pose", floats: [1, 2, 3, -1, 0.5, 0.25, 0, 0, 1e-9], elements: 3)
        return writer.bytes
    }()

    @Test func whatIsWrittenIsRead() throws {
        let table = try NumpyTable(bytes: Self.small, name: "small.cs")
        #expect(table.start % 64 == 0 && table.rowCount == 3)
        #expect(try table.words("uid") == [1, UInt64.max, 7])
        #expect(try table.strings("blob/path") == ["a.mrc", "", "longer/é.mrc"])
        #expect(try table.doubles("blob/idx") == [0, 5, 4_000_000_000])
        #expect(try table.doubles("alignments3D/pose") == [1, 2, 3, -1, 0.5, 0.25, 0, 0, Double(Float(1e-9))])
        #expect(throws: InputError.self) { try table.doubles("blob/path") }
        #expect(throws: InputError.self) { try table.strings("missing") }
    }

    @Test(arguments: [UInt8(1), 2, 3]) func bothByteOrdersAndAllVersions(version: UInt8) throws {
        let header = "{'descr': [('a', '>f4'), ('b', '<i2', (2,)), ('c', '|b1'), ('', '|V1'), ('t', '<U2'), ('n', [('x', '>u2'), ('y', 'f8')]), (('title', 'h'), '<f2')], 'fortran_order': False, 'shape': (1L,), }"
        let rows: [UInt8] = [0x3F, 0x80, 0, 0] + [0xFF, 0xFF, 2, 0] + [1] + [9] + [0x41, 0, 0, 0, 0, 0, 0, 0] + [1, 2]
            + [0, 0, 0, 0, 0, 0, 0xF8, 0x3F] + [0x00, 0xC0]
        let table = try NumpyTable(bytes: Self.file(header, version: version, rows: rows), name: "x.npy")
        #expect(try table.doubles("a") == [1] && table.doubles("b") == [-1, 2] && table.doubles("c") == [1])
        #expect(try table.strings("t") == ["A"] && table.doubles("n.x") == [258] && table.doubles("n.y") == [1.5] && table.doubles("h") == [-2])
    }

    @Test(arguments: [
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (9223372036854775807,), }",
        "{'descr': [('a', '<f4', (4294967296, 4294967296))], 'shape': (1,), }",
        "{'descr': [('a', '|S0', (9223372036854775807,)), ('b', '<f4')], 'shape': (1,), }",
        "{'descr': [('a', '|O')], 'shape': (1,), }", "{'descr': '<f4', 'shape': (1,), }", "{'descr': [('a', '<f4')], 'shape': (1, 1), }",
        "{'descr': [('a', '<f4')], 'shape': (-1,), }", "{'descr': [('a',)], 'shape': (1,), }", "{'descr': [", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "",
    ]) func headersThatLieAreRefused(header: String) {
        #expect(throws: InputError.self) { try NumpyTable(bytes: Self.file(header, rows: [0, 0, 0, 0]), name: "bad.cs") }
    }

    @Test func compressedStreamsAreNamed() throws {
        let error = #expect(throws: InputError.self) { try NumpyTable(bytes: [0x94] + Array("CSDAT...".utf8), name: "s.cs") }
        #expect(error?.description.contains("cryosparc-tools") == true)
    }

    /// Damaged files are read or refused, and never crash; what is read can be asked for.
    @Test func damagedFilesDoNotCrash() {
        for bytes in Damage.versions(of: Self.small, count: 6000) {
            guard let table = try? NumpyTable(bytes: bytes, name: "damaged.cs") else { continue }
            for field in table.fields {
                _ = try? table.doubles(field.name)
                _ = try? table.words(field.name)
                _ = try? table.strings(field.name)
            }
            if let joined = try? CryosparcTable(table) { _ = try? CryosparcImport(joined) }
        }
    }
}
