import Arrays
import Foundation

/// The transfer function of a microscope on the half plane of one image size: what does not depend on the defocus is kept.
struct ContrastTransfer: Sendable {
    let microscope: Microscope
    let box: Int
    /// Envelope times radiation damage.
    private let envelope: [Float]
    /// cos and sin of the beam tilt's phase, or empty.
    private let tiltPhase: [ComplexFloat]
    private let frequencyStep: Double

    /// - Parameter damage: total exposure in e/Å² whose mean fading is applied, or nil.
    init(microscope: Microscope, box: Int, pixelSizeInAngstrom: Double, damage: Double?) {
        self.microscope = microscope
        self.box = box
        frequencyStep = 1 / (Double(box) * pixelSizeInAngstrom)
        let (half, step) = (box / 2 + 1, frequencyStep)
        var envelope = [Float](repeating: 1, count: half * box)
        let hasTilt = microscope.beamTilt != SIMD2(0, 0)
        var phases = [ComplexFloat](repeating: .one, count: hasTilt ? half * box : 0)
        let lambda = microscope.wavelength
        let tiltScale = 2 * .pi * microscope.sphericalAberrationInAngstrom * lambda * lambda * 1e-3
        for y in 0..<box {
            let ky = Double(signedFrequency(y, length: box)) * step
            for x in 0..<half {
                let kx = Double(x) * step
                let k2 = kx * kx + ky * ky
                var value = exp(-microscope.envelopeBFactor * k2 / 4)
                if let damage { value *= ExposureFading.mean(over: damage, atFrequency: k2.squareRoot(), voltage: microscope.voltageInKilovolts) }
                envelope[y * half + x] = Float(value)
                if hasTilt {
                    let phase = tiltScale * k2 * (microscope.beamTilt.x * kx + microscope.beamTilt.y * ky)
                    phases[y * half + x] = ComplexFloat(Float(cos(phase)), Float(sin(phase)))
                }
            }
        }
        self.envelope = envelope
        tiltPhase = phases
    }

    /// Multiplies a half-plane spectrum in place by `scale` · envelope · sin χ, and turns it by the beam tilt's phase.
    ///
    /// χ = π λ Δf k² − ½ π Cs λ³ k⁴ + the constant phase, with Δf = (u + v)/2 + (u − v)/2 · cos 2(azimuth − angle).
    func apply(_ defocus: Defocus, scale: Double, to spectrum: UnsafeMutablePointer<ComplexFloat>) {
        let half = box / 2 + 1
        let lambda = microscope.wavelength
        let step2 = frequencyStep * frequencyStep
        let azimuth = 2 * defocus.angleInDegrees * Double.pi / 180
        // k² cos 2(a − a₀) = (kx² − ky²) cos 2a₀ + 2 kx ky sin 2a₀
        let mean = Double.pi * lambda * defocus.mean * step2
        let difference = Double.pi * lambda * (defocus.u - defocus.v) / 2 * step2
        let quartic = -0.5 * Double.pi * microscope.sphericalAberrationInAngstrom * lambda * lambda * lambda * step2 * step2
        let constant = microscope.constantPhase
        let (c, s) = (difference * cos(azimuth), difference * sin(azimuth))
        for y in 0..<box {
            let ky = Double(signedFrequency(y, length: box))
            for x in 0..<half {
                let kx = Double(x)
                let k2 = kx * kx + ky * ky
                let chi = mean * k2 + c * (kx * kx - ky * ky) + s * 2 * kx * ky + quartic * k2 * k2 + constant
                let factor = Float(scale * sin(chi)) * envelope[y * half + x]
                var value = spectrum[y * half + x]
                value = ComplexFloat(value.real * factor, value.imaginary * factor)
                if !tiltPhase.isEmpty {
                    let p = tiltPhase[y * half + x]
                    value = ComplexFloat(value.real * p.real - value.imaginary * p.imaginary,
                                         value.real * p.imaginary + value.imaginary * p.real)
                }
                spectrum[y * half + x] = value
            }
        }
    }
}

/// Fading of the image with the electrons that have passed: exp(−d / 2Nc), with the critical exposure
/// Nc = 0.245 k^−1.665 + 2.81 e/Å² at 300 kV and four fifths of it at 200 kV (Grant & Grigorieff 2015, eLife 4:e06980).
enum ExposureFading {
    static func criticalExposure(atFrequency k: Double, voltage: Double) -> Double {
        (0.245 * pow(max(k, 1e-4), -1.665) + 2.81) * (voltage > 250 ? 1 : 0.8)
    }

    /// Mean of the fading over an exposure from 0 to `total` e/Å².
    static func mean(over total: Double, atFrequency k: Double, voltage: Double) -> Double {
        let ratio = total / (2 * criticalExposure(atFrequency: k, voltage: voltage))
        return ratio < 1e-6 ? 1 : (1 - exp(-ratio)) / ratio
    }
}
