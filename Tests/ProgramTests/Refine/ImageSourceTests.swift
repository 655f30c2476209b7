import Arrays
import Foundation
import ImageFormats
import Parallel
import Refinement
import Reporting
import TestSupport
import Testing

@testable import ParticlePrograms

@Suite("Sources of particle images")
struct ImageSourceTests {
    private let fixture: RefineFixture
    private let input: ParticleInput
    private let pool = ThreadPool(threads: 2)
    private let reporter = Reporter.recording()

    init() throws {
        fixture = try RefineFixture()
        input = try ParticleInput.read(fixture.folder.file("particles.star"), needsCTF: true)
    }

    private func images(_ source: any ImageSource) throws -> [[Float]] {
        try input.boxes.enumerated().map { particle, box in
            var pixels = [Float](repeating: 0, count: box * box)
            try pixels.withUnsafeMutableBufferPointer { try source.readImage(particle, into: $0) }
            return pixels
        }
    }

    /// Micrograph a comes first once the rows are sorted, though b stands first in the file.
    private var expected: [[Float]] {
        (0..<12).map { RefineFixture.image(seed: $0, shape: .square(RefineFixture.box)).values }
    }

    @Test("from disc, in turn or in parallel", arguments: [false, true])
    func disc(isSerial: Bool) throws {
        #expect(try images(StackImageSource(locations: input.images, isSerial: isSerial)) == expected)
    }

    @Test("from memory")
    func memory() throws {
        let disc = StackImageSource(locations: input.images, isSerial: false)
        let memory = try MemoryImageSource(reading: disc, boxes: input.boxes, pool: pool, reporter: reporter)
        try FileManager.default.removeItem(atPath: fixture.folder.file("a.mrcs"))
        #expect(try images(memory) == expected)
        #expect(MemoryImageSource.bytes(boxes: input.boxes) == 12 * 16 * 16 * 4)
    }

    @Test("a pixel that is no number names the image")
    func notFinite() throws {
        var stack = (0..<6).map { RefineFixture.image(seed: $0, shape: .square(16)) }
        stack[2].values[255] = .infinity
        try ImageFile.writeStack(stack, to: fixture.folder.file("a.mrcs"), pixelSizeInAngstrom: 2)
        let source = StackImageSource(locations: input.images, isSerial: false)
        let error = #expect(throws: InputError.self) { try images(source) }
        #expect(error?.description.contains("000003@") == true)
        #expect(error?.description.contains("pixel 255") == true)
    }

    private func scratch(reuses: Bool = false, keeps: Bool = false, freeBytes: Int = 0) throws -> ScratchCopy {
        try ScratchCopy(
            of: input, in: fixture.folder.path, reuses: reuses, keepsFiles: keeps, freeBytes: freeBytes, pool: pool,
            reporter: reporter)
    }

    @Test("from a scratch disc, removed at the end")
    func scratchDisc() throws {
        let copy = try scratch()
        #expect(copy.copiedCount == 12)
        try FileManager.default.removeItem(atPath: fixture.folder.file("a.mrcs"))
        #expect(try images(StackImageSource(locations: copy.images, isSerial: false)) == expected)
        copy.cleanUp()
        #expect(!fixture.folder.exists("relion_volatile"))
    }

    @Test("a kept scratch copy is used again")
    func keptScratch() throws {
        let first = try scratch(keeps: true)
        first.cleanUp()
        #expect(fixture.folder.exists("relion_volatile/opticsgroup1_particles.mrcs"))
        try FileManager.default.removeItem(atPath: fixture.folder.file("b.mrcs"))
        let second = try scratch(reuses: true)
        #expect(second.copiedCount == 12)
        #expect(try images(StackImageSource(locations: second.images, isSerial: false)) == expected)
        second.cleanUp()
    }

    @Test("particles without room on the scratch disc are read from where they were")
    func fullScratch() throws {
        let free = try #require(OutputCheck.freeBytes(at: fixture.folder.path))
        // Room for a few images at most, whatever else writes to the disc meanwhile: the request exceeds what is free.
        let copy = try scratch(freeBytes: free + (1 << 40))
        #expect(copy.copiedCount == 0)
        #expect(try images(StackImageSource(locations: copy.images, isSerial: false)) == expected)
        #expect(reporter.recordedText.contains("12 particles are not on the scratch disc"))
        copy.cleanUp()
    }

    @Test("a scratch folder that another process uses is refused")
    func usedScratch() throws {
        // Process 1 always runs; it may belong to another user, which is as good as running.
        try fixture.folder.write("", to: "relion_volatile/.in_use_by_1")
        guard kill(1, 0) == 0 else { return }
        #expect(throws: InputError.self) { _ = try scratch() }
    }
}

@Suite("Particle input")
struct ParticleInputTests {
    @Test("rows are sorted by micrograph, groups numbered in that order")
    func order() throws {
        let fixture = try RefineFixture()
        let input = try ParticleInput.read(fixture.folder.file("particles.star"), needsCTF: true)
        #expect(input.groups.names == ["a.mrc", "b.mrc"])
        #expect(input.particles.map(\.group) == Array(repeating: 0, count: 6) + Array(repeating: 1, count: 6))
        #expect(input.particles[0].defocusU == 12000 && input.particles[11].defocusV == 9000)
        #expect(input.optics[0].box == 16 && input.optics[0].pixelSize == 2 && input.optics[0].voltageInKilovolts == 300)
    }

    @Test("golden particles", .enabled(if: SharedData.isPresent, SharedData.hint))
    func golden() throws {
        let input = try ParticleInput.read(SharedData.golden("noisy/truth.star").path, needsCTF: true)
        #expect(input.particles.count == 240)
        #expect(input.groups.names.count == 6)
        #expect(input.groups.counts.allSatisfy { $0 == 40 })
    }

    @Test("real particles", .enabled(if: SharedData.isPresent, SharedData.hint))
    func tutorial() throws {
        let input = try ParticleInput.read(SharedData.tutorial("particles_ctf.star").path, needsCTF: true)
        #expect(input.particles.count == 2374)
        #expect(input.images.files.count == 10)
        #expect(input.optics[0].micrographPixelSize == 0.885)
    }
}
