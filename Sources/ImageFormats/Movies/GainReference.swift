import Arrays
import Reporting

/// Gain references: the factors that a movie's frames are multiplied by, in the orientation of `MovieReader` frames.
/// Zero marks a defective pixel.
package enum GainReference {
    /// Reads a gain reference and brings it to the size of the movie's frames.
    ///
    /// For most movies the file holds the factors (Gatan's convention) and has the size of the frames. For EER movies
    /// it is the average count of each pixel, so that the factors are its inverse times its mean; but files named
    /// `.gain` (TIFF, from newer Falcon software) hold factors. An EER reference may have the detector's size or the
    /// rendered one, or twice the rendered one.
    /// - Throws: `InputError` for files that cannot be read, that do not fit, or with values that are no numbers.
    package static func read(_ path: String, for movie: any MovieReader) throws -> RealArray {
        try factors(image(path, for: movie), path, for: movie)
    }

    /// What the file holds, in the file's size; rows in the order of the movie's.
    package static func image(_ path: String, for movie: any MovieReader) throws -> RealArray {
        // EER frames and .gain files come from the same software in the same order of rows.
        try values(path, turnsRows: !(movie is EERMovie && isFactorFile(path)))
    }

    /// Factors of the movie's size from what a gain reference holds, which may have been turned meanwhile.
    package static func factors(_ image: RealArray, _ path: String, for movie: any MovieReader) throws -> RealArray {
        if let movie = movie as? EERMovie {
            return try factors(image, path, detector: movie.detectorShape, rendered: movie.shape)
        }
        guard image.shape == movie.shape else {
            throw wrongSize(path, image.shape, expected: "\(movie.shape), as the movie \(movie.path) has")
        }
        return image
    }

    private static func factors(_ image: RealArray, _ path: String, detector: Shape, rendered: Shape) throws -> RealArray {
        let holdsFactors = isFactorFile(path)
        var gain = image
        let twice = Shape(x: rendered.x * 2, y: rendered.y * 2)
        if gain.shape == rendered {
        } else if gain.shape == twice {
            gain = halved(gain, holdsFactors: holdsFactors)
        } else if gain.shape == detector, rendered.x > detector.x {
            gain = enlarged(gain, by: rendered.x / detector.x)
        } else {
            throw wrongSize(path, gain.shape, expected: "\(rendered), \(twice) or the detector's \(detector)")
        }
        return holdsFactors ? gain : factors(ofCounts: gain)
    }

    private static func isFactorFile(_ path: String) -> Bool { PathName(path).pathExtension.lowercased() == "gain" }

    private static func wrongSize(_ path: String, _ shape: Shape, expected: String) -> InputError {
        InputError(
            place: path, found: "a gain reference of \(shape) pixels", expected: expected,
            remedy: "Give the reference of this detector and mode")
    }

    /// Average counts to factors: mean over value; zero stays zero.
    private static func factors(ofCounts gain: RealArray) -> RealArray {
        var result = gain
        var sum = 0.0
        for value in gain.values { sum += Double(value) }
        let mean = Float(sum / Double(max(1, gain.values.count)))
        for i in result.values.indices where result.values[i] != 0 { result.values[i] = mean / result.values[i] }
        return result
    }

    private static func enlarged(_ gain: RealArray, by factor: Int) -> RealArray {
        var result = RealArray(shape: Shape(x: gain.shape.x * factor, y: gain.shape.y * factor))
        for y in 0..<result.shape.y { for x in 0..<result.shape.x { result[x, y] = gain[x / factor, y / factor] } }
        return result
    }

    /// Two by two pixels to one: counts are added; of factors the mean of those that are not zero is taken.
    private static func halved(_ gain: RealArray, holdsFactors: Bool) -> RealArray {
        var result = RealArray(shape: Shape(x: gain.shape.x / 2, y: gain.shape.y / 2))
        for y in 0..<result.shape.y {
            for x in 0..<result.shape.x {
                var sum: Float = 0, count: Float = 0
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                    let value = gain[2 * x + dx, 2 * y + dy]
                    sum += value
                    if value != 0 { count += 1 }
                }
                result[x, y] = holdsFactors && count > 0 ? sum / count : sum
            }
        }
        return result
    }

    private static func values(_ path: String, turnsRows: Bool) throws -> RealArray {
        let image: RealArray
        if isFactorFile(path) || MovieFile.format(of: path) == .tiff {
            // Newer .gain files carry further pages with other maps.
            let file = try TIFFMovie(path: path, extent: .firstFrame)
            var first = RealArray(shape: file.shape)
            try first.values.withUnsafeMutableBufferPointer { try file.readFrame(0, into: $0, turnsRows: turnsRows) }
            image = first
        } else {
            image = try ImageFile.read(path).image
        }
        guard image.shape.z == 1 else {
            throw InputError(
                place: path, found: "an array of \(image.shape) pixels", expected: "a gain reference of one image")
        }
        if let bad = image.values.firstIndex(where: { !$0.isFinite }) {
            throw InputError(
                place: path,
                found:
                    "the gain is \(image.values[bad]) in column \(bad % image.shape.x + 1), row \(bad / image.shape.x + 1)",
                expected: "numbers; 0 marks a defective pixel", remedy: "Set such pixels to 0")
        }
        return image
    }
}
