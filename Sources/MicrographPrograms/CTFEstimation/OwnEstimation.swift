import CTFEstimation
import ImageFormats
import Reporting
import Synchronization

/// The built-in estimator at work on files: reads an image, fits it and writes what belongs to it alone.
final class OwnEstimation: Sendable {
    private struct Key: Hashable {
        var settings: CTFSearchSettings
        var box: Int
        var pixelSize: Double
    }

    private let plan: CTFPlan
    private let list: CTFImageList
    private let reader: CTFImageReader
    private let estimators = Mutex<[Key: CTFEstimator]>([:])
    /// Estimators that are kept; the images of one tilt series need one each.
    private static let largestCount = 8

    init(_ plan: CTFPlan, _ list: CTFImageList, _ reader: CTFImageReader) {
        (self.plan, self.list, self.reader) = (plan, list, reader)
    }

    /// - Throws: `InputError` when the image cannot be read or fitted, or the output not be written.
    func estimate(_ image: CTFImage) throws -> CTFRecord {
        let group = list.groups[image.group]
        let settings = try plan.settings(image, group)
        let spectrum = try reader.spectrum(
            image.source, pixelSize: group.pixelSizeInAngstrom, finest: settings.highestResolutionInAngstrom)
        let fit = try estimator(settings, spectrum, image.source).fit(spectrum)
        let record = CTFRecord(fit, fitsPhaseShift: plan.fitsPhaseShift)
        OutputFolder.make(for: image.root)
        try ImageFile.write(
            FitImage.image(spectrum, fit, settings), to: image.root + ".ctf:mrc",
            pixelSizeInAngstrom: spectrum.pixelSizeInAngstrom)
        try CTFPlots.radialFit(image.name, fit, settings).write(png: image.root + "_ctf.png", dotsPerInch: 96)
        try record.write(to: image.root, profile: fit.profile)
        return record
    }

    private func estimator(
        _ settings: CTFSearchSettings, _ spectrum: AmplitudeSpectrum, _ path: String
    ) throws -> CTFEstimator {
        let key = Key(settings: settings, box: spectrum.box, pixelSize: spectrum.pixelSizeInAngstrom)
        if let known = estimators.withLock({ $0[key] }) { return known }
        if let obstacle = CTFEstimator.obstacle(settings, box: key.box, pixelSizeInAngstrom: key.pixelSize) {
            throw InputError(place: path, found: obstacle.found, expected: obstacle.expected)
        }
        let new = CTFEstimator(settings, box: key.box, pixelSizeInAngstrom: key.pixelSize)
        estimators.withLock { estimators in
            if estimators.count >= Self.largestCount { estimators = [:] }
            estimators[key] = new
        }
        return new
    }
}
