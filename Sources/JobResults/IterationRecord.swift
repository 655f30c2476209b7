import StarFormat

/// What one iteration of a refinement says of itself, from its model and optimiser files.
struct IterationRecord: Sendable {
    struct Class: Sendable {
        /// `3@run_it025_classes.mrcs` or a map.
        var image: String
        var share: Double
        var accuracyInDegrees: Double?
        var accuracyInAngstrom: Double?
        var resolutionInAngstrom: Double?
    }

    var iteration = 0
    var resolutionInAngstrom: Double?
    var imageSize: Double?
    var maximalProbability: Double?
    var offsetSigmaInAngstrom: Double?
    var accuracyInDegrees: Double?
    var accuracyInAngstrom: Double?
    var changedClasses: Double?
    var changedOrientations: Double?
    var changedOffsets: Double?
    var classes: [Class] = []

    /// - Throws: where the model file cannot be read.
    init(model: String, optimiser: String?) throws {
        let document = try StarDocument(contentsOf: model)
        let general = try document.table("model_general")
        func value(_ table: StarTable?, _ label: String) -> Double? {
            guard let table, table.contains(label), let value = try? table.double(label), value.isFinite else { return nil }
            return value
        }
        resolutionInAngstrom = value(general, "rlnCurrentResolution")
        imageSize = value(general, "rlnCurrentImageSize")
        maximalProbability = value(general, "rlnAveragePmax")
        offsetSigmaInAngstrom = value(general, "rlnSigmaOffsetsAngst")
        if let table = document.firstTable("model_classes") { classes = try Self.classes(table) }
        guard let optimiser, let settings = try? StarDocument(contentsOf: optimiser).firstTable("optimiser_general") else { return }
        changedClasses = value(settings, "rlnChangesOptimalClasses")
        changedOrientations = value(settings, "rlnChangesOptimalOrientations")
        changedOffsets = value(settings, "rlnChangesOptimalOffsets")
        accuracyInDegrees = Self.known(value(settings, "rlnOverallAccuracyRotations"))
        accuracyInAngstrom = Self.known(value(settings, "rlnOverallAccuracyTranslationsAngst"))
    }

    private static func classes(_ table: StarTable) throws -> [Class] {
        let images = try table.strings("rlnReferenceImage")
        func column(_ label: String) -> [Double]? { (try? table.doublesIfPresent(label)) ?? nil }
        let shares = column("rlnClassDistribution"), resolutions = column("rlnEstimatedResolution")
        let degrees = column("rlnAccuracyRotations"), lengths = column("rlnAccuracyTranslationsAngst")
        return images.indices.map { index in
            Class(
                image: images[index], share: shares?[index] ?? 0, accuracyInDegrees: known(degrees?[index]), accuracyInAngstrom: known(lengths?[index]),
                resolutionInAngstrom: known(resolutions?[index]))
        }
    }

    /// 999 stands for what is not known yet.
    private static func known(_ value: Double?) -> Double? { value.flatMap { $0.isFinite && $0 > 0 && $0 < 999 ? $0 : nil } }
}
