import Arrays
import Foundation
import Fourier
import Geometry
import Randomness

/// Makes the images of particles: projection, ice, transfer function, counting, normalisation.
///
/// Weak-phase imaging: contrast = 2σ · (projected potential ⊗ transfer function), σ the interaction constant. Images are made in a larger
/// box, so that what the defocus carries beyond the edge is lost, as in a micrograph, and does not come back on the other side; the box is
/// cut out before the electrons are counted. Proteins come out bright (the sign of counts is turned), as particle programs expect them.
package final class ParticleImager: Sendable {
    package let settings: SimulationSettings
    package let projectors: [AtomProjector]
    /// Pixels of the box in which images are made.
    package let paddedBox: Int
    private let transform: FourierTransform
    private let transfer: ContrastTransfer
    private let ice: [Float]

    /// Working memory of one thread.
    package final class Scratch {
        let projections: [AtomProjector.Scratch]
        var spectrum: FourierArray
        var padded: [Float]

        init(_ imager: ParticleImager) {
            projections = imager.projectors.map { $0.makeScratch() }
            spectrum = FourierArray(realShape: .square(imager.paddedBox))
            padded = [Float](repeating: 0, count: imager.paddedBox * imager.paddedBox)
        }
    }

    /// - Parameter models: one or two species.
    package init(settings: SimulationSettings, models: [AtomicModel]) {
        self.settings = settings
        let box = Self.paddedBox(for: settings, modelRadius: models.map(\.radius).max() ?? 0), pixel = settings.pixelSizeInAngstrom
        paddedBox = box
        projectors = models.map { AtomProjector(model: $0, box: box, pixelSizeInAngstrom: pixel) }
        transform = FourierTransform(shape: .square(box))
        var damage: Double?
        if settings.hasRadiationDamage, case .counting(let dose) = settings.noise { damage = dose }
        transfer = ContrastTransfer(microscope: settings.microscope, box: box, pixelSizeInAngstrom: pixel, damage: damage)
        ice = IceStructure.amplitudes(thickness: settings.iceThickness, box: box, pixelSizeInAngstrom: pixel)
    }

    package func makeScratch() -> Scratch { Scratch(self) }

    /// The box plus, on both sides, the distance over which the strongest defocus spreads the highest frequency; at most twice the box,
    /// but always large enough for a model of `modelRadius` Å at the largest centring error.
    package static func paddedBox(for settings: SimulationSettings, modelRadius: Double) -> Int {
        let nyquist = 0.5 / settings.pixelSizeInAngstrom
        let spread = settings.microscope.delocalisation(atFrequency: nyquist, defocus: settings.defocusRange.upperBound)
        let margin = min(Double(settings.box) / 2, spread / settings.pixelSizeInAngstrom)
        let reach = (modelRadius + SimulationSettings.offsetLimit * settings.offset) / settings.pixelSizeInAngstrom
        let wanted = max(Double(settings.box) + 2 * margin, 2 * (reach + Double(SpreadingKernel.width)))
        return fastLength(atLeast: Int(wanted.rounded(.up)))
    }

    /// The next multiple of 8 without prime factors above 5: what the transforms of it and of 5/4 of it are fast for.
    static func fastLength(atLeast wanted: Int) -> Int {
        var n = (wanted + 7) / 8 * 8
        while true {
            var rest = n
            for prime in [2, 3, 5] { while rest % prime == 0 { rest /= prime } }
            if rest == 1 { return n }
            n += 8
        }
    }

    /// The image of particle `index`, box × box pixels.
    package func image(of truth: ParticleTruth, index: Int, scratch: Scratch) -> [Float] {
        var generator = CounterGenerator(seed: settings.seed, stream: 2 * index)
        projectContent(of: truth, index: index, scratch: scratch)
        if !ice.isEmpty { IceStructure.add(amplitudes: ice, to: &scratch.spectrum, using: &generator) }
        scratch.spectrum.values.withUnsafeMutableBufferPointer { spectrum in
            scratch.padded.withUnsafeMutableBufferPointer { padded in
                guard let from = spectrum.baseAddress, let to = padded.baseAddress else { return }
                transfer.apply(truth.defocus, scale: 2 * settings.microscope.interactionConstant, to: from)
                transform.inverse(overwriting: from, into: to)
            }
        }
        var image = centralPart(of: scratch.padded)
        if case .counting(let dose) = settings.noise {
            let mean = dose * settings.pixelSizeInAngstrom * settings.pixelSizeInAngstrom
            for i in image.indices { image[i] = -Float(generator.poisson(mean * (1 - Double(image[i])))) }
            normalise(&image)
        }
        return image
    }

    /// Transform of the projected potential in V·Å, times the micrograph's contrast.
    private func projectContent(of truth: ParticleTruth, index: Int, scratch: Scratch) {
        switch truth.content {
        case .species(let species):
            let orientation = EulerAngles(rot: truth.rot, tilt: truth.tilt, psi: truth.psi).matrix
            projectors[species].project(orientation, shift: truth.shift, into: &scratch.spectrum, scratch: scratch.projections[species])
            let scale = Float(truth.scale)
            for i in scratch.spectrum.values.indices { scratch.spectrum.values[i] = scratch.spectrum.values[i].multiplied(by: scale) }
        case .empty:
            for i in scratch.spectrum.values.indices { scratch.spectrum.values[i] = .zero }
        case .contaminant(let radius):
            Contaminant(radius: radius, shift: truth.shift, elongation: 1 + abs(truth.tilt - 90) / 90)
                .draw(into: &scratch.spectrum, pixelSizeInAngstrom: settings.pixelSizeInAngstrom, scale: truth.scale)
        }
    }

    private func centralPart(of padded: [Float]) -> [Float] {
        let box = settings.box, first = paddedBox / 2 - box / 2
        var image: [Float] = []
        image.reserveCapacity(box * box)
        for y in 0..<box {
            let start = (first + y) * paddedBox + first
            image += padded[start..<start + box]
        }
        return image
    }

    /// Mean 0 and standard deviation 1 outside the background radius.
    private func normalise(_ image: inout [Float]) {
        let box = settings.box
        let limit = settings.backgroundRadius * settings.backgroundRadius
        var sum = 0.0, squares = 0.0, count = 0.0
        for y in 0..<box {
            let dy = Double(y - box / 2)
            for x in 0..<box {
                let dx = Double(x - box / 2)
                guard dx * dx + dy * dy > limit else { continue }
                let value = Double(image[y * box + x])
                sum += value
                squares += value * value
                count += 1
            }
        }
        let mean = sum / count
        let deviation = max(0, squares / count - mean * mean).squareRoot()
        guard deviation > 0 else { return }
        for i in image.indices { image[i] = Float((Double(image[i]) - mean) / deviation) }
    }
}
