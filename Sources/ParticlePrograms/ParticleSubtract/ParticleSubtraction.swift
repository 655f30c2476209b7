import Arrays
import ComplexModule
import Fourier
import Geometry
import ImageFormats
import Metadata
import Optics
import Parallel
import Projection

/// Takes projections of references away from particles.
struct ParticleSubtraction: Sendable {
    /// Point of the reference, in its pixels from its centre, on which new particles are centred; nil: they stay.
    var centre: Vector3?
    /// Box size of the new particles, pixels; nil: as before.
    var newBox: Int?
    private let input: SubtractionInput
    private let reader = StackReaderCache()
    /// By model, then class.
    private let references: [[PaddedReference]]
    /// Empty without CTF correction.
    private let functions: [ContrastTransferFunction]
    /// By optics group; nil for a group without particles.
    private let microscopes: [Microscope?]

    /// What all particles of an optics group have in common.
    private struct Microscope: Sendable {
        var box: Int
        var transform: FourierTransform
        var grid: FrequencyGrid
        var phaseOffset: [Float]?
        var phaseFactors: [ComplexFloat]?
        /// Detector transfer of the group over the mean of all groups.
        var detectorRatio: [Float]?
        /// Field of view of the reference over that of the image.
        var extentRatio: Double
    }

    /// - Parameter mask: of what stays in the particles; nil: nothing.
    init(_ input: SubtractionInput, mask: RealArray?, pool: ThreadPool) throws {
        self.input = input
        references = try input.models.indices.map { index in
            let model = input.models[index]
            let interpolation: Interpolation =
                model.interpolator == 0 ? .nearestNeighbour(minimumRadius: model.minimalRadiusForInterpolation) : .trilinear
            return try model.classes.indices.map { number in
                var map = try input.referenceMap(model: index, class: number)
                if let mask { for i in map.values.indices { map.values[i] *= 1 - mask.values[i] } }
                return PaddedReference(
                    map: map, padding: model.paddingFactor, currentSize: model.currentImageSize > 0 ? model.currentImageSize : nil,
                    interpolation: interpolation, pool: pool)
            }
        }
        functions = input.optimiser.correctsCTF ? try input.particles.contrastTransferFunctions() : []
        microscopes = input.opticsGroups.indices.map { Self.microscope(input, group: $0) }
    }

    private static func microscope(_ input: SubtractionInput, group: Int) -> Microscope? {
        guard let box = input.boxes[group] else { return nil }
        let optics = input.opticsGroups[group], model = input.models[0]
        let grid = FrequencyGrid(box: box, pixelSizeInAngstrom: optics.pixelSizeInAngstrom)
        return Microscope(
            box: box, transform: FourierTransform(shape: .square(box)), grid: grid,
            phaseOffset: optics.aberrations.phaseOffset(on: grid, magnification: optics.magnification),
            phaseFactors: optics.aberrations.phaseFactors(on: grid, magnification: optics.magnification),
            detectorRatio: detectorRatio(input, group: group, grid: grid),
            extentRatio: Double(model.imageSize) * model.pixelSizeInAngstrom / (Double(box) * optics.pixelSizeInAngstrom))
    }

    private static func detectorRatio(_ input: SubtractionInput, group: Int, grid: FrequencyGrid) -> [Float]? {
        guard input.detectors.contains(where: { $0 != nil }) else { return nil }
        let curves: [[Float]] = zip(input.detectors, input.opticsGroups).map { detector, optics in
            detector?.values(
                on: grid, detectorPixelSizeInAngstrom: optics.originalPixelSizeInAngstrom ?? optics.pixelSizeInAngstrom)
                ?? [Float](repeating: 1, count: grid.count)
        }
        return (0..<grid.count).map { i in
            var sum: Float = 0
            for curve in curves { sum += curve[i] }
            return curves[group][i] * Float(curves.count) / sum
        }
    }

