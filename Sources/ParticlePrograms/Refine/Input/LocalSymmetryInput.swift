import Geometry
import Imaging
import Metadata
import Refinement
import Reporting

/// Local symmetry of the references (`--local_symmetry`).
enum LocalSymmetryInput {
    /// - Throws: `InputError` for references in 2D, a damaged list, or masks that do not fit the references.
    static func read(_ file: String, frame: ReferenceInput.Frame, dimensionality: RefinementSettings.Dimensionality,
                     reporter: Reporter) throws -> LocalSymmetry {
        guard dimensionality == .threeD else {
            throw InputError(place: "--local_symmetry", found: "is given for 2D classes", expected: "3D references")
        }
        let list = try LocalSymmetryFile(contentsOf: file)
        return LocalSymmetry(domains: try list.domains.map { domain in
            let mask = try MaskInput.read(domain.maskFile, frame: frame, dimensionality: dimensionality, reporter: reporter)
            return .init(mask: mask, motions: domain.motions.map {
                RigidMotion(rotation: $0.rotation, shift: $0.shift / frame.pixelSize)
            })
        })
    }
}
