import Arrays
import Foundation
import ImageFormats
import Metadata
import StarFormat
import TestSupport
import Testing

@Suite("relion_reconstruct", .enabled(if: SharedData.isPresent, SharedData.hint))
struct ReconstructProgramTests {
    private func reconstruct(_ folder: TemporaryFolder, _ arguments: [String], name: String = "map.mrc") throws -> RealArray {
        let result = runParticleProgram("relion_reconstruct", ["--o", folder.file(name)] + arguments)
        try #require(result.status == 0, "\(arguments): \(result.text)")
        return try ImageFile.read(folder.file(name)).image
    }

    @Test("agrees with RELION", arguments: [("reconstruct_c1.mrc", []), ("reconstruct_d2.mrc", ["--sym", "D2"])])
    func golden(name: String, options: [String]) throws {
        let folder = try TemporaryFolder()
        let particles = try goldenParticles("clean/truth.star", in: folder)
        let ours = try reconstruct(folder, ["--i", particles, "--ctf", "--angpix", "3.54"] + options)
        let (correlation, scale) = agreement(ours, try ImageFile.read(SharedData.golden(name).path).image)
        // Single against double precision, and the rim at Nyquist.
        #expect(correlation > 0.9999)
        #expect(abs(scale - 1) < 1e-3)
    }

    /// Low resolution and no padding: fast.
    private func quick(_ particles: String) -> [String] { ["--i", particles, "--maxres", "12", "--pad", "1"] }

    private func addingMerit(_ text: String) -> String {
        var isRow = false
        return text.components(separatedBy: "\n").map { line in
            if line.hasPrefix("_rlnRandomSubset") { return line + "\n_rlnParticleFigureOfMerit #17" }
            isRow = line.contains("@")
            return isRow ? line + (line.hasPrefix("000001@") ? " 5.0" : " 1.0") : line
        }.joined(separator: "\n")
    }

    @Test("every option changes the map")
    func options() throws {
        let folder = try TemporaryFolder()
        let particles = try goldenParticles("clean/truth.star", in: folder, change: addingMerit)
        let common = quick(particles)
        let base = try reconstruct(folder, common + ["--ctf"])
        let fsc = try folder.write(
            "data_fsc\nloop_\n_rlnSpectralIndex\n_rlnGoldStandardFsc\n" + (0...32).map { "\($0) \(max(0.0, 1 - Double($0) / 20))\n" }.joined(),
            to: "fsc.star")
        let map = SharedData.golden("map.mrc").path, model = SharedData.golden("refine3d/run_it001_model.star").path
        let variants: [[String]] = [
            ["--sym", "C2"], ["--maxres", "15"], ["--pad", "2"], ["--subset", "1"], ["--subset", "2"], ["--angpix", "4"],
            ["--ctf_intact_first_peak"], ["--ctf_phase_flipped"], ["--only_flip_phases"], ["--nr_helical_asu", "3", "--helical_twist", "30"],
            ["--nr_helical_asu", "3", "--helical_rise", "9"], ["--nr_helical_asu", "2", "--helical_rise", "9"], ["--subtract", map], ["--NN"],
            ["--dont_skip_gridding", "--iter", "3"], ["--dont_skip_gridding", "--iter", "2"],
            ["--dont_skip_gridding", "--iter", "3", "--blob_r", "2.5"], ["--dont_skip_gridding", "--iter", "3", "--blob_m", "2"],
            ["--dont_skip_gridding", "--iter", "3", "--blob_a", "9"], ["--angular_error", "3"], ["--shift_error", "3"], ["--fom_weighting"],
            ["--fsc", fsc], ["--reconstruct_noise", model], ["--ewald", "--mask_diameter", "180"],
            ["--ewald", "--mask_diameter", "150"], ["--ewald", "--mask_diameter", "180", "--width_mask_edge", "6"],
            ["--ewald", "--mask_diameter", "180", "--reverse_curvature"], ["--ewald", "--mask_diameter", "180", "--sectors", "3"],
            ["--ewald", "--mask_diameter", "180", "--skip_mask"], ["--ewald", "--mask_diameter", "180", "--skip_weighting"],
        ]
        var seen = [base]
        for variant in variants {
            let other = try reconstruct(folder, common + ["--ctf"] + variant)
            #expect(other.shape == base.shape && !seen.contains(other), "\(variant)")
            #expect(other.values.allSatisfy({ $0.isFinite }), "\(variant)")
            seen.append(other)
        }
        #expect(try reconstruct(folder, common) != base)
        #expect(try reconstruct(folder, common + ["--ctf", "--class", "1"]) == base)
        #expect(try reconstruct(folder, common + ["--ctf", "--newbox", "48"]).shape == .cube(48))
        #expect(try reconstruct(folder, common + ["--refdim", "2"]).shape == .square(64))
        let moved = try goldenParticles("clean/truth.star", in: folder) { $0.replacingOccurrences(of: "/clean/", with: "/nowhere/") }
        #expect(try reconstruct(folder, quick(moved) + ["--ctf", "--verb", "0", "--img", SharedData.golden("clean").path]) == base)
    }

