import Arrays
import Foundation
import Fourier
import Parallel

/// First estimate of the noise: the mean power spectrum of some particles of each optics group, less that of their mean.
struct InitialNoise {
    /// σ² per optics group and shell of the references.
    private(set) var noise: [[Double]]
    /// The first image whose background is far from mean 0 and standard deviation 1; nil when all are normalised.
    private(set) var unnormalised: (particle: Int, mean: Double, deviation: Double)?

    /// - Parameters:
    ///   - order: particles to try; at most `settings.particlesForNoiseEstimate` of each optics group are used.
    ///   - visit: called for every used particle with its place in `order` and the transform of its masked image on the
    ///     references' grid.
    init(data: RefinementData, order: [Int], model: RefinementModel, settings: RefinementSettings, pool: ThreadPool,
         visit: (_ place: Int, _ particle: Particle, _ spectrum: FourierArray) throws -> Void) throws {
        let chosen = Self.choose(data, order: order, limit: settings.particlesForNoiseEstimate)
        let box = model.box, shells = model.shellCount
        let transform = FourierTransform(shape: .square(box))
        let masks = data.optics.map {
            ImageMask(box: $0.box, radius: settings.particleDiameter / (2 * $0.pixelSize),
                      edge: Double(settings.maskEdgeInPixels))
        }
        var power = [[Double]](repeating: [Double](repeating: 0, count: shells), count: data.optics.count)
        var counts = [Double](repeating: 0, count: data.optics.count)
        var mean = FourierArray(realShape: .square(box))
        let blockLength = 64
        var unnormalised: (particle: Int, mean: Double, deviation: Double)?
        for start in stride(from: 0, to: chosen.count, by: blockLength) {
            let block = Array(chosen[start..<min(chosen.count, start + blockLength)])
            let spectra = try pool.tryMap(count: block.count) { index, _ in
                try Self.spectrum(of: data.particles[order[block[index]]], data: data, masks: masks, model: model, settings: settings,
                                  transform: transform)
            }
            for (index, (spectrum, background)) in spectra.enumerated() {
                if unnormalised == nil, !background.isNormalised {
                    unnormalised = (data.particles[order[block[index]]].index, background.mean, background.deviation)
                }
                let particle = data.particles[order[block[index]]]
                let shellPower = Self.meanPower(spectrum)
                for shell in 0..<shells { power[particle.opticsGroup][shell] += shellPower[shell] }
                counts[particle.opticsGroup] += 1
                for i in mean.values.indices { mean.values[i] += spectrum.values[i] }
                try visit(block[index], particle, spectrum)
            }
        }
        self.unnormalised = unnormalised
        let total = counts.reduce(0, +)
        for i in mean.values.indices { mean.values[i] = mean.values[i].multiplied(by: Float(1 / max(1, total))) }
        let meanPower = Self.meanPower(mean)
        noise = zip(power, counts).map { spectrum, count in
            guard count > 0 else { return spectrum }
            // Half of it: per component of the complex plane.
            let raw = zip(spectrum, meanPower).map { $0 / (2 * count) - $1 / 2 }
            return Self.withoutNegatives(raw)
        }
    }

    /// Places of the particles that are used.
    private static func choose(_ data: RefinementData, order: [Int], limit: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: data.optics.count)
        return order.indices.filter { place in
            let group = data.particles[order[place]].opticsGroup
            counts[group] += 1
            return counts[group] <= limit
        }
    }

    /// Statistics of the pixels outside the particle.
    private struct Background: Sendable {
        var mean: Double
        var deviation: Double
        /// Mean within half a deviation of 0, deviation within a factor of two of 1.
        var isNormalised: Bool { deviation >= 0.5 && deviation <= 2 && abs(mean / deviation) <= 0.5 }

        init(_ image: UnsafeMutableBufferPointer<Float>, mask: ImageMask) {
            var sum = 0.0, squares = 0.0, count = 0.0
            for (value, solvent) in zip(image, mask.solvent) where solvent > 0 {
                sum += Double(value)
                squares += Double(value) * Double(value)
                count += 1
            }
            mean = count > 0 ? sum / count : 0
            deviation = count > 0 ? max(0, squares / count - mean * mean).squareRoot() : 1
        }
    }

    /// Transform of a masked image, on the grid of the references.
    private static func spectrum(of particle: Particle, data: RefinementData, masks: [ImageMask], model: RefinementModel,
                                 settings: RefinementSettings, transform: FourierTransform) throws -> (FourierArray, Background) {
        let optics = data.optics[particle.opticsGroup]
        var image = RealArray(shape: .square(optics.box))
        let background = try image.values.withUnsafeMutableBufferPointer { buffer in
            try data.images.readImage(particle.index, into: buffer)
            let background = Background(buffer, mask: masks[particle.opticsGroup])
            if settings.fillsMaskWithZeros, let base = buffer.baseAddress { masks[particle.opticsGroup].apply(to: base) }
            return background
        }
        if abs(optics.pixelSize - model.pixelSize) > 0.0001 || optics.box != model.box {
            image = ReferenceGrid.resample(image, from: optics.pixelSize, to: model.pixelSize, box: model.box)
        }
        return (transform.forward(image), background)
    }

    /// Mean of |F|² over all stored coefficients of each shell.
    private static func meanPower(_ spectrum: FourierArray) -> [Double] {
        let box = spectrum.realShape.x, width = box / 2 + 1
        var sums = [Double](repeating: 0, count: box / 2 + 1), counts = sums
        for row in 0..<box {
            let y = signedFrequency(row, length: box)
            for x in 0..<width {
                let shell = Int(Double(x * x + y * y).squareRoot().rounded())
                guard shell <= box / 2 else { continue }
                let value = spectrum.values[row * width + x]
                sums[shell] += Double(value.real * value.real + value.imaginary * value.imaginary)
                counts[shell] += 1
            }
        }
        return zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
    }

    /// Replaces values that the subtraction made negative by their lower, else their higher neighbour.
    private static func withoutNegatives(_ spectrum: [Double]) -> [Double] {
        var result = spectrum
        for shell in result.indices where result[shell] < 0 {
            if shell > 0, result[shell - 1] > 0 {
                result[shell] = result[shell - 1]
            } else {
                result[shell] = result[(shell + 1)...].first { $0 > 0 } ?? 1e-14
            }
        }
        return result
    }
}
