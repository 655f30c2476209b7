import Geometry
import Reporting
import StarFormat
import Testing
import TestSupport

@testable import CryosparcFormat

@Suite struct CryosparcExchangeTests {
    /// Single precision of an angle up to π, in degrees, twice.
    private let angleTolerance = 6e-5
    /// Elements of matrices: three components of a vector of up to π in single precision. (Near the poles rot and psi are less exact.)
    private let matrixTolerance = 1e-6

    private func expectSameOrientations(_ a: StarTable, _ b: StarTable) throws {
        func matrices(_ table: StarTable) throws -> [RotationMatrix] {
            let (rot, tilt, psi) = (try table.doubles("rlnAngleRot"), try table.doubles("rlnAngleTilt"), try table.doubles("rlnAnglePsi"))
            return rot.indices.map { EulerAngles(rot: rot[$0], tilt: tilt[$0], psi: psi[$0]).matrix }
        }
        for (row, pair) in zip(try matrices(a), try matrices(b)).enumerated() {
            #expect(pair.0.isClose(to: pair.1, tolerance: matrixTolerance), "particle \(row + 1)")
        }
    }

    @Test func posesAreTurnsOfTheImage() {
        // A turn about z alone is psi; the identity has no axis.
        let flat = RotationVector(SIMD3(0, 0, 0.5)).angles
        #expect(abs(flat.psi + flat.rot - 0.5 * 180 / .pi) < 1e-12 && abs(flat.tilt) < 1e-12)
        #expect(RotationVector(.zero).angles == .zero && RotationVector(EulerAngles.zero).vector == .zero)
        for rot in stride(from: -180.0, through: 180, by: 45) {
            for tilt in stride(from: 0.0, through: 180, by: 30) {
                for psi in stride(from: -180.0, through: 180, by: 60) {
                    let angles = EulerAngles(rot: rot, tilt: tilt, psi: psi)
                    let back = RotationVector(angles).angles
                    #expect(back.matrix.isClose(to: angles.matrix, tolerance: 1e-12), "\(rot) \(tilt) \(psi)")
                    // Definition: the matrix is the transpose of the axis' rotation.
                    let vector = RotationVector(angles).vector
                    let length = (vector * vector).sum().squareRoot()
                    if length > 0 {
                        let turn = RotationMatrix(angleInDegrees: length * 180 / .pi, axis: vector)
                        #expect(turn.transpose.isClose(to: angles.matrix, tolerance: 1e-12), "\(rot) \(tilt) \(psi)")
                    }
                }
            }
        }
    }

    private func particles() throws -> StarDocument {
        try StarDocument(text: """
            data_optics
            loop_
            _rlnOpticsGroupName #1
            _rlnOpticsGroup #2
            _rlnVoltage #3
            _rlnSphericalAberration #4
            _rlnAmplitudeContrast #5
            _rlnImagePixelSize #6
            _rlnImageSize #7
            _rlnBeamTiltX #8
            _rlnBeamTiltY #9
            opticsGroup1 1 300 2.7 0.1 1.34 128 0.2 -0.1
            opticsGroup2 2 200 1.4 0.07 0.885 64 0 0

            data_particles
            loop_
            _rlnImageName #1
            _rlnMicrographName #2
            _rlnCoordinateX #3
            _rlnCoordinateY #4
            _rlnOpticsGroup #5
            _rlnDefocusU #6
            _rlnDefocusV #7
            _rlnDefocusAngle #8
            _rlnPhaseShift #9
            _rlnAngleRot #10
            _rlnAngleTilt #11
            _rlnAnglePsi #12
            _rlnOriginXAngst #13
            _rlnOriginYAngst #14
            _rlnClassNumber #15
            _rlnRandomSubset #16
            000007@E/a.mrcs M/a.mrc 100.25 200.5 1 12000 11500 45 0 10 20 30 1.5 -2.5 1 1
            000001@E/b.mrcs M/b.mrc 1 4000 2 9000 8800 -60 90 -170 179 -90 -3 0 3 2

            """, name: "p.star")
    }

