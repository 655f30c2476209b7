import Arrays
import Foundation
import Fourier
import Parallel

extension RealArray {
    /// Multiplies the spectrum by a filter drawn as a real image of the same shape, zero frequency at the centre n/2.
    ///
    /// - Parameter psiInDegrees: the filter is turned by this angle in the plane (nearest pixel); 0 outside it.
    package func filtered(byCentred filter: RealArray, psiInDegrees: Double = 0) -> RealArray {
        precondition(filter.shape == shape)
        let transform = FourierTransform(shape: shape)
        var spectrum = transform.forward(self)
        let (cosine, sine) = (cos(psiInDegrees * .pi / 180), sin(psiInDegrees * .pi / 180))
        let half = spectrum.shape.x
        for z in 0..<shape.z {
            let kz = shape.z > 1 ? signedFrequency(z, length: shape.z) : 0
            let fz = min(kz + (shape.z > 1 ? shape.z / 2 : 0), shape.z - 1)
            for y in 0..<shape.y {
                let ky = Double(signedFrequency(y, length: shape.y))
                for x in 0..<half {
                    let fx = Int((Double(x) * cosine - ky * sine).rounded()) + shape.x / 2
                    let fy = Int((Double(x) * sine + ky * cosine).rounded()) + shape.y / 2
                    let isInside = fx >= 0 && fx < shape.x && fy >= 0 && fy < shape.y
                    let index = (z * shape.y + y) * half + x
                    spectrum.values[index] = spectrum.values[index].multiplied(by: isInside ? filter[fx, fy, fz] : 0)
                }
            }
        }
        return transform.inverse(spectrum)
    }

    /// Divides every coefficient by the corresponding one of `weights`; a weight of 0 leaves it unchanged.
    ///
    /// - Precondition: `weights.shape == shape.halfPlane`, in the order of the transform.
    package func dividingSpectrum(by weights: RealArray) -> RealArray {
        precondition(weights.shape == shape.halfPlane)
        let transform = FourierTransform(shape: shape)
        var spectrum = transform.forward(self)
        for i in spectrum.values.indices where weights.values[i] != 0 {
            spectrum.values[i] = spectrum.values[i].multiplied(by: 1 / weights.values[i])
        }
        return transform.inverse(spectrum)
    }

    /// An amplitude spectrum in the order of a transform (as averaged over many images) relative to its radial mean:
    /// what remains is the deviation from rotational symmetry. Up to `minimumShell` the result is 1.
    ///
    /// - Precondition: `self.shape == imageShape.halfPlane`.
    package func relativeToRadialMean(imageShape: Shape, minimumShell: Int) -> RealArray {
        precondition(shape == imageShape.halfPlane)
        var sums = [Double](repeating: 0, count: CornerSpectrum.shellCount(imageShape)), counts = sums
        CornerSpectrum.forEachCoefficient(imageShape) { shell, index in
            sums[shell] += Double(values[index])
            counts[shell] += 1
        }
        var result = RealArray(shape: shape, repeating: 1)
        CornerSpectrum.forEachCoefficient(imageShape) { shell, index in
            if shell > minimumShell && sums[shell] > 0 {
                result.values[index] = Float(Double(values[index]) * counts[shell] / sums[shell])
            }
        }
        return result
    }
}
