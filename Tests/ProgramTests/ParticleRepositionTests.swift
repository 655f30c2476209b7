import Arrays
import Foundation
import ImageFormats
import Metadata
import StarFormat
import TestSupport
import Testing

@Suite(.enabled(if: SharedData.isPresent, SharedData.hint))
struct ParticleRepositionTests {
    static let name = "relion_particle_reposition"
    static let places = [(80, 90), (180, 150), (250, 100)]

    /// A micrograph of noise, three particles of the exact projections in it, and a refinement that found them.
    struct Project {
        let folder: TemporaryFolder
        let micrographs: String
        let optimiser: String
        let micrograph: String
        let output: String

        init(scale: Double = 1) throws {
            folder = try TemporaryFolder()
            micrograph = folder.file("mic001.mrc")
            output = folder.file("mic001_drawn.mrc")
            var noise = RealArray(shape: Shape(x: 270, y: 200))
            for i in noise.values.indices { noise.values[i] = 5 + 2 * Float((i * 7919 % 1000) - 500) / 300 }
            try ImageFile.write(noise, to: micrograph, pixelSizeInAngstrom: 3.54)
            let optics = """

                # version 50001

                data_optics

                loop_
                _rlnOpticsGroupName #1
                _rlnOpticsGroup #2
                _rlnVoltage #3
                _rlnSphericalAberration #4
                _rlnAmplitudeContrast #5
                _rlnMicrographPixelSize #6
                opticsGroup1 1 200 1.4 0.1 3.54


                # version 50001

                data_micrographs

                loop_
                _rlnMicrographName #1
                _rlnOpticsGroup #2
                \(micrograph) 1

                """
            micrographs = try folder.write(optics, to: "micrographs.star")
            var particles = try ParticleTable(contentsOf: SharedData.golden("clean/truth.star").path)
                .selecting(rows: [0, 6, 12])
            particles.set(.coordinateX, ParticleRepositionTests.places.map { Double($0.0) })
            particles.set(.coordinateY, ParticleRepositionTests.places.map { Double($0.1) })
            particles.set(.micrographName, [String](repeating: micrograph, count: 3))
            particles.set(.groupNumber, [1, 1, 1])
            try particles.write(to: folder.file("data.star"))
            try particles.selecting(rows: [1]).write(to: folder.file("one.star"))
            var model = try ModelFile(contentsOf: SharedData.golden("refine3d/run_it001_model.star").path)
            model.classes[0].referenceImage = SharedData.golden("map.mrc").path
            model.currentImageSize = 64
            model.groups[0].scale = scale
            try model.write(to: folder.file("model.star"))
            var state = try OptimiserFile(contentsOf: SharedData.golden("refine3d/run_it001_optimiser.star").path)
            state.modelFile = folder.file("model.star")
            state.dataFile = folder.file("data.star")
            optimiser = folder.file("optimiser.star")
            try state.write(to: optimiser)
        }

        func run(_ arguments: [String]) throws -> RealArray {
            let result = runParticleProgram(
                ParticleRepositionTests.name, ["--i", micrographs, "--opt", optimiser, "--o", "drawn"] + arguments)
            #expect(result.status == 0, "\(arguments): \(result.text)")
            return try ImageFile.read(output).image
        }
    }

    static func cut(_ micrograph: RealArray, _ place: (Int, Int)) -> RealArray {
        var image = RealArray(shape: .square(64))
        for y in 0..<64 {
            for x in 0..<64 {
                let (px, py) = (place.0 + x - 32, place.1 + y - 32)
                if px >= 0, py >= 0, px < micrograph.shape.x, py < micrograph.shape.y { image[x, y] = micrograph[px, py] }
            }
        }
        return image
    }

