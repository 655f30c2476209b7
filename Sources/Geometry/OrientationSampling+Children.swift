import Foundation

extension OrientationSampling {
    /// The directions of the finer grid inside the pixel of a coarse direction: `4ⁿ`, in the order of rows of the face.
    package func childDirections(of direction: Int, oversampling: Int) -> [ViewDirection] {
        guard let order = healpixOrder, oversampling > 0, pixels[direction] >= 0 else { return [directions[direction]] }
        let fine = HEALPix(order: order + oversampling)
        return HEALPix(order: order).children(of: pixels[direction], levels: oversampling).map(fine.direction)
    }

    /// The finer in-plane angles about a coarse one: `2ⁿ`, evenly inside the coarse step.
    package func childPsis(of psi: Int, oversampling: Int) -> [Double] {
        guard oversampling > 0 else { return [psis[psi]] }
        let count = 1 << oversampling
        return (0..<count).map { index in
            let angle = psis[psi] - 0.5 * psiStep + (0.5 + Double(index)) * psiStep / Double(count)
            return !isThreeDimensional && angle > 180 ? angle - 360 : angle
        }
    }

    /// The orientations at an oversampling that belong to one coarse orientation; in-plane angles vary fastest.
    /// The random perturbation is applied.
    package func orientations(direction: Int, psi: Int, oversampling: Int) -> [EulerAngles] {
        let shift = perturbation * angularStep()
        if !isThreeDimensional {
            return childPsis(of: psi, oversampling: oversampling).map { EulerAngles(rot: 0, tilt: 0, psi: $0 + shift) }
        }
        if perturbation == 0 { return unperturbed(direction, psi, oversampling) }
        let turn = perturbationMatrix
        return unperturbed(direction, psi, oversampling).map { EulerAngles($0.matrix * turn) }
    }

    /// As `orientations`, as matrices that turn the reference into the image.
    package func matrices(direction: Int, psi: Int, oversampling: Int) -> [RotationMatrix] {
        if !isThreeDimensional {
            return orientations(direction: direction, psi: psi, oversampling: oversampling).map(\.matrix)
        }
        let turn = perturbationMatrix
        return unperturbed(direction, psi, oversampling).map { $0.matrix * turn }
    }

    /// The rotation of the reference that perturbs all orientations of the 3D grid.
    package var perturbationMatrix: RotationMatrix {
        if perturbation == 0 { return .identity }
        let angle = perturbation * angularStep()
        return EulerAngles(rot: angle, tilt: angle, psi: angle).matrix
    }

    private func unperturbed(_ direction: Int, _ psi: Int, _ oversampling: Int) -> [EulerAngles] {
        let fine = childPsis(of: psi, oversampling: oversampling)
        return childDirections(of: direction, oversampling: oversampling).flatMap { view in
            fine.map { EulerAngles(rot: view.rot, tilt: view.tilt, psi: $0) }
        }
    }
}
