import Arrays
import Parallel
import Reporting
import TestSupport
import Testing

@testable import Postprocessing

@Suite struct LocalResolutionTests {
    static func run(
        _ halves: HalfMaps, threads: Int = 2, _ change: (inout LocalResolutionSettings, inout PostprocessingSettings) -> Void = { _, _ in }
    ) throws -> LocalResolutionResult {
        var settings = LocalResolutionSettings()
        (settings.sampling, settings.maskRadius, settings.maskEdgeWidth) = (12, 8, 8)
        var postprocessing = PostprocessingSettings(pixelSizeInAngstrom: 2)
        change(&settings, &postprocessing)
        return try LocalResolution(
            settings: settings, postprocessing: postprocessing, pool: ThreadPool(threads: threads),
            reporter: Reporter(verbosity: .silent)
        ).run(halves)
    }

    /// The left half is noisier than the right half.
    static let uneven: HalfMaps = {
        var signal = TestMaps.noisy(RealArray(shape: .cube(40)), 0.5, stream: 9)
        var halves = HalfMaps(first: signal, second: signal)
        for (stream, isFirst) in [(1, true), (2, false)] {
            let noise = TestMaps.noisy(RealArray(shape: .cube(40)), 1, stream: stream)
            for i in signal.values.indices {
                let value = signal.values[i] + noise.values[i] * (i % 40 < 20 ? 3 : 0.05)
                if isFirst { halves.first.values[i] = value } else { halves.second.values[i] = value }
            }
        }
        signal = RealArray(shape: .cube(1))
        return halves
    }()

    @Test func noisyPlacesAreWorse() throws {
        let result = try Self.run(Self.uneven)
        let left = result.resolution[8, 20, 20], right = result.resolution[32, 20, 20]
        #expect(left > 15)
        #expect(right < 6)
        #expect(result.resolution[0, 0, 0] == 0, "no sphere reaches the corner")
    }

    @Test func theBitsDoNotDependOnThreadsOrBatches() throws {
        let one = try Self.run(Self.uneven, threads: 1)
        let three = try Self.run(Self.uneven, threads: 3) { settings, _ in settings.memoryInBytes = 1 }
        #expect(one.resolution == three.resolution)
        #expect(one.filtered == three.filtered)
    }

    @Test func everySettingMatters() throws {
        let plain = try Self.run(Self.uneven)
        let changes: [(String, (inout LocalResolutionSettings, inout PostprocessingSettings) -> Void)] = [
            ("sampling", { settings, _ in settings.sampling = 16 }), ("radius", { settings, _ in settings.maskRadius = 10 }),
            ("edge", { settings, _ in settings.maskEdgeWidth = 12 }), ("start", { settings, _ in settings.randomisedFrom = 40 }),
            ("lowest", { settings, _ in settings.lowestResolution = 10 }), ("seed", { $1.seed = 3 }),
            ("B-factor", { $1.sharpening = .bFactor(-50) }), ("edge of the filter", { $1.filterEdgeWidthInShells = 6 }),
        ]
        for (name, change) in changes {
            let changed = try Self.run(Self.uneven, change)
            #expect(changed.filtered != plain.filtered || changed.resolution != plain.resolution, "\(name)")
        }
        #expect(throws: InputError.self) { try Self.run(Self.uneven) { settings, _ in settings.maskRadius = 100 } }
        #expect(throws: InputError.self) { try Self.run(Self.uneven) { settings, _ in settings.randomisedFrom = 500 } }
    }

    /// Sub-volumes stand for the whole box: on the tutorial's map, point by point within the particle.
    @Test(.enabled(if: SharedData.isPresent, SharedData.hint))
    func subVolumesGiveTheAnswerOfTheWholeBox() throws {
        let halves = HalfMaps(
            first: try TestMaps.reference("run_half1_class001_unfil.mrc"),
            second: try TestMaps.reference("run_half2_class001_unfil.mrc"))
        let mask = try TestMaps.reference("mask.mrc")
        func run(_ extent: LocalResolutionSettings.Extent) throws -> LocalResolutionResult {
            try Self.run(halves) { settings, postprocessing in
                postprocessing.pixelSizeInAngstrom = 3.54
                (settings.sampling, settings.maskRadius, settings.maskEdgeWidth, settings.extent) = (25, 12.5, 25, extent)
            }
        }
        let compact = try run(.compact), whole = try run(.whole)
        #expect(compact.box < whole.box)
        var differences: [Double] = []
        for i in mask.values.indices where mask.values[i] > 0.5 {
            differences.append(Double(abs(compact.resolution.values[i] / whole.resolution.values[i] - 1)))
        }
        differences.sort()
        // One shell of the whole box at 8 Å is 3.5 %.
        #expect(differences[differences.count / 2] < 0.03)
        #expect(differences[differences.count * 9 / 10] < 0.12)
    }
}
