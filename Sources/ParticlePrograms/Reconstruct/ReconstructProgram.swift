import ArgumentParser
import Arrays
import Foundation
import Geometry
import ImageFormats
import Metadata
import Parallel
import ProgramKit
import Projection
import Reporting
import StarFormat

/// A map from images (or subtomograms) in known orientations.
struct ReconstructProgram: RelionProgram {
    static let programName = "relion_reconstruct"
    static let summary = "Reconstruct a map from images in known orientations."

    @OptionGroup(title: "General options") var general: ReconstructGeneralOptions
    @OptionGroup(title: "CTF options") var transfer: ReconstructTransferOptions
    @OptionGroup(title: "Ewald-sphere correction options") var ewald: ReconstructEwaldOptions
    @OptionGroup(title: "Helical options") var helix: ReconstructHelixOptions
    @OptionGroup(title: "Subtomogram averaging") var subtomograms: ReconstructSubtomogramOptions
    @OptionGroup(title: "Expert options") var expert: ReconstructExpertOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        try check()
        let group = try SymmetryGroup(name: general.symmetry)
        if expert.accumulators.ifGiven != nil {
            let accumulators = try readAccumulators()
            if context.isDryRun { return }
            return try finish(accumulators, group: group, pixelSize: general.pixelSize > 0 ? general.pixelSize : 1, context: context)
        }
        let input = try ReconstructionInput(self, pool: context.pool)
        say("\(input.count) images for a map of \(input.layout.box) pixels of \(input.pixelSizeInAngstrom) Å, symmetry \(group.name)", context)
        let prior = try readCorrelation(shellCount: input.layout.shellCount)
        if context.isDryRun { return }
        let accumulators = try context.reporter.timed("back-projection") { try backProject(input, context: context) }
        try finish(accumulators, group: group, pixelSize: input.pixelSizeInAngstrom, correlation: prior, context: context)
        if expert.verbosity > 0 { context.reporter.info(context.reporter.timingTable()) }
    }

    var interpolation: Interpolation { expert.usesNearestNeighbour ? .nearestNeighbour(minimumRadius: 10) : .trilinear }
    var reconstructsTransfer: Bool { expert.transferBox > 0 }

    private func say(_ text: String, _ context: ProgramContext) {
        if expert.verbosity > 0 { context.reporter.info(text) }
    }

    private func check() throws {
        var check = InputCheck()
        let hasAccumulators = expert.accumulators.ifGiven != nil
        check.require(general.input.ifGiven != nil || hasAccumulators, "--i", found: "is not given", expected: "a STAR file of images")
        check.require(general.padding >= 1, "--pad", found: "\(general.padding)", expected: "1 or more")
        check.require(expert.dimension == 2 || expert.dimension == 3, "--refdim", found: "\(expert.dimension)", expected: "2 or 3")
        check.require([0, 2].contains(expert.blobOrder), "--blob_m", found: "\(expert.blobOrder)", expected: "0 or 2")
        check.require(expert.blobRadius > 0, "--blob_r", found: "\(expert.blobRadius)", expected: "a radius above 0")
        check.require(expert.iterations >= 0, "--iter", found: "\(expert.iterations)", expected: "0 or more")
        check.require(ewald.sectors > 0, "--sectors", found: "\(ewald.sectors)", expected: "1 or more")
        check.require(ewald.maskEdge > 0, "--width_mask_edge", found: "\(ewald.maskEdge)", expected: "1 or more pixels")
        check.require(helix.asymmetricUnits > 0, "--nr_helical_asu", found: "\(helix.asymmetricUnits)", expected: "1 or more")
        check.require(expert.angularError >= 0, "--angular_error", found: "\(expert.angularError)", expected: "0 or more")
        check.require(expert.shiftError >= 0, "--shift_error", found: "\(expert.shiftError)", expected: "0 or more")
        if ewald.correctsCurvature {
            check.require(ewald.maskDiameter > 0 || ewald.skipsMask && ewald.skipsWeighting, "--mask_diameter", found: "is not given",
                          expected: "the particle's diameter in Å, which --ewald needs")
            check.require(expert.dimension == 3, "--ewald", found: "is given with --refdim 2", expected: "a 3D map")
            check.require(expert.subtractedMap.isEmpty, "--subtract", found: "is given with --ewald", expected: "one of them")
        }
        check.require(!expert.squaresTransfer || reconstructsTransfer, "--ctf2", found: "is given without --reconstruct_ctf")
        if hasAccumulators {
            check.require(expert.accumulatorsBox > 1, "--debug_ori_size", found: "\(expert.accumulatorsBox)", expected: "the map's box")
        }
        check.output(general.output, option: "--o")
        try check.finish()
    }

    // MARK: Back-projection

    private func backProject(_ input: ReconstructionInput, context: ProgramContext) throws -> BackProjection {
        let accumulators = BackProjection(layout: input.layout, interpolation: interpolation, dataDimension: input.dataDimension)
        let progress = expert.verbosity > 0 ? context.reporter.progress("Back-projecting", total: input.count) : nil
        // A slab of planes goes through the whole batch: large batches read the accumulators less often.
        let batch = input.dataDimension == .three ? 4 : max(8, min(256, 1 << 26 / (input.layout.box * input.layout.box * 12)))
        for first in stride(from: 0, to: input.count, by: batch) {
            try context.jobControl.checkForAbort()
            let prepared = try context.pool.tryMap(count: min(batch, input.count - first)) { item, _ in
                try input.slices(first + item)
            }
            let slices = prepared.flatMap { $0 }
            accumulators.insert(slices.map(\.slice), pool: context.pool)
            withExtendedLifetime(slices) {}
            progress?.advance(by: prepared.count)
        }
        progress?.finish()
        return accumulators
    }

    private func readCorrelation(shellCount: Int) throws -> [Double]? {
        guard let path = expert.correlation.ifGiven else { return nil }
        let document = try StarDocument(contentsOf: path)
        guard let table = document.tables.first(where: { $0.contains("rlnGoldStandardFsc") }) else {
            throw InputError(place: path, found: "there is no column rlnGoldStandardFsc", expected: "a table with an FSC curve")
        }
        let shells = try table.ints("rlnSpectralIndex"), values = try table.doubles("rlnGoldStandardFsc")
        var correlation = [Double](repeating: 0, count: shellCount)
        for (row, shell) in shells.enumerated() where correlation.indices.contains(shell) { correlation[shell] = values[row] }
        return correlation
    }

    // MARK: From accumulators to the map

    private func finish(_ accumulators: BackProjection, group: SymmetryGroup, pixelSize: Double, correlation: [Double]? = nil,
                        context: ProgramContext) throws {
        let pool = context.pool
        context.reporter.timed("symmetry") {
            accumulators.symmetrise(
                group: group,
                helix: HelicalOperators(asymmetricUnits: helix.asymmetricUnits, twistInDegrees: helix.twist, riseInPixels: helix.rise / pixelSize),
                pool: pool)
        }
        let map: RealArray
        if reconstructsTransfer {
            map = TransferAverage.volume(of: accumulators, takesRoot: expert.squaresTransfer)
        } else {
            let files = AccumulatorFiles(output: general.output)
            if expert.writesAccumulators { try files.write(accumulators) }
            let spectra = correlation.map { accumulators.spectra(prior: .correlation($0, isWholeSet: true), pool: pool) }
            map = try context.reporter.timed("reconstruction") {
                if expert.isExternal {
                    return try ExternalReconstruction(output: general.output, pixelSizeInAngstrom: pixelSize)
                        .run(accumulators, tau2: spectra?.tau2, correlation: correlation)
                }
                let prior = spectra.map { WienerPrior(tau2: $0.tau2) }
                if !expert.usesGridding { return accumulators.reconstruct(prior: prior, pool: pool) }
                return accumulators.reconstructWithGridding(
                    prior: prior, iterations: expert.iterations,
                    blob: KaiserBesselBlob(radius: expert.blobRadius, order: expert.blobOrder, alpha: expert.blobAlpha), pool: pool)
            }
        }
        try ImageFile.write(map, to: general.output, pixelSizeInAngstrom: pixelSize)
        say("Written: \(general.output)", context)
    }

    private func readAccumulators() throws -> BackProjection {
        let layout = CentredLayout(dimension: expert.dimension == 2 ? .two : .three, box: expert.accumulatorsBox, padding: general.padding,
                                   currentSize: expert.accumulatorsSize > 1 ? expert.accumulatorsSize : nil)
        let accumulators = BackProjection(layout: layout, interpolation: interpolation, dataDimension: expert.usesVolumes ? .three : .two)
        try AccumulatorFiles(root: expert.accumulators).read(into: accumulators)
        return accumulators
    }
}
