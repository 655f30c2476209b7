import Arrays
import Foundation
import ImageFormats
import Metadata
import StarFormat
import TestSupport
import Testing

@Suite("relion_particle_subtract", .enabled(if: SharedData.isPresent, SharedData.hint))
struct ParticleSubtractTests {
    /// Noise-free projections of the golden map, and a refinement that found exactly that map in them.
    struct Project {
        let folder: TemporaryFolder
        let optimiser: String
        let images: RealArray

        init() throws {
            folder = try TemporaryFolder()
            let map = SharedData.golden("map.mrc").path
            let made = runParticleProgram(
                "relion_project",
                ["--i", map, "--o", folder.file("p"), "--angpix", "3.54", "--ctf", "--ang", SharedData.golden("angles.star").path])
            try #require(made.status == 0, "\(made.text)")
            images = try ImageFile.read(folder.file("p.mrcs")).image
            var model = try ModelFile(contentsOf: SharedData.golden("refine3d/run_it001_model.star").path)
            model.classes[0].referenceImage = map
            model.currentImageSize = 64
            model.paddingFactor = 2
            model.averageNormCorrection = 1
            try model.write(to: folder.file("model.star"))
            var state = try OptimiserFile(contentsOf: SharedData.golden("refine3d/run_it001_optimiser.star").path)
            state.modelFile = folder.file("model.star")
            state.dataFile = folder.file("p.star")
            state.hasRandomHalves = false
            (state.correctsCTF, state.correctsNorm, state.correctsScale) = (true, false, false)
            (state.isPhaseFlipped, state.ignoresCTFUntilFirstPeak) = (false, false)
            optimiser = folder.file("optimiser.star")
            try state.write(to: optimiser)
        }

        func mask(_ value: Float) throws -> String {
            let path = folder.file("mask\(value).mrc")
            try ImageFile.write(RealArray(shape: .cube(64), repeating: value), to: path, pixelSizeInAngstrom: 3.54)
            return path
        }

        func run(_ arguments: [String], name: String = "out") throws -> (images: RealArray, table: ParticleTable) {
            let output = folder.file(name)
            let result = runParticleProgram("relion_particle_subtract", ["--i", optimiser, "--o", output] + arguments)
            try #require(result.status == 0, "\(arguments): \(result.text)")
            return (try ImageFile.read(output + "/Particles/subtracted_opticsgroup1.mrcs").image,
                    try ParticleTable(contentsOf: output + "/particles_subtracted.star"))
        }
    }

    private static func largest(_ image: RealArray) -> Float { image.values.map(abs).max() ?? 0 }

    @Test("what is outside the mask goes away, what is inside stays")
    func masks() throws {
        let project = try Project()
        let scale = Self.largest(project.images)
        // Single precision through a transform and back: a few 1e-6 of the largest value.
        let nothing = try project.run(["--mask", project.mask(0)])
        #expect(Self.largest(nothing.images) < 1e-4 * scale)
        #expect(try project.run([], name: "unmasked").images == nothing.images)
        let all = try project.run(["--mask", project.mask(1)], name: "all")
        #expect(zip(all.images.values, project.images.values).allSatisfy { abs($0 - $1) < 1e-4 * scale })
        // Half of the map is subtracted: half of the image remains, the projection being linear.
        let half = try project.run(["--mask", project.mask(0.5), "--ignore_class"], name: "half")
        #expect(zip(half.images.values, project.images.values).allSatisfy { abs($0 - 0.5 * $1) < 1e-4 * scale })
        #expect(half.table.count == project.images.shape.z)
        #expect(try half.table.rows.strings("rlnImageOriginalName")[2] == "000003@" + project.folder.file("p.mrcs"))
        #expect(try half.table.strings(.imageName)[2].hasSuffix("/Particles/subtracted_opticsgroup1.mrcs"))
    }

    @Test("particles are centred and cut out")
    func centring() throws {
        let project = try Project()
        let mask = try project.mask(1)
        let moved = try project.run(["--mask", mask, "--center_x", "6", "--center_y", "0", "--center_z", "-4", "--new_box", "41"])
        #expect(moved.images.shape.x == 40 && moved.table.opticsGroups[0].imageSize == 40)
        for column in [ParticleColumn.originX, .originY] {
            #expect(try moved.table.values(column).allSatisfy { abs($0) <= 0.5 * 3.54 + 1e-6 })
        }
        // The centre of mass of a mask of ones is half a pixel from the centre of an even box.
        let centred = try project.run(["--mask", mask, "--recenter_on_mask"], name: "centred")
        #expect(centred.images.shape.x == 64 && centred.images != project.images)
        let half = try project.run(["--mask", mask, "--float16"], name: "float16")
        #expect(try ImageFile.readHeader(project.folder.file("float16/Particles/subtracted_opticsgroup1.mrcs")).mode == .float16)
        #expect(half.images.shape == project.images.shape)
    }

    @Test("signal-to-noise ratio, and the way back")
    func others() throws {
        let project = try Project()
        let output = project.folder.file("snr")
        let result = runParticleProgram("relion_particle_subtract", ["--i", project.optimiser, "--o", output, "--ssnr"])
        #expect(result.status == 0, "\(result.text)")
        let spectra = try StarDocument(contentsOf: output + "/spectral_snr.star").tables[0]
        #expect(spectra.rowCount == 33)
        // Images without noise.
        #expect(try spectra.doubles("rlnSsnrMap")[2...20].allSatisfy { $0 > 1e4 })
        _ = try project.run(["--new_box", "48"])
        let back = runParticleProgram(
            "relion_particle_subtract", ["--revert", project.folder.file("out/particles_subtracted.star"), "--o", output])
        #expect(back.status == 0, "\(back.text)")
        let original = try ParticleTable(contentsOf: output + "/original.star")
        #expect(try original.strings(.imageName)[0] == "000001@" + project.folder.file("p.mrcs"))
        #expect(original.opticsGroups[0].imageSize == 64)
    }

    @Test("wrong input is refused", arguments: [
        ["--revert", "x.star"], ["--mask", "none.mrc"], ["--center_x", "3"], ["--recenter_on_mask"], ["--new_box", "0"],
        ["--data", "none.star"],
    ])
    func refused(arguments: [String]) throws {
        let project = try Project()
        let result = runParticleProgram(
            "relion_particle_subtract", ["--i", project.optimiser, "--o", project.folder.file("out")] + arguments)
        #expect(result.status == 1 && result.text.contains("ERROR"), "\(arguments): \(result.text)")
        #expect(!project.folder.exists("out/particles_subtracted.star"))
    }
}
