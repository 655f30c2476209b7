/// A chemical element, by atomic number.
package struct ChemicalElement: Hashable, Sendable, CustomStringConvertible {
    package let atomicNumber: UInt8

    /// The element of a symbol in any letter case (`"ZN"`, `"Zn"`); deuterium counts as hydrogen.
    package init?(symbol: some StringProtocol) {
        let wanted = symbol.uppercased()
        guard let number = Self.numbers[wanted == "D" ? "H" : wanted] else { return nil }
        atomicNumber = number
    }

    init(atomicNumber: UInt8) { self.atomicNumber = atomicNumber }

    package var description: String { Self.symbols[Int(atomicNumber)] }

    package static let hydrogen = ChemicalElement(atomicNumber: 1)
    package static let carbon = ChemicalElement(atomicNumber: 6)
    package static let nitrogen = ChemicalElement(atomicNumber: 7)
    package static let oxygen = ChemicalElement(atomicNumber: 8)
    package static let sulfur = ChemicalElement(atomicNumber: 16)

    /// Symbols by atomic number; position 0 is unused.
    static let symbols: [String] = """
        X H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr \
        Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu \
        Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf
        """.split(separator: " ").map(String.init)

    private static let numbers: [String: UInt8] = Dictionary(
        uniqueKeysWithValues: symbols.enumerated().dropFirst().map { ($1.uppercased(), UInt8($0)) })
}
