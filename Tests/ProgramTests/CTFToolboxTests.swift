import Arrays
import Foundation
import ImageFormats
import Optics
import StarFormat
import TestSupport
import Testing

@Suite struct CTFToolboxTests {
    static let name = "relion_ctf_toolbox"

    @Test func simulation() throws {
        let folder = try TemporaryFolder()
        let output = folder.file("ctf.mrc")
        let base = ["--simulate", output, "--box", "32", "--angpix", "2"]
        #expect(runParticleProgram(Self.name, base).status == 0)
        let plain = try ImageFile.read(output).image
        let function = ContrastTransferFunction(
            defocusUInAngstrom: 20000, defocusVInAngstrom: 20000, defocusAngleInDegrees: 0, voltageInKilovolts: 300,
            sphericalAberrationInMillimetres: 2.7, amplitudeContrast: 0.1)
        #expect(abs(plain[16, 16] - 0.1) < 1e-6)
        #expect(abs(plain[20, 13] - Float(function.value(x: 4.0 / 64, y: -3.0 / 64))) < 1e-6)
        let changes = [
            ["--kV", "200"], ["--Q0", "0.2"], ["--Cs", "0.5"], ["--defU", "15000"], ["--defV", "15000"],
            ["--defV", "15000", "--defAng", "30"], ["--phase_shift", "90"], ["--ctf_intact_first_peak"],
            ["--ctf_intact_after_first_peak"], ["--ctf_pad"],
        ]
        var seen = [plain]
        for change in changes {
            let result = runParticleProgram(Self.name, base + change)
            #expect(result.status == 0, "\(change): \(result.text)")
            let image = try ImageFile.read(output).image
            #expect(!seen.contains(image), "\(change)")
            seen.append(image)
        }
    }

    /// Images of the reference program without and with its transfer function.
    @Test(.enabled(if: SharedData.isPresent, SharedData.hint))
    func multiplication() throws {
        let folder = try TemporaryFolder()
        let stack = folder.file("images.mrcs")
        try FileManager.default.copyItem(atPath: SharedData.golden("project_noctf.mrcs").path, toPath: stack)
        var document = try StarDocument(contentsOf: SharedData.golden("project_ctf.star").path)
        var rows = try document.table("particles")
        rows.set("rlnImageName", strings: (1...24).map { "\($0)@\(stack)" })
        document.set(rows)
        let input = folder.file("particles.star")
        try document.write(to: input)
        let result = runParticleProgram(Self.name, ["--i", input, "--o", "mult"])
        #expect(result.status == 0, "\(result.text)")
        let found = try ImageFile.read(folder.file("images_mult.mrcs"))
        let golden = try ImageFile.read(SharedData.golden("project_ctf.mrcs").path)
        let scale = golden.image.values.map(abs).max() ?? 1
        let worst = zip(found.image.values, golden.image.values).map { abs($0 - $1) }.max() ?? 1
        // Both stacks went through single precision.
        #expect(worst < 1e-5 * scale)
        let output = try StarDocument(contentsOf: folder.file("particles_mult.star"))
        #expect(try output.table("particles").strings("rlnImageName")[7] == "000008@\(folder.file("images_mult.mrcs"))")
        #expect(try output.table("optics").ints("rlnCtfDataAreCtfPremultiplied") == [1])

        for option in ["--ctf_pad", "--ctf_intact_first_peak", "--ctf_intact_after_first_peak", "--apply_orient"] {
            #expect(runParticleProgram(Self.name, ["--i", input, "--o", "other", option]).status == 0)
            let other = try ImageFile.read(folder.file("images_other.mrcs"))
            #expect(other.image != found.image, "\(option)")
        }
    }

    @Test func faultsAreNamed() throws {
        #expect(runParticleProgram(Self.name, []).status == 1)
        #expect(runParticleProgram(Self.name, ["--simulate", "a.mrc", "--Q0", "2"]).text.contains("amplitude contrast"))
        #expect(runParticleProgram(Self.name, ["--i", "none.star", "--o", "x"]).text.contains("none.star"))
        #expect(runParticleProgram(Self.name, ["--i", "none.star"]).text.contains("--o"))
    }
}
