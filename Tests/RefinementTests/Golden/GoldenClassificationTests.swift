import Arrays
import Fourier
import ImageFormats
import Refinement
import Testing
import TestSupport

/// 2D and 3D classification from known references against RELION 5.0.1 on the same input and seed (data/golden/commands.txt).
@Suite(.enabled(if: SharedData.isPresent, SharedData.hint), .serialized)
struct GoldenClassificationTests {
    private static func settings() -> RefinementSettings {
        var s = GoldenRefine3DTests.settings()
        s.symmetry = "C1"
        return s
    }

    private static func run(_ settings: RefinementSettings, reference: RealArray) throws -> [RefinementSnapshot] {
        let (data, groups) = try GoldenRun.data(star: SharedData.golden("noisy/particles.star"), folder: SharedData.golden(""))
        return try GoldenRun.run(settings, data: data, references: [reference], groups: groups)
    }

    /// Twenty-four classes, all from the first image of a stack.
    @Test func class2D() throws {
        var settings = Self.settings()
        settings.dimensionality = .twoD
        settings.classCount = 24
        settings.tau2FudgeArgument = 2
        settings.initialLowPass = -1
        settings.psiStep = 12
        let stack = SharedData.golden("project_noctf.mrcs").path
        settings.referenceStackCount = try ImageFile.readHeader(stack).imageCount
        let first = try ImageFile.read(ImageName(path: stack, index: 0).description).image
        let result = try #require(try Self.run(settings, reference: first).last)
        let comparison = GoldenComparison(result: result, root: "class2d/run_it001", symmetry: "C1")
        try comparison.expectSameModel()
        try comparison.expectSamePoses()
        for (index, average) in result.models[0].references.enumerated() {
            let name = ImageName(path: SharedData.golden("class2d/run_it001_classes.mrcs").path, index: index)
            let expected = try ImageFile.read(name.description).image
            let largest = zip(average.values, expected.values).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
            let peak = expected.values.reduce(Float(0)) { max($0, abs($1)) }
            #expect(largest < 1e-3 * peak, "class \(index + 1) differs by \(largest) of \(peak)")
        }
    }

    /// Two classes from one map, dealt at random in the first iteration; two iterations.
    @Test func class3D() throws {
        var settings = Self.settings()
        settings.classCount = 2
        settings.iterationCount = 2
        settings.healpixOrder = 1
        let map = try ImageFile.readVolume(SharedData.golden("map.mrc").path).volume
        let snapshots = try Self.run(settings, reference: map)
        for iteration in 1...2 {
            let result = snapshots[iteration]
            let root = "class3d/run_it00\(iteration)"
            let comparison = GoldenComparison(result: result, root: root, symmetry: "C1")
            try comparison.expectSameModel()
            try comparison.expectSamePoses()
            for index in 0..<2 {
                let expected = try ImageFile.readVolume(SharedData.golden(root + "_class00\(index + 1).mrc").path).volume
                let fsc = FourierShellCorrelation(result.models[0].references[index], expected).correlation
                for shell in 1...18 { #expect(fsc[shell] > 0.9999, "class \(index + 1), shell \(shell): \(fsc[shell])") }
            }
        }
    }
}
