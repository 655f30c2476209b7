import Arrays
import Foundation
import Geometry
import ImageFormats
import Imaging
import Metadata
import Reporting
import StarFormat
import TestSupport
import Testing
import UtilityPrograms

private func localSymmetry(_ arguments: [String]) -> (status: Int32, text: String) {
    let reporter = Reporter.recording(verbosity: .normal)
    guard let entry = UtilityPrograms.programs.first(where: { $0.name == "relion_localsym" }) else { return (-1, "no program") }
    let status = entry.run(arguments, reporter)
    return (status, reporter.recordedText)
}

/// A simulated map with two copies of a domain, whose motion is known.
@Suite struct LocalSymmetryProgramTests {
    private static let box = 32, pixelSize = 2.0
    private static let motion = RigidMotion(
        rotation: EulerAngles(rot: 30, tilt: 70, psi: -50).matrix, shift: Vector3(-1.3, 2.4, 0.7))
    private static let centre = Vector3(7, 1, -3)
    private let folder: TemporaryFolder
    private let map: RealArray

    init() throws {
        folder = try TemporaryFolder()
        map = Self.volume { Self.density($0) + Self.density(Self.motion.inverse * $0) }
        try write(map, "map.mrc")
        try write(Self.sphere(Self.centre), "mask.mrc")
        try write(Self.sphere(Self.motion * Self.centre), "copy.mrc")
        try writeSymmetry("true.star", angles: "30 70 -50", shift: "-2.6 4.8 1.4")
    }

    private static func volume(_ value: (Vector3) -> Double) -> RealArray {
        var map = RealArray(shape: .cube(box))
        for z in 0..<box {
            for y in 0..<box {
                for x in 0..<box {
                    map[x, y, z] = Float(value(Vector3(Double(x - box / 2), Double(y - box / 2), Double(z - box / 2))))
                }
            }
        }
        return map
    }

    private static func density(_ p: Vector3) -> Double {
        let atoms: [(Vector3, Double)] = [
            (Vector3(0, 0, 0), 1), (Vector3(2, 1, 0), 0.8), (Vector3(-2, 1, 1), -0.6), (Vector3(0, -3, 1), 0.9),
            (Vector3(1, 0, -3), 0.7),
        ]
        return atoms.reduce(0) { sum, atom in
            let d = p - centre - atom.0
            return sum + atom.1 * exp(-d.dot(d) / 3.5)
        }
    }

    private static func sphere(_ centre: Vector3) -> RealArray {
        volume { p in
            let r = (p - centre).dot(p - centre).squareRoot()
            return r < 5 ? 1 : r > 7 ? 0 : 0.5 + 0.5 * cos(.pi * (r - 5) / 2)
        }
    }

    private func write(_ map: RealArray, _ name: String) throws {
        try ImageFile.write(map, to: folder.file(name), pixelSizeInAngstrom: Self.pixelSize)
    }

    private func writeSymmetry(_ name: String, angles: String, shift: String) throws {
        try folder.write(
            "data_\nloop_\n_rlnMaskName\n_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n_rlnOriginXAngst\n_rlnOriginYAngst\n"
                + "_rlnOriginZAngst\n\(folder.path)/mask.mrc \(angles) \(shift)\n", to: name)
    }

    private func run(_ function: String, _ options: [String] = [], symmetry: String = "true.star", map: String? = "map.mrc")
        -> (status: Int32, text: String)
    {
        localSymmetry(
            [function, "--angpix", "2", "--i_mask_info", folder.path + "/" + symmetry, "--o_map", folder.path + "/out.mrc",
             "--o_mask_info", folder.path + "/out.star"] + (map.map { ["--i_map", folder.path + "/" + $0] } ?? []) + options)
    }

    private func result() throws -> RealArray { try ImageFile.read(folder.path + "/out.mrc").image }

    private func found() throws -> RigidMotion {
        let domain = try LocalSymmetryFile(contentsOf: folder.path + "/out.star").domains[0]
        return RigidMotion(rotation: domain.motions[0].rotation, shift: domain.motions[0].shift / Self.pixelSize)
    }

    // MARK: Maps

