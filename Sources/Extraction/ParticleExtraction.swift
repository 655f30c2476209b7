import Arrays
import Fourier
import Imaging
import Optics
import Parallel

/// Cuts particles from micrographs. Made once for all micrographs; used from any thread.
///
/// A particle is cut so that the pixel of its (truncated) coordinate comes to lie at n/2; beyond the edges of the
/// micrograph its outermost pixels are repeated. With a transfer correction a box, filled up with the micrograph's mean,
/// is multiplied in Fourier space first.
package final class ParticleExtraction: Sendable {
    package let settings: ExtractionSettings
    package let outputSize: Int
    private let finishing: FinishingPlan
    private let transferTransform: FourierTransform?

    package struct Particle: Sendable {
        /// Pixel of the micrograph.
        package var x: Int
        package var y: Int
        /// Position in `transfers`; not looked at without a transfer correction.
        package var transfer: Int

        package init(x: Int, y: Int, transfer: Int = 0) { (self.x, self.y, self.transfer) = (x, y, transfer) }
    }

    /// The transfer of one particle, or of all of a micrograph.
    package struct Transfer: Sendable, Hashable {
        package var function: ContrastTransferFunction
        package var aberrations: Aberrations

        package init(_ function: ContrastTransferFunction, aberrations: Aberrations = .none) {
            (self.function, self.aberrations) = (function, aberrations)
        }
    }

    package struct Result: Sendable {
        /// One image a section.
        package var stack: RealArray
        /// Particles whose background has no contrast, and which are not normalised therefore.
        package var withoutContrast: [Int]
    }

    package init(_ settings: ExtractionSettings) {
        self.settings = settings
        finishing = FinishingPlan(settings.finish, size: settings.boxSize)
        outputSize = finishing.outputSize
        transferTransform = settings.transfer.map { FourierTransform(shape: .square($0.boxSize)) }
    }

    /// Whether the whole box of a particle lies beside a micrograph, so that there is nothing to cut.
    package func isOutside(_ particle: Particle, of micrograph: Shape) -> Bool {
        MicrographWindow(
            UnsafeBufferPointer(start: nil, count: 0), shape: micrograph, centre: (particle.x, particle.y),
            size: settings.boxSize
        ).isOutside
    }

    /// Particles that one task of the parallel loop cuts.
    private static let chunk = 16

    /// - Parameters:
    ///   - transfers: those that the particles refer to.
    ///   - pixelSize: of the micrograph, in Å; used with a transfer correction only.
    ///   - seed: of the noise that replaces dust; another one for each micrograph.
    /// - Precondition: no particle is outside the micrograph.
    package func extract(
        _ particles: [Particle], from micrograph: RealArray, transfers: [Transfer] = [],
        pixelSizeInAngstrom pixelSize: Double = 1, seed: Int = 0, pool: ThreadPool
    ) -> Result {
        micrograph.values.withUnsafeBufferPointer {
            extract(
                particles, from: $0, shape: micrograph.shape, transfers: transfers, pixelSizeInAngstrom: pixelSize, seed: seed,
                pool: pool)
        }
    }

    /// As above, for a micrograph in any memory; its pixels are x fastest.
    package func extract(
        _ particles: [Particle], from pixels: UnsafeBufferPointer<Float>, shape: Shape, transfers: [Transfer] = [],
        pixelSizeInAngstrom pixelSize: Double = 1, seed: Int = 0, pool: ThreadPool
    ) -> Result {
        let imageSize = outputSize * outputSize
        var stack = RealArray(shape: Shape(x: outputSize, y: outputSize, z: particles.count))
        let chunks = (particles.count + Self.chunk - 1) / Self.chunk
        let mean = fill(particles, pixels, shape)
        let flat: [[Int]] = stack.values.withUnsafeMutableBufferPointer { output in
            nonisolated(unsafe) let (pixels, output) = (pixels, output)  // Images of the stack are disjoint.
            return pool.map(count: chunks) { chunk, _ in
                let worker = Worker(self, transfers, pixelSize, mean)
                let range = chunk * Self.chunk..<min(particles.count, (chunk + 1) * Self.chunk)
                return range.filter { index in
                    let image = UnsafeMutableBufferPointer(rebasing: output[index * imageSize..<(index + 1) * imageSize])
                    let outcome = worker.extract(particles[index], pixels, shape, into: image, seed: seed &+ index)
                    return outcome == .flatBackground || outcome == .noBackground
                }
            }
        }
        return Result(stack: stack, withoutContrast: flat.flatMap { $0 })
    }

    /// What stands around the micrograph in boxes that are corrected for their transfer: its mean, where there are such.
    private func fill(_ particles: [Particle], _ pixels: UnsafeBufferPointer<Float>, _ shape: Shape) -> Float {
        guard let transfer = settings.transfer else { return 0 }
        let areInside = particles.allSatisfy {
            MicrographWindow(pixels, shape: shape, centre: ($0.x, $0.y), size: transfer.boxSize).isInside
        }
        return areInside ? 0 : Self.mean(pixels)
    }

    /// Sixteen sums side by side, which are taken into double precision before they lose digits.
    private static func mean(_ pixels: UnsafeBufferPointer<Float>) -> Float {
        guard let base = pixels.baseAddress, !pixels.isEmpty else { return 0 }
        let lanes = 16, run = 256 * lanes
        var total = 0.0, start = 0
        while start + run <= pixels.count {
            var sums = SIMD16<Float>.zero
            for i in stride(from: start, to: start + run, by: lanes) {
                sums += UnsafeRawPointer(base + i).loadUnaligned(as: SIMD16<Float>.self)
            }
            for lane in 0..<lanes { total += Double(sums[lane]) }
            start += run
        }
        for i in start..<pixels.count { total += Double(base[i]) }
        return Float(total / Double(pixels.count))
    }

    /// One thread's plans and memory.
    private final class Worker {
        private let extraction: ParticleExtraction
        private let scratch: FinishingPlan.Scratch
        private let transfer: TransferWorker?

        init(_ extraction: ParticleExtraction, _ transfers: [Transfer], _ pixelSize: Double, _ mean: Float) {
            self.extraction = extraction
            scratch = extraction.finishing.makeScratch()
            transfer = extraction.settings.transfer.flatMap { correction in
                extraction.transferTransform.map {
                    TransferWorker(correction, $0, transfers, pixelSizeInAngstrom: pixelSize, fill: mean)
                }
            }
        }

        func extract(
            _ particle: Particle, _ pixels: UnsafeBufferPointer<Float>, _ shape: Shape,
            into image: UnsafeMutableBufferPointer<Float>, seed: Int
        ) -> BackgroundNormalisation.Outcome? {
            let centre = (particle.x, particle.y)
            let window = MicrographWindow(pixels, shape: shape, centre: centre, size: extraction.settings.boxSize)
            let finishing = extraction.finishing
            guard let transfer else {
                return finishing.run(.rows { window.copyRow($0, into: $1) }, into: image, seed: seed, scratch: scratch)
            }
            let large = MicrographWindow(pixels, shape: shape, centre: centre, size: transfer.size)
            // Within the micrograph nothing is done to the pixels between the two steps in Fourier space.
            if transfer.size == window.size, window.isInside, finishing.takesSpectra {
                let spectrum = transfer.correctedSpectrum(of: large, transfer: particle.transfer)
                return finishing.run(.spectrum(spectrum), into: image, seed: seed, scratch: scratch)
            }
            transfer.correct(large, transfer: particle.transfer)
            return finishing.run(
                .rows { transfer.copyRow($0, of: window, into: $1) }, into: image, seed: seed, scratch: scratch)
        }
    }
}
