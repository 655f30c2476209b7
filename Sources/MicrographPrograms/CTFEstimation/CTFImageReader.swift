import Arrays
import CTFEstimation
import ImageFormats
import Reporting
import Synchronization

/// Makes the amplitude spectra of images. The tables for one size of image are made once.
final class CTFImageReader: Sendable {
    private struct AverageKey: Hashable {
        var shape: Shape
        var pixelSize: Double
        var finest: Double
    }

    /// Å; what is believed of a file.
    static let pixelSizes = 0.01...1000.0

    private let source: CTFPlan.Source
    private let box: Int
    private let averages = Mutex<[AverageKey: SpectrumAverage]>([:])
    /// Tables that are kept.
    private static let largestCount = 8

    init(_ source: CTFPlan.Source, box: Int) {
        (self.source, self.box) = (source, box)
    }

    /// Looks whether a file can be used, without reading its pixels.
    func requireUsable(_ path: String) throws {
        switch source {
        case .movie: _ = try MovieFile.open(path, extent: .firstFrame)
        case .spectrum:
            let header = try ImageFile.readHeader(path)
            try requireSpectrum(header.shapeOfAll, path)
            _ = try pixelSize(of: header, path)
        case .micrograph(let window):
            let shape =
                MovieFile.format(of: path) == .tiff
                ? try MovieFile.open(path, extent: .firstFrame).shape : try ImageFile.readHeader(path).shapeOfAll
            guard shape.z == 1 else {
                throw InputError(
                    place: path, found: "\(shape.z) sections", expected: "a micrograph of one",
                    remedy: "Correct the motion of movies first, or use --do_movie_thon_rings")
            }
            if let window, window > min(shape.x, shape.y) {
                throw InputError(
                    place: path, found: "\(shape) pixels", expected: "at least the \(window) of --ctfWin")
            }
        }
    }

    private func requireSpectrum(_ shape: Shape, _ path: String) throws {
        guard AmplitudeSpectrum.isUsable(shape) else {
            throw InputError(
                place: path, found: "\(shape) pixels",
                expected: "a square power spectrum with an even number of pixels, at least 32")
        }
    }

    private func pixelSize(of header: ImageHeader, _ path: String) throws -> Double {
        if let size = header.pixelSizeInAngstrom, Self.pixelSizes.contains(size) { return size }
        throw InputError(
            place: path, found: "has no pixel size in its header that makes sense",
            expected: "a power spectrum of motion correction")
    }

    func spectrum(_ path: String, pixelSize: Double, finest: Double) throws -> AmplitudeSpectrum {
        let spectrum: AmplitudeSpectrum
        switch source {
        case .spectrum:
            let (image, header) = try ImageFile.read(path)
            try requireSpectrum(image.shape, path)
            spectrum = AmplitudeSpectrum(image: image, pixelSizeInAngstrom: try self.pixelSize(of: header, path))
        case .movie(let count):
            let movie = try MovieFile.open(path)
            let average = average(movie.shape, pixelSize, finest)
            spectrum = average.spectrum(of: try groups(movie, count))
        case .micrograph(let window):
            try requireUsable(path)
            var image =
                MovieFile.format(of: path) == .tiff ? try MovieFile.open(path).frame(0) : try ImageFile.read(path).image
            if let window { image = image.windowed(to: .square(window)) }
            spectrum = average(image.shape, pixelSize, finest).spectrum(of: CollectionOfOne(image))
        }
        guard spectrum.image.values.allSatisfy(\.isFinite) else {
            throw InputError(
                place: path, found: "has pixels that are not numbers", expected: "finite values",
                remedy: "Correct the motion of this movie again, or leave the micrograph out")
        }
        guard spectrum.image.values.contains(where: { $0 > 0 }) else {
            throw InputError(place: path, found: "is empty", expected: "an image")
        }
        return spectrum
    }

    /// Sums of consecutive frames.
    private func groups(_ movie: any MovieReader, _ count: Int) throws -> [RealArray] {
        try stride(from: 0, to: movie.frameCount, by: count).map { start in
            var sum = try movie.frame(start)
            for index in start + 1..<max(start + 1, min(movie.frameCount, start + count)) {
                let next = try movie.frame(index)
                for i in sum.values.indices { sum.values[i] += next.values[i] }
            }
            return sum
        }
    }

    private func average(_ shape: Shape, _ pixelSize: Double, _ finest: Double) -> SpectrumAverage {
        // The spectrum depends on the finest resolution only where that is finer than the usual end.
        let key = AverageKey(
            shape: shape, pixelSize: pixelSize, finest: min(finest, 2 * SpectrumAverage.targetPixelSizeInAngstrom))
        return averages.withLock { averages in
            if let known = averages[key] { return known }
            if averages.count >= Self.largestCount { averages = [:] }
            let new = SpectrumAverage(
                shape: shape, box: box, micrographPixelSizeInAngstrom: pixelSize, finestInAngstrom: key.finest)
            averages[key] = new
            return new
        }
    }
}
