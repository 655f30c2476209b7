import Arrays
import Foundation
import Fourier
import Geometry
import Parallel
import Randomness

/// Makes the frames of movies: particles and ice that move, fade with the exposure, and are counted by a camera with faults.
///
/// Particles, and the ice cut into tiles that overlap, are stamps: spectra of small images behind the transfer function. In each frame a
/// stamp is moved as the sample moved at its place (a phase factor, so to any fraction of a pixel), transformed back and added up. Work for a
/// frame: stamps · (one transform of the stamp's box + one complex product a coefficient), and one Poisson number a pixel.
package final class MovieImager: Sendable {
    package let settings: MovieSettings
    package let detector: Detector
    private let projectors: [AtomProjector]
    private let box: Int
    private let transform: FourierTransform
    private let transfer: ContrastTransfer

    /// - Parameter models: one or two species.
    package init(settings: MovieSettings, models: [AtomicModel]) {
        self.settings = settings
        let pixel = settings.pixelSizeInAngstrom
        let spread = settings.microscope.delocalisation(atFrequency: 0.5 / pixel, defocus: settings.defocusRange.upperBound)
        let radius = models.map(\.radius).max() ?? 0
        // What is delocalised further than the particle's own diameter is too weak to matter.
        let reach = (radius + min(spread, 2 * radius)) / pixel
        let box = ParticleImager.fastLength(atLeast: Int((2 * reach).rounded(.up)) + 2 * SpreadingKernel.width)
        self.box = box
        projectors = models.map { AtomProjector(model: $0, box: box, pixelSizeInAngstrom: pixel) }
        transform = FourierTransform(shape: .square(box))
        transfer = ContrastTransfer(microscope: settings.microscope, box: box, pixelSizeInAngstrom: pixel, damage: nil)
        detector = Detector(settings)
    }

    /// Makes the frames of movie `index` in their order and hands each, in counts, to `body`.
    package func frames(
        of truth: MovieTruth, index: Int, pool: ThreadPool, _ body: (_ frame: Int, _ counts: [Float]) throws -> Void
    ) throws {
        let stamps = particleStamps(truth, pool: pool) + iceStamps(truth, index: index, pool: pool)
        for first in stride(from: 0, to: settings.frameCount, by: pool.threadCount) {
            let count = min(pool.threadCount, settings.frameCount - first)
            let wave = pool.map(count: count) { place, _ in self.frame(first + place, stamps, truth, index: index) }
            for (place, counts) in wave.enumerated() { try body(first + place, counts) }
        }
    }

    private struct Stamp: Sendable {
        let spectrum: FourierArray
        /// Of the middle of the stamp in the first frame; the spectrum holds the fraction of a pixel.
        let corner: SIMD2<Int>
        let place: SIMD2<Double>
        let fades: Bool
    }

    private func particleStamps(_ truth: MovieTruth, pool: ThreadPool) -> [Stamp] {
        let pixel = settings.pixelSizeInAngstrom, scale = 2 * settings.microscope.interactionConstant
        return pool.map(count: truth.particles.count) { i, _ in
            let particle = truth.particles[i], projector = self.projectors[particle.species]
            let x = particle.place.x.rounded(), y = particle.place.y.rounded()
            var spectrum = FourierArray(realShape: .square(self.box))
            projector.project(EulerAngles(rot: particle.rot, tilt: particle.tilt, psi: particle.psi).matrix,
                              shift: pixel * SIMD2(particle.place.x - x, particle.place.y - y), into: &spectrum,
                              scratch: projector.makeScratch())
            spectrum.values.withUnsafeMutableBufferPointer {
                if let base = $0.baseAddress { self.transfer.apply(particle.defocus, scale: scale, to: base) }
            }
            return Stamp(spectrum: spectrum, corner: SIMD2(Int(x) - self.box / 2, Int(y) - self.box / 2), place: particle.place,
                         fades: true)
        }
    }

    /// The ice of the whole micrograph, cut into tiles of the stamps' size whose windows add up to one.
    private func iceStamps(_ truth: MovieTruth, index: Int, pool: ThreadPool) -> [Stamp] {
        guard settings.iceThickness > 0 else { return [] }
        let size = settings.size, pixel = settings.pixelSizeInAngstrom
        let amplitudes = IceStructure.amplitudes(thickness: settings.iceThickness, box: size, pixelSizeInAngstrom: pixel)
        var generator = CounterGenerator(seed: settings.seed, stream: MovieStream.ice(index))
        var field = FourierArray(realShape: .square(size))
        IceStructure.add(amplitudes: amplitudes, to: &field, using: &generator)
        let wholeTransfer = ContrastTransfer(microscope: settings.microscope, box: size, pixelSizeInAngstrom: pixel, damage: nil)
        field.values.withUnsafeMutableBufferPointer {
            if let base = $0.baseAddress { wholeTransfer.apply(truth.defocus, scale: 2 * settings.microscope.interactionConstant, to: base) }
        }
        let ice = FourierTransform(shape: .square(size)).inverse(field, pool: pool)
        let step = box / 2, perSide = (size + step - 1) / step + 1
        // Half a period of sin² up and down: neighbours half a box away complete it to one.
        let window = (0..<box).map { i in Float(pow(sin(.pi * (Double(i) + 0.5) / Double(box)), 2)) }
        return pool.map(count: perSide * perSide) { tile, _ in
            let corner = SIMD2(tile % perSide * step - step, tile / perSide * step - step)
            var part = RealArray(shape: .square(self.box))
            for y in 0..<self.box {
                let row = ((corner.y + y) % size + size) % size
                for x in 0..<self.box { part[x, y] = window[x] * window[y] * ice[((corner.x + x) % size + size) % size, row] }
            }
            let middle = SIMD2(Double(corner.x + step), Double(corner.y + step))
            return Stamp(spectrum: self.transform.forward(part), corner: corner, place: middle, fades: false)
        }
    }

    private func frame(_ frame: Int, _ stamps: [Stamp], _ truth: MovieTruth, index: Int) -> [Float] {
        let size = settings.size, half = box / 2 + 1
        let fading = fading(frame: frame)
        var contrast = [Float](repeating: 0, count: size * size)
        var spectrum = [ComplexFloat](repeating: .zero, count: half * box), image = [Float](repeating: 0, count: box * box)
        for stamp in stamps {
            let moved = truth.motion.displacement(frame: frame, at: stamp.place)
            let columns = phases(moved.x, count: half), rows = phases(moved.y, count: box)
            stamp.spectrum.values.withUnsafeBufferPointer { source in
                for y in 0..<box {
                    for x in 0..<half {
                        let value = source[y * half + x].times(columns[x].times(rows[y]))
                        spectrum[y * half + x] = stamp.fades ? value.multiplied(by: fading[y * half + x]) : value
                    }
                }
            }
            spectrum.withUnsafeMutableBufferPointer { from in
                image.withUnsafeMutableBufferPointer { to in
                    if let from = from.baseAddress, let to = to.baseAddress { transform.inverse(overwriting: from, into: to) }
                }
            }
            add(image, at: stamp.corner, to: &contrast)
        }
        let mean = Float(settings.dosePerFrame * settings.pixelSizeInAngstrom * settings.pixelSizeInAngstrom)
        for i in contrast.indices { contrast[i] = mean * max(0, 1 - contrast[i]) }
        var generator = CounterGenerator(seed: settings.seed, stream: MovieStream.frame(frame, of: index))
        detector.count(&contrast, using: &generator)
        return contrast
    }

    private func add(_ stamp: [Float], at corner: SIMD2<Int>, to image: inout [Float]) {
        let size = settings.size
        let x0 = max(0, -corner.x), x1 = min(box, size - corner.x)
        guard x0 < x1 else { return }
        for y in max(0, -corner.y)..<max(max(0, -corner.y), min(box, size - corner.y)) {
            let source = y * box, target = (corner.y + y) * size + corner.x
            for x in x0..<x1 { image[target + x] += stamp[source + x] }
        }
    }

    /// exp(−2πi k d / box) for the frequencies 0 ..< count of one axis, those above the middle negative.
    private func phases(_ displacement: Double, count: Int) -> [ComplexFloat] {
        (0..<count).map { k in
            let angle = -2 * Double.pi * Double(signedFrequency(k, length: box)) * displacement / Double(box)
            return ComplexFloat(Float(cos(angle)), Float(sin(angle)))
        }
    }

    /// What is left of each coefficient of a particle in the middle of a frame.
    private func fading(frame: Int) -> [Float] {
        let half = box / 2 + 1, exposure = (Double(frame) + 0.5) * settings.dosePerFrame
        let length = Double(box) * settings.pixelSizeInAngstrom
        var result = [Float](repeating: 1, count: half * box)
        for y in 0..<box {
            let ky = Double(signedFrequency(y, length: box))
            for x in 0..<half {
                let k = (Double(x * x) + ky * ky).squareRoot() / length
                let critical = ExposureFading.criticalExposure(atFrequency: k, voltage: settings.microscope.voltageInKilovolts)
                result[y * half + x] = Float(exp(-exposure / (2 * critical)))
            }
        }
        return result
    }
}
