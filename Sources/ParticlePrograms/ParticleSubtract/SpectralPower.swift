import Arrays
import ComplexModule
import Fourier
import Metadata
import StarFormat

/// Power of signal and noise by shell of the references, per component of the complex plane.
struct SpectralPower: Sendable {
    private var signal: [Double]
    private var noise: [Double]
    private var count: [Double]

    init(model: ModelFile) {
        signal = [Double](repeating: 0, count: model.imageSize / 2 + 1)
        noise = signal
        count = signal
    }

    mutating func add(_ other: SpectralPower) {
        for shell in count.indices {
            signal[shell] += other.signal[shell]
            noise[shell] += other.noise[shell]
            count[shell] += other.count[shell]
        }
    }

    /// Adds the coefficients of a particle's signal, and of its image without it.
    ///
    /// - Parameter extentRatio: field of view of the references over that of the image.
    mutating func add(signal part: FourierArray, image: FourierArray, extentRatio: Double) {
        let box = part.realShape.y, columns = part.realShape.halfPlane.x
        for row in 0..<box {
            let y = signedFrequency(row, length: box)
            for x in 0..<columns {
                let radius = Double(x * x + y * y).squareRoot().rounded()
                let shell = Int((radius * extentRatio).rounded())
                if shell >= count.count { continue }
                let index = row * columns + x
                signal[shell] += Double(part.values[index].power) / 2
                noise[shell] += Double((image.values[index] - part.values[index]).power) / 2
                count[shell] += 1
            }
        }
    }

    /// Ratio and mean powers of each shell.
    func table(model: ModelFile) -> StarTable {
        func ratio(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $1 > 0 ? $0 / $1 : 0 } }
        let shells = Array(count.indices)
        var table = StarTable(name: "")
        table.set("rlnSpectralIndex", ints: shells)
        table.set("rlnResolution", doubles: shells.map { model.resolution(ofShell: $0) })
        table.set("rlnAngstromResolution", doubles: shells.map { model.resolutionInAngstrom(ofShell: $0) })
        table.set("rlnSsnrMap", doubles: ratio(signal, noise))
        table.set("rlnReferenceTau2", doubles: ratio(signal, count))
        table.set("rlnSigma2Noise", doubles: ratio(noise, count))
        return table
    }
}
