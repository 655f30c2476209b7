import Arrays
import CKernels
import Foundation
import Fourier
import Randomness

/// A particle image ready for comparison: transforms of the masked and the unmasked image on the fine layout, its CTF,
/// and the power beyond the current size. Memory is reused from particle to particle.
final class PreparedImage {
    let layout: PixelLayout
    /// Planar transforms on the fine layout.
    let masked: AlignedBuffer<Float>
    let unmasked: AlignedBuffer<Float>
    /// CTF (or CTF² for premultiplied images) on the fine layout.
    let contrast: AlignedBuffer<Float>
    /// Power of the masked image per image shell, where it is not compared with the references.
    private(set) var unmodelledPower: [Double]
    /// Σ |X|² of the shells beyond the current size.
    private(set) var highResolutionPower = 0.0
    /// ½Σ |X|²/σ² of pixels within the current size that references do not reach.
    private(set) var unmodelledConstant = 0.0
    /// Offset that has been applied: the last one, rounded to pixels of the image.
    private(set) var roundedOffset = (x: 0.0, y: 0.0)

    private let pixels: AlignedBuffer<Float>
    private let shifted: AlignedBuffer<Float>
    private let spectrum: AlignedBuffer<ComplexFloat>
    private let noiseImage: AlignedBuffer<Float>?
    private let box: Int

    init(group: GroupContext, fillsWithNoise: Bool) {
        layout = group.fine
        box = group.optics.box
        masked = AlignedBuffer(count: layout.planarCount)
        unmasked = AlignedBuffer(count: layout.planarCount)
        contrast = AlignedBuffer(count: layout.stride)
        unmodelledPower = [Double](repeating: 0, count: box / 2 + 1)
        pixels = AlignedBuffer(count: box * box)
        shifted = AlignedBuffer(count: box * box)
        spectrum = AlignedBuffer(count: (box / 2 + 1) * box)
        noiseImage = fillsWithNoise ? AlignedBuffer(count: box * box) : nil
    }

    /// Reads, scales, shifts, masks and transforms one particle's image.
    ///
    /// - Parameters:
    ///   - scale: average norm correction over the particle's own.
    ///   - noiseSpectrum: σ² per image shell, where the solvent is to be filled with noise of that spectrum.
    func prepare(_ particle: Particle, from source: any ImageSource, group: GroupContext, scale: Float,
                 noiseSpectrum: [Double]?, seed: Int) throws {
        try source.readImage(particle.index, into: pixels.pointer)
        let dx = (particle.offsetX / group.optics.pixelSize).rounded()
        let dy = (particle.offsetY / group.optics.pixelSize).rounded()
        roundedOffset = (dx, dy)
        shift(by: (Int(dx), Int(dy)), scale: scale)
        group.transform.forward(UnsafePointer(shifted.base), into: spectrum.base)
        gather(into: unmasked, group)
        if let noiseImage, let noiseSpectrum {
            fillNoise(noiseImage, spectrum: noiseSpectrum, group: group, seed: seed, stream: particle.index)
            group.mask.apply(to: shifted.base, background: UnsafePointer(noiseImage.base))
        } else {
            group.mask.apply(to: shifted.base)
        }
        group.transform.forward(UnsafePointer(shifted.base), into: spectrum.base)
        gather(into: masked, group)
        measureUnmodelledPower(group)
    }

    /// Moves the content by whole pixels; what comes in from outside is zero.
    private func shift(by offset: (x: Int, y: Int), scale: Float) {
        let n = box
        for y in 0..<n {
            let row = shifted.base + y * n
            let from = y - offset.y
            guard from >= 0, from < n else {
                row.update(repeating: 0, count: n)
                continue
            }
            let source = pixels.base + from * n
            for x in 0..<n {
                let column = x - offset.x
                row[x] = column >= 0 && column < n ? source[column] * scale : 0
            }
        }
    }

    /// Collects the layout's pixels, with the phase origin moved to the image centre and aberrations undone.
    private func gather(into planar: AlignedBuffer<Float>, _ group: GroupContext) {
        let re = planar.base, im = planar.base + layout.stride
        group.finePositions.withUnsafeBufferPointer { positions in
            layout.centringSign.withUnsafeBufferPointer { sign in
                for pixel in 0..<layout.count {
                    let value = spectrum.base[Int(positions[pixel])]
                    re[pixel] = value.real * sign[pixel]
                    im[pixel] = value.imaginary * sign[pixel]
                }
            }
        }
        if let correction = group.correction {
            for pixel in 0..<layout.count {
                let a = re[pixel], b = im[pixel], c = correction.re[pixel], d = correction.im[pixel]
                re[pixel] = a * c - b * d
                im[pixel] = a * d + b * c
            }
        }
    }

    /// Power per shell of what the layout leaves out: whole shells beyond the current size, and pixels of the last shells
    /// that references do not reach (round(r) = radius but r > radius). Of those shells the row −radius does not count, which a
    /// transform cropped to the current size does not have.
    private func measureUnmodelledPower(_ group: GroupContext) {
        let last = box / 2, width = box / 2 + 1, radius = layout.radius
        for shell in 0...last { unmodelledPower[shell] = 0 }
        for row in 0..<box {
            let y = signedFrequency(row, length: box)
            let first = row <= box / 2 ? 0 : 1
            let base = spectrum.base + row * width
            // Everything with r² <= radius² is modelled.
            let inside = radius * radius - y * y
            var x = first
            if inside >= 0 { x = max(x, Int(Double(inside).squareRoot()) + 1) }
            let outer = (Double(last) + 0.5) * (Double(last) + 0.5) - Double(y * y)
            guard outer > 0 else { continue }
            let end = min(width - 1, Int(outer.squareRoot()))
            while x <= end {
                let shell = Int(Double(x * x + y * y).squareRoot().rounded())
                if shell <= last && (shell >= group.firstUnmodelledShell || y != 1 - group.firstUnmodelledShell) {
                    let v = base[x]
                    unmodelledPower[shell] += Double(v.real * v.real + v.imaginary * v.imaginary)
                }
                x += 1
            }
        }
        unmodelledConstant = 0
        for shell in 1..<min(last + 1, group.firstUnmodelledShell) {
            unmodelledConstant += 0.5 * unmodelledPower[shell] * group.inverseNoiseOfShell[shell]
        }
        highResolutionPower = unmodelledPower[min(last + 1, group.firstUnmodelledShell)...].reduce(0, +)
    }

    /// Gaussian noise with a given spectrum (variance of the real and of the imaginary part of each coefficient).
    private func fillNoise(_ image: AlignedBuffer<Float>, spectrum sigma2: [Double], group: GroupContext, seed: Int,
                           stream: Int) {
        var generator = CounterGenerator(seed: seed, stream: stream)
        let width = box / 2 + 1
        for row in 0..<box {
            let y = signedFrequency(row, length: box)
            for x in 0..<width {
                let shell = Int(Double(x * x + y * y).squareRoot().rounded())
                guard shell < sigma2.count else {
                    spectrum.base[row * width + x] = .zero
                    continue
                }
                let radius = (-2 * log(1 - generator.uniform()) * sigma2[shell]).squareRoot()
                let angle = 2 * Double.pi * generator.uniform()
                spectrum.base[row * width + x] = ComplexFloat(Float(radius * cos(angle)), Float(radius * sin(angle)))
            }
        }
        group.transform.inverse(overwriting: spectrum.base, into: image.base)
    }
}
