import Arrays
import CKernels
import ComplexModule
import Geometry
import Optics
import Parallel
import Projection
import Randomness

/// References made from the data alone: particles dealt to the classes in turn and averaged in random orientations.
final class StartingAverages {
    private let model: RefinementModel
    private let settings: RefinementSettings
    private let layout: PixelLayout
    private let accumulators: [SliceAccumulator]
    private let positions: [Int32]
    /// What drew the orientation of the last particle; RELION goes on drawing from it.
    private(set) var generator = AdditiveFeedbackGenerator(seed: 0)

    init(model: RefinementModel, settings: RefinementSettings) {
        self.model = model
        self.settings = settings
        // Only the shells that survive the initial low-pass filter.
        let shell = Double(model.box) * model.pixelSize / max(1e-3, settings.initialLowPass)
        let size = max(4, min(model.box, Int(shell.rounded())))
        let centred = CentredLayout(dimension: model.isVolume ? .three : .two, box: model.box,
                                    padding: Double(settings.paddingFactor), currentSize: size)
        layout = PixelLayout(radius: centred.maximumRadius)
        positions = layout.positions(inBox: model.box)
        accumulators = (0..<model.classCount).map { _ in SliceAccumulator(layout: centred) }
    }

    /// - Parameters:
    ///   - place: in the order of particles; decides about the class.
    ///   - spectrum: of the masked image on the references' grid, phase origin in the corner.
    func add(_ particle: Particle, place: Int, spectrum: FourierArray, optics: OpticsGeometry) {
        generator = AdditiveFeedbackGenerator(seed: settings.randomSeed + particle.index)
        let rot = model.isVolume ? generator.uniform() * 360 : 0
        let tilt = model.isVolume ? generator.uniform() * 180 : 0
        let psi = generator.uniform() * 360
        let rotation = EulerAngles(rot: rot, tilt: tilt, psi: psi).matrix
        var contrast = [Float](repeating: 1, count: layout.stride)
        if settings.correctsCTF { contrast = contrastValues(particle, optics) }
        let geometry = SliceGeometry(padding: accumulators[0].layout.padding, extentRatio: 1, magnification: [1, 0, 0, 1])
        var data = [Float](repeating: 0, count: layout.planarCount), weights = [Float](repeating: 0, count: layout.stride)
        for pixel in 0..<layout.count {
            let value = spectrum.values[Int(positions[pixel])], factor = contrast[pixel] * layout.centringSign[pixel]
            data[pixel] = value.real * factor
            data[pixel + layout.stride] = value.imaginary * factor
            weights[pixel] = contrast[pixel] * contrast[pixel]
        }
        let accumulator = accumulators[place % accumulators.count]
        data.withUnsafeBufferPointer { data in
            weights.withUnsafeBufferPointer { weights in
                guard let data = data.baseAddress, let weights = weights.baseAddress else { return }
                let slice = WeightedSlice(matrix: geometry.matrix(rotation, isVolume: model.isVolume), layout: layout, data: data, weights: weights, weight: 1)
                for slab in 0..<accumulator.slabCount { accumulator.insert([slice], slab: slab) }
            }
        }
    }

    private func contrastValues(_ particle: Particle, _ optics: OpticsGeometry) -> [Float] {
        let function = ContrastTransferFunction(
            defocusUInAngstrom: particle.defocusU, defocusVInAngstrom: particle.defocusV,
            defocusAngleInDegrees: particle.defocusAngle, voltageInKilovolts: optics.voltageInKilovolts,
            sphericalAberrationInMillimetres: optics.sphericalAberrationInMillimetres,
            amplitudeContrast: optics.amplitudeContrast, phaseShiftInDegrees: particle.phaseShift,
            bFactorInSquareAngstrom: particle.ctfBFactor, scale: particle.ctfScale)
        let grid = FrequencyGrid(box: model.box, pixelSizeInAngstrom: model.pixelSize, croppedTo: 2 * layout.radius)
        let values = function.values(on: grid)
        return layout.positions(inBox: 2 * layout.radius).map { values[Int($0)] }
            + [Float](repeating: 0, count: layout.stride - layout.count)
    }

    func reconstruct(pool: ThreadPool) -> [RealArray] {
        accumulators.map { accumulator in
            let sums = accumulator.finish()
            sums.symmetrise(pool: pool)
            return sums.reconstruct(prior: nil, pool: pool)
        }
    }
}
