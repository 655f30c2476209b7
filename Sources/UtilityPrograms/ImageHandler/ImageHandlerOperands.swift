import Arrays
import Fourier
import ImageFormats
import Imaging
import ProgramKit
import Reporting

/// The images that options name: second operands of arithmetic, references, masks.
struct Operands: Sendable {
    var multiply, divide, add, subtract, correlation, adjustPower, fourierFilter, mask: RealArray?
    private var named: [(option: String, shape: Shape)] = []

    init(reading options: ImageHandlerProgram.ImageOptions, mask maskName: String, check: inout InputCheck) {
        multiply = read("--multiply", options.multiply, &check)
        divide = read("--divide", options.divide, &check)
        add = read("--add", options.add, &check)
        subtract = read("--subtract", options.subtract, &check)
        correlation = read("--fsc", options.fsc, &check)
        adjustPower = read("--adjust_power", options.adjustPower, &check)
        fourierFilter = read("--fourier_filter", options.fourierFilter, &check)
        mask = read("--mask_optimise_subtract", maskName, &check)
    }

    private mutating func read(_ option: String, _ name: String, _ check: inout InputCheck) -> RealArray? {
        guard let name = name.ifGiven, let image = check.attempt({ try ImageFile.read(name).image }) else { return nil }
        named.append(("\(option) \(name)", image.shape))
        return image
    }

    /// All of them must have the shape of the images they work on.
    func verify(against shape: Shape, of path: String, _ check: inout InputCheck) {
        for operand in named where operand.shape != shape {
            check.add(operand.option, found: "\(operand.shape) pixels", expected: "\(shape) pixels as in \(path)")
        }
    }
}

extension ImageHandlerProgram.PerImageOptions {
    /// The spectrum of `--correct_avg_ampl` relative to its radial mean.
    func correction(check: inout InputCheck) -> RealArray? {
        guard let name = correctAmplitude.ifGiven, let spectrum = check.attempt({ try ImageFile.read(name).image }) else { return nil }
        // Half a plane of an image of even or odd width; boxes are square, so the height tells which.
        let shape = spectrum.shape
        let imageShape = Shape(x: 2 * (shape.x - 1) + shape.y % 2, y: shape.y, z: shape.z)
        return spectrum.relativeToRadialMean(imageShape: imageShape, minimumShell: minimumShell)
    }
}
