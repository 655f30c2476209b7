import Arrays
import CKernels
import Foundation
import Geometry
import Parallel
import Randomness

/// How accurately particles can be aligned: the smallest change of an angle, or of a shift, that changes the likelihood
/// of a particle's own projection by a factor of 100 (Scheres 2012, J Struct Biol 180:519).
struct ExpectedAccuracy {
    /// Per class: degrees and Å; 999 for classes with almost no particles.
    private(set) var rotations: [Double]
    private(set) var translations: [Double]
    /// Share of each shell in telling orientations apart, per class.
    private(set) var orientability: [[Double]]

    /// - Parameter particles: those to try, in random order.
    init(context: ExpectationContext, particles: [Particle], pool: ThreadPool) {
        let shells = context.model.shellCount
        let classes = context.model.classCount
        rotations = [Double](repeating: 999, count: classes)
        translations = rotations
        orientability = [[Double]](repeating: [Double](repeating: 0, count: shells), count: classes)
        for classIndex in 0..<classes where context.model.classWeights[classIndex] >= 0.01 && !particles.isEmpty {
            let trials = pool.map(count: particles.count) { index, _ in
                AccuracyTrial(context: context, particle: particles[index], classIndex: classIndex).run()
            }
            rotations[classIndex] = trials.reduce(0) { $0 + $1.angle } / Double(trials.count)
            translations[classIndex] = trials.reduce(0) { $0 + $1.shift } / Double(trials.count)
            for trial in trials {
                for shell in 0..<shells { orientability[classIndex][shell] += trial.contributions[shell] }
            }
            let sum = orientability[classIndex].reduce(0, +)
            if sum > 0 { for shell in 0..<shells { orientability[classIndex][shell] /= sum } }
        }
    }
}

/// Angular and translational error of one particle, found by widening a turn and a shift step by step.
private struct AccuracyTrial {
    struct Result: Sendable {
        var angle: Double
        var shift: Double
        var contributions: [Double]
    }

    /// −ln 0.01.
    private static let threshold = 4.60517
    /// Degrees and pixels.
    private static let largestAngle = 30.0
    private static let largestShift = 10.0

    let context: ExpectationContext
    let particle: Particle
    let classIndex: Int
    let group: GroupContext
    let layout: PixelLayout
    let inverseNoise: [Float]
    let contrast: AlignedBuffer<Float>
    let first: AlignedBuffer<Float>
    let second: AlignedBuffer<Float>

    init(context: ExpectationContext, particle: Particle, classIndex: Int) {
        self.context = context
        self.particle = particle
        self.classIndex = classIndex
        group = context.groups[particle.opticsGroup]
        layout = group.fine
        var noise = group.inverseNoiseFine
        if context.settings.strictHighResolution > 0 {
            for pixel in 0..<layout.count where Int(layout.shell[pixel]) > group.coarse.radius { noise[pixel] = 0 }
        }
        inverseNoise = noise
        contrast = AlignedBuffer(count: layout.stride)
        first = AlignedBuffer(count: layout.planarCount)
        second = AlignedBuffer(count: layout.planarCount)
        if context.settings.correctsCTF {
            group.contrastTransfer(particle, settings: context.settings, into: contrast.base)
            if group.optics.isPremultiplied { for i in 0..<layout.count { contrast[i] *= contrast[i] } }
        } else {
            for i in 0..<layout.count { contrast[i] = 1 }
        }
    }

    func run() -> Result {
        var generator = AdditiveFeedbackGenerator(seed: context.settings.randomSeed + particle.index)
        let draw = generator.uniform()
        var contributions = [Double](repeating: 0, count: context.model.shellCount)
        extract(particle.rot, particle.tilt, particle.psi, into: first)
        var angle = 0.0
        if !context.settings.skipsRotation {
            repeat {
                angle += Self.angleStep(angle)
                if angle > Self.largestAngle { break }
                turn(by: angle, draw: draw)
            } while difference(nil) <= Self.threshold
            if angle <= Self.largestAngle { _ = difference({ contributions[$0] += $1 }) }
        }
        var shift = 0.0
        repeat {
            shift += Self.shiftStep(shift)
            if shift > Self.largestShift { break }
            move(by: shift, alongX: draw < 0.5)
        } while difference(nil) <= Self.threshold
        return Result(angle: angle, shift: shift * group.optics.pixelSize, contributions: contributions)
    }

    private func extract(_ rot: Double, _ tilt: Double, _ psi: Double, into planar: AlignedBuffer<Float>) {
        context.references.extract(classIndex, EulerAngles(rot: rot, tilt: tilt, psi: psi).matrix, group.geometry, layout,
                                   into: planar.base)
    }

    private func turn(by angle: Double, draw: Double) {
        if !context.references.isVolume || draw >= 0.6667 {
            extract(particle.rot, particle.tilt, particle.psi + angle, into: second)
        } else if draw < 0.3333 {
            extract(particle.rot + angle, particle.tilt, particle.psi, into: second)
        } else {
            extract(particle.rot, particle.tilt + angle, particle.psi, into: second)
        }
    }

    private func move(by shift: Double, alongX: Bool) {
        let stride = layout.stride
        for pixel in 0..<layout.count {
            let k = Double(alongX ? layout.x[pixel] : layout.y[pixel])
            let angle = 2 * Double.pi * k * shift / Double(group.optics.box)
            let c = Float(cos(angle)), s = Float(sin(angle))
            let a = first[pixel], b = first[pixel + stride]
            second[pixel] = a * c - b * s
            second[pixel + stride] = a * s + b * c
        }
    }

    /// ½ Σ |CTF (P₁ − P₂)|²/σ², and what each shell adds to it.
    private func difference(_ add: ((Int, Double) -> Void)?) -> Double {
        let stride = layout.stride
        var sum = 0.0
        for pixel in 0..<layout.count {
            let a = first[pixel] - second[pixel], b = first[pixel + stride] - second[pixel + stride]
            let c = contrast[pixel]
            let value = 0.5 * Double(c * c * (a * a + b * b) * inverseNoise[pixel])
            sum += value
            if let add {
                let shell = Int((group.shellRatio * Double(layout.shell[pixel])).rounded())
                if shell < context.model.shellCount { add(shell, value) }
            }
        }
        return sum
    }

    private static func angleStep(_ angle: Double) -> Double {
        switch angle {
        case ..<0.2: 0.05
        case ..<1: 0.1
        case ..<2: 0.2
        case ..<5: 0.5
        case ..<10: 1
        case ..<20: 2
        default: 5
        }
    }

    private static func shiftStep(_ shift: Double) -> Double {
        switch shift {
        case ..<1: 0.1
        case ..<2: 0.2
        case ..<5: 0.5
        case ..<10: 1
        default: 2
        }
    }
}
