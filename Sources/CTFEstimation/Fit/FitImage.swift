import Arrays
import Optics

/// The diagnostic image of a fit: the spectrum on the left, the fitted rings on the right.
package enum FitImage {
    /// Standard deviations that the spectrum's grey values span on either side of their mean.
    private static let span: Float = 3

    /// A square image of the spectrum's size. Both halves are scaled alike, 0 to 1: on the left the spectrum over its smooth
    /// trend; on the right CTF² within the range of the fit, one half outside it.
    package static func image(_ spectrum: AmplitudeSpectrum, _ fit: CTFFit, _ settings: CTFSearchSettings) -> RealArray
    {
        let box = spectrum.box, centre = box / 2, extent = spectrum.extentInAngstrom
        let flat = flattened(spectrum)
        var image = RealArray(shape: spectrum.image.shape, repeating: 0.5)
        let low = extent / settings.lowestResolutionInAngstrom, high = extent / settings.highestResolutionInAngstrom
        for row in 0..<box {
            let y = row - centre
            for column in 0..<box {
                let x = column - centre
                if x < 0 {
                    image[column, row] = flat[column, row]
                } else {
                    let radius = Double(x * x + y * y).squareRoot()
                    guard radius >= low && radius <= high else { continue }
                    let value = fit.transfer.value(x: Double(x) / extent, y: Double(y) / extent)
                    image[column, row] = Float(value * value)
                }
            }
        }
        return image
    }

    /// The spectrum divided by its mean at each radius, smoothed over its neighbourhood so that rings stay; 0 … 1.
    private static func flattened(_ spectrum: AmplitudeSpectrum) -> RealArray {
        let box = spectrum.box, centre = box / 2
        var sums = [Double](repeating: 0, count: box), counts = sums
        func radius(_ x: Int, _ y: Int) -> Int {
            Int(Double((x - centre) * (x - centre) + (y - centre) * (y - centre)).squareRoot())
        }
        for y in 0..<box {
            for x in 0..<box {
                sums[radius(x, y)] += Double(spectrum.image[x, y])
                counts[radius(x, y)] += 1
            }
        }
        let reach = max(4, box / 24)
        let trend = sums.indices.map { index -> Double in
            let range = max(0, index - min(reach, index))...min(box - 1, index + min(reach, index))
            let count = range.reduce(0) { $0 + counts[$1] }
            return count > 0 ? range.reduce(0) { $0 + sums[$1] } / count : 1
        }
        var image = RealArray(shape: spectrum.image.shape)
        var squares = 0.0
        for y in 0..<box {
            for x in 0..<box {
                let mean = max(trend[radius(x, y)], 1e-30)
                let value = min(max(Double(spectrum.image[x, y]) / mean - 1, -1), 1)
                image[x, y] = Float(value)
                squares += value * value
            }
        }
        let scale = 1 / (2 * span * max(Float((squares / Double(box * box)).squareRoot()), 1e-9))
        for i in image.values.indices { image.values[i] = min(max(0.5 + image.values[i] * scale, 0), 1) }
        return image
    }
}