    @Test func averagingKeepsASymmetricMapAndRemovesNoise() throws {
        var noisy = map
        var numbers = TestNumbers(seed: 3)
        for i in noisy.values.indices { noisy.values[i] += Float(numbers.next(below: 1000)) / 1000 - 0.5 }
        try write(noisy, "noisy.mrc")
        #expect(run("--apply", map: "noisy.mrc").status == 0)
        let averaged = try result(), mask = Self.sphere(Self.centre)
        func error(_ a: RealArray) -> Double {
            zip(zip(a.values, map.values), mask.values).reduce(0) { $0 + Double($1.1) * pow(Double($1.0.0 - $1.0.1), 2) }
        }
        // Half the noise power is left, and some error of interpolation comes in.
        #expect(error(averaged) < 0.7 * error(noisy))
        #expect(run("--apply", ["--sphere_percentage", "0.5", "--width", "2"]).status == 0)
        let cut = try result()
        #expect(cut[16, 16, 3] == 0 && cut[20, 17, 14] != 0)
    }

    @Test func copiesOfMasksAndOfDensity() throws {
        #expect(run("--duplicate", map: nil).status == 0)
        let masks = try result(), both = zip(Self.sphere(Self.centre).values, Self.sphere(Self.motion * Self.centre).values)
        // Linear interpolation of an edge of two pixels.
        #expect(zip(masks.values, both).allSatisfy { abs($0 - $1.0 - $1.1) < 0.12 })
        #expect(run("--duplicate").status == 0)
        let density = try result()
        #expect(density != masks && density.values.max() ?? 0 > 0.5)
    }

    @Test func transformation() throws {
        let options = ["--rot", "30", "--tilt", "70", "--psi", "-50", "--xoff", "-2.6", "--yoff", "4.8", "--zoff", "1.4"]
        try write(Self.volume(Self.density), "map.mrc")
        #expect(run("--transform", options).status == 0)
        let expected = Self.volume { Self.density(Self.motion.inverse * $0) }
        // Linear interpolation of Gaussians of this width loses up to a sixth of their height.
        #expect(zip(try result().values, expected.values).allSatisfy { abs($0 - $1) < 0.2 })
        for index in stride(from: 0, to: options.count, by: 2) {
            let before = try result()
            var other = options
            other[index + 1] = "17"
            #expect(run("--transform", other).status == 0)
            #expect(try result() != before, "\(options[index])")
            #expect(run("--transform", options).status == 0)
        }
    }

    // MARK: Searches

    @Test(arguments: [[], ["--bin", "1.4"]]) func refinesMotions(options: [String]) throws {
        try writeSymmetry("near.star", angles: "32 68 -50", shift: "-4.6 5.8 0.4")
        let result = run(
            "--search", ["--ang_range", "2", "--ang_step", "1", "--offset_range", "3", "--offset_step", "0.5"] + options,
            symmetry: "near.star")
        #expect(result.status == 0, "\(result.text)")
        // Grid points of 1° and 0.25 pixels; the origin of the shift is 8 pixels from the domain.
        let found = try found()
        #expect(found.isClose(to: Self.motion, degrees: 1.5, distance: 0.6), "\(found)")
        let list = try StarDocument(contentsOf: folder.path + "/out_cc_mask001_op001.star").tables[0]
        let misfits = try list.doubles("rlnImageWeight")
        #expect(misfits == misfits.sorted() && misfits.count > 1000)
    }

    @Test func findsMotionsFromMasks() throws {
        try folder.write(
            "data_\nloop_\n_rlnMaskName\n_rlnAreaId\n\(folder.path)/mask.mrc 1\n\(folder.path)/copy.mrc 1\n", to: "masks.star")
        let result = run("--search", ["--i_op_mask_info", folder.path + "/masks.star", "--ang_step", "30", "--bin", "1.5"])
        #expect(result.status == 0, "\(result.text)")
        // The nearest grid point is 23° away: (30, 60, −60).
        let nearest = try found()
        #expect(nearest.isClose(to: Self.motion, degrees: 26, distance: 5), "\(nearest)")
        let even = run(
            "--search", ["--i_op_mask_info", folder.path + "/masks.star", "--ang_step", "16", "--bin", "1.5", "--use_healpix"])
        #expect(even.status == 0, "\(even.text)")
        // Spacing of 15°: no orientation is further from the grid than about 14°.
        let onSphere = try found()
        #expect(onSphere.isClose(to: Self.motion, degrees: 15, distance: 3) && onSphere != nearest, "\(onSphere)")
        let local = run(
            "--search", ["--i_op_mask_info", folder.path + "/masks.star", "--ang_rot_range", "30", "--ang_step", "30",
                         "--offset_x_range", "2", "--offset_step", "2"])
        #expect(local.status == 0, "\(local.text)")
        let list = try StarDocument(contentsOf: folder.path + "/out_cc_mask001_op001.star").tables[0]
        #expect(list.rowCount == 9)
    }

