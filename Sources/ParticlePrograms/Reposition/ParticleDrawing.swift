import Arrays
import Foundation
import Fourier
import Geometry
import Imaging
import Optics
import Parallel
import Projection
import Reporting

/// Draws the particles of a refinement into empty micrographs.
struct ParticleDrawing: Sendable {
    private let input: RepositionInput
    private let appliesCTF: Bool
    private let normalisationRadius: Int
    private let references: [PaddedReference]
    private let functions: [ContrastTransferFunction]
    private let microscopes: [Microscope]

    /// What all particles of an optics group have in common.
    private struct Microscope: Sendable {
        var box: Int
        var transform: FourierTransform
        var grid: FrequencyGrid
        var phaseOffset: [Float]?
        var phaseFactors: [ComplexFloat]?
        var detector: [Float]?
    }

    init(_ input: RepositionInput, appliesCTF: Bool, normalisationRadius: Int, pool: ThreadPool) throws {
        self.input = input
        self.appliesCTF = appliesCTF
        self.normalisationRadius = normalisationRadius
        let model = input.model
        let interpolation: Interpolation =
            model.interpolator == 0 ? .nearestNeighbour(minimumRadius: model.minimalRadiusForInterpolation) : .trilinear
        references = try model.classes.indices.map { index in
            PaddedReference(
                map: try input.referenceMap(index), padding: model.paddingFactor,
                currentSize: model.currentImageSize > 0 ? model.currentImageSize : nil, interpolation: interpolation, pool: pool)
        }
        functions = appliesCTF ? try input.particles.contrastTransferFunctions() : []
        microscopes = zip(input.particles.opticsGroups, input.detectors).map { optics, detector in
            let box = optics.imageSize ?? model.imageSize
            let grid = FrequencyGrid(box: box, pixelSizeInAngstrom: optics.pixelSizeInAngstrom)
            return Microscope(
                box: box, transform: FourierTransform(shape: .square(box)), grid: grid,
                phaseOffset: optics.aberrations.phaseOffset(on: grid, magnification: optics.magnification),
                phaseFactors: optics.aberrations.phaseFactors(on: grid, magnification: optics.magnification),
                detector: detector?.values(
                    on: grid, detectorPixelSizeInAngstrom: optics.originalPixelSizeInAngstrom ?? optics.pixelSizeInAngstrom))
        }
    }

    /// All particles of one micrograph; where they overlap, their mean.
    func micrograph(
        like old: RealArray, particles: [Int], pixelSizeInAngstrom: Double, pool: ThreadPool
    ) throws -> DrawnMicrograph {
        let mean = Float(PixelStatistics(old).mean)
        var drawn = DrawnMicrograph(shape: old.shape)
        // Images of one batch are made in parallel and drawn in order.
        let batch = 64
        for start in stride(from: 0, to: particles.count, by: batch) {
            let part = Array(particles[start..<min(particles.count, start + batch)])
            let images = pool.map(count: part.count) { index, _ in
                self.image(of: part[index], in: old, mean: mean, pixelSizeInAngstrom: pixelSizeInAngstrom)
            }
            let radius = input.optimiser.particleDiameterInAngstrom / (2 * pixelSizeInAngstrom)
            for (particle, image) in zip(part, images) {
                drawn.add(image, centre: centre(of: particle), radius: radius)
            }
        }
        return drawn
    }

    private func centre(of particle: Int) -> (x: Int, y: Int) {
        let pose = input.pose(of: particle)
        return (Int(pose.x.rounded(.toNearestOrAwayFromZero)), Int(pose.y.rounded(.toNearestOrAwayFromZero)))
    }

    /// The reference as the particle shows it, in pixels of the micrograph.
    private func image(of particle: Int, in old: RealArray, mean: Float, pixelSizeInAngstrom: Double) -> RealArray {
        let group = input.group(of: particle)
        let optics = input.optics(of: particle)
        let microscope = microscopes[group]
        var spectrum = projection(of: particle, microscope)
        spectrum.movePhaseOriginToCorner()
        var image = microscope.transform.inverse(spectrum)
        let box = Int((Double(microscope.box) * optics.pixelSizeInAngstrom / pixelSizeInAngstrom).rounded(.up))
        if box != microscope.box { image = image.rescaled(toBox: box) }
        if normalisationRadius > 0 {
            let factor = Float(normalisation(of: particle, box: box, in: old, mean: mean))
            for i in image.values.indices { image.values[i] *= factor }
        }
        return image
    }

    private func projection(of particle: Int, _ microscope: Microscope) -> FourierArray {
        let pose = input.pose(of: particle)
        let optics = input.optics(of: particle)
        let reference = references[pose.referenceIndex]
        let extentRatio = Double(input.model.imageSize) * input.model.pixelSizeInAngstrom
            / (Double(microscope.box) * optics.pixelSizeInAngstrom)
        var axes = SliceAxes(orientation: pose.angles.matrix, scale: reference.layout.padding * extentRatio)
        if appliesCTF { axes.magnify(by: optics.magnification) }
        var spectrum = SliceExtraction.slice(reference, axes: axes, imageBox: microscope.box)
        // The origin moves the particle onto the reference.
        spectrum.translate(by: -pose.originX / optics.pixelSizeInAngstrom, -pose.originY / optics.pixelSizeInAngstrom)
        if appliesCTF { transfer(&spectrum, of: particle, microscope) }
        if pose.scale != 1 {
            for i in spectrum.values.indices { spectrum.values[i] = spectrum.values[i].multiplied(by: Float(pose.scale)) }
        }
        return spectrum
    }

    private func transfer(_ spectrum: inout FourierArray, of particle: Int, _ microscope: Microscope) {
        let optimiser = input.optimiser
        let values = functions[particle].values(
            on: microscope.grid, form: optimiser.isPhaseFlipped ? .magnitude : .signed,
            intact: optimiser.ignoresCTFUntilFirstPeak ? .untilFirstPeak : .none, phaseOffset: microscope.phaseOffset)
        let isSquared = input.optics(of: particle).isCTFPremultiplied
        for i in values.indices {
            var factor = isSquared ? values[i] * values[i] : values[i]
            if let detector = microscope.detector { factor *= detector[i] }
            spectrum.values[i] = spectrum.values[i].multiplied(by: factor)
            if let phase = microscope.phaseFactors?[i] { spectrum.values[i] = spectrum.values[i].times(phase) }
        }
    }

    /// The factor that extraction divided the particle by: the standard deviation of its background in the micrograph, and the
    /// norm correction of the refinement.
    private func normalisation(of particle: Int, box: Int, in old: RealArray, mean: Float) -> Double {
        let (x, y) = centre(of: particle)
        var cut = RealArray(shape: .square(box), repeating: mean)
        for row in 0..<box {
            for column in 0..<box {
                let (px, py) = (x + column - box / 2, y + row - box / 2)
                if px >= 0 && py >= 0 && px < old.shape.x && py < old.shape.y { cut[column, row] = old[px, py] }
            }
        }
        let background = BackgroundNormalisation(backgroundRadiusInPixels: normalisationRadius).backgroundStatistics(cut)
        if !input.optimiser.correctsNorm { return background.standardDeviation }
        return background.standardDeviation * input.pose(of: particle).normCorrection / input.model.averageNormCorrection
    }
}
