import Arrays

/// The grey values between which a picture is drawn.
package enum ContrastStretch: Sendable {
    /// From the smallest to the largest value.
    case full
    case range(black: Double, white: Double)
    /// This many standard deviations about the mean.
    case sigma(Double)

    package func limits(of image: RealArray) -> (black: Double, white: Double) {
        let statistics = PixelStatistics(image)
        switch self {
        case .full: return (Double(statistics.minimum), Double(statistics.maximum))
        case .range(let black, let white): return (black, white)
        case .sigma(let factor):
            let half = factor * statistics.standardDeviation
            return (statistics.mean - half, statistics.mean + half)
        }
    }

    /// Grey levels 0 ... 255 in the order of the image's pixels; a flat image is black.
    package func levels(of image: RealArray) -> [UInt8] {
        let (black, white) = limits(of: image)
        let step = (white - black) / 255
        return image.values.map { value in
            guard step != 0, !value.isNaN else { return 0 }
            return UInt8(min(255, max(0, ((Double(value) - black) / step).rounded(.down))))
        }
    }
}
