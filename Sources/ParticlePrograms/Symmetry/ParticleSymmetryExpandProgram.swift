import ArgumentParser
import Foundation
import Geometry
import Metadata
import ProgramKit
import Reporting
import StarFormat

/// Writes every particle once per symmetry mate, with the angles of that mate; as relion_particle_symmetry_expand.
struct ParticleSymmetryExpandProgram: RelionProgram {
    static let programName = "relion_particle_symmetry_expand"
    static let summary = "Repeat every particle of a STAR file for all its symmetry mates."

    struct InputOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "STAR file with the particles and their angles.")
        var input: String
        @Option(name: .customLong("o"), parsing: .unconditional, help: "STAR file to be written.")
        var output = "expanded.star"
        @Option(name: .customLong("sym"), parsing: .unconditional, help: "Point group of the particles.")
        var symmetry = "C1"
    }

    struct HelixOptions: ParsableArguments {
        @Flag(name: .customLong("helix"), help: "Expand along a helix instead of by a point group.")
        var isHelix = false
        @Option(name: .customLong("twist"), parsing: .unconditional, help: "Turn from one unit to the next (in degrees).")
        var twist = 0.0
        @Option(name: .customLong("rise"), parsing: .unconditional, help: "Distance along the axis from one unit to the next (in Å).")
        var rise = 0.0
        @Option(name: .customLong("angpix"), parsing: .unconditional, help: "Pixel size (in Å), for files whose origins are in pixels, read with --ignore_optics.")
        var pixelSize = 1.0
        @Option(name: .customLong("asu"), parsing: .unconditional, help: "Number of whole units to expand to.")
        var units = 1
        @Option(name: .customLong("frac_sampling"), parsing: .unconditional, help: "Number of steps within one unit.")
        var fractionalSteps = 1
        @Option(name: .customLong("frac_range"), parsing: .unconditional, help: "Fraction of the rise on either side that the steps cover.")
        var fractionalRange = 0.5
        @Flag(name: .customLong("ignore_optics"), help: "Read and write the table of particles alone, without optics groups.")
        var ignoresOptics = false
    }

    @OptionGroup(title: "Options") var io: InputOptions
    @OptionGroup(title: "Helix") var helix: HelixOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        let expansion = check.attempt { try self.expansion() }
        let source = check.attempt { try readSource(context.reporter) }
        check.output(io.output, option: "--o")
        let poses = source.flatMap { source in check.attempt { try Poses(source.rows, pixelSize: helix.pixelSize) } }
        try check.finish()
        guard let expansion, let source, let poses else { return }
        let copies = expansion.copyCount
        context.reporter.info(
            "\(source.rows.rowCount) particles become \(source.rows.rowCount * copies): \(copies) copies of each")
        if context.isDryRun { return }
        let expanded = poses.expanded(expansion)
        let indices = (0..<source.rows.rowCount).flatMap { [Int](repeating: $0, count: copies) }
        try source.write(indices, poses: expanded, to: io.output)
        context.reporter.info("Written: \(io.output)")
    }

    private func expansion() throws -> SymmetryExpansion {
        if !helix.isHelix {
            let group = try SymmetryGroup(name: io.symmetry)
            if group.isTrivial {
                throw InputError(
                    place: "--sym \(io.symmetry)", found: "has no symmetry mates", expected: "a point group with symmetry")
            }
            return .pointGroup(group)
        }
        var check = InputCheck()
        check.require(
            io.symmetry.uppercased() == "C1", "--sym \(io.symmetry)", found: "stands together with --helix",
            expected: "one of the two")
        check.require(helix.units >= 1, "--asu", found: "\(helix.units)", expected: "1 or more")
        check.require(helix.fractionalSteps >= 1, "--frac_sampling", found: "\(helix.fractionalSteps)", expected: "1 or more")
        check.require(
            (helix.units > 1) != (helix.fractionalSteps > 1), "--asu \(helix.units) --frac_sampling \(helix.fractionalSteps)",
            found: "do not say how to expand", expected: "exactly one of them above 1")
        check.require(
            helix.fractionalRange > 0 && helix.fractionalRange.isFinite, "--frac_range", found: "\(helix.fractionalRange)",
            expected: "a fraction above 0")
        check.require(helix.pixelSize > 0, "--angpix", found: "\(helix.pixelSize)", expected: "a size in Å above 0")
        try check.finish()
        return .helix(twist: helix.twist, rise: helix.rise, positions: helixPositions())
    }

    /// Positions along the axis in units of the rise.
    private func helixPositions() -> [Double] {
        if helix.units > 1 { return (-(helix.units - 1) / 2...helix.units / 2).map(Double.init) }
        // The upper end would be the lower end of the next unit.
        let margin = 0.001
        return Array(
            stride(from: -helix.fractionalRange, through: helix.fractionalRange - margin, by: 1 / Double(helix.fractionalSteps)))
    }

    private func readSource(_ reporter: Reporter) throws -> ExpansionSource {
        if helix.ignoresOptics { return .plain(try plainTable()) }
        let document = try StarDocument(contentsOf: io.input)
        if !document.contains("optics") && !document.tables.contains(where: { $0.contains("rlnVoltage") }) {
            reporter.warning("\(io.input) has no optics groups; only its table of particles is read and written.")
            return .plain(try plainTable())
        }
        return .particles(try ParticleTable(document, content: .particles))
    }

    private func plainTable() throws -> StarTable {
        let document = try StarDocument(contentsOf: io.input)
        if let particles = document.firstTable("particles") { return particles }
        guard let first = document.tables.first(where: { !$0.isEmpty }) else {
            throw InputError(place: io.input, found: "there are no rows of data", expected: "a table of particles")
        }
        return first
    }
}

