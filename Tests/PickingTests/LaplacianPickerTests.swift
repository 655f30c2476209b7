import Arrays
import Foundation
import ImageFormats
import Optics
import Parallel
import StarFormat
import TestSupport
import Testing

@testable import Picking

/// Blobs of known size and place in noise, and the picks that RELION's program made in a simulated micrograph.
@Suite struct LaplacianPickerTests {
    private static let pixelSize = 2.0
    private static let blobs: [(x: Double, y: Double, diameter: Double)] = [(60, 70, 100), (160, 90, 100), (100, 180, 140), (210, 200, 120)]

    /// Dark discs with soft edges.
    private func micrograph(_ shape: Shape, noise: Float = 0.2, blobs: [(x: Double, y: Double, diameter: Double)] = Self.blobs) -> RealArray {
        var image = RealArray(shape: shape)
        var state: UInt64 = 7
        for y in 0..<shape.y {
            for x in 0..<shape.x {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                var value = noise * (Float(state >> 40) / Float(1 << 24) - 0.5) * 3.46
                for blob in blobs {
                    let radius = hypot(Double(x) - blob.x, Double(y) - blob.y) * Self.pixelSize
                    value -= Float(1 / (1 + exp((radius - blob.diameter / 2) / 4)))
                }
                image.values[y * shape.x + x] = value
            }
        }
        return image
    }

    private func picks(
        _ image: RealArray, workSize: Int = 128, isWhite: Bool = false, pixelSize: Double = Self.pixelSize,
        outlierLimit: Double = 8,
        _ change: (inout LaplacianPicker.Settings) -> Void = { _ in }
    ) throws -> [Pick] {
        let grid = PickingGrid(shape: image.shape, pixelSizeInAngstrom: pixelSize, workSize: workSize)
        let transform = MicrographTransform(grid, outlierLimit: outlierLimit)
        var settings = LaplacianPicker.Settings(minimumDiameter: 90, maximumDiameter: 150)
        change(&settings)
        let picker = LaplacianPicker(settings, grid)
        let found = image.values.withUnsafeBufferPointer {
            transform.spectrum(of: $0, inverts: !isWhite, seed: 1, scratch: transform.makeScratch())
        }
        let spectrum = try #require(found)
        let best = try picker.bestScale(of: spectrum)
        return picker.picks(from: best)
    }

    private func expectBlobs(_ picks: [Pick], shift: (Double, Double) = (0, 0)) {
        #expect(picks.count == Self.blobs.count)
        for blob in Self.blobs {
            // Two working pixels: a flat disc has a broad peak.
            let nearest = picks.map { hypot($0.x - blob.x - shift.0, $0.y - blob.y - shift.1) }.min() ?? 999
            #expect(nearest < 4.5, "\(blob): \(nearest)")
        }
    }

    @Test func findsBlobsWhereTheyAre() throws {
        expectBlobs(try picks(micrograph(.square(256))) { $0.threshold = 1 })
        let white = RealArray(shape: .square(256), values: micrograph(.square(256)).values.map { -$0 })
        expectBlobs(try picks(white, isWhite: true) { $0.threshold = 1 })
    }

    @Test func oblongMicrographsHaveTheirOwnOrigin() throws {
        for shape in [Shape(x: 256, y: 320), Shape(x: 321, y: 256)] {
            let found = try picks(micrograph(shape), workSize: 160) { $0.threshold = 1 }
            expectBlobs(found)
        }
    }

    @Test func sizeDecides() throws {
        // A disc answers most to the filter of 1.1 diameters: those of 100 Å to 90 Å (half the minimum), not to 180 Å.
        let few = try picks(micrograph(.square(256))) { ($0.minimumDiameter, $0.maximumDiameter, $0.threshold) = (180, 220, 1) }
        for small in Self.blobs where small.diameter == 100 {
            #expect(!few.contains { hypot($0.x - small.x, $0.y - small.y) < 5 })
        }
    }

