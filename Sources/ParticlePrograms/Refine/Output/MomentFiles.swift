import Arrays
import ImageFormats
import Metadata
import Projection
import Refinement
import Reporting

/// Moments of the gradient as files, which let a gradient refinement go on as if it had not stopped.
///
/// Volumes: `run_itNNN_1momentCCC.mrc` and `run_itNNN_2momentCCC.mrc`, C the class; first moments from the second half of the
/// particles follow with the numbers class count + class. Images: the same in the stacks `run_itNNN_1moment.mrcs` and
/// `run_itNNN_2moment.mrcs`. `GradientMoments.firstOnFullGrid` tells how the values lie. Single precision keeps them exactly.
enum MomentFiles {
    static func write(_ model: RefinementModel, _ names: RefinementFileNames) throws {
        let moments = model.gradient
        if moments.isEmpty { return }
        let classes = moments.classCount
        if model.isVolume {
            for index in 0..<2 * classes {
                try ImageFile.write(moments.firstOnFullGrid(index), to: names.firstMoment(index), pixelSizeInAngstrom: nil)
            }
            for index in 0..<classes {
                try ImageFile.write(moments.secondOnFullGrid(index), to: names.secondMoment(index), pixelSizeInAngstrom: nil)
            }
        } else {
            let first = (0..<2 * classes).map(moments.firstOnFullGrid), second = (0..<classes).map(moments.secondOnFullGrid)
            try ImageFile.writeStack(first, to: names.firstMoments, pixelSizeInAngstrom: nil)
            try ImageFile.writeStack(second, to: names.secondMoments, pixelSizeInAngstrom: nil)
        }
    }

    /// Names for the model file, by class; none where there are no moments.
    static func classNames(_ model: RefinementModel, _ names: RefinementFileNames) -> [(first: String, second: String)] {
        if model.gradient.isEmpty { return [] }
        return (0..<model.gradient.classCount).map { index in
            if model.isVolume { return (names.firstMoment(index), names.secondMoment(index)) }
            return (ImageName(path: names.firstMoments, index: index).description,
                    ImageName(path: names.secondMoments, index: index).description)
        }
    }

    /// The moments that a model file names; empty where it names none.
    ///
    /// - Throws: `InputError` for files that are missing, of another size, or hold values that are not finite.
    static func read(_ model: ModelFile) throws -> GradientMoments {
        let names = model.classes.compactMap { one in one.firstMomentImage.flatMap { first in one.secondMomentImage.map { (first, $0) } } }
        guard !names.isEmpty, names.count == model.classes.count else { return GradientMoments() }
        let layout = CentredLayout(dimension: model.referenceDimensionality == 3 ? .three : .two, box: model.imageSize,
                                   padding: Double(Int(model.paddingFactor)))
        let otherHalf = try names.map { try self.otherHalf(of: $0.0, classCount: names.count) }
        return GradientMoments(layout: layout, first: try (names.map(\.0) + otherHalf).map { try image($0, layout) },
                               second: try names.map { try image($0.1, layout) })
    }

    /// The name of the first moment from the second half of the particles: only the first half's stands in the model file.
    static func otherHalf(of name: String, classCount: Int) throws -> String {
        var parsed = try ImageName(parsing: name)
        if let index = parsed.index {
            parsed.index = index + classCount
            return parsed.description
        }
        let parts = PathName(name)
        guard let number = Int(parts.stem.suffix(3)), number > 0 else {
            throw InputError(place: name, found: "no class number at the end of the name", expected: "a name like run_it010_1moment001.mrc")
        }
        let digits = String(number + classCount)
        return parts.stem.dropLast(3) + String(repeating: "0", count: max(0, 3 - digits.count)) + digits + "." + parts.pathExtension
    }

    private static func image(_ name: String, _ layout: CentredLayout) throws -> RealArray {
        let image = try ImageFile.read(name).image
        let n = layout.paddedBox
        let expected = Shape(x: 2 * (n / 2 + 1), y: n, z: layout.dimension == .three ? n : 1)
        guard image.shape == expected else {
            throw InputError(place: name, found: "is \(image.shape) values", expected: "\(expected), for references padded to \(n) pixels")
        }
        try image.values.withUnsafeBufferPointer { try PixelCheck.requireFinite($0, of: name) }
        return image
    }
}