    /// At 20 Å and 200 kV, places 100 Å from the focus differ by 0.003 of a wave: the two sides of the sphere add up to the flat
    /// image. Mask and weights change the amplitudes of shells by up to 17 %. RELION's maps give the same numbers (0.9999 and
    /// 1.002; 0.993 and 1.045); without padding the correlation falls to 0.91 and 0.87, in RELION as here.
    @Test("Ewald-sphere correction keeps a map at low resolution", arguments: [
        (["--skip_mask", "--skip_weighting"], 0.9995, 0.005), ([], 0.99, 0.06),
    ])
    func ewald(options: [String], leastCorrelation: Double, scaleTolerance: Double) throws {
        let folder = try TemporaryFolder()
        let common = ["--i", try goldenParticles("clean/truth.star", in: folder), "--maxres", "20", "--pad", "2"]
        let flat = try reconstruct(folder, common + ["--ctf"])
        let curved = try reconstruct(folder, common + ["--ewald", "--mask_diameter", "200"] + options)
        #expect(agreement(flat, curved).correlation > leastCorrelation)
        #expect(abs(agreement(flat, curved).scale - 1) < scaleTolerance)
    }

    @Test("a volume of CTFs")
    func transfer() throws {
        let folder = try TemporaryFolder()
        let particles = try goldenParticles("clean/truth.star", in: folder)
        let mean = try reconstruct(folder, ["--i", particles, "--reconstruct_ctf", "32"])
        let root = try reconstruct(folder, ["--i", particles, "--reconstruct_ctf", "32", "--ctf2"])
        #expect(mean.shape == .cube(32))
        // At zero frequency the CTF is the amplitude contrast, 0.1. Images of 64 pixels are inserted at half steps of the volume,
        // whose trilinear shares bring 1.456 neighbours of mean CTF 0.135 to one origin: (0.1 + 1.456 · 0.135) / 2.456 = 0.1208.
        // (RELION sets the images' zero coefficient to 0, as for particles, and so gets 0.0801.)
        #expect(abs(mean[16, 16, 16] - 0.1208) < 5e-4)
        // The root of the mean square is never smaller than the mean.
        #expect(root.values.allSatisfy { $0 >= 0 } && root[20, 16, 16] >= abs(mean[20, 16, 16]) - 1e-5)
        #expect(abs(mean[12, 18, 17] - mean[20, 14, 15]) < 1e-5)
    }

    @Test("accumulators can be written and read back, and handed to another program")
    func accumulators() throws {
        let folder = try TemporaryFolder()
        let particles = try goldenParticles("clean/truth.star", in: folder)
        let base = try reconstruct(folder, quick(particles) + ["--ctf", "--angpix", "3.54", "--write_debug_output"])
        #expect(folder.exists("map_data_real.mrc") && folder.exists("map_weight.mrc"))
        let size = 2 * Int((64 * 3.54 / 12.0).rounded(.up))
        // The border x = 0 was completed before writing; completing it again doubles data and weight alike.
        let again = try reconstruct(folder, ["--debug", folder.file("map"), "--debug_ori_size", "64", "--debug_size", "\(size)", "--pad", "1",
                                             "--angpix", "3.54"], name: "again.mrc")
        #expect(agreement(base, again).correlation > 0.9999)
        let script = try folder.write("#!/bin/sh\ncp '\(SharedData.golden("map.mrc").path)' \"${1%.star}.mrc\"\n", to: "external.sh")
        chmod(script, 0o755)
        setenv("RELION_EXTERNAL_RECONSTRUCT_EXECUTABLE", script, 1)
        let external = try reconstruct(folder, quick(particles) + ["--ctf", "--external_reconstruct"], name: "external.mrc")
        #expect(external == (try ImageFile.read(SharedData.golden("map.mrc").path).image))
        let description = try StarDocument(contentsOf: folder.file("external_external_reconstruct.star"))
        #expect(try description.table("external_reconstruct_general").int("rlnOriginalImageSize") == 64)
    }

