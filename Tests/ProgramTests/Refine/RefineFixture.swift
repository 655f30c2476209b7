import Arrays
import Foundation
import ImageFormats
import Reporting
import TestSupport

@testable import ParticlePrograms

/// A small project folder: 12 particles of box 16 in two stacks, a map, masks, and the particle file.
final class RefineFixture {
    static let box = 16
    static let pixelSize = 2.0
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for stack in ["a", "b"] {
            let images = (0..<6).map { Self.image(seed: $0 + (stack == "a" ? 0 : 6), shape: .square(Self.box)) }
            try ImageFile.writeStack(images, to: folder.file("\(stack).mrcs"), pixelSizeInAngstrom: Self.pixelSize)
        }
        try write(Self.image(seed: 100, shape: .cube(Self.box)), "map.mrc")
        try write(RealArray(shape: .cube(Self.box), repeating: 1), "mask.mrc")
        try folder.write(star(), to: "particles.star")
        _ = folder.file("out/x")
    }

    /// Repeatable numbers between −1 and 1 that differ from pixel to pixel.
    static func image(seed: Int, shape: Shape) -> RealArray {
        var state = UInt64(seed + 1) &* 0x9e37_79b9_7f4a_7c15
        return RealArray(
            shape: shape,
            values: (0..<shape.count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Float(Int32(truncatingIfNeeded: state >> 33)) / Float(1 << 30) - 1
            })
    }

    func write(_ image: RealArray, _ name: String, pixelSize: Double = pixelSize) throws {
        try ImageFile.write(image, to: folder.file(name), pixelSizeInAngstrom: pixelSize)
    }

    /// The particle file; micrograph `b` stands first, so that rows are out of order.
    func star(
        box: Int = box, pixelSize: Double = pixelSize, opticsLabels: String = "",
        rows: ((_ rows: [String]) -> [String])? = nil
    ) -> String {
        var lines = (1...6).map { "00000\($0)@\(folder.path)/b.mrcs Mics/job002/b.mrc 1 10000 9000 30 0 1 0" }
        lines += (1...6).map { "00000\($0)@\(folder.path)/a.mrcs Mics/job002/a.mrc 1 12000 11000 30 0 1 0" }
        if let rows { lines = rows(lines) }
        return """
            # version 50001

            data_optics

            loop_
            _rlnOpticsGroupName #1
            _rlnOpticsGroup #2
            _rlnVoltage #3
            _rlnSphericalAberration #4
            _rlnAmplitudeContrast #5
            _rlnImagePixelSize #6
            _rlnImageSize #7
            _rlnImageDimensionality #8
            group1 1 300 2.7 0.1 \(pixelSize) \(box) 2

            data_particles

            loop_
            _rlnImageName #1
            _rlnMicrographName #2
            _rlnOpticsGroup #3
            _rlnDefocusU #4
            _rlnDefocusV #5
            _rlnDefocusAngle #6
            _rlnCtfBfactor #7
            _rlnCtfScalefactor #8
            _rlnPhaseShift #9
            \(lines.joined(separator: "\n"))

            """
    }

    /// Arguments of a run that has nothing wrong.
    var arguments: [String] {
        [
            "--i", folder.path + "/particles.star", "--o", folder.path + "/out/run", "--ref", folder.path + "/map.mrc",
            "--ctf", "--particle_diameter", "24", "--j", "2",
        ]
    }

    /// Checks the input without refining.
    func check(_ more: [String] = []) -> (status: Int32, text: String) {
        let reporter = Reporter.recording()
        let refine = ParticlePrograms.programs.first { $0.name == "relion_refine" }
        let status = refine?.run(arguments + more + ["--dry_run"], reporter) ?? -1
        return (status, reporter.recordedText)
    }
}