    @Test func starFilesComeBack() throws {
        var settings = CryosparcExport.Settings()
        settings.micrographSize = (3710, 3838)
        let original = try particles()
        let table = try NumpyTable(bytes: CryosparcExport(original, settings: settings).table.bytes, name: "p.cs")
        #expect(try table.strings("blob/path")[0] == ">E/a.mrcs" && table.doubles("blob/idx") == [6, 0])
        #expect(try table.doubles("location/micrograph_shape") == [3838, 3710, 3838, 3710])
        let back = try CryosparcImport(CryosparcTable(table)).document
        let (before, after) = (try original.table("particles"), try back.table("particles"))
        for label in ["rlnImageName", "rlnMicrographName"] { #expect(try before.strings(label) == after.strings(label)) }
        for label in ["rlnOpticsGroup", "rlnClassNumber", "rlnRandomSubset"] { #expect(try before.ints(label) == after.ints(label), "\(label)") }
        try expectSameOrientations(before, after)
        for label in ["rlnDefocusAngle", "rlnPhaseShift"] {
            for (a, b) in zip(try before.doubles(label), try after.doubles(label)) { #expect(abs(a - b) < angleTolerance, "\(label)") }
        }
        // Single precision has 24 bits: 4000 pixels and 12000 Å to 2⁻¹².
        for label in ["rlnCoordinateX", "rlnCoordinateY", "rlnDefocusU", "rlnDefocusV", "rlnOriginXAngst", "rlnOriginYAngst"] {
            for (a, b) in zip(try before.doubles(label), try after.doubles(label)) { #expect(abs(a - b) < 5e-4, "\(label)") }
        }
        let optics = try back.table("optics")
        for label in ["rlnVoltage", "rlnSphericalAberration", "rlnAmplitudeContrast", "rlnImagePixelSize"] {
            #expect(try optics.doubles(label) == original.table("optics").doubles(label), "\(label)")
        }
        for (a, b) in zip(try optics.doubles("rlnBeamTiltX"), [0.2, 0]) { #expect(abs(a - b) < 1e-6) }
    }

    @Test func shiftsArePixelsOfTheAlignment() throws {
        var writer = NumpyTableWriter(rowCount: 1)
        writer.add("uid", words: [5])
        writer.add("blob/path", texts: [">J1/123456789012345_s.mrc"])
        writer.add("blob/idx", whole: [0])
        writer.add("blob/psize_A", floats: [1])
        writer.add("blob/sign", floats: [-1])
        writer.add("alignments3D/pose", floats: [0, 0, 0], elements: 3)
        writer.add("alignments3D/shift", floats: [2, -3], elements: 2)
        writer.add("alignments3D/psize_A", floats: [4])
        var pass = NumpyTableWriter(rowCount: 2)
        pass.add("uid", words: [9, 5])
        pass.add("ctf/df1_A", floats: [1, 20000])
        pass.add("location/center_x_frac", floats: [0, 0.25])
        pass.add("location/center_y_frac", floats: [0, 0.75])
        pass.add("location/micrograph_shape", whole: [1, 1, 400, 1000], elements: 2)
        var settings = CryosparcImport.Settings()
        settings.pathPrefix = "CS"
        settings.stripsNumbers = true
        settings.invertsY = true
        let main = try NumpyTable(bytes: writer.bytes, name: "a.cs"), other = try NumpyTable(bytes: pass.bytes, name: "b.cs")
        let result = try CryosparcImport(CryosparcTable(main, passthroughs: [other]), settings: settings)
        let table = try result.document.table("particles")
        #expect(try table.doubles("rlnOriginXAngst") == [8] && table.doubles("rlnOriginYAngst") == [-12])
        #expect(try table.doubles("rlnDefocusU") == [20000])
        #expect(try table.strings("rlnImageName") == ["000001@CS/J1/s.mrc:mrcs"])
        #expect(try table.doubles("rlnCoordinateX") == [250] && table.doubles("rlnCoordinateY") == [100])
        #expect(result.warnings.contains { $0.contains("blob/sign") })
        // A passthrough file of another job lacks the particle.
        #expect(throws: InputError.self) { try CryosparcTable(other, passthroughs: [main]) }
    }

    @Test func theLikeliestClassCounts() throws {
        var writer = NumpyTableWriter(rowCount: 2)
        writer.add("uid", words: [1, 2])
        writer.add("blob/path", texts: ["a.mrcs", "a.mrcs"])
        writer.add("blob/idx", whole: [0, 1])
        writer.add("blob/psize_A", floats: [2, 2])
        for (group, posterior) in [(0, [0.9, 0.2]), (1, [0.1, 0.8])] {
            writer.add("alignments_class_\(group)/class_posterior", floats: posterior)
            writer.add("alignments_class_\(group)/pose", floats: [0, 0, Double(group), 0, 0, Double(group)], elements: 3)
            writer.add("alignments_class_\(group)/shift", floats: Array(repeating: Double(group), count: 4), elements: 2)
        }
        let table = try CryosparcImport(CryosparcTable(NumpyTable(bytes: writer.bytes, name: "c.cs"))).document.table("particles")
        #expect(try table.ints("rlnClassNumber") == [1, 2] && table.doubles("rlnOriginXAngst") == [0, 2])
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func aRealRefinementComesBack() throws {
        let original = try StarDocument(contentsOf: SharedData.tutorial("reference/refine3d/run_data.star").path)
        var settings = CryosparcExport.Settings()
        settings.micrographSize = (3710, 3838)
        let table = try NumpyTable(bytes: CryosparcExport(original, settings: settings).table.bytes, name: "r.cs")
        let back = try CryosparcImport(CryosparcTable(table)).document.table("particles")
        let before = try original.table("particles")
        #expect(try before.strings("rlnImageName") == back.strings("rlnImageName"))
        try expectSameOrientations(before, back)
        for (a, b) in zip(try before.doubles("rlnDefocusAngle"), try back.doubles("rlnDefocusAngle")) { #expect(abs(a - b) < angleTolerance) }
    }
}
