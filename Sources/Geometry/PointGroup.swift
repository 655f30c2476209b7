import Reporting

/// The name of a point group, as in `--sym`.
///
/// Conventions: cyclic and dihedral axes along z, a two-fold of Dn along x; tetrahedral: a three-fold along z; octahedral:
/// four-folds on the axes; icosahedral I1, I2 (= I), I3, I4: two-folds on the axes (I1: turned by 90° about y), and two
/// settings with five-folds in the xz plane, as XMIPP numbers them (Heymann et al. 2005).
package enum PointGroup: Sendable, Hashable {
    case cyclic(Int)
    case inversion
    case mirror
    case cyclicVertical(Int)
    case cyclicHorizontal(Int)
    case rotoreflection(Int)
    case dihedral(Int)
    case dihedralVertical(Int)
    case dihedralHorizontal(Int)
    case tetrahedral, tetrahedralFull, tetrahedralInversion
    case octahedral, octahedralFull
    /// Setting 1 ... 4.
    case icosahedral(setting: Int)
    case icosahedralFull(setting: Int)

    package static let acceptedNames =
        "Cn, Cnv, Cnh, Ci, Cs, Sn (n even), Dn, Dnv, Dnh, T, Td, Th, O, Oh, I, I1, I2, I3, I4, Ih, I1h, I2h, I3h or I4h "
        + "with n from 1 to 99"

    /// Reads a name, upper or lower case.
    /// - Throws: `InputError` for a name that is not a point group, with the accepted names.
    package init(name: String) throws {
        let upper = name.uppercased()
        // The name exists in XMIPP and RELION, but neither defines its axes.
        if upper == "I5" || upper == "I5H" {
            throw InputError(
                place: "symmetry", found: "setting 5 of the icosahedral group has no agreed axes",
                expected: "I1, I2, I3 or I4", remedy: "Turn the reference to one of these settings.")
        }
        guard let group = Self.parse(upper) else {
            throw InputError(
                place: "symmetry", found: "\"\(name)\" is not the name of a point group", expected: Self.acceptedNames)
        }
        self = group
    }

    private static func parse(_ name: String) -> PointGroup? {
        switch name {
        case "CI": return .inversion
        case "CS": return .mirror
        case "T": return .tetrahedral
        case "TD": return .tetrahedralFull
        case "TH": return .tetrahedralInversion
        case "O": return .octahedral
        case "OH": return .octahedralFull
        case "I", "I2": return .icosahedral(setting: 2)
        case "I1": return .icosahedral(setting: 1)
        case "I3": return .icosahedral(setting: 3)
        case "I4": return .icosahedral(setting: 4)
        case "IH", "I2H": return .icosahedralFull(setting: 2)
        case "I1H": return .icosahedralFull(setting: 1)
        case "I3H": return .icosahedralFull(setting: 3)
        case "I4H": return .icosahedralFull(setting: 4)
        default: return parseWithOrder(name)
        }
    }

    private static func parseWithOrder(_ name: String) -> PointGroup? {
        guard let family = name.first else { return nil }
        let digits = name.dropFirst().prefix { $0.isASCII && $0.isNumber }
        guard (1...2).contains(digits.count), let n = Int(digits), n >= 1 else { return nil }
        switch (family, String(name.dropFirst(1 + digits.count))) {
        case ("C", ""): return .cyclic(n)
        case ("C", "V"): return .cyclicVertical(n)
        case ("C", "H"): return .cyclicHorizontal(n)
        case ("D", ""): return .dihedral(n)
        case ("D", "V"): return .dihedralVertical(n)
        case ("D", "H"): return .dihedralHorizontal(n)
        case ("S", "") where n % 2 == 0: return .rotoreflection(n)
        default: return nil
        }
    }
}
