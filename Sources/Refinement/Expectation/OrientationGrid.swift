import Foundation
import Geometry

/// The orientations of one iteration as matrices: coarse ones and their children, the perturbation applied.
///
/// A matrix is Rz(ψ)·D, D the rotation of the direction: rows 0 and 1 of D mixed by ψ. Only the D are stored.
struct OrientationGrid: Sendable {
    let sampling: OrientationSampling
    let directionCount: Int
    let psiCount: Int
    let oversampling: Int
    let childDirectionCount: Int
    let childPsiCount: Int
    var childCount: Int { childDirectionCount * childPsiCount }

    private let coarseDirections: [RotationMatrix]
    private let fineDirections: [RotationMatrix]
    private let fineAngles: [EulerAngles]
    private let coarsePsis: [(cosine: Double, sine: Double)]
    private let finePsis: [(cosine: Double, sine: Double)]
    private let finePsiAngles: [Double]

    init(sampling: OrientationSampling, oversampling: Int) {
        self.sampling = sampling
        self.oversampling = oversampling
        directionCount = sampling.directions.count
        psiCount = sampling.psis.count
        let isVolume = sampling.isThreeDimensional
        let turn = isVolume ? sampling.perturbationMatrix : .identity
        let psiShift = isVolume ? 0 : sampling.perturbation * sampling.angularStep()
        func rotation(_ view: ViewDirection) -> RotationMatrix {
            EulerAngles(rot: view.rot, tilt: view.tilt, psi: 0).matrix * turn
        }
        func parts(_ degrees: Double) -> (cosine: Double, sine: Double) {
            let angle = (degrees + psiShift) * .pi / 180
            return (cos(angle), sin(angle))
        }
        coarseDirections = sampling.directions.map(rotation)
        let views = (0..<directionCount).map { sampling.childDirections(of: $0, oversampling: oversampling) }
        childDirectionCount = views.first?.count ?? 1
        fineDirections = views.flatMap { $0.map(rotation) }
        fineAngles = views.flatMap { $0.map { EulerAngles(rot: $0.rot, tilt: $0.tilt, psi: 0) } }
        coarsePsis = sampling.psis.map(parts)
        let angles = (0..<psiCount).map { sampling.childPsis(of: $0, oversampling: oversampling) }
        childPsiCount = angles.first?.count ?? 1
        finePsis = angles.flatMap { $0.map(parts) }
        finePsiAngles = angles.flatMap { $0 }
    }

    @inline(__always)
    private static func combine(_ d: RotationMatrix, _ psi: (cosine: Double, sine: Double)) -> RotationMatrix {
        RotationMatrix(rows: d.row0 * psi.cosine + d.row1 * psi.sine, d.row1 * psi.cosine - d.row0 * psi.sine, d.row2)
    }

    func coarse(direction: Int, psi: Int) -> RotationMatrix { Self.combine(coarseDirections[direction], coarsePsis[psi]) }

    /// Child `child` of a coarse orientation; in-plane angles vary fastest.
    func fine(direction: Int, psi: Int, child: Int) -> RotationMatrix {
        Self.combine(fineDirections[direction * childDirectionCount + child / childPsiCount],
                     finePsis[psi * childPsiCount + child % childPsiCount])
    }

    /// The same by its number: (((class · directions) + direction) · psis + psi) · children + child.
    func fine(index: Int) -> RotationMatrix {
        let item = index / childCount
        return fine(direction: item / psiCount % directionCount, psi: item % psiCount, child: index % childCount)
    }

    /// The same as angles for the output files.
    func fineAngles(direction: Int, psi: Int, child: Int) -> EulerAngles {
        sampling.orientations(direction: direction, psi: psi, oversampling: oversampling)[child]
    }
}
