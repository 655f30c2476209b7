/// One atom of a structure file.
package struct Atom: Sendable, Equatable {
    package var element: ChemicalElement
    /// Coordinates in Å, in the frame of the file.
    package var position: SIMD3<Double>
    /// Between 0 and 1; alternative conformations of an atom share it.
    package var occupancy: Double
    /// Isotropic displacement parameter, Å².
    package var bFactor: Double
    /// Chain name as the authors gave it.
    package var chain: String
    /// Name of the residue or ligand: `ALA`, `HOH`.
    package var residue: String

    package init(
        element: ChemicalElement, position: SIMD3<Double>, occupancy: Double = 1, bFactor: Double = 0,
        chain: String = "", residue: String = ""
    ) {
        self.element = element
        self.position = position
        self.occupancy = occupancy
        self.bFactor = bFactor
        self.chain = chain
        self.residue = residue
    }

    package var isWater: Bool { residue == "HOH" || residue == "WAT" || residue == "DOD" }
}

/// What to take from a structure file.
package struct AtomSelection: Sendable {
    /// Chains by their author names; empty: all.
    package var chains: Set<String> = []
    package var includesWater = false

    package init(chains: Set<String> = [], includesWater: Bool = false) {
        self.chains = chains
        self.includesWater = includesWater
    }

    func accepts(_ atom: Atom) -> Bool {
        (includesWater || !atom.isWater) && (chains.isEmpty || chains.contains(atom.chain))
    }
}
