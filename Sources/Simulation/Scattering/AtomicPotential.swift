import Foundation
import TextFormats

/// The electrostatic potential of one kind of atom in vitreous ice, as a function of spatial frequency.
///
/// An atom adds its own potential and takes away that of the ice which it displaces; both are blurred by its B factor.
package struct AtomicPotential: Sendable {
    /// h²/(2π m e): turns a scattering factor in Å into the transform of a potential, V·Å³.
    package static let voltsPerScatteringFactor = 47.878
    /// Mean inner potential of vitreous ice, V.
    static let icePotential = 4.5
    /// Volume of ice that one heavy atom with its hydrogens displaces, Å³: 1.21 Å³/Da at 14 Da an atom.
    static let displacedVolume = 17.0
    /// Standard deviation of the displaced volume, taken as a Gaussian, Å.
    static let displacedRadius = 1.2

    let factor: ScatteringFactor
    let displacesIce: Bool
    let bFactor: Double

    /// The transform in V·Å³ at spatial frequency `k` in 1/Å.
    func value(atFrequency k: Double) -> Double {
        let atom = Self.voltsPerScatteringFactor * factor.value(atFrequency: k, bFactor: bFactor)
        guard displacesIce else { return atom }
        let blur = 8 * .pi * .pi * Self.displacedRadius * Self.displacedRadius + bFactor
        return atom - Self.displacedVolume * Self.icePotential * exp(-blur * k * k / 4)
    }
}
