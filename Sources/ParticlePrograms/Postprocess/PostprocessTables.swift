import Foundation
import Postprocessing
import ProgramKit
import StarFormat

/// The tables of `postprocess.star`, and the curve in the formats of EMDB (XML) and of plotting programs (two columns).
struct PostprocessTables {
    let program: PostprocessProgram
    let input: PostprocessInput
    let context: ProgramContext
    let result: PostprocessingResult

    private var hasMask: Bool { input.mask != nil }
    private var side: Double { Double(input.halves.first.shape.x) * input.settings.pixelSizeInAngstrom }

    var general: StarTable {
        var table = StarTable(name: "general", kind: .list)
        table.precedingComments = ["RELION postprocess; version 5.0.1-swift-\(SuiteVersion.number)", context.commandLine]
        table.setValue("rlnFinalResolution", result.finalResolutionInAngstrom)
        table.setValue("rlnBfactorUsedForSharpening", result.sharpened.bFactor)
        table.setValue("rlnUnfilteredMapHalf1", input.names.first)
        table.setValue("rlnUnfilteredMapHalf2", input.names.second)
        table.setValue("rlnPostprocessedMap", program.general.output + ".mrc")
        if let weight = input.settings.molecularWeightInKilodalton, let fraction = result.molecularWeightFraction {
            table.setValue("rlnMolecularWeight", weight)
            table.setValue("rlnParticleBoxFractionMolecularWeight", fraction)
        }
        if let fraction = result.maskFraction, let shell = result.randomisedFromShell {
            table.setValue("rlnParticleBoxFractionSolventMask", fraction)
            table.setValue("rlnMaskName", input.maskName)
            table.setValue("rlnRandomiseFrom", side / Double(shell))
            table.setValue("rlnPostprocessedMapMasked", program.general.output + "_masked.mrc")
        }
        if let fit = result.sharpened.fit {
            table.setValue("rlnFittedSlopeGuinierPlot", fit.slope)
            table.setValue("rlnFittedInterceptGuinierPlot", fit.intercept)
            table.setValue("rlnCorrelationFitGuinierPlot", fit.correlation)
        }
        return table
    }

    private var resolutions: [Double] {
        let origin = 999.0
        return result.curves.unmasked.indices.map { $0 > 0 ? side / Double($0) : origin }
    }

    var correlations: StarTable {
        var table = StarTable(name: "fsc")
        let curves = result.curves
        table.set("rlnSpectralIndex", ints: Array(curves.unmasked.indices))
        table.set("rlnResolution", doubles: resolutions.map { 1 / $0 })
        table.set("rlnAngstromResolution", doubles: resolutions)
        func set(_ label: String, _ values: [Double]?) { if let values { table.set(label, doubles: values) } }
        if hasMask { set("rlnFourierShellCorrelationCorrected", curves.corrected) }
        set("rlnFourierShellCorrelationParticleMaskFraction", curves.particleByMask)
        if hasMask { set("rlnFourierShellCorrelationParticleMolWeight", curves.particleByMolecularWeight) }
        set("rlnFourierShellCorrelationUnmaskedMaps", curves.unmasked)
        if !hasMask { set("rlnFourierShellCorrelationParticleMolWeight", curves.particleByMolecularWeight) }
        set("rlnFourierShellCorrelationMaskedMaps", curves.masked)
        set("rlnCorrectedFourierShellCorrelationPhaseRandomizedMaskedMaps", curves.randomised)
        set("rlnAmplitudeCorrelationUnmaskedMaps", curves.unmaskedAmplitudeCorrelation)
        set("rlnAmplitudeCorrelationMaskedMaps", curves.maskedAmplitudeCorrelation)
        set("rlnDifferentialPhaseResidualUnmaskedMaps", curves.unmaskedPhaseResidual)
        set("rlnDifferentialPhaseResidualMaskedMaps", curves.maskedPhaseResidual)
        return table
    }

