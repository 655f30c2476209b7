import Arrays
import Foundation
import Geometry
import ImageFormats
import Imaging
import Metadata
import ProgramKit
import Reporting
import StarFormat

/// Finds the motions from domains to their copies, from first motions or from masks of the copies alone.
struct LocalSymmetrySearch {
    /// A domain with first guesses for its motions.
    private struct Domain {
        var maskFile: String
        var mask: RealArray
        /// One a copy: its orientation, and where the domain's centre of mass goes (pixels of the map); nil: where the first
        /// motion takes it.
        var starts: [(angles: EulerAngles, shift: Vector3, target: Vector3?)]
    }

    private let program: LocalSymmetryProgram
    private var parameters: LocalSymmetryProgram.ParameterOptions { program.parameters }
    private var searchesFromMasks: Bool { parameters.copies.ifGiven != nil }

    init(_ program: LocalSymmetryProgram) { self.program = program }

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        check.output(parameters.outputSymmetry, option: "--o_mask_info")
        let grid = grid(&check, context.reporter)
        let map = check.attempt {
            try LocalSymmetryInput.map(parameters.map, option: "--i_map", parameters.pixelSize, context.reporter)
        }
        let domains = check.attempt { try searchesFromMasks ? fromMasks(map?.shape) : fromMotions(map?.shape) }
        try check.finish()
        guard let map, let domains else { return }
        let total = domains.reduce(0) { $0 + $1.starts.count }
        context.reporter.info("\(total) motions of \(domains.count) domains")
        if context.isDryRun { return }
        var found: [LocalSymmetryFile.Domain] = []
        for (number, domain) in domains.enumerated() {
            found.append(try search(domain, number + 1, map, grid, context))
        }
        try LocalSymmetryFile(domains: found).write(to: parameters.outputSymmetry)
        context.reporter.info("Written: \(parameters.outputSymmetry)")
    }

    // MARK: Input

    private func grid(_ check: inout InputCheck, _ reporter: Reporter) -> MotionGrid {
        let p = parameters
        var angles = p.angleRange > 0 ? SIMD3(repeating: p.angleRange) : SIMD3(p.rotRange, p.tiltRange, p.psiRange)
        if searchesFromMasks, angles.max() <= 0 {
            angles = SIMD3(180, 90, 180)
            reporter.info("All orientations are searched")
        }
        let shifts = p.shiftRange > 0 ? SIMD3(repeating: p.shiftRange) : SIMD3(p.xRange, p.yRange, p.zRange)
        let all = [p.angleRange, p.rotRange, p.tiltRange, p.psiRange, p.shiftRange, p.xRange, p.yRange, p.zRange]
        check.require(all.allSatisfy(\.isFinite), "--ang_range --offset_range", found: "not finite", expected: "numbers")
        check.require((0.0001...30).contains(p.angleStep), "--ang_step", found: "\(p.angleStep)", expected: "0.0001 to 30 degrees")
        check.require(p.shiftStep > 0.0001 && p.shiftStep.isFinite, "--offset_step", found: "\(p.shiftStep)", expected: "a step in Å")
        check.require(
            p.binning < 0 || (p.binning >= 1 && p.binning.isFinite), "--bin", found: "\(p.binning)", expected: "1 or more, or -1")
        for axis in 0..<3 {
            check.require(
                angles[axis] <= 0 || angles[axis] >= p.angleStep, "--ang_step \(p.angleStep)",
                found: "is larger than a range of \(angles[axis])", expected: "a smaller step")
            check.require(
                shifts[axis] <= 0 || shifts[axis] >= p.shiftStep, "--offset_step \(p.shiftStep)",
                found: "is larger than a range of \(shifts[axis])", expected: "a smaller step")
        }
        check.require(
            angles.max() > 0 || shifts.max() > 0, "--ang_range --offset_range", found: "neither is given",
            expected: "what is to be searched")
        return MotionGrid(
            angleRanges: angles, angleStep: p.angleStep, shiftRanges: shifts / p.pixelSize, shiftStep: p.shiftStep / p.pixelSize,
            isEven: program.expert.usesHEALPix)
    }

    private func fromMotions(_ shape: Shape?) throws -> [Domain] {
        try LocalSymmetryFile(contentsOf: parameters.symmetry).domains.map { domain in
            Domain(
                maskFile: domain.maskFile, mask: try LocalSymmetryInput.mask(domain.maskFile, shape: shape),
                starts: domain.motions.map { (EulerAngles($0.rotation), $0.shift / parameters.pixelSize, nil) })
        }
    }

    private func fromMasks(_ shape: Shape?) throws -> [Domain] {
        // Whole ranges are centred on tilt 90, so that 0 to 180 is searched.
        let isGlobal = parameters.angleRange > 179.99
            || max(parameters.angleRange, parameters.rotRange, parameters.tiltRange, parameters.psiRange) <= 0
        return try LocalSymmetryInput.copies(parameters.copies).map { names in
            let masks = try names.map { try LocalSymmetryInput.mask($0, shape: shape) }
            return Domain(
                maskFile: names[0], mask: masks[0],
                starts: masks.dropFirst().map { (EulerAngles(rot: 0, tilt: isGlobal ? 90 : 0, psi: 0), .zero, $0.centreOfMass()) })
        }
    }

    // MARK: Search

    private func search(
        _ domain: Domain, _ number: Int, _ map: RealArray, _ grid: MotionGrid, _ context: ProgramContext
    ) throws -> LocalSymmetryFile.Domain {
        let (small, mask, scale) = binned(map, domain.mask, context)
        let search = MotionSearch(map: small, mask: mask)
        guard !search.isEmpty else {
            throw InputError(place: domain.maskFile, found: "is empty at this binning", expected: "a smaller --bin")
        }
        var grid = grid
        grid.shiftRanges /= scale
        grid.shiftStep /= scale
        let pixelSize = parameters.pixelSize * scale
        var motions: [RigidMotion] = []
        for (copy, start) in domain.starts.enumerated() {
            try context.jobControl.checkForAbort()
            let first = RigidMotion(rotation: start.angles.matrix, shift: start.shift / scale)
            let target = start.target.map { $0 / scale } ?? first * search.centre
            let shifts = grid.shifts, rotations = grid.rotations(about: start.angles)
            guard !rotations.isEmpty else {
                throw InputError(
                    place: "--ang_range", found: "has no orientation of the HEALPix grid in it", expected: "a larger range or a finer step")
            }
            let candidates = rotations.flatMap { angles in
                let rotation = angles.matrix
                return shifts.map { search.motion(rotation, to: target + $0) }
            }
            let bar = context.reporter.progress("Mask \(number), copy \(copy + 1)", total: candidates.count)
            let ranked = search.ranked(candidates, pool: context.pool) { bar.advance(by: $0) }
            bar.finish()
            let inAngstrom = ranked.map { RigidMotion(rotation: $0.motion.rotation, shift: $0.motion.shift * pixelSize) }
            motions.append(inAngstrom[0])
            try writeList(inAngstrom, ranked.map(\.misfit), number, copy + 1)
            let best = EulerAngles(inAngstrom[0].rotation), shift = inAngstrom[0].shift
            context.reporter.info(
                String(
                    format: "Mask %d, copy %d: rot %.3f tilt %.3f psi %.3f, shift %.3f %.3f %.3f Å, misfit %.5g", number, copy + 1,
                    best.rot, best.tilt, best.psi, shift.x, shift.y, shift.z, ranked[0].misfit))
        }
        return LocalSymmetryFile.Domain(maskFile: domain.maskFile, motions: motions)
    }

    /// The map and a mask with larger pixels, and how much larger these are.
    private func binned(
        _ map: RealArray, _ mask: RealArray, _ context: ProgramContext
    ) -> (map: RealArray, mask: RealArray, scale: Double) {
        let box = map.shape.x
        var newBox = parameters.binning > 1 ? Int((Double(box) / parameters.binning).rounded(.up)) : box
        newBox += newBox % 2
        guard newBox + 1 < box else { return (map, mask, 1) }
        var small = mask.rescaled(toBox: newBox, pool: context.pool)
        for i in small.values.indices { small.values[i] = min(1, max(0, small.values[i])) }
        return (map.rescaled(toBox: newBox, pool: context.pool), small, Double(box) / Double(newBox))
    }

    /// All motions that were looked at in full, best first.
    private func writeList(_ motions: [RigidMotion], _ misfits: [Double], _ mask: Int, _ copy: Int) throws {
        var table = StarTable(name: "")
        LocalSymmetryFile.setMotions(motions, in: &table)
        table.set("rlnImageWeight", doubles: misfits)
        let stem = PathName(parameters.outputSymmetry).stem
        let path = stem + String(format: "_cc_mask%03d_op%03d.star", mask, copy)
        try StarDocument(tables: [table]).write(to: path)
    }
}
