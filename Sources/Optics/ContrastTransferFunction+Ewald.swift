import Arrays
import CKernels
import ComplexModule
import Foundation

/// Curvature of the Ewald sphere (DeRosier 2000; Russo & Henderson 2018; Zivanov et al. 2018).
extension ContrastTransferFunction {
    /// Which of the two complex transfer functions, which separate the two sides of the sphere.
    package enum EwaldSide: Sendable, Hashable {
        case p
        case q

        var opposite: EwaldSide { self == .p ? .q : .p }
    }

    /// −sin γ ± i cos γ on a half-plane grid: side P (+) where the angle of the frequency from +y is at least
    /// `sectorAngleInDegrees`, the other side elsewhere.
    ///
    /// On the column x = 0, where both Friedel mates are stored, an angle of 0 keeps Friedel symmetry.
    /// - Precondition: 0 ≤ sectorAngleInDegrees < 360; beyond 180 the sides are exchanged.
    package func ewaldValues(
        on grid: FrequencyGrid, side: EwaldSide, sectorAngleInDegrees: Double = 0, phaseOffset: [Float]? = nil
    ) -> [ComplexFloat] {
        precondition((0..<360).contains(sectorAngleInDegrees))
        let isBeyond = sectorAngleInDegrees >= 180
        let limit = (isBeyond ? sectorAngleInDegrees - 180 : sectorAngleInDegrees) * .pi / 180
        let inside = isBeyond ? side.opposite : side
        let phase = self.phase
        var result = [ComplexFloat](repeating: .zero, count: grid.count)
        for row in 0..<grid.rows {
            let y = grid.y(row)
            for column in 0..<grid.columns {
                let x = grid.x(column)
                let radius = (x * x + y * y).squareRoot()
                let angle = radius > 0 ? acos(min(1, max(-1, y / radius))) : 0
                let (tx, ty) = magnification.apply(x, y)
                let index = row * grid.columns + column
                let gamma = phase.at(tx, ty) + Double(phaseOffset?[index] ?? 0)
                let isPositive = (angle >= limit ? inside : inside.opposite) == .p
                result[index] = ComplexFloat(Float(-sin(gamma)), Float(isPositive ? cos(gamma) : -cos(gamma)))
            }
        }
        if limit == 0 {
            for row in stride(from: grid.rows / 2 + 1, to: grid.rows, by: 1) {
                result[row * grid.columns] = result[(grid.rows - row) * grid.columns].conjugate
            }
        }
        return result
    }

    /// Weight of the sum of both sides: ½ (1 + A (2 |CTF| − 1)), where A is the overlap of the two displaced images of a
    /// particle of a diameter in Å (Russo & Henderson 2018).
    package func ewaldWeights(on grid: FrequencyGrid, particleDiameterInAngstrom diameter: Double) -> [Float] {
        let wavelength = wavelengthInAngstrom
        var weights = values(on: grid)
        for row in 0..<grid.rows {
            let y = grid.y(row)
            for column in 0..<grid.columns {
                let x = grid.x(column)
                let k = (x * x + y * y).squareRoot()
                let shift = 2 * abs(defocus(x: x, y: y)) * wavelength * k / diameter
                let overlap = shift > 1 ? 0 : 2 / Double.pi * (acos(shift) - shift * (1 - shift * shift).squareRoot())
                let index = row * grid.columns + column
                weights[index] = Float(0.5 * (1 + overlap * (2 * abs(Double(weights[index])) - 1)))
            }
        }
        return weights
    }
}