    /// The particle without the signal, and its origin (Å) where it was re-centred.
    func subtract(_ particle: Int) throws -> (image: RealArray, originInAngstrom: Vector3?) {
        let microscope = commonPart(of: particle)
        var spectrum = try imageSpectrum(particle, microscope)
        let signal = signalSpectrum(particle, microscope)
        for i in spectrum.values.indices { spectrum.values[i] -= signal.values[i] }
        var origin: Vector3?
        if let centre {
            let pose = input.poses[particle], pixelSize = input.pixelSize(of: particle)
            let point = centre * (input.models[0].pixelSizeInAngstrom / pixelSize)
            let exact = Vector3(pose.originX, pose.originY, 0) / pixelSize - pose.angles.matrix * point
            let whole = exact.rounded(.toNearestOrAwayFromZero)
            // Whole pixels, so that nothing is interpolated.
            spectrum.translate(by: whole.x, whole.y)
            origin = (exact - whole) * pixelSize
        }
        spectrum.movePhaseOriginToCorner()
        let image = microscope.transform.inverse(spectrum)
        return (newBox.map { image.windowed(to: .square($0)) } ?? image, origin)
    }

    /// Power of the signal and of what remains of the particle without it.
    func power(_ particle: Int) throws -> SpectralPower {
        let microscope = commonPart(of: particle)
        let image = try imageSpectrum(particle, microscope), signal = signalSpectrum(particle, microscope)
        var power = SpectralPower(model: input.models[0])
        power.add(signal: signal, image: image, extentRatio: microscope.extentRatio)
        return power
    }

    private func commonPart(of particle: Int) -> Microscope {
        guard let found = microscopes[input.groups[particle]] else { preconditionFailure("the group of a particle has a box") }
        return found
    }

    /// Transform of the experimental image, phase origin in the centre.
    private func imageSpectrum(_ particle: Int, _ microscope: Microscope) throws -> FourierArray {
        var image = try reader.image(input.images[particle])
        let factor = Float(input.poses[particle].imageFactor)
        if factor != 1 { for i in image.values.indices { image.values[i] *= factor } }
        var spectrum = microscope.transform.forward(image)
        spectrum.movePhaseOriginToCentre()
        return spectrum
    }

    /// Transform of the projection as the microscope shows it.
    private func signalSpectrum(_ particle: Int, _ microscope: Microscope) -> FourierArray {
        let pose = input.poses[particle], optics = input.opticsGroups[input.groups[particle]]
        let reference = references[pose.modelIndex][pose.classIndex]
        var axes = SliceAxes(orientation: pose.angles.matrix, scale: reference.layout.padding * microscope.extentRatio)
        axes.magnify(by: optics.magnification)
        var spectrum = SliceExtraction.slice(reference, axes: axes, imageBox: microscope.box)
        // The origin moves the particle onto the reference.
        spectrum.translate(by: -pose.originX / optics.pixelSizeInAngstrom, -pose.originY / optics.pixelSizeInAngstrom)
        if !functions.isEmpty { transfer(&spectrum, functions[particle], isSquared: optics.isCTFPremultiplied, microscope) }
        if pose.scale != 1 {
            let scale = Float(pose.scale)
            for i in spectrum.values.indices { spectrum.values[i] = spectrum.values[i].multiplied(by: scale) }
        }
        return spectrum
    }

    private func transfer(
        _ spectrum: inout FourierArray, _ function: ContrastTransferFunction, isSquared: Bool, _ microscope: Microscope
    ) {
        let optimiser = input.optimiser
        let values = function.values(
            on: microscope.grid, form: optimiser.isPhaseFlipped ? .magnitude : .signed,
            intact: optimiser.ignoresCTFUntilFirstPeak ? .untilFirstPeak : .none, phaseOffset: microscope.phaseOffset)
        for i in values.indices {
            var factor = isSquared ? values[i] * values[i] : values[i]
            if let ratio = microscope.detectorRatio { factor *= ratio[i] }
            spectrum.values[i] = spectrum.values[i].multiplied(by: factor)
            if let phase = microscope.phaseFactors?[i] { spectrum.values[i] = spectrum.values[i].times(phase) }
        }
    }
}
