/// Corrections of a Fourier shell correlation for the solvent around the particle.
package enum SolventCorrection {
    /// The correlation that a mask itself adds, taken off: (FSC_masked − FSC_random) / (1 − FSC_random), FSC_random being that of
    /// the masked maps whose phases were randomised from a shell on (Chen et al., Ultramicroscopy 135 (2013) 24).
    ///
    /// - Parameter firstShell: below it the masked curve is kept; two shells above the start of the randomisation, because
    ///   the mask smears true phases over its edge.
    package static func corrected(masked: [Double], randomised: [Double], firstShell: Int) -> [Double] {
        zip(masked, randomised).enumerated().map { shell, pair in
            let (masked, randomised) = pair
            return shell < firstShell || randomised >= 1 ? masked : (masked - randomised) / (1 - randomised)
        }
    }

    /// The correlation of the particle alone from that of the whole box: f·FSC / (1 + (f − 1)·FSC).
    ///
    /// - Parameter fraction: volume of the sphere inscribed in the box over that of the particle (cisTEM: Grant, Rohou &
    ///   Grigorieff, eLife 7 (2018) e35383).
    package static func particleOnly(unmasked: [Double], fraction: Double) -> [Double] {
        unmasked.map { fraction * $0 / (1 + (fraction - 1) * $0) }
    }

    /// Volume of the inscribed sphere over the box, as RELION rounds π/6 · 10/11.
    static let sphereFraction = 0.476
    /// Volume per mass of protein, as RELION counts it, Å³ per Da times its inverse square (density 1.35 g/cm³).
    static let massPerVolume = 0.81

    /// For `particleOnly`, from the mass of the ordered part.
    package static func fraction(box: Int, pixelSizeInAngstrom: Double, molecularWeightInKilodalton: Double) -> Double {
        let side = Double(box) * pixelSizeInAngstrom
        return sphereFraction * side * side * side * massPerVolume / (molecularWeightInKilodalton * 1000)
    }

    /// For `particleOnly`, from the part of the box that is inside a mask.
    package static func fraction(maskedPartOfBox: Double) -> Double {
        maskedPartOfBox > 0 ? sphereFraction / maskedPartOfBox : 0
    }
}
