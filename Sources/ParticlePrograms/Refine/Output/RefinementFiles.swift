import Arrays
import Foundation
import Geometry
import ImageFormats
import Metadata
import ProgramKit
import Refinement
import Reporting
import StarFormat

/// Writes what the engine reports, as the files by which users and other programs know a refinement.
///
/// The optimiser file comes last: where it exists, all that it names exists.
final class RefinementFiles: RefinementOutput {
    private let table: ParticleTable
    private let root: String
    private let commandLine: String
    private let inputNames: OptimiserFile.InputNames
    private let pooledParticles: Int

    /// - Parameters:
    ///   - input: its rows, with their unknown columns, come back in the data files.
    ///   - inputs: names of masks and other files, for the optimiser file.
    init(
        input: ParticleInput, root: String, commandLine: String, inputs: OptimiserFile.InputNames, pooledParticles: Int
    ) {
        var table = input.table
        table.addRefinementColumns(input.groups)
        self.table = table
        self.root = root
        self.commandLine = commandLine
        inputNames = inputs
        self.pooledParticles = pooledParticles
    }

    func write(_ snapshot: RefinementSnapshot) throws {
        if isSkipped(snapshot) { return }
        let names = RefinementFileNames(root: root, iteration: snapshot.isFinal ? nil : snapshot.state.iteration)
        if !snapshot.settings.skipsMaximisation {
            try writeMaps(snapshot, names)
            if let model = snapshot.models.first { try MomentFiles.write(model, names) }
            try writeModels(snapshot, names)
        }
        if let map = snapshot.selfOrganisingMap { try writeText(map.listing, to: names.selfOrganisingMap) }
        try dataTable(snapshot).write(to: names.data)
        if snapshot.state.iteration > 0 { try SamplingFile(snapshot).write(to: names.sampling) }
        try OptimiserFile(
            snapshot, names: names, inputs: inputNames, commandLine: commandLine, pooledParticles: pooledParticles
        ).write(to: names.optimiser)
    }

    /// The gradient method has many short iterations, of which only some are written.
    private func isSkipped(_ snapshot: RefinementSnapshot) -> Bool {
        let settings = snapshot.settings
        guard settings.gradient.isEnabled, snapshot.state.subsetSize > 0, !snapshot.isFinal else { return false }
        return snapshot.state.iteration % settings.gradient.writeInterval != 0
            && snapshot.state.iteration != settings.iterationCount
    }

    // MARK: Maps

    private func writeMaps(_ snapshot: RefinementSnapshot, _ names: RefinementFileNames) throws {
        for (index, model) in snapshot.models.enumerated() {
            let half = snapshot.half(ofModel: index)
            if model.isVolume {
                for (classIndex, map) in model.references.enumerated() {
                    try ImageFile.write(
                        map, to: names.map(class: classIndex, half: half), pixelSizeInAngstrom: model.pixelSize)
                    try writeDistribution(of: classIndex, model, snapshot, beside: names.map(class: classIndex, half: half))
                }
            } else {
                try ImageFile.writeStack(
                    model.references, to: names.classes(half: half), pixelSizeInAngstrom: model.pixelSize)
            }
        }
        guard let pixelSize = snapshot.models.first?.pixelSize else { return }
        if !snapshot.unmaskedReferences.isEmpty {
            try ImageFile.writeStack(
                snapshot.unmaskedReferences, to: names.unmaskedClasses, pixelSizeInAngstrom: pixelSize)
        }
        if snapshot.isFinal {
            let classes = snapshot.models[0].references.count
            for (index, map) in snapshot.unfilteredHalves.enumerated() {
                let name = names.unfilteredMap(class: index % classes, half: index / classes + 1)
                try ImageFile.write(map, to: name, pixelSizeInAngstrom: pixelSize)
            }
        }
    }

    /// How particles are spread over the directions, for display around the map.
    private func writeDistribution(of index: Int, _ model: RefinementModel, _ snapshot: RefinementSnapshot,
                                   beside map: String) throws {
        guard let sampling = snapshot.sampling, !snapshot.settings.gradient.isEnabled, !snapshot.settings.skipsRotation,
              model.directionPriors[index].count == sampling.directions.count else { return }
        let radius = Double(model.box) * model.pixelSize / 2
        let text = AngularDistribution(radius: radius, centre: Vector3(repeating: radius))
            .bild(shares: model.directionPriors[index], sampling: sampling)
        let base = map.hasSuffix(".mrc") ? String(map.dropLast(4)) : map
        try writeText(text, to: base + "_angdist.bild")
    }

    private func writeText(_ text: String, to path: String) throws {
        let file = try AtomicFile(path: path)
        try file.write(text)
        try file.commit()
    }

    // MARK: Tables

    private func writeModels(_ snapshot: RefinementSnapshot, _ names: RefinementFileNames) throws {
        for (index, model) in snapshot.models.enumerated() {
            let half = snapshot.half(ofModel: index)
            try ModelFile(model, snapshot: snapshot, names: names, half: half).write(to: names.model(half: half))
        }
    }

    /// The input's rows with the present pose, class and statistics of each particle.
    private func dataTable(_ snapshot: RefinementSnapshot) -> ParticleTable {
        var table = table
        let particles = snapshot.particles
        table.set(.rot, particles.map(\.rot))
        table.set(.tilt, particles.map(\.tilt))
        table.set(.psi, particles.map(\.psi))
        table.set(.originX, particles.map(\.offsetX))
        table.set(.originY, particles.map(\.offsetY))
        table.set(.classNumber, particles.map { $0.classIndex + 1 })
        table.set(.normCorrection, particles.map(\.normCorrection))
        if snapshot.state.iteration > 0 {
            table.set(.logLikelihood, particles.map(\.logLikelihoodContribution))
            table.set(.maximalProbability, particles.map(\.maximumProbability))
            table.set(.significantSamples, particles.map(\.significantSampleCount))
        }
        if particles.contains(where: { $0.halfSet != 0 }) { table.set(.randomSubset, particles.map(\.halfSet)) }
        return table
    }
}

extension RefinementSnapshot {
    /// 1 or 2 where the model is of one half, else nil.
    func half(ofModel index: Int) -> Int? { models.count > 1 && !isFinal ? index + 1 : nil }
}
