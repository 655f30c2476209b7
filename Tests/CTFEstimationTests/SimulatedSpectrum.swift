import Arrays
import CTFEstimation
import Foundation
import Fourier
import Optics
import Randomness

/// Spectra and micrographs of a known transfer function.
struct SimulatedSpectrum {
    var transfer: ContrastTransferFunction
    /// Power of the rings at zero frequency over that of the noise.
    var contrast = 0.1
    /// Å²; how fast rings fade.
    var fading = 30.0
    /// 1/Å from which on there are no rings.
    var end = Double.infinity
    var seed = 1

    static func transfer(
        _ defocus: Double, astigmatism: Double = 0, angle: Double = 0, voltage: Double = 300, aberration: Double = 2.7,
        phaseShift: Double = 0
    ) -> ContrastTransferFunction {
        ContrastTransferFunction(
            defocusUInAngstrom: defocus + astigmatism / 2, defocusVInAngstrom: defocus - astigmatism / 2,
            defocusAngleInDegrees: angle, voltageInKilovolts: voltage, sphericalAberrationInMillimetres: aberration,
            amplitudeContrast: 0.07, phaseShiftInDegrees: phaseShift)
    }

    /// Rings on a background that falls steeply, with independent noise of 4 % in each pixel.
    func spectrum(box: Int = 512, pixelSize: Double = 1.4) -> AmplitudeSpectrum {
        var generator = CounterGenerator(seed: seed, stream: 0)
        var image = RealArray(shape: .square(box))
        let extent = Double(box) * pixelSize, centre = box / 2
        for y in 0..<box {
            for x in centre..<box {
                let kx = Double(x - centre) / extent, ky = Double(y - centre) / extent
                let square = kx * kx + ky * ky, k = square.squareRoot()
                let background = 1 + 4 * exp(-k / 0.012) + 0.5 * exp(-square / 0.02)
                let rings = k < end ? contrast * exp(-fading * square) * (1 + 6 * exp(-square / 0.0015)) : 0
                let value = transfer.value(x: kx, y: ky)
                let amplitude = (background * background + rings * value * value).squareRoot()
                let noisy = Float(amplitude * (1 + 0.04 * generator.standardNormal()))
                image[x, y] = noisy
                if x > centre && y > 0 { image[box - x, box - y] = noisy }
            }
        }
        return AmplitudeSpectrum(image: image, pixelSizeInAngstrom: pixelSize)
    }

    /// White noise seen through the microscope, and white noise of the detector.
    func micrograph(_ shape: Shape, pixelSize: Double, signal: Float = 0.5) -> RealArray {
        var generator = CounterGenerator(seed: seed, stream: 1)
        var object = RealArray(shape: shape)
        for i in object.values.indices { object.values[i] = Float(generator.standardNormal()) }
        let transform = FourierTransform(shape: shape)
        var spectrum = transform.forward(object)
        for row in 0..<shape.y {
            for column in 0...shape.x / 2 {
                let kx = Double(column) / (Double(shape.x) * pixelSize)
                let ky = Double(signedFrequency(row, length: shape.y)) / (Double(shape.y) * pixelSize)
                spectrum[column, row] = spectrum[column, row].multiplied(by: Float(transfer.value(x: kx, y: ky)))
            }
        }
        var image = transform.inverse(spectrum)
        for i in image.values.indices {
            image.values[i] = 10 + signal * image.values[i] + Float(generator.standardNormal())
        }
        return image
    }
}

extension CTFFit {
    var meanDefocus: Double { (transfer.defocusUInAngstrom + transfer.defocusVInAngstrom) / 2 }
    /// Difference of the angles of astigmatism, 0 … 90.
    func angleError(_ angle: Double) -> Double {
        let difference = transfer.defocusAngleInDegrees - angle
        return abs(difference - 180 * (difference / 180).rounded())
    }
}

extension ContrastTransferFunction {
    var microscope: Microscope {
        Microscope(
            voltageInKilovolts: voltageInKilovolts, sphericalAberrationInMillimetres: sphericalAberrationInMillimetres,
            amplitudeContrast: amplitudeContrast)
    }
}
