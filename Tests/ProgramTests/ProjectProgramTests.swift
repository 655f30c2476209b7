import Arrays
import Foundation
import ImageFormats
import Metadata
import TestSupport
import Testing

@Suite("relion_project", .enabled(if: SharedData.isPresent, SharedData.hint))
struct ProjectProgramTests {
    private let map = SharedData.golden("map.mrc").path
    private let angles = SharedData.golden("angles.star").path

    private func project(_ folder: TemporaryFolder, _ arguments: [String], name: String = "out") throws -> RealArray {
        let result = runParticleProgram("relion_project", ["--i", map, "--o", folder.file(name), "--angpix", "3.54"] + arguments)
        try #require(result.status == 0, "\(result.text)")
        return try ImageFile.read(folder.file(name) + (folder.exists(name + ".mrcs") ? ".mrcs" : ".mrc")).image
    }

    @Test("agrees with RELION", arguments: [("project_noctf", []), ("project_ctf", ["--ctf"])])
    func golden(name: String, options: [String]) throws {
        let folder = try TemporaryFolder()
        let ours = try project(folder, ["--ang", angles] + options)
        let theirs = try ImageFile.read(SharedData.golden(name + ".mrcs").path).image
        #expect(ours.shape == theirs.shape)
        for i in 0..<ours.shape.z {
            let (correlation, scale) = agreement(ours.section(i), theirs.section(i))
            // One coefficient at Nyquist lies on the rim, where rounding decides whether it counts.
            #expect(correlation > 0.9999, "image \(i)")
            #expect(abs(scale - 1) < 1e-3, "image \(i)")
        }
        let table = try ParticleTable(contentsOf: folder.file("out.star"))
        #expect(table.count == 24)
        #expect(try table.strings(.imageName)[4] == "000005@" + folder.file("out.mrcs"))
    }

    @Test("every option changes the projections of a STAR file")
    func series() throws {
        let folder = try TemporaryFolder()
        let mask = try ImageFile.read(map)
        var half = RealArray(shape: mask.image.shape)
        for i in 0..<half.values.count / 2 { half.values[i] = 1 }
        try ImageFile.write(half, to: folder.file("half.mrc"), pixelSizeInAngstrom: 3.54)
        let base = try project(folder, ["--ang", angles, "--ctf"])
        let variants: [[String]] = [
            ["--mask", folder.file("half.mrc")], ["--maxres", "12"], ["--pad", "1"], ["--NN"], ["--float16"], ["--ctf_phase_flip"],
            ["--ctf_intact_first_peak"], ["--ctf2"], ["--add_noise", "--white_noise", "2"], ["--angpix", "3"],
            ["--add_noise", "--model_noise", SharedData.golden("refine3d/run_it001_model.star").path],
        ]
        var seen = [base]
        for variant in variants {
            let other = try project(folder, ["--ang", angles, "--ctf"] + variant)
            #expect(other.shape == base.shape && !seen.contains(other), "\(variant)")
            seen.append(other)
        }
        #expect(try project(folder, ["--ang", angles]) != base)
        #expect(try project(folder, ["--ang", angles, "--ctf", "--ignore_particle_name"]) == base)
    }

    @Test("noise has the spread that was asked for")
    func noise() throws {
        let folder = try TemporaryFolder()
        let clean = try project(folder, ["--ang", angles])
        let noisy = try project(folder, ["--ang", angles, "--add_noise", "--white_noise", "3"])
        let square = zip(clean.values, noisy.values).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) } / Double(clean.values.count)
        // 98304 values: the estimate of a standard deviation is good to 0.25 %; the columns x = 0 and Nyquist are unpaired.
        #expect(abs(square.squareRoot() - 3) < 0.1)
    }

    @Test("single projections")
    func single() throws {
        let folder = try TemporaryFolder()
        let base = try project(folder, ["--rot", "20", "--tilt", "30", "--psi", "-40"])
        #expect(base.shape == .square(64))
        for variant in [["--rot", "21"], ["--tilt", "31"], ["--psi", "41"], ["--xoff", "2"], ["--yoff", "-2"], ["--add_noise", "--white_noise", "1"]] {
            #expect(try project(folder, ["--rot", "20", "--tilt", "30", "--psi", "-40"] + variant) != base, "\(variant)")
        }
        // The origin moves the image onto the reference: the image has the opposite shift.
        let moved = try project(folder, ["--rot", "20", "--tilt", "30", "--psi", "-40", "--xoff", "2"])
        #expect(abs(moved[30, 32] - base[32, 32]) < 1e-3 * (base.values.max() ?? 0))
        let volume = try project(folder, ["--tilt", "90", "--3d_rot"], name: "volume")
        let raised = try project(folder, ["--tilt", "90", "--3d_rot", "--zoff", "3"], name: "volume")
        #expect(volume.shape == .cube(64) && raised != volume)
        #expect(abs(raised[32, 32, 29] - volume[32, 32, 32]) < 1e-3 * (volume.values.max() ?? 0))
    }

    @Test("random directions are the same every time")
    func uniform() throws {
        let folder = try TemporaryFolder()
        let first = try project(folder, ["--nr_uniform", "5"]), second = try project(folder, ["--nr_uniform", "5"])
        #expect(first == second && first.shape.z == 5)
        #expect(try project(folder, ["--nr_uniform", "5", "--sigma_offset", "5"]) != first)
        #expect(try ParticleTable(contentsOf: folder.file("out.star")).values(.originX).contains { $0 != 0 })
    }

    @Test("subtraction and simulation with images")
    func experiments() throws {
        let folder = try TemporaryFolder()
        let particles = try goldenParticles("clean/truth.star", in: folder)
        let images = try ImageFile.read(SharedData.golden("clean/particles.mrcs").path).image
        func power(_ array: RealArray) -> Double { array.values.reduce(0) { $0 + Double($1 * $1) } }
        let rest = try project(folder, ["--ang", particles, "--ctf", "--subtract_exp"])
        let table = try ParticleTable(contentsOf: folder.file("out.star"))
        #expect(try table.rows.strings("rlnImageOriginalName")[0].hasPrefix("000001@"))
        // What is left is the image less the projection, whatever the grey scale of the map.
        let projected = try project(folder, ["--ang", particles, "--ctf"])
        let expected = zip(images.values, projected.values).map { $0 - $1 }
        let error = zip(rest.values, expected).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
        #expect(error < 1e-6 * power(rest))
        let simulated = try project(folder, ["--ang", particles, "--simulate"])
        #expect(power(simulated) > 0.5 * power(images) && simulated != images)
        #expect(try project(folder, ["--ang", particles, "--simulate", "--adjust_simulation_SNR", "0.5"]) != simulated)
        #expect(try project(folder, ["--ang", particles, "--simulate", "--ang_simulate", particles]) != simulated)
    }

    @Test("wrong input is refused", arguments: [
        ["--ctf"], ["--pad", "0"], ["--add_noise", "--ang", "a.star"], ["--nr_uniform", "3", "--ang", "a.star"],
        ["--mask", "none.mrc"], ["--ang", "none.star"],
    ])
    func refused(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let result = runParticleProgram("relion_project", ["--i", map, "--o", folder.file("out"), "--angpix", "3.54"] + arguments)
        #expect(result.status != 0 && result.text.contains("ERROR"), "\(arguments): \(result.text)")
        #expect(!folder.exists("out.mrcs") && !folder.exists("out.mrc"))
    }
}
