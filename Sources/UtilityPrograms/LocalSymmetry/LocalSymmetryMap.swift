import Arrays
import Geometry
import ImageFormats
import Imaging
import ProgramKit
import Reporting

/// The functions of relion_localsym that make a map: averaging, copying, moving.
struct LocalSymmetryMap {
    private let program: LocalSymmetryProgram

    init(_ program: LocalSymmetryProgram) { self.program = program }

    func run(in context: ProgramContext) throws {
        let (parameters, reporter) = (program.parameters, context.reporter)
        var check = InputCheck()
        check.output(parameters.outputMap, option: "--o_map")
        let fraction = parameters.sphereFraction
        check.require(fraction <= 0.99, "--sphere_percentage", found: "\(fraction)", expected: "at most 0.99")
        check.require(
            fraction <= 0 || program.expert.edgeWidth > 0, "--width", found: "\(program.expert.edgeWidth)",
            expected: "a width above 0")
        let needsMap = !program.function.duplicates || !parameters.map.isEmpty
        let map = needsMap
            ? check.attempt { try LocalSymmetryInput.map(parameters.map, option: "--i_map", parameters.pixelSize, reporter) } : nil
        let symmetry = program.function.transforms
            ? nil
            : check.attempt {
                try LocalSymmetryInput.symmetry(parameters.symmetry, shape: map?.shape, parameters.pixelSize)
            }
        try check.finish()
        if let symmetry {
            let copies = symmetry.domains.reduce(0) { $0 + $1.motions.count + 1 }
            reporter.info("\(symmetry.domains.count) domains, \(copies) copies")
        }
        if context.isDryRun { return reporter.info("Would write: \(parameters.outputMap)") }
        guard let result = make(map, symmetry, context) else { return }
        try ImageFile.write(result, to: parameters.outputMap, pixelSizeInAngstrom: parameters.pixelSize)
        reporter.info("Written: \(parameters.outputMap)")
    }

    private func make(_ map: RealArray?, _ symmetry: LocalSymmetry?, _ context: ProgramContext) -> RealArray? {
        let parameters = program.parameters
        guard let symmetry else {
            let rotation = EulerAngles(rot: parameters.rot, tilt: parameters.tilt, psi: parameters.psi).matrix
            let shift = Vector3(parameters.x, parameters.y, parameters.z) / parameters.pixelSize
            return map?.moved(by: RigidMotion(rotation: rotation, shift: shift), pool: context.pool)
        }
        if program.function.duplicates { return symmetry.copies(of: map, pool: context.pool) }
        guard let map else { return nil }
        var averaged = symmetry.averaged(map, pool: context.pool)
        if parameters.sphereFraction > 0 {
            let radius = Double(map.shape.x) * parameters.sphereFraction / 2
            SphericalMask(radiusInPixels: radius, edgeWidthInPixels: program.expert.edgeWidth)
                .apply(to: &averaged, background: .zero)
        }
        return averaged
    }
}
