import Foundation
import Metadata
import Reporting
import StarFormat
import TestSupport
import Testing

/// Files that RELION wrote are read into structs and written again: same tables, labels and order, same values.
@Suite(.enabled(if: SharedData.isPresent, SharedData.hint)) struct RefinementFileTests {
    /// Numbers have six digits in the files; shells' resolutions are computed again from a pixel size that RELION holds
    /// in single precision.
    private static let relativeTolerance = 2e-6

    private func expectSame(_ written: StarDocument, _ url: URL) throws {
        let original = try StarDocument(contentsOf: url.path)
        #expect(written.tables.map(\.name) == original.tables.map(\.name))
        for (one, other) in zip(written.tables, original.tables) {
            #expect(one.labels == other.labels, "data_\(other.name)")
            #expect(one.rowCount == other.rowCount && one.kind == other.kind, "data_\(other.name)")
            #expect(one.precedingComments == other.precedingComments)
            for label in other.labels {
                for (a, b) in zip(try one.strings(label), try other.strings(label)) where a != b {
                    let close = NumberText.double(a).flatMap { x in
                        NumberText.double(b).map { abs(x - $0) <= Self.relativeTolerance * max(abs($0), 1e-3) }
                    }
                    if close != true { Issue.record("data_\(other.name) _\(label): \(a) instead of \(b)") }
                }
            }
        }
    }

    static let models: [(URL, Int)] = [
        (SharedData.golden("class3d/run_it002_model.star"), 2), (SharedData.golden("refine3d/run_it000_model.star"), 1),
        (SharedData.golden("class2d/run_it001_model.star"), 24), (SharedData.tutorial("reference/class2d/run_it025_model.star"), 50),
        (SharedData.tutorial("reference/refine3d/run_model.star"), 1), (SharedData.tutorial("Class2D/job010/run_it025_model.star"), 50),
    ]

    @Test(arguments: models) func modelFiles(_ url: URL, _ classes: Int) throws {
        let model = try ModelFile(contentsOf: url.path)
        #expect(model.classes.count == classes)
        #expect(model.noiseSpectra.first?.count == model.imageSize / 2 + 1)
        try expectSame(model.document, url)
    }

    @Test(arguments: [
        SharedData.golden("class3d/run_it002_optimiser.star"), SharedData.golden("class2d/run_it000_optimiser.star"),
        SharedData.tutorial("reference/refine3d/run_optimiser.star"), SharedData.tutorial("reference/class2d/run_it025_optimiser.star"),
    ])
    func optimisers(_ url: URL) throws {
        try expectSame(OptimiserFile(contentsOf: url.path).document, url)
    }

    @Test func optimiserOfTwoHalvesNeedsBothModels() throws {
        let url = SharedData.golden("refine3d/run_it001_optimiser.star")
        let text = try String(contentsOf: url, encoding: .utf8)
            .replacingOccurrences(of: "_rlnDoSplitRandomHalves                                          0",
                                  with: "_rlnDoSplitRandomHalves                                          1")
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)_optimiser.star")
        defer { try? FileManager.default.removeItem(at: file) }
        try text.write(to: file, atomically: true, encoding: .utf8)
        let error = #expect(throws: InputError.self) { try OptimiserFile(contentsOf: file.path) }
        #expect(error?.description.contains(file.path) == true)
    }

    @Test func optimiserOfTwoHalvesNamesBothModels() throws {
        var optimiser = OptimiserFile()
        optimiser.hasRandomHalves = true
        optimiser.modelFile = "run_it001_half1_model.star"
        optimiser.modelFileOfHalf2 = "run_it001_half2_model.star"
        let labels = optimiser.document.tables[0].labels
        #expect(labels[1...2] == ["rlnModelStarFile", "rlnModelStarFile2"])
    }

    @Test(arguments: [
        SharedData.golden("class3d/run_it001_sampling.star"), SharedData.golden("class2d/run_it001_sampling.star"),
        SharedData.tutorial("reference/refine3d/run_sampling.star"),
    ])
    func samplings(_ url: URL) throws { try expectSame(SamplingFile(contentsOf: url.path).document, url) }

    @Test func modelsOfBodiesHelicesAndGradientsHaveTheirColumns() throws {
        var model = ModelFile()
        (model.imageSize, model.pixelSizeInAngstrom) = (4, 2)
        var reference = ModelFile.ClassModel(referenceImage: "run_body001.mrc")
        reference.spectra.tau2 = [1, 2, 3]
        reference.spectra.sigma2 = [1, 2, 3]
        reference.spectra.signalToNoise = [1, 2, 3]
        reference.spectra.halfMapFSC = [1, 1, 0.5]
        reference.spectra.fourierCompleteness = [1, 1, 1]
        reference.orientationDistribution = [0.25, 0.75]
        reference.firstMomentImage = "m1.mrc"
        reference.secondMomentImage = "m2.mrc"
        model.classes = [reference, reference]
        model.groups = [.init(name: "mic 1", particleCount: 3, scale: 1.25)]
        model.noiseSpectra = [[0, 2, 1]]
        model.isHelix = true
        model.helix.maximalTwist = 5
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("run_model.star").path
        try model.write(to: path)
        #expect(try ModelFile(contentsOf: path) == model)
        (model.isHelix, model.helix, model.bodyCount) = (false, .init(), 2)
        for index in model.classes.indices {
            model.classes[index].bodyDirection = .init()
            model.classes[index].bodyDirection?.isKeptFixed = index == 1
        }
        try model.write(to: path)
        #expect(try ModelFile(contentsOf: path) == model)
        let names = model.document.tables.map(\.name)
        #expect(names == ["model_general", "model_bodies", "model_body_1", "model_body_2", "model_groups",
                          "model_optics_group_1", "model_pdf_orient_body_1", "model_pdf_orient_body_2"])
        // A damaged file is refused by name.
        var document = model.document
        document.remove("model_groups")
        try document.write(to: path)
        let error = #expect(throws: InputError.self) { try ModelFile(contentsOf: path) }
        #expect(error?.description.contains("run_model.star") == true)
    }
}
