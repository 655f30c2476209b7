import Arrays
import ImageFormats
import Metadata
import Reporting
import Selection
import StarFormat

/// A 2D classification as the ranker reads it: optimiser, model, averages.
struct RankerInput {
    let optimiser: OptimiserFile
    let model: ModelFile
    /// Of the classes that are scored.
    let averages: [ClassAverage]
    /// One for each class of the model.
    let particleCounts: [Int]

    var facts: ClassificationFacts {
        ClassificationFacts(distributions: model.classes.map(\.distribution), resolutionsInAngstrom: model.classes.map(\.estimatedResolution))
    }

    /// - Parameters:
    ///   - onlyClass: number of the only class to score; nil: all.
    ///   - smallestClass: classes need more particles than this.
    ///   - accuraciesFile: features of an earlier run whose accuracies replace the model's; nil: the model's.
    init(optimiserFile: String, onlyClass: Int?, smallestClass: Int, accuraciesFile: String?) throws {
        optimiser = try OptimiserFile(contentsOf: optimiserFile)
        let data = try StarDocument(contentsOf: optimiser.dataFile)
        let model = try ModelFile(contentsOf: optimiser.modelFile, opticsGroupCount: max(1, data.firstTable("optics")?.rowCount ?? 1))
        guard model.referenceDimensionality == 2 else {
            throw InputError(place: optimiserFile, found: "a classification with 3D references", expected: "a 2D classification")
        }
        if let onlyClass, !model.classes.indices.contains(onlyClass - 1) {
            throw InputError(place: "--only_class_nr", found: "\(onlyClass)", expected: "a class from 1 to \(model.classes.count)")
        }
        let rows = data.firstTable("particles") ?? data.tables.first { $0.contains("rlnClassNumber") }
        guard let rows else { throw InputError(place: optimiser.dataFile, found: "there are no particles", expected: "a table of particles") }
        let total = rows.rowCount
        let box = Double(model.imageSize) * model.pixelSizeInAngstrom
        let diameter = optimiser.particleDiameterInAngstrom > 0 ? optimiser.particleDiameterInAngstrom : box
        particleCounts = model.classes.map { Int($0.distribution * Double(total)) }
        let accuracies = try accuraciesFile.map(Self.accuracies) ?? [:]
        var averages: [ClassAverage] = []
        for (index, entry) in model.classes.enumerated() where particleCounts[index] > smallestClass && (onlyClass ?? index + 1) == index + 1 {
            let image = try ImageFile.read(entry.referenceImage).image
            guard image.shape.isSquare, image.shape.x >= 16 else {
                throw InputError(place: entry.referenceImage, found: "an image of \(image.shape) pixels", expected: "a square of at least 16 pixels")
            }
            let known = accuracies[index + 1] ?? (entry.rotationAccuracy, entry.translationAccuracy)
            averages.append(ClassAverage(
                number: index + 1, image: image, pixelSizeInAngstrom: model.pixelSizeInAngstrom, maskDiameterInAngstrom: min(diameter, box),
                resolutionInAngstrom: Self.resolution(of: entry, in: model), distribution: entry.distribution, particleCount: particleCounts[index],
                rotationAccuracy: known.0, translationAccuracy: known.1))
        }
        self.averages = averages
        self.model = model
    }

    /// As the model states it; else where the signal-to-noise ratio first falls below 1.
    private static func resolution(of entry: ModelFile.ClassModel, in model: ModelFile) -> Double {
        if entry.estimatedResolution > 0 { return entry.estimatedResolution }
        let ratios = entry.spectra.signalToNoise
        let lost = ratios.indices.dropFirst().first { ratios[$0] < 1 } ?? max(1, ratios.count)
        return model.resolutionInAngstrom(ofShell: lost - 1)
    }

    private static func accuracies(_ path: String) throws -> [Int: (Double, Double)] {
        let document = try StarDocument(contentsOf: path)
        guard let table = document.tables.first(where: { $0.contains("rlnClassIndex") }) else {
            throw InputError(place: path, found: "there is no column _rlnClassIndex", expected: "features of classes")
        }
        let numbers = try table.ints("rlnClassIndex")
        let rotations = try table.doubles("rlnAccuracyRotations")
        let translations = try table.doublesIfPresent("rlnAccuracyTranslationsAngst") ?? table.doubles("rlnAccuracyTranslations")
        return Dictionary(zip(numbers, zip(rotations, translations).map { ($0, $1) })) { first, _ in first }
    }
}