    var guinier: StarTable {
        var table = StarTable(name: "guinier")
        let map = result.sharpened
        table.set("rlnResolutionSquared", doubles: map.original.squaredResolutions)
        table.set("rlnLogAmplitudesOriginal", doubles: map.original.logAmplitudes)
        if input.settings.detectorTransfer != nil {
            table.set("rlnLogAmplitudesMTFCorrected", doubles: map.transferCorrected.logAmplitudes)
        }
        if input.settings.weighting == .byCorrelation {
            table.set("rlnLogAmplitudesWeighted", doubles: map.weighted.logAmplitudes)
        }
        if input.settings.sharpening != .none {
            table.set("rlnLogAmplitudesSharpened", doubles: map.sharpened.logAmplitudes)
        }
        if let fit = map.fit { table.fill("rlnLogAmplitudesIntercept", with: fit.intercept) }
        return table
    }

    /// EMDB's format for the deposition of a correlation curve.
    var xml: String {
        let title = hasMask ? "RELION masked-corrected FSC" : "RELION FSC"
        var text = "<fsc title=\"\(title)\" xaxis=\"Resolution (A-1)\" yaxis=\"Correlation Coefficient\">\n"
        for (resolution, correlation) in zip(resolutions, result.curves.corrected) {
            let x = String(format: "%.6g", 1 / resolution), y = String(format: "%.6g", correlation)
            text += "  <coordinate>\n    <x>\(x)</x>\n    <y>\(y)</y>\n  </coordinate>\n"
        }
        return text + "</fsc>\n"
    }

    var columns: String {
        zip(resolutions, result.curves.corrected).map { String(format: "%.6g %.6g\n", 1 / $0, $1) }.joined()
    }

    /// Enters the maps and the curve into the optimisation set.
    func update(_ set: inout StarDocument, star: String) {
        guard var table = set.tables.first(where: { $0.contains(HalfMapNames.labels.first) }) ?? set.tables.first else { return }
        table.fill(HalfMapNames.labels.first, with: input.names.first)
        table.fill(HalfMapNames.labels.second, with: input.names.second)
        table.fill("rlnTomoReferenceFscFile", with: star)
        set.set(table)
    }
}

/// `…_locres_fscs.star`: a table of all points, then the curves of each.
struct LocalResolutionTables {
    let result: LocalResolutionResult
    let pixelSize: Double
    let commandLine: String

    var document: StarDocument {
        var summary = StarTable(name: "local_resolution")
        summary.precedingComments = ["RELION postprocess; version 5.0.1-swift-\(SuiteVersion.number)", commandLine]
        summary.comments = ["Coordinates in pixels from the centre of the box"]
        summary.set("rlnCoordinateX", doubles: result.points.map { Double($0.x) })
        summary.set("rlnCoordinateY", doubles: result.points.map { Double($0.y) })
        summary.set("rlnCoordinateZ", doubles: result.points.map { Double($0.z) })
        summary.set("rlnFinalResolution", doubles: result.points.map(\.resolutionInAngstrom))
        return StarDocument(tables: [summary] + result.points.map(table))
    }

    private func table(_ point: LocalCorrelation) -> StarTable {
        var table = StarTable(name: String(format: "fsc_%05d_%05d_%05d", point.z, point.y, point.x))
        let origin = 999.0
        let resolutions = point.masked.indices.map { $0 > 0 ? Double(result.box) * pixelSize / Double($0) : origin }
        table.set("rlnSpectralIndex", ints: Array(point.masked.indices))
        table.set("rlnResolution", doubles: resolutions.map { 1 / $0 })
        table.set("rlnAngstromResolution", doubles: resolutions)
        table.set("rlnFourierShellCorrelationCorrected", doubles: point.corrected)
        table.set("rlnFourierShellCorrelationMaskedMaps", doubles: point.masked)
        table.set("rlnCorrectedFourierShellCorrelationPhaseRandomizedMaskedMaps", doubles: point.randomised)
        return table
    }
}