    /// Six volumes of 24 voxels with a transfer of 0.5 and a multiplicity of 3 everywhere.
    @Test("subtomograms")
    func subtomograms() throws {
        let folder = try TemporaryFolder()
        let n = 24
        var map = RealArray(shape: .cube(n))
        for z in 0..<n {
            for y in 0..<n {
                for x in 0..<n {
                    let d = Double((x - 14) * (x - 14) + (y - 11) * (y - 11) + (z - 12) * (z - 12))
                    map[x, y, z] = Float(exp(-d / 8))
                }
            }
        }
        try ImageFile.write(map, to: folder.file("sub.mrc"), pixelSizeInAngstrom: 4)
        var transfer = RealArray(shape: Shape(x: n / 2 + 1, y: n, z: 2 * n), repeating: 0.5)
        for i in transfer.values.count / 2..<transfer.values.count { transfer.values[i] = 3 }
        try ImageFile.write(transfer, to: folder.file("ctf.mrc"), pixelSizeInAngstrom: 4)
        var rows = StarTable(name: "particles")
        rows.set("rlnImageName", strings: Array(repeating: folder.file("sub.mrc"), count: 2))
        rows.set("rlnCtfImage", strings: Array(repeating: folder.file("ctf.mrc"), count: 2))
        rows.set("rlnAngleRot", doubles: [0, 0])
        rows.set("rlnAngleTilt", doubles: [0, 0])
        rows.set("rlnAnglePsi", doubles: [0, 0])
        rows.set("rlnOriginZAngst", doubles: [0, 0])
        rows.fill("rlnOpticsGroup", with: 1)
        let optics = OpticsGroup(pixelSizeInAngstrom: 4, imageSize: n, imageDimensionality: 3, voltageInKilovolts: 300,
                                 sphericalAberrationInMillimetres: 2.7, amplitudeContrast: 0.1)
        try ParticleTable(rows: rows, opticsGroups: [optics]).write(to: folder.file("subs.star"))
        let common = ["--i", folder.file("subs.star")]
        let plain = try reconstruct(folder, common + ["--3d_rot"])
        // Unrotated volumes fall on lattice points of the padded grid; what is between them is not filled, so only the shape counts.
        #expect(agreement(plain, map).correlation > 0.9)
        // Data × 0.5, weight 0.5 (already squared) or 0.25: the map doubles.
        let squared = try reconstruct(folder, common + ["--ctf"]), notSquared = try reconstruct(folder, common + ["--ctf", "--ctf3d_not_squared"])
        #expect(abs(agreement(notSquared, squared).scale - 2) < 1e-3)
        let normalised = try reconstruct(folder, common + ["--ctf", "--normalised_subtomo", "--fsc", try fsc(folder)])
        let skipped = try reconstruct(folder, common + ["--ctf", "--normalised_subtomo", "--skip_subtomo_multi", "--fsc", try fsc(folder)])
        #expect(normalised.values.allSatisfy({ $0.isFinite }) && skipped.values.allSatisfy({ $0.isFinite }))
    }

    private func fsc(_ folder: TemporaryFolder) throws -> String {
        try folder.write("data_fsc\nloop_\n_rlnSpectralIndex\n_rlnGoldStandardFsc\n" + (0...12).map { "\($0) 0.5\n" }.joined(), to: "fsc3d.star")
    }

    @Test("wrong input is refused", arguments: [
        [], ["--i", "none.star"], ["--ewald"], ["--refdim", "4"], ["--pad", "0.5"], ["--blob_m", "1"], ["--sym", "X7"], ["--class", "7"],
        ["--fsc", "none.star"], ["--ctf2"], ["--subtract", "none.mrc"], ["--fom_weighting"],
    ])
    func refused(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let particles = try goldenParticles("clean/truth.star", in: folder)
        let isBare = arguments.isEmpty
        let result = runParticleProgram(
            "relion_reconstruct", ["--o", folder.file("map.mrc")] + (isBare ? [] : ["--i", particles]) + arguments)
        #expect(result.status != 0 && result.text.contains("ERROR"), "\(arguments): \(result.text)")
        #expect(!folder.exists("map.mrc"))
    }

    @Test("weights in files")
    func storedWeights() throws {
        let folder = try TemporaryFolder()
        let stack = try ImageFile.read(SharedData.golden("clean/particles.mrcs").path).image
        let writer = try StackWriter(path: folder.file("p.mrcs"), shape: .square(64), pixelSizeInAngstrom: 3.54)
        for i in 0..<120 { try writer.write(stack.section(i), at: i) }
        try writer.finish()
        var weights = RealArray(shape: Shape(x: 33, y: 64), repeating: 1)
        for i in 0..<500 { weights.values[i] = 0.1 }
        try ImageFile.write(weights, to: folder.file("p_weight.mrc"), pixelSizeInAngstrom: nil)
        let text = try String(contentsOf: SharedData.golden("clean/truth.star"), encoding: .utf8)
        let particles = try folder.write(text.replacingOccurrences(of: "@clean/particles.mrcs", with: "@" + folder.file("p.mrcs")), to: "p.star")
        let base = try reconstruct(folder, quick(particles) + ["--ctf"])
        #expect(try reconstruct(folder, quick(particles) + ["--ctf", "--read_weights"]) != base)
    }
}