    // MARK: Files

    @Test func textBecomesStarAndBack() throws {
        try folder.write(
            "# DM\nMASKFILENAME a.mrc\n ROTA EULER 10 20 30\n  TRAN 1 2 3\nMASKFILENAME b.mrc\n ROTA MATRIX 0 1 0\n -1 0 0\n 0 0 1\n"
                + " TRAN 0 0 5\n ROTA POLAR 0 0 90\n TRAN 0 0 -5\n OMAT\n 1 0 0\n 0 0 1\n 0 -1 0\n 3 4 5\n", to: "in.txt")
        #expect(run("--txt2rln", symmetry: "in.txt").status == 0)
        let file = try LocalSymmetryFile(contentsOf: folder.path + "/out.star")
        #expect(file.domains.map(\.motions.count) == [1, 3])
        #expect(file.domains[0].motions[0].isClose(
            to: RigidMotion(rotation: EulerAngles(rot: 10, tilt: 20, psi: 30).matrix, shift: Vector3(1, 2, 3)), degrees: 1e-3,
            distance: 1e-5))
        // A quarter turn about z either way, as psi of the other sign.
        #expect(file.domains[1].motions[0].isClose(
            to: RigidMotion(rotation: EulerAngles(rot: 0, tilt: 0, psi: -90).matrix, shift: Vector3(0, 0, 5)), degrees: 1e-3,
            distance: 1e-5))
        #expect(file.domains[1].motions[1].isClose(
            to: RigidMotion(rotation: EulerAngles(rot: 0, tilt: 0, psi: 90).matrix, shift: Vector3(0, 0, -5)), degrees: 1e-3,
            distance: 1e-5))
        try file.write(to: folder.path + "/again.txt")
        let again = try LocalSymmetryFile(contentsOf: folder.path + "/again.txt")
        for (a, b) in zip(file.domains.flatMap(\.motions), again.domains.flatMap(\.motions)) {
            #expect(a.isClose(to: b, degrees: 1e-3, distance: 1e-5))
        }
    }

    @Test(arguments: [
        "MASKFILENAME", "ROTA EULER 1 2 3 TRAN 1 2 3", "MASKFILENAME a ROTA EULER 1 2", "MASKFILENAME a ROTA EULER 1 2 3 4",
        "MASKFILENAME a ROTA SPIN 1 2 3 TRAN 1 2 3", "MASKFILENAME a", "", "MASKFILENAME a ROTA MATRIX 1 2 3 4 5 6 7 8 9 TRAN 1 1 1",
        "MASKFILENAME a ROTA EULER 1 2 x TRAN 1 2 3", "MASKFILENAME a MASKFILENAME a",
    ])
    func damagedText(text: String) throws {
        let path = try folder.write(text, to: "bad.txt")
        #expect(throws: InputError.self) { try LocalSymmetryFile(contentsOf: path) }
    }

    @Test func faults() throws {
        #expect(localSymmetry([]).text.contains("none of them is given"))
        #expect(localSymmetry(["--apply", "--search"]).text.contains("2 of them"))
        #expect(localSymmetry(["--debug"]).text.contains("--debug  is not available yet"))
        #expect(run("--search").text.contains("--ang_range"))
        #expect(run("--search", ["--ang_range", "1", "--ang_step", "2"]).text.contains("larger than a range"))
        #expect(run("--apply", ["--sphere_percentage", "1"]).text.contains("--sphere_percentage"))
        try write(RealArray(shape: .cube(16), repeating: 1), "mask.mrc")
        #expect(run("--apply").text.contains("16 × 16 × 16"))
        #expect(localSymmetry(["--search", "--function_help"]).text.contains("--i_op_mask_info"))
    }
}
