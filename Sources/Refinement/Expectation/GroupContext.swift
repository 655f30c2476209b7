import Arrays
import CKernels
import Foundation
import Fourier
import Geometry
import Optics

/// What all particles of one optics group share in one iteration: pixel layouts, phase factors, noise weights, mask.
///
/// The *fine* layout holds all pixels up to the current image size, the *coarse* one those that the angular step of the
/// first pass supports.
final class GroupContext: @unchecked Sendable {  // Immutable after init; buffers are only read.
    let optics: OpticsGeometry
    let fine: PixelLayout
    let coarse: PixelLayout
    /// The low-resolution part of the coarse layout that a global search looks at first; nil where that would not pay.
    let scout: PixelLayout?
    /// Where the pixels of the scout layout lie in the coarse one.
    let scoutInCoarse: [Int32]
    /// Where the pixels of the fine layout lie in the half-plane transform of the image.
    let finePositions: [Int32]
    /// Where the pixels of the coarse layout lie in the fine one.
    let coarseInFine: [Int32]
    let geometry: SliceGeometry
    /// 1/σ² of each pixel; 0 at the origin, which carries no information on orientation.
    let inverseNoiseFine: [Float]
    let inverseNoiseCoarse: [Float]
    /// 1/σ² including the origin, for the reconstruction.
    let inverseNoiseForSums: [Float]
    /// Shifts in pixels of this group's images, coarse and fine (children of coarse shift t at t·childCount …).
    let coarseShifts: [TranslationSampling.Shift]
    let fineShifts: [TranslationSampling.Shift]
    let coarsePhases: PhaseTable
    let finePhases: PhaseTable
    let mask: ImageMask
    let transform: FourierTransform
    /// Multiplied to the image's transform on the fine layout: undoes antisymmetric aberrations and differences of MTF.
    let correction: (re: [Float], im: [Float])?
    /// Half-plane grid cropped to the fine layout, where the layout's pixels lie in it, and the phases of symmetric aberrations.
    let grid: FrequencyGrid
    let gridPositions: [Int32]
    let aberrationPhase: [Float]?
    /// Σ log(2πσ²) over the pixels that count, for the log-likelihood.
    let logNoise: Double
    /// 1/σ² of each shell of the image.
    let inverseNoiseOfShell: [Double]
    /// Ratio image shells → model shells.
    let shellRatio: Double
    /// Shells of the image beyond the current size, whose power goes to the noise spectrum as it is.
    let firstUnmodelledShell: Int

    struct Sizes {
        /// Shells of the image that count in the likelihood: 0 ... currentRadius.
        var currentRadius: Int
        /// Largest frequencies of the two passes, pixels of the image's transform.
        var fineRadius: Int
        var coarseRadius: Int
    }

    init(optics: OpticsGeometry, sizes: Sizes, model: ModelGeometry, noise: [Double], settings: RefinementSettings,
         translations: TranslationSampling, fineOversampling: Int, correction: (re: [Float], im: [Float])?,
         fineLayout: PixelLayout, coarseLayout: PixelLayout, scoutLayout: PixelLayout?) {
        self.optics = optics
        fine = fineLayout
        coarse = coarseLayout
        scout = scoutLayout
        scoutInCoarse = scoutLayout.map(coarse.positions(of:)) ?? []
        finePositions = fine.positions(inBox: optics.box)
        coarseInFine = fine.positions(of: coarse)
        let extent = Double(optics.box) * optics.pixelSize
        let modelExtent = Double(model.box) * model.pixelSize
        shellRatio = modelExtent / extent
        geometry = SliceGeometry(padding: model.padding, extentRatio: modelExtent / extent,
                                 magnification: optics.magnification)
        let ratio = shellRatio
        func inverseNoise(_ layout: PixelLayout, includingOrigin: Bool) -> [Float] {
            (0..<layout.stride).map { pixel in
                guard pixel < layout.count else { return 0 }
                let shell = Int((ratio * Double(layout.shell[pixel])).rounded())
                guard shell < noise.count, layout.shell[pixel] > 0 || includingOrigin, noise[shell] > 0 else { return 0 }
                return Float(1 / noise[shell])
            }
        }
        inverseNoiseFine = inverseNoise(fine, includingOrigin: false)
        inverseNoiseCoarse = inverseNoise(coarse, includingOrigin: false)
        inverseNoiseForSums = inverseNoise(fine, includingOrigin: true)
        var logSum = 0.0
        // A transform cropped to 2·radius rows has no row −radius.
        for y in -sizes.currentRadius + 1...sizes.currentRadius {
            for x in 0...sizes.currentRadius where !(x == 0 && y < 0) {
                let shell = Int(Double(x * x + y * y).squareRoot().rounded())
                let inModel = Int((ratio * Double(shell)).rounded())
                if shell > 0, shell <= sizes.currentRadius, inModel < noise.count, noise[inModel] > 0 {
                    logSum += log(2 * .pi * noise[inModel])
                }
            }
        }
        logNoise = logSum
        inverseNoiseOfShell = (0...optics.box / 2).map { shell in
            let inModel = Int((ratio * Double(shell)).rounded())
            return inModel < noise.count && noise[inModel] > 0 ? 1 / noise[inModel] : 0
        }
        coarseShifts = (0..<translations.shifts.count).flatMap { translations.children(of: $0, oversampling: 0) }
        fineShifts = (0..<translations.shifts.count).flatMap {
            translations.children(of: $0, oversampling: fineOversampling)
        }
        coarsePhases = PhaseTable(layout: coarse, shifts: coarseShifts, extent: extent)
        finePhases = PhaseTable(layout: fine, shifts: fineShifts, extent: extent)
        mask = ImageMask(box: optics.box, radius: settings.particleDiameter / (2 * optics.pixelSize),
                         edge: Double(settings.maskEdgeInPixels))
        transform = FourierTransform(shape: .square(optics.box))
        self.correction = correction
        grid = FrequencyGrid(box: optics.box, pixelSizeInAngstrom: optics.pixelSize, croppedTo: 2 * fine.radius)
        gridPositions = fine.positions(inBox: 2 * fine.radius)
        aberrationPhase = optics.aberrations.phaseOffset(on: grid, magnification: optics.magnificationMatrix)
        firstUnmodelledShell = sizes.currentRadius + 1
    }
}

/// Box and pixel size of the references.
struct ModelGeometry: Sendable {
    var box: Int
    var pixelSize: Double
    /// True ratio of padded to original box.
    var padding: Double
    var shellCount: Int { box / 2 + 1 }
}