    @Test func settingsHaveTheirEffects() throws {
        let image = micrograph(.square(256), noise: 1.5)
        let all = try picks(image)
        #expect(all.map(\.figureOfMerit) == all.map(\.figureOfMerit).sorted(by: >))
        #expect(try picks(image) { $0.threshold = -1 }.count > all.count)
        let strict = try picks(image) { $0.threshold = 2 }
        #expect(strict.count < all.count && strict == Array(all.prefix(strict.count)))
        let capped = try picks(image) { $0.upperThreshold = 2 }
        #expect(Array(all.dropFirst(strict.count)).map(\.x) == capped.map(\.x))
        #expect(try picks(image) { $0.neighbourFraction = 0.5 }.count > all.count)
        let inner = try picks(image) { $0.margin = 80 }
        #expect(inner.allSatisfy { (78...178).contains($0.x) && (78...178).contains($0.y) })
        #expect(try picks(image) { $0.searchFactor = 1 } != all)
    }

    @Test func outliersAreRemovedAndFlatImagesRefused() throws {
        var image = micrograph(.square(256))
        for index in stride(from: 0, to: image.values.count, by: 4099) { image.values[index] = -1000 }
        expectBlobs(try picks(image) { $0.threshold = 1 })
        #expect(try picks(image, outlierLimit: 1e9) { $0.threshold = 1 } != picks(image) { $0.threshold = 1 })
        let transform = MicrographTransform(PickingGrid(shape: image.shape, pixelSizeInAngstrom: 2, workSize: 128))
        let flat = [Float](repeating: 3, count: image.shape.count)
        #expect(flat.withUnsafeBufferPointer { transform.spectrum(of: $0, seed: 1, scratch: transform.makeScratch()) } == nil)
        image.values[5] = .nan
        #expect(image.values.withUnsafeBufferPointer { transform.spectrum(of: $0, seed: 1, scratch: transform.makeScratch()) } == nil)
    }

    @Test func diametersAndSizes() {
        var settings = LaplacianPicker.Settings(minimumDiameter: 120, maximumDiameter: 190)
        #expect(settings.diameters == [24, 30, 40, 60, 120, 155, 190, 380, 570, 760, 950])
        settings.searchFactor = 1
        #expect(settings.diameters == [120, 155, 190])
        #expect(PickingGrid.fastSize(near: 136, atMost: 1536) == 136)
        // 158 = 2 · 79; 156 = 2² · 3 · 13 has 79 = 156 / 2 + 1; 160 / 2 + 1 = 81.
        #expect(PickingGrid.fastSize(near: 158, atMost: 1536) == 160)
        #expect(PickingGrid.fastSize(near: 158, atMost: 158) <= 158)
        #expect(PickingGrid.smoothSize(from: 184, atMost: 1536) == 192 && PickingGrid.smoothSize(from: 136, atMost: 138) == 136)
    }

    /// RELION's picks are the same positions in the same order, but for ties in rounding: figures within 1e-4.
    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func goldenMicrograph() throws {
        let image = try ImageFile.read(SharedData.golden("movies/mic001_corrected.mrc").path).image
        let golden = try #require(StarDocument(contentsOf: SharedData.golden("movies/mic001_autopick.star").path).tables.first)
        let ours = try picks(image, workSize: 136, pixelSize: 0.885) { ($0.minimumDiameter, $0.maximumDiameter) = (120, 190) }
        let (x, y) = (try golden.doubles("rlnCoordinateX"), try golden.doubles("rlnCoordinateY"))
        let figures = try golden.doubles("rlnAutopickFigureOfMerit")
        try #require(ours.count == x.count)
        for (index, pick) in ours.enumerated() {
            #expect(abs(pick.figureOfMerit - figures[index]) < 1e-4)
            #expect(hypot(pick.x - x[index], pick.y - y[index]) < 0.01)
        }
    }

    /// All particles and no other, with a threshold of 0.3 standard deviations; the last pick without is noise.
    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func goldenTruth() throws {
        let image = try ImageFile.read(SharedData.golden("movies/mic001_corrected.mrc").path).image
        let table = try StarDocument(contentsOf: SharedData.golden("movies/truth.star").path).table("particles")
        let truth = table.selecting { table.string("rlnMicrographName", row: $0) == "mic001.mrc" }
        let ours = try picks(image, workSize: 136, pixelSize: 0.885) {
            ($0.minimumDiameter, $0.maximumDiameter, $0.threshold) = (120, 190, 0.3)
        }
        #expect(ours.count == 40 && truth.rowCount == 40)
        for (x, y) in zip(try truth.doubles("rlnCoordinateX"), try truth.doubles("rlnCoordinateY")) {
            // A quarter of the particle's diameter.
            #expect(ours.contains { hypot($0.x - x, $0.y - y) < 45 })
        }
    }
}
