import Arrays
import Foundation
import Fourier
import Imaging
import Parallel
import StarFormat

/// What the image handler prints about an image instead of changing it.
enum ImageHandlerReport {
    /// One line in the form that scripts around RELION read.
    static func statistics(name: String, image: RealArray, imageCount: Int, pixelSizeInAngstrom: Double) -> String {
        let statistics = PixelStatistics(image)
        let z = image.shape.z / imageCount
        return "\(name) : (x,y,z,n)= \(image.shape.x) x \(image.shape.y) x \(z) x \(imageCount) ; "
            + "avg= \(six(statistics.mean)) stddev= \(six(statistics.standardDeviation)) minval= \(six(Double(statistics.minimum))) "
            + "maxval= \(six(Double(statistics.maximum))); angpix = \(six(pixelSizeInAngstrom))"
    }

    static func centreOfMass(name: String, image: RealArray) -> String {
        let centre = image.centreOfMass()
        return "\(name) : centre of mass (pixels from the box centre) x \(six(centre.x)) y \(six(centre.y))"
            + (image.shape.z > 1 ? " z \(six(centre.z))" : "")
    }

    /// Six significant digits, as streams in other programs print numbers.
    static func six(_ value: Double) -> String { String(format: "%g", value) }

    static func shellCorrelation(_ image: RealArray, _ other: RealArray, pixelSizeInAngstrom: Double, pool: ThreadPool) throws -> String {
        let correlation = FourierShellCorrelation(image, other, pool: pool).correlation
        var table = shellTable(name: "fsc", count: correlation.count, extent: Double(image.shape.x) * pixelSizeInAngstrom)
        table.set("rlnFourierShellCorrelation", doubles: correlation)
        return try StarDocument(tables: [table]).serialized()
    }

    static func powerSpectrum(_ image: RealArray, pixelSizeInAngstrom: Double, pool: ThreadPool) throws -> String {
        let spectrum = FourierTransform(shape: image.shape).forward(image, pool: pool)
        // As far as Nyquist and one shell beyond, with the corners in it.
        let count = image.shape.x / 2 + 2
        let power = Array(CornerSpectrum(spectrum, .power).means.prefix(count))
        let amplitude = Array(CornerSpectrum(spectrum, .amplitude).means.prefix(count))
        let extent = Double(image.shape.x) * pixelSizeInAngstrom
        var table = shellTable(name: "power", count: power.count, extent: extent)
        table.set("rlnResolutionSquared", doubles: power.indices.map { 1 / (resolution($0, extent) * resolution($0, extent)) })
        table.set("rlnReferenceSpectralPower", doubles: power)
        table.set("rlnLogAmplitudesOriginal", doubles: amplitude.map { $0 > 0 ? log($0) : -99 })
        return try StarDocument(tables: [table]).serialized()
    }

    static func guinier(_ fit: GuinierFit) -> String {
        """
          + slope of fit:                    \(six(fit.slope))
          + intercept of fit:                \(six(fit.intercept))
          + correlation of fit:              \(six(fit.correlation))
          + bfactor:                         \(six(fit.bFactor))
        """
    }

    private static func resolution(_ shell: Int, _ extent: Double) -> Double { shell > 0 ? extent / Double(shell) : 999 }

    private static func shellTable(name: String, count: Int, extent: Double) -> StarTable {
        var table = StarTable(name: name)
        table.set("rlnSpectralIndex", ints: Array(0..<count))
        table.set("rlnResolution", doubles: (0..<count).map { 1 / resolution($0, extent) })
        table.set("rlnAngstromResolution", doubles: (0..<count).map { resolution($0, extent) })
        return table
    }
}