/// How copies of a particle relate to it.
enum SymmetryExpansion {
    case pointGroup(SymmetryGroup)
    /// Twist in degrees and rise in Å per unit; positions in units.
    case helix(twist: Double, rise: Double, positions: [Double])

    var copyCount: Int {
        switch self {
        case .pointGroup(let group): group.order
        case .helix(_, _, let positions): positions.count
        }
    }
}

/// The table that is expanded, with or without optics groups.
private enum ExpansionSource {
    case particles(ParticleTable)
    case plain(StarTable)

    var rows: StarTable {
        switch self {
        case .particles(let table): table.rows
        case .plain(let table): table
        }
    }

    func write(_ indices: [Int], poses: Poses, to path: String) throws {
        switch self {
        case .particles(let table):
            var expanded = table.selecting(rows: indices)
            poses.store(in: &expanded.rows)
            // Other tables (bodies) speak of the particles before the expansion.
            expanded.otherTables.removeAll { $0.name != "general" }
            try expanded.write(to: path)
        case .plain(let table):
            var expanded = table.selecting(rows: indices)
            poses.store(in: &expanded)
            try StarDocument(tables: [expanded]).write(to: path)
        }
    }
}

/// Angles (degrees) and origins of all particles; origins in Å, or in pixels where the file has them so.
struct Poses {
    var rot: [Double]
    var tilt: [Double]
    var psi: [Double]
    var x: [Double]
    var y: [Double]
    /// Å per unit of the origins.
    private let originUnit: Double
    private let originLabels: (x: String, y: String)

    init(_ table: StarTable, pixelSize: Double) throws {
        try table.require(["rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi"], remedy: "Expansion needs the angles of a refinement")
        rot = try table.doubles("rlnAngleRot", expected: "an angle in degrees")
        tilt = try table.doubles("rlnAngleTilt", expected: "an angle in degrees")
        psi = try table.doubles("rlnAnglePsi", expected: "an angle in degrees")
        let isInPixels = !table.contains("rlnOriginXAngst") && table.contains("rlnOriginX")
        originLabels = isInPixels ? ("rlnOriginX", "rlnOriginY") : ("rlnOriginXAngst", "rlnOriginYAngst")
        originUnit = isInPixels ? pixelSize : 1
        let zeros = [Double](repeating: 0, count: table.rowCount)
        x = try table.doublesIfPresent(originLabels.x) ?? zeros
        y = try table.doublesIfPresent(originLabels.y) ?? zeros
    }

    func store(in table: inout StarTable) {
        table.set("rlnAngleRot", doubles: rot)
        table.set("rlnAngleTilt", doubles: tilt)
        table.set("rlnAnglePsi", doubles: psi)
        if table.contains(originLabels.x) || x.contains(where: { $0 != 0 }) { table.set(originLabels.x, doubles: x) }
        if table.contains(originLabels.y) || y.contains(where: { $0 != 0 }) { table.set(originLabels.y, doubles: y) }
    }

    /// All copies of particle 0, then of particle 1, …
    func expanded(_ expansion: SymmetryExpansion) -> Poses {
        var result = self
        result.removeAll()
        for i in rot.indices {
            switch expansion {
            case .pointGroup(let group): result.append(copiesOf: i, in: self, group)
            case .helix(let twist, let rise, let positions):
                for position in positions { result.append(i, in: self, twist: twist, rise: rise, position: position) }
            }
        }
        return result
    }

    private mutating func removeAll() { (rot, tilt, psi, x, y) = ([], [], [], [], []) }

    private mutating func append(copiesOf i: Int, in old: Poses, _ group: SymmetryGroup) {
        let angles = EulerAngles(rot: old.rot[i], tilt: old.tilt[i], psi: old.psi[i])
        let matrix = angles.matrix
        // The particle itself keeps its angles as they are.
        append(angles, x: old.x[i], y: old.y[i])
        for element in group.operators.dropFirst() {
            append(EulerAngles(element.apply(to: matrix)), x: old.x[i], y: old.y[i])
        }
    }

    /// A step along the axis looks shorter when the helix is tilted, and lies along psi in the image.
    private mutating func append(_ i: Int, in old: Poses, twist: Double, rise: Double, position: Double) {
        let degree = Double.pi / 180
        let step = sin(old.tilt[i] * degree) * position * rise / originUnit
        let angles = EulerAngles(rot: old.rot[i] - position * twist, tilt: old.tilt[i], psi: old.psi[i])
        append(angles, x: old.x[i] + cos(old.psi[i] * degree) * step, y: old.y[i] - sin(old.psi[i] * degree) * step)
    }

    private mutating func append(_ angles: EulerAngles, x newX: Double, y newY: Double) {
        rot.append(angles.rot)
        tilt.append(angles.tilt)
        psi.append(angles.psi)
        x.append(newX)
        y.append(newY)
    }
}
