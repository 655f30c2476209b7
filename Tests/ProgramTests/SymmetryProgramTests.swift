import Arrays
import Foundation
import Geometry
import ImageFormats
import Imaging
import Parallel
import ParticlePrograms
import ProgramKit
import Projection
import Reporting
import StarFormat
import TestSupport
import Testing

/// Runs a program of the table in this process.
func runParticleProgram(_ name: String, _ arguments: [String]) -> (status: Int32, text: String) {
    let reporter = Reporter.recording(verbosity: .normal)
    guard let program = ParticlePrograms.programs.first(where: { $0.name == name }) else { return (-1, "no program \(name)") }
    let status = program.run(arguments, reporter)
    return (status, reporter.recordedText)
}

@Suite struct ParticleSymmetryExpandTests {
    static let name = "relion_particle_symmetry_expand"

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint))
    func expandsAsTheReferenceProgram() throws {
        let folder = try TemporaryFolder()
        let output = folder.file("expand.star")
        let result = runParticleProgram(
            Self.name, ["--i", SharedData.golden("noisy/truth.star").path, "--o", output, "--sym", "D2"])
        #expect(result.status == 0, "\(result.text)")
        let found = try StarDocument(contentsOf: output).table("particles")
        let golden = try StarDocument(contentsOf: SharedData.golden("star/expand.star").path).table("particles")
        #expect(found.rowCount == golden.rowCount && found.labels == golden.labels)
        #expect(try found.strings("rlnImageName") == golden.strings("rlnImageName"))
        for label in golden.labels where label != "rlnImageName" && label != "rlnMicrographName" {
            // Numbers are printed with at least five decimals.
            let worst = zip(try found.doubles(label), try golden.doubles(label)).map { abs($0 - $1) }.max() ?? 1
            #expect(worst < 1.1e-5, "\(label)")
        }
    }

    static let table = """

        # version 50001

        data_optics

        loop_
        _rlnOpticsGroup #1
        _rlnVoltage #2
        _rlnSphericalAberration #3
        _rlnImagePixelSize #4
        1 300 2.7 2.0


        # version 50001

        data_particles

        loop_
        _rlnImageName #1
        _rlnOpticsGroup #2
        _rlnAngleRot #3
        _rlnAngleTilt #4
        _rlnAnglePsi #5
        _rlnOriginXAngst #6
        _rlnOriginYAngst #7
        1@a.mrcs 1 10 90 30 1 2
        2@a.mrcs 1 20 30 0 0 0

        """

    @Test func helixSteps() throws {
        let folder = try TemporaryFolder()
        let input = try folder.write(Self.table, to: "in.star")
        let output = folder.file("out.star")
        let result = runParticleProgram(
            Self.name, ["--i", input, "--o", output, "--helix", "--twist", "25", "--rise", "10", "--asu", "3"])
        #expect(result.status == 0, "\(result.text)")
        let rows = try StarDocument(contentsOf: output).table("particles")
        #expect(try rows.doubles("rlnAngleRot") == [35, 10, -15, 45, 20, -5])
        let x = try rows.doubles("rlnOriginXAngst")
        let y = try rows.doubles("rlnOriginYAngst")
        // Six decimals are printed.
        #expect(abs(x[2] - (1 + 10 * cos(Double.pi / 6))) < 1e-5 && abs(y[2] - (2 - 5)) < 1e-5)
        #expect(abs(x[5] - 5) < 1e-5 && abs(x[3] + 5) < 1e-5 && x[1] == 1)
        _ = runParticleProgram(
            Self.name, ["--i", input, "--o", output, "--helix", "--rise", "10", "--frac_sampling", "4", "--frac_range", "0.25"])
        #expect(try StarDocument(contentsOf: output).table("particles").rowCount == 4)
        _ = runParticleProgram(Self.name, ["--i", input, "--o", output, "--helix", "--rise", "10", "--frac_sampling", "4"])
        #expect(try StarDocument(contentsOf: output).table("particles").rowCount == 8)
    }

    @Test func tableWithoutOpticsInPixels() throws {
        let folder = try TemporaryFolder()
        let text = """

            data_images

            loop_
            _rlnImageName #1
            _rlnAngleRot #2
            _rlnAngleTilt #3
            _rlnAnglePsi #4
            _rlnOriginX #5
            _rlnOriginY #6
            1@a.mrcs 10 90 0 1 2

            """
        let input = try folder.write(text, to: "old.star")
        let output = folder.file("out.star")
        let arguments = ["--i", input, "--o", output, "--ignore_optics", "--helix", "--rise", "10", "--asu", "2", "--angpix"]
        #expect(runParticleProgram(Self.name, arguments + ["2"]).status == 0)
        let document = try StarDocument(contentsOf: output)
        #expect(document.tables.count == 1)
        #expect(try document.tables[0].doubles("rlnOriginX") == [1, 6])
        _ = runParticleProgram(Self.name, arguments + ["4"])
        #expect(try StarDocument(contentsOf: output).tables[0].doubles("rlnOriginX") == [1, 3.5])
    }

    @Test func faultsAreNamed() throws {
        let folder = try TemporaryFolder()
        let input = try folder.write(Self.table, to: "in.star")
        let output = folder.file("out.star")
        func run(_ arguments: [String]) -> String {
            let result = runParticleProgram(Self.name, ["--i", input, "--o", output] + arguments)
            #expect(result.status == 1)
            return result.text
        }
        #expect(run([]).contains("no symmetry mates"))
        #expect(run(["--sym", "Q7"]).contains("Q7"))
        #expect(run(["--helix"]).contains("--asu"))
        #expect(run(["--helix", "--asu", "2", "--frac_sampling", "2"]).contains("--frac_sampling"))
        #expect(run(["--helix", "--asu", "2", "--sym", "D2"]).contains("D2"))
        #expect(runParticleProgram(Self.name, ["--i", folder.file("none.star"), "--sym", "C2"]).status == 1)
        let broken = try folder.write(Self.table.replacingOccurrences(of: "10 90 30", with: "ten 90 30"), to: "broken.star")
        let result = runParticleProgram(Self.name, ["--i", broken, "--o", output, "--sym", "C2"])
        #expect(result.status == 1 && result.text.contains("ten") && result.text.contains("rlnAngleRot"))
        #expect(!folder.exists("out.star"))
    }
}

