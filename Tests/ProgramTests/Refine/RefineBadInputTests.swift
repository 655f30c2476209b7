import Arrays
import Foundation
import ImageFormats
import TestSupport
import Testing

@testable import ParticlePrograms

/// One way of damaging the input, and the words that the message must have.
private struct Damage: Sendable, CustomTestStringConvertible {
    let name: String
    var arguments: [String] = []
    let words: [String]
    let apply: @Sendable (RefineFixture) throws -> Void

    init(_ name: String, _ arguments: [String] = [], words: [String], _ apply: @escaping @Sendable (RefineFixture) throws -> Void = { _ in }) {
        (self.name, self.arguments, self.words, self.apply) = (name, arguments, words, apply)
    }

    var testDescription: String { name }
}

@Suite("relion_refine refuses wrong input")
struct RefineBadInputTests {
    @Test("sound input passes")
    func sound() throws {
        let result = try RefineFixture().check()
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.contains("12 particles in 2 files"))
        #expect(result.text.contains("2 group(s)"))
    }

    fileprivate static let files: [Damage] = [
        Damage("missing file", words: ["particles.star"]) { try FileManager.default.removeItem(atPath: $0.folder.file("particles.star")) },
        Damage("empty file", words: ["particles.star"]) { try $0.folder.write("", to: "particles.star") },
        Damage("no STAR file", words: ["particles.star"]) { try $0.folder.write("hello\nworld\n", to: "particles.star") },
        Damage("no rows", words: ["particles.star"]) { try $0.folder.write($0.star { _ in [] }, to: "particles.star") },
        Damage("missing column", words: ["particles.star", "rlnImageName"]) {
            try $0.folder.write($0.star().replacingOccurrences(of: "_rlnImageName", with: "_rlnOther"), to: "particles.star")
        },
        Damage("no defocus", words: ["particles.star", "rlnDefocusU", "--ctf"]) {
            try $0.folder.write($0.star().replacingOccurrences(of: "_rlnDefocusU", with: "_rlnOther"), to: "particles.star")
        },
        Damage("no number", words: ["particles.star:33", "rlnDefocusU", "abc"]) {
            try $0.folder.write($0.star { $0.enumerated().map { $0 == 5 ? $1.replacingOccurrences(of: "10000", with: "abc") : $1 } }, to: "particles.star")
        },
        Damage("not finite", words: ["particles.star:31", "rlnDefocusV", "nan"]) {
            try $0.folder.write($0.star { $0.enumerated().map { $0 == 3 ? $1.replacingOccurrences(of: "9000", with: "nan") : $1 } }, to: "particles.star")
        },
        Damage("unknown optics group", words: ["particles.star", "rlnOpticsGroup", "7"]) {
            try $0.folder.write($0.star { $0.map { $0.replacingOccurrences(of: "mrc 1 ", with: "mrc 7 ") } }, to: "particles.star")
        },
        Damage("row cut short", words: ["particles.star"]) {
            try $0.folder.write(String($0.star().dropLast(20)), to: "particles.star")
        },
        Damage("missing stack", words: ["b.mrcs", "particles.star"]) { try FileManager.default.removeItem(atPath: $0.folder.file("b.mrcs")) },
        Damage("stack cut short", words: ["a.mrcs"]) {
            let path = $0.folder.file("a.mrcs")
            try Data(contentsOf: URL(fileURLWithPath: path)).dropLast(100).write(to: URL(fileURLWithPath: path))
        },
        Damage("image beyond the stack", words: ["particles.star", "7@", "a.mrcs", "6"]) {
            try $0.folder.write($0.star().replacingOccurrences(of: "000006@", with: "000007@"), to: "particles.star")
        },
        Damage("other box", words: ["a.mrcs", "16 × 16", "18 × 18"]) { try $0.folder.write($0.star(box: 18), to: "particles.star") },
        Damage("odd box", words: ["particles.star", "rlnImageSize = 17", "even"]) { try $0.folder.write($0.star(box: 17), to: "particles.star") },
        Damage("other pixel size", words: ["map.mrc", "2.0 Å", "3.0 Å", "--trust_ref_size"]) {
            try $0.folder.write($0.star(pixelSize: 3), to: "particles.star")
        },
        Damage("negative pixel size", words: ["particles.star", "rlnImagePixelSize"]) {
            try $0.folder.write($0.star(pixelSize: -1), to: "particles.star")
        },
    ]

    fileprivate static let references: [Damage] = [
        Damage("missing reference", ["--ref", "none.mrc"], words: ["none.mrc"]),
        Damage("other box", words: ["map.mrc", "18", "16"]) { try $0.write(RefineFixture.image(seed: 1, shape: .cube(18)), "map.mrc") },
        Damage("odd box", words: ["map.mrc", "15", "even"]) { try $0.write(RefineFixture.image(seed: 1, shape: .cube(15)), "map.mrc") },
        Damage("no cube", words: ["map.mrc", "cubic"]) { try $0.write(RefineFixture.image(seed: 1, shape: Shape(x: 16, y: 16, z: 8)), "map.mrc") },
        Damage("NaN", words: ["map.mrc", "nan"]) {
            var map = RefineFixture.image(seed: 1, shape: .cube(16))
            map.values[777] = .nan
            try $0.write(map, "map.mrc")
        },
        Damage("mask of another box", ["--solvent_mask", "MASK"], words: ["mask.mrc", "20 × 20 × 20", "16 × 16 × 16"]) {
            try $0.write(RealArray(shape: .cube(20), repeating: 1), "mask.mrc")
        },
        Damage("mask of another pixel size", ["--solvent_mask", "MASK"], words: ["mask.mrc", "2.5 Å"]) {
            try $0.write(RealArray(shape: .cube(16), repeating: 1), "mask.mrc", pixelSize: 2.5)
        },
        Damage("missing mask", ["--solvent_mask", "no_mask.mrc"], words: ["no_mask.mrc"]),
        Damage("STAR file without references", ["--ref", "STAR"], words: ["particles.star", "rlnReferenceImage"]),
    ]

    fileprivate static let options: [Damage] = [
        Damage("symmetry", ["--sym", "Q9"], words: ["Q9"]),
        Damage("classes", ["--K", "0"], words: ["--K", "0"]),
        Damage("diameter", ["--particle_diameter", "33"], words: ["--particle_diameter", "33", "32.0 Å"]),
        Damage("output folder", ["--o", "/no/such/folder/run"], words: ["--o", "/no/such/folder"]),
        Damage("halves and classes", ["--K", "2", "--split_random_halves"], words: ["--split_random_halves", "--K 2"]),
        Damage("scratch folder", ["--scratch_dir", "/no/such/folder"], words: ["--scratch_dir", "/no/such/folder"]),
        Damage("seed of the gradient method", ["--grad", "--random_seed", "0"], words: ["--random_seed"]),
        Damage("fraction", ["--grad_ini_frac", "1.5"], words: ["--grad_ini_frac", "1.5"]),
        Damage("scheme", ["--tau2_fudge_scheme", "sometimes"], words: ["--tau2_fudge_scheme", "sometimes"]),
        Damage("not a number", ["--adaptive_fraction", "nan"], words: ["--adaptive_fraction", "nan"]),
        Damage("padding", ["--pad", "0"], words: ["--pad"]),
        Damage("helix", ["--helix"], words: ["--helix", "not available yet"]),
        Damage("map without gradient", ["--som", "--K", "4"], words: ["--som", "--grad"]),
        Damage("map of two classes", ["--som", "--grad", "--K", "2"], words: ["--som", "3 classes"]),
        Damage("pull", ["--som_neighbour_pull", "1"], words: ["--som_neighbour_pull"]),
        Damage("padded CTF", ["--pad_ctf"], words: ["--pad_ctf", "larger box"]),
        Damage("signal spectrum", ["--tau", "STAR"], words: ["particles.star", "rlnReferenceTau2"]),
        Damage("Blush", ["--blush"], words: ["--blush", "not available yet"]),
        Damage("multi-body", ["--multibody_masks", "bodies.star"], words: ["--multibody_masks", "not available yet"]),
        Damage("tomograms", ["--tomograms", "tomograms.star"], words: ["--tomograms", "not available yet"]),
    ]

    @Test("with one problem, named", arguments: files + references + options)
    fileprivate func damaged(_ damage: Damage) throws {
        let fixture = try RefineFixture()
        try damage.apply(fixture)
        let arguments = damage.arguments.map { word in
            switch word {
            case "MASK": fixture.folder.path + "/mask.mrc"
            case "STAR": fixture.folder.path + "/particles.star"
            default: word
            }
        }
        let result = fixture.check(arguments)
        #expect(result.status == 1)
        for word in damage.words { #expect(result.text.contains(word), "no \(word) in: \(result.text)") }
    }

    @Test("with several problems, all named at once")
    func together() throws {
        let fixture = try RefineFixture()
        try fixture.folder.write(fixture.star().replacingOccurrences(of: "000006@", with: "000009@"), to: "particles.star")
        let result = fixture.check(["--sym", "X1", "--K", "0", "--helix", "--ref", "none.mrc", "--o", "/no/folder/run"])
        for word in ["X1", "--K", "--helix", "none.mrc", "/no/folder", "9@"] {
            #expect(result.text.contains(word), "no \(word) in: \(result.text)")
        }
    }

    @Test("a pixel size in a stack's header that differs is a warning only")
    func calibrated() throws {
        let fixture = try RefineFixture()
        try fixture.folder.write(fixture.star(pixelSize: 2.1), to: "particles.star")
        let result = fixture.check(["--ref_angpix", "2.1"])
        #expect(result.status == 0)
        #expect(result.text.contains("WARNING") && result.text.contains("a.mrcs"))
    }

    @Test("of a stack of references the first counts, with a warning; a STAR file gives each class its own")
    func severalReferences() throws {
        let fixture = try RefineFixture()
        let stack = fixture.folder.path + "/a.mrcs"
        let shared = fixture.check(["--ref", stack, "--K", "3"])
        #expect(shared.status == 0 && shared.text.contains("1 reference(s)") && shared.text.contains("first image"))
        let rows = (1...3).map { "00000\($0)@\(stack)" }.joined(separator: "\n")
        let list = try fixture.folder.write("data_references\n\nloop_\n_rlnReferenceImage #1\n\(rows)\n", to: "refs.star")
        let own = fixture.check(["--ref", list])
        #expect(own.status == 0 && own.text.contains("3 class(es)"), "\(own.text)")
    }

    @Test("--trust_ref_size accepts another box and pixel size")
    func trusted() throws {
        let fixture = try RefineFixture()
        try fixture.write(RefineFixture.image(seed: 3, shape: .cube(24)), "map.mrc", pixelSize: 1.5)
        #expect(fixture.check().status == 1)
        #expect(fixture.check(["--trust_ref_size"]).status == 0)
    }
}
