import Foundation
import ProgramKit
import Reporting
import Selection
import StarFormat

/// The file of features (`--train`).
extension ClassRankerProgram {
    func writeFeatures(_ input: RankerInput, _ features: [ClassFeatures], _ scores: [Double], _ context: ProgramContext) throws {
        let classes = input.averages.map { input.model.classes[$0.number - 1] }
        let marks = FileManager.default.fileExists(atPath: training.selection)
            ? Set(try SelectedClasses.readMarks(training.selection, classCount: input.model.classes.count)) : nil
        var table = StarTable(name: "")
        table.set("rlnReferenceImage", strings: classes.map(\.referenceImage))
        table.set("rlnClassScore", doubles: scores)
        table.set("rlnIsSelected", ints: input.averages.map { marks?.contains($0.number - 1) ?? true ? 1 : 0 })
        table.set("rlnClassIndex", ints: input.averages.map(\.number))
        func column(_ label: String, _ value: (ClassFeatures) -> Double) { table.set(label, doubles: features.map(value)) }
        column("rlnClassDistribution") { $0.distribution }
        column("rlnAccuracyRotations") { $0.rotationAccuracy }
        column("rlnAccuracyTranslationsAngst") { $0.translationAccuracy }
        column("rlnEstimatedResolution") { $0.resolution }
        column("rlnWeightedResolution") { $0.weightedResolution }
        column("rlnRelativeResolution") { $0.relativeResolution }
        column("rlnParticleNr") { Double($0.particleCount) }
        func moments(_ name: String, withSum: Bool, _ moments: (ClassFeatures) -> PixelMoments) {
            if withSum { column("rln\(name)Sum") { moments($0).sum } }
            column("rln\(name)Mean") { moments($0).mean }
            column("rln\(name)Stddev") { moments($0).deviation }
            column("rln\(name)Skew") { moments($0).skewness }
            column("rln\(name)Kurt") { moments($0).kurtosis }
        }
        moments("Ring", withSum: false) { $0.ring }
        table.set("rlnProteinArea", ints: features.map { $0.density.count > 0 ? 1 : 0 })
        moments("Protein", withSum: true) { $0.density }
        table.set("rlnSolventArea", ints: features.map { Double($0.solvent.count) > 0.08 * Double($0.circle.count) ? 1 : 0 })
        moments("Solvent", withSum: true) { $0.solvent }
        column("rlnRelativeSignalIntensity") { $0.relativeSignal }
        column("rlnScatteredSignal") { $0.scatteredSignal }
        column("rlnEdgeSignal") { $0.edgeSignal }
        column("rlnProteinCAR") { $0.outlineRatio }
        column("rlnLowpassFilteredImageMean") { $0.smoothed.mean }
        column("rlnLowpassFilteredImageStddev") { $0.smoothed.deviation }
        column("rlnLowpassFilteredImageMin") { $0.smoothedMinimum }
        column("rlnLowpassFilteredImageMax") { $0.smoothedMaximum }
        if training.measuresGranularity {
            column("rlnTotalEntropy") { $0.granularity?.totalEntropy ?? 0 }
            column("rlnProteinEntropy") { $0.granularity?.densityEntropy ?? 0 }
            column("rlnSolventEntropy") { $0.granularity?.solventEntropy ?? 0 }
            table.set("rlnLBP", strings: features.map { NumberText.vector($0.granularity?.totalPatterns ?? []) })
            table.set("rlnProteinLBP", strings: features.map { NumberText.vector($0.granularity?.densityPatterns ?? []) })
            table.set("rlnSolventLBP", strings: features.map { NumberText.vector($0.granularity?.solventPatterns ?? []) })
        }
        try StarDocument(tables: [table]).write(to: file(expert.featureFile))
        context.reporter.info("Features of \(features.count) classes: \(file(expert.featureFile))")
        guard expert.writesNormalised else { return }
        var normalised = StarTable(name: "")
        normalised.set("rlnReferenceImage", strings: classes.map(\.referenceImage))
        normalised.set("rlnClassScore", doubles: scores)
        normalised.set("rlnNormalizedFeatureVector", strings: features.map { NumberText.vector(ClassScoreModel.fitted.standardised($0.terms)) })
        let name = PathName(expert.featureFile).stem + "_normalized.star"
        try StarDocument(tables: [normalised]).write(to: file(name))
        context.reporter.info("Terms of the score: \(file(name))")
    }
}
