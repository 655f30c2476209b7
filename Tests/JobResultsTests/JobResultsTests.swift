import Arrays
import Foundation
import ImageFormats
import Parallel
import StarFormat
import Tables
import Testing
import TestSupport

@testable import JobResults

/// Results made from files whose content is known.
@Suite struct JobResultsTests {
    private let folder: TemporaryFolder
    private let results: JobResults

    init() throws {
        folder = try TemporaryFolder()
        let pool = ThreadPool(threads: 2)
        results = JobResults(tables: OpenTables(pool: pool), pool: pool)
    }

    private func sections(_ name: String, _ type: String, inputs: [String] = [], outputs: [String] = []) -> [ResultSection] {
        results.sections(of: job(name, type, inputs: inputs, outputs: outputs))
    }

    private func job(_ name: String, _ type: String, inputs: [String] = [], outputs: [String] = []) -> JobResults.Job {
        let root = folder.path
        struct Missing: Error {}
        return .init(name: name, type: type, inputs: inputs, outputs: outputs) { path in
            guard FileManager.default.fileExists(atPath: root + "/" + path) else { throw Missing() }
            return root + "/" + path
        }
    }

    private func facts(_ sections: [ResultSection]) -> [String: String] {
        var found: [String: String] = [:]
        for case .facts(let list) in sections.flatMap(\.items) { for fact in list.facts { found[fact.label] = fact.value } }
        return found
    }

    private func curves(_ sections: [ResultSection]) -> [CurvePlot] { sections.flatMap(\.items).compactMap { if case .curves(let plot) = $0 { plot } else { nil } } }
    private func histograms(_ sections: [ResultSection]) -> [HistogramPlot] { sections.flatMap(\.items).compactMap { if case .histogram(let plot) = $0 { plot } else { nil } } }