    @Test func drawsWhatTheParticlesShow() throws {
        let project = try Project()
        let drawn = try project.run(["--ctf", "--background", "0"])
        let stack = try StackReader(path: SharedData.golden("clean/particles.mrcs").path)
        for (index, place) in zip([0, 6], Self.places) {
            let particle = try stack.image(index)
            let found = Self.cut(drawn, place)
            // Only pixels within the diameter of 200 Å are drawn.
            let inside = (0..<64 * 64).filter { i in
                let (dx, dy) = (Double(i % 64 - 32), Double(i / 64 - 32))
                return (dx * dx + dy * dy).squareRoot() < 27
            }
            func disc(_ image: RealArray) -> RealArray {
                RealArray(shape: Shape(x: inside.count, y: 1), values: inside.map { image.values[$0] })
            }
            // The images are of atoms, the reference is a map of them, whose blur weakens high frequencies.
            #expect(AlignSymmetryTests.correlation(disc(found), disc(particle)) > 0.92, "particle \(index)")
        }
        // A particle at the edge of the micrograph is cut off there.
        #expect(drawn[269, 100] != 0 && drawn[0, 0] == 0)
        let table = try ParticleTable(contentsOf: "micrographs_reposition_drawn.star", content: .micrographs)
        #expect(try table.strings(.micrographName) == [project.output])
        try FileManager.default.removeItem(atPath: "micrographs_reposition_drawn.star")
        let coordinates = try StarDocument(contentsOf: project.folder.file("mic001_drawn_coord.star"))
        #expect(coordinates.tables[0].rowCount == 3)
    }

    @Test func everyOptionCounts() throws {
        let project = try Project()
        let odir = project.folder.file("out")
        func run(_ arguments: [String]) throws -> RealArray {
            let result = runParticleProgram(
                Self.name, ["--i", project.micrographs, "--opt", project.optimiser, "--odir", odir] + arguments)
            #expect(result.status == 0, "\(arguments): \(result.text)")
            return try ImageFile.read(odir + "/" + project.micrograph).image
        }
        let plain = try run(["--background", "0"])
        let inverted = try run(["--background", "0", "--invert"])
        #expect(zip(plain.values, inverted.values).allSatisfy { $0 == -$1 })
        let old = try ImageFile.read(project.micrograph).image
        let subtracted = try run(["--subtract"])
        #expect(zip(zip(old.values, plain.values), subtracted.values).allSatisfy { abs($0.0 - $0.1 - $1) < 1e-4 })
        let one = try run(["--background", "0", "--data", project.folder.file("one.star")])
        #expect(Self.cut(one, Self.places[0]).values.allSatisfy { $0 == 0 } && one[180, 150] == plain[180, 150])
        #expect(try run([]) != plain)
        #expect(try run(["--background", "0", "--ctf"]) != plain)
        #expect(try run(["--background", "0", "--norm_radius", "28"]) != plain)
        let scaled = try Project(scale: 2)
        let result = runParticleProgram(
            Self.name, ["--i", scaled.micrographs, "--opt", scaled.optimiser, "--odir", scaled.folder.file("o"), "--background", "0"])
        #expect(result.status == 0)
        let doubled = try ImageFile.read(scaled.folder.file("o") + "/" + scaled.micrograph).image
        #expect(zip(plain.values, doubled.values).allSatisfy { abs(2 * $0 - $1) < 1e-3 })
    }

    @Test func faultsAreNamed() throws {
        let project = try Project()
        func text(_ arguments: [String]) -> String {
            let result = runParticleProgram(Self.name, ["--i", project.micrographs] + arguments)
            #expect(result.status == 1)
            return result.text
        }
        #expect(text(["--opt", project.optimiser]).contains("--odir"))
        #expect(text(["--opt", "none.star", "--o", "x"]).contains("none.star"))
        #expect(text(["--opt", project.optimiser, "--o", "x", "--background", "3"]).contains("--background"))
        try FileManager.default.removeItem(atPath: project.micrograph)
        #expect(text(["--opt", project.optimiser, "--o", "x"]).contains("mic001.mrc"))
    }
}