@Suite struct AlignSymmetryTests {
    static let name = "relion_align_symmetry"
    static let pool = ThreadPool(threads: 2)

    static func correlation(_ a: RealArray, _ b: RealArray) -> Double {
        let n = Double(a.values.count)
        let (ma, mb) = (a.values.reduce(0.0) { $0 + Double($1) } / n, b.values.reduce(0.0) { $0 + Double($1) } / n)
        var (ab, aa, bb) = (0.0, 0.0, 0.0)
        for (p, q) in zip(a.values, b.values) {
            let (x, y) = (Double(p) - ma, Double(q) - mb)
            (ab, aa, bb) = (ab + x * y, aa + x * x, bb + y * y)
        }
        return ab / (aa * bb).squareRoot()
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint))
    func turnsAMapOntoItsAxes() throws {
        let folder = try TemporaryFolder()
        let (map, header) = try ImageFile.readVolume(SharedData.golden("map.mrc").path)
        let turn = EulerAngles(rot: 50, tilt: 77, psi: -31).matrix
        let reference = PaddedReference(map: map, dataDimension: .three, pool: Self.pool)
        let turned = MapRotation.rotate(reference, by: turn, pool: Self.pool).translated(by: Vector3(2, -1, 1))
        try ImageFile.write(turned, to: folder.file("turned.mrc"), pixelSizeInAngstrom: header.pixelSizeInAngstrom)
        let d2 = try SymmetryGroup(name: "D2")
        #expect(Self.correlation(turned, turned.symmetrised(d2)) < 0.9)
        let output = folder.file("aligned.mrc")
        let result = runParticleProgram(
            Self.name, ["--i", folder.file("turned.mrc"), "--o", output, "--sym", "D2", "--box_size", "32", "--nr_uniform", "100"])
        #expect(result.status == 0, "\(result.text)")
        let aligned = try ImageFile.readVolume(output).volume
        #expect(Self.correlation(aligned, aligned.symmetrised(d2)) > 0.98)
        // The three two-fold axes may have changed places.
        let axes = [
            RotationMatrix.identity, EulerAngles(rot: 90, tilt: 0, psi: 0).matrix, EulerAngles(rot: 0, tilt: 90, psi: 0).matrix,
            EulerAngles(rot: 90, tilt: 90, psi: 0).matrix, EulerAngles(rot: 0, tilt: 90, psi: 90).matrix,
            EulerAngles(rot: 90, tilt: 90, psi: 90).matrix,
        ]
        let best = axes.map { Self.correlation(aligned, MapRotation.rotate(reference, by: $0, pool: Self.pool)) }.max() ?? 0
        #expect(best > 0.95)
    }

    @Test func optionsAreChecked() throws {
        let folder = try TemporaryFolder()
        try ImageFile.write(RealArray(shape: .cube(9)), to: folder.file("odd.mrc"), pixelSizeInAngstrom: 2)
        func text(_ arguments: [String]) -> String {
            let result = runParticleProgram(Self.name, arguments + ["--o", folder.file("out.mrc")])
            #expect(result.status == 1)
            return result.text
        }
        #expect(text(["--i", folder.file("odd.mrc"), "--sym", "C2"]).contains("even number"))
        #expect(text(["--i", folder.file("none.mrc"), "--sym", "C2"]).contains("none.mrc"))
        #expect(text(["--i", folder.file("odd.mrc"), "--sym", "C2", "--box_size", "33"]).contains("--box_size"))
        #expect(
            text(["--i", "a_model.star", "--sym", "C2", "--select_largest_class", "--select_highest_resol"])
                .contains("--select_largest_class"))
    }

    @Test func classesOfAModelFile() throws {
        let folder = try TemporaryFolder()
        var maps: [String] = []
        for value in 1...2 {
            var map = RealArray(shape: .cube(8))
            map[4, 4, 4] = Float(value)
            try ImageFile.write(map, to: folder.file("class\(value).mrc"), pixelSizeInAngstrom: 2)
            maps.append(folder.file("class\(value).mrc"))
        }
        let model = try folder.write(
            """

            data_model_classes

            loop_
            _rlnReferenceImage #1
            _rlnClassDistribution #2
            _rlnEstimatedResolution #3
            \(maps[0]) 0.7 9.0
            \(maps[1]) 0.3 8.0

            """, to: "run_model.star")
        let output = folder.file("out.mrc")
        let arguments = ["--i", model, "--sym", "C1", "--o", output]
        #expect(runParticleProgram(Self.name, arguments).status == 1)
        #expect(runParticleProgram(Self.name, arguments + ["--select_largest_class"]).status == 0)
        #expect(try ImageFile.readVolume(output).volume[4, 4, 4] == 1)
        #expect(runParticleProgram(Self.name, arguments + ["--select_highest_resol"]).status == 0)
        #expect(try ImageFile.readVolume(output).volume[4, 4, 4] == 2)
    }
}