    @Test func nothingYet() { #expect(sections("Class2D/job001/", "relion.class2d").isEmpty && sections("X/job002/", "relion.motioncorr.own").isEmpty) }

    @Test func motion() throws {
        try folder.write(
            "data_general\n_rlnImageSizeX 100\n_rlnImageSizeY 50\n_rlnImageSizeZ 3\n_rlnMicrographMovieName Movies/a.tif\n_rlnMicrographBinning 1\n"
                + "_rlnMicrographOriginalPixelSize 2\n_rlnMicrographDoseRate 1\n_rlnMicrographPreExposure 0\n_rlnVoltage 300\n_rlnMicrographStartFrame 1\n"
                + "_rlnMotionModelVersion 0\n\ndata_global_shift\nloop_\n_rlnMicrographFrameNumber #1\n_rlnMicrographShiftX #2\n_rlnMicrographShiftY #3\n"
                + "1 1 1\n2 4 5\n3 4 6\n\ndata_local_shift\nloop_\n_rlnMicrographFrameNumber #1\n_rlnCoordinateX #2\n_rlnCoordinateY #3\n_rlnMicrographShiftX #4\n"
                + "_rlnMicrographShiftY #5\n1 10 20 0 0\n2 10 20 1 2\n", to: "MotionCorr/job002/Movies/a.star")
        let running = curves(sections("MotionCorr/job002/", "relion.motioncorr.own"))
        #expect(running.first?.curves.first?.y == [12])    // (5 + 1) pixels of 2 Å
        try folder.write(
            "data_micrographs\nloop_\n_rlnMicrographName #1\n_rlnMicrographMetadata #2\n_rlnAccumMotionTotal #3\n_rlnAccumMotionEarly #4\n_rlnAccumMotionLate #5\n"
                + "a.mrc MotionCorr/job002/Movies/a.star 12 5 7\nb.mrc MotionCorr/job002/Movies/b.star 30 10 20\n", to: "MotionCorr/job002/corrected_micrographs.star")
        let done = sections("MotionCorr/job002/", "relion.motioncorr.own")
        #expect(facts(done)["Micrographs"] == "2" && facts(done)["Median of total motion"] == "21.0")
        #expect(curves(done).first?.curves.map(\.name) == ["Total", "Early", "Late"] && curves(done).first?.curves[2].y == [7, 20])
        let tracks = try #require(results.tracks(of: job("MotionCorr/job002/", "relion.motioncorr.own"), movie: 0))
        #expect(tracks.whole.x == [0, 6, 6] && tracks.whole.y == [0, 8, 10] && tracks.size == [200, 100])
        #expect(tracks.patches.count == 1 && tracks.patches[0].place == [20, 40] && tracks.patches[0].y == [0, 4])
        #expect(results.tracks(of: job("MotionCorr/job002/", "relion.motioncorr.own"), movie: 1) == nil)
    }

    private func writeIteration(_ stem: String, resolution: Double, shares: [Double], half: String = "") throws {
        let rows = shares.enumerated().map { "00000\($0 + 1)@\(stem)_classes.mrcs \($1) 2.5 1.5 8.0\n" }.joined()
        try folder.write(
            "data_model_general\n_rlnCurrentResolution \(resolution)\n_rlnCurrentImageSize 40\n_rlnAveragePmax 0.5\n\ndata_model_classes\nloop_\n"
                + "_rlnReferenceImage #1\n_rlnClassDistribution #2\n_rlnAccuracyRotations #3\n_rlnAccuracyTranslationsAngst #4\n_rlnEstimatedResolution #5\n" + rows
                + "\ndata_model_class_1\nloop_\n_rlnResolution #1\n_rlnGoldStandardFsc #2\n0 1\n0.1 0.5\n0.2 0.1\n", to: stem + half + "_model.star")
        try folder.write(
            "data_optimiser_general\n_rlnChangesOptimalClasses 0.25\n_rlnChangesOptimalOrientations 999\n_rlnOverallAccuracyRotations 1.25\n", to: stem + "_optimiser.star")
        try folder.write(
            "data_particles\nloop_\n_rlnClassNumber #1\n_rlnAngleRot #2\n_rlnAngleTilt #3\n2 0 90\n2 10 90\n1 -170 10\n", to: stem + "_data.star")
    }

    @Test func classification() throws {
        try writeIteration("Class2D/job003/run_it001", resolution: 20, shares: [0.6, 0.4])
        try writeIteration("Class2D/job003/run_it002", resolution: 12, shares: [0.3, 0.7])
        try writeIteration("Class2D/job003/run_ct1_it002", resolution: 10, shares: [0.2, 0.8])
        let found = sections("Class2D/job003/", "relion.class2d")
        #expect(facts(found)["Iteration"] == "2" && facts(found)["Resolution"] == "10.00" && facts(found)["Particles"] == "3")
        let resolution = try #require(curves(found).first { $0.title == "Resolution" })
        #expect(resolution.curves[0].x == [1, 2] && resolution.curves[0].y == [20, 10])
        let galleries = found.flatMap(\.items).compactMap { if case .classes(let gallery) = $0 { gallery } else { nil } }
        let classes = try #require(galleries.first).classes
        #expect(classes.map(\.number) == [2, 1] && classes.map(\.particles) == [2, 1] && classes[0].index == 1 && !classes[0].isMap)
        #expect(classes[0].path == "Class2D/job003/run_ct1_it002_classes.mrcs" && classes[0].accuracyInDegrees == 2.5)
        #expect(curves(found).filter { $0.title.hasPrefix("Changes") }.map(\.title) == ["Changes of classes"])
        #expect(curves(found).first { $0.title == "Class sizes" }?.curves[0].y == [0.4, 0.8])
        // A later state of the same file is seen.
        try writeIteration("Class2D/job003/run_ct1_it002", resolution: 9.123, shares: [0.2, 0.8])
        #expect(facts(sections("Class2D/job003/", "relion.class2d"))["Resolution"] == "9.12")
        #expect(try JSONEncoder().encode(found).count > 100)
    }

    @Test func refinement() throws {
        try writeIteration("Refine3D/job004/run_it000", resolution: 30, shares: [1], half: "_half1")
        try writeIteration("Refine3D/job004/run_it001", resolution: 15, shares: [1], half: "_half1")
        let running = sections("Refine3D/job004/", "relion.refine3d")
        #expect(facts(running)["Iteration"] == "1")
        let shells = try #require(curves(running).first { $0.x.scale == .resolution })
        #expect(shells.curves[0].y == [1, 0.5, 0.1] && shells.marks[0].value == 0.143)
        try writeIteration("Refine3D/job004/run", resolution: 7, shares: [1])
        #expect(facts(sections("Refine3D/job004/", "relion.refine3d"))["State"] == "finished")
        #expect(facts(sections("Refine3D/job004/", "relion.refine3d"))["Resolution"] == "7.00")
    }

    @Test func directions() {
        // Seen from tilt 190°, rot 0° is tilt 170°, rot 180°.
        let map = AngularDistribution(rot: [0, 0, 540, -180], tilt: [90, 190, 90, -90], rows: 36)
        #expect(map.counts.reduce(0, +) == 4 && map.isSpread)
        let columns = 72, middle = 18
        #expect(map.counts[middle * columns + columns / 2] == 2)    // rot 0 and, turned, −180
        #expect(map.counts[middle * columns] == 1 && map.counts[..<columns].first == 1)
        #expect(!AngularDistribution(rot: [0, 0], tilt: [0, 0], rows: 12).isSpread)
    }

    @Test func masksAndLocalResolution() throws {
        var mask = RealArray(shape: Shape(x: 10, y: 10, z: 10))
        for z in 0..<5 { for y in 0..<10 { for x in 0..<10 { mask[x, y, z] = x == 0 ? 0.5 : 1 } } }
        try write(mask, "MaskCreate/job005/mask.mrc")
        let found = facts(sections("MaskCreate/job005/", "relion.maskcreate"))
        #expect(found["Share of the box"] == "47.50" && found["Voxels that are one"] == "450" && found["Voxels of the soft edge"] == "50")
        #expect(found["Volume"] == "3.8")    // 475 voxels of 8 Å³
        var local = RealArray(shape: mask.shape)
        for z in 0..<10 { for y in 0..<10 { for x in 0..<10 { local[x, y, z] = z < 5 ? 4 : 9 } } }
        try write(local, "LocalRes/job006/relion_locres.mrc")
        let masked = histograms(sections("LocalRes/job006/", "relion.localres.own", inputs: ["MaskCreate/job005/mask.mrc"]))
        #expect(masked.first?.histogram.count == 500 && masked.first?.histogram.maximum == 4)
        #expect(histograms(sections("LocalRes/job006/", "relion.localres.own")).first?.histogram.count == 1000)
    }

    private func write(_ map: RealArray, _ name: String) throws {
        let writer = try StackWriter(path: folder.file(name), shape: map.shape, pixelSizeInAngstrom: 2)
        try writer.append(map)
        try writer.finish()
    }

    @Test func selections() throws {
        let head = "data_optics\nloop_\n_rlnOpticsGroup #1\n_rlnImageSize #2\n_rlnImagePixelSize #3\n1 64 1.5\n\ndata_particles\nloop_\n_rlnMicrographName #1\n_rlnDefocusU #2\n"
        try folder.write(head + "a.mrc 1\na.mrc 2\nb.mrc 3\na.mrc 4\n", to: "Extract/job007/particles.star")
        try folder.write(head + "a.mrc 1\nb.mrc 3\n", to: "Select/job008/particles.star")
        let found = sections("Select/job008/", "relion.select.onvalue", inputs: ["Extract/job007/particles.star"], outputs: ["Select/job008/particles.star"])
        let told = facts(found)
        #expect(told["Particles"] == "2" && told["Of"] == "4" && told["Share"] == "50.0" && told["Size of the images"] == "64" && told["Micrographs"] == "2")
        #expect(histograms(found).contains { $0.source == TableSource(path: "Select/job008/particles.star", block: "particles", column: "rlnDefocusU") })
    }

    @Test func numbers() {
        #expect(Decimal(-0.04, digits: 1).text == "0.0" && Decimal(-1.25, digits: 1).text == "-1.3" && Decimal(12, digits: 0).text == "12")
        #expect(Decimal(3.05, digits: 3).text == "3.050")
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func postprocessing() throws {
        let text = try String(contentsOf: SharedData.tutorial("reference/refine3d/postprocess.star"), encoding: .utf8)
        try folder.write(text, to: "PostProcess/job009/postprocess.star")
        let found = sections("PostProcess/job009/", "relion.postprocess"), plots = curves(found)
        #expect(plots.count == 2 && plots[0].curves.map(\.name).contains("With mask, random phases"))
        let resolution = try #require(facts(found)["Resolution"].flatMap(Double.init))
        #expect(plots[0].marks.contains { $0.axis == .x && abs(1 / $0.value - resolution) < 0.006 })
    }
}
