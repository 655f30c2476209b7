import ArgumentParser
import Metadata
import ProgramKit
import Reporting
import StarFormat

/// Takes from one set of particles those that are also in another one, judged by where they were picked.
struct ParticleSelectProgram: RelionProgram {
    static let programName = "relion_particle_select"
    static let summary = "Select the particles that another file has, too, by their places in the micrographs."

    struct GeneralOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "STAR file to take particles from.")
        var input: String
        @Option(name: .customLong("i_ref"), parsing: .unconditional, help: "STAR file with the particles to look for.")
        var reference: String
        @Flag(name: .customLong("angles"), help: "Take the angles of --i_ref.")
        var copiesAngles = false
        @Flag(name: .customLong("offsets"), help: "Take the origins of --i_ref.")
        var copiesOffsets = false
        @Option(name: .customLong("o"), parsing: .unconditional, help: "STAR file to write.")
        var output = "selected.star"
    }

    /// Pixels; nearer particles are the same one.
    private static let matchingDistance = 1.0

    @OptionGroup(title: "General options") var options: GeneralOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        let source = try ParticleTable(contentsOf: options.input)
        let reference = try ParticleTable(contentsOf: options.reference)
        let matching = try ParticleMatching(of: source, with: reference, within: Self.matchingDistance)
        for name in matching.unknownMicrographs { context.reporter.warning("\(options.input) has no particles of \(name).") }
        for (name, count) in matching.missing.sorted(by: { $0.key < $1.key }) {
            context.reporter.warning("\(count) particles of \(name) are not in \(options.input).")
        }
        for (name, count) in matching.ambiguous.sorted(by: { $0.key < $1.key }) {
            context.reporter.warning("\(count) particles of \(name) are in \(options.input) several times and are left out.")
        }
        guard !matching.pairs.isEmpty else {
            throw InputError(
                place: options.input, found: "none of its particles is in \(options.reference)", expected: "some in both",
                remedy: "Compare rlnMicrographName and rlnCoordinateX and Y of the two files")
        }
        var selected = source.selecting(rows: matching.pairs.map(\.source))
        let partners = reference.selecting(rows: matching.pairs.map(\.reference))
        try copyRandomSubsets(from: partners, to: &selected)
        try copy([.rot, .tilt, .psi], wanted: options.copiesAngles, from: partners, to: &selected)
        try copy([.originX, .originY], wanted: options.copiesOffsets, from: partners, to: &selected)
        context.reporter.info("\(selected.count) of \(source.count) particles are in both files.")
        if context.isDryRun { return }
        try selected.write(to: options.output)
        context.reporter.info("Written: \(options.output)")
    }

    /// Particles whose whole pose is copied belong to the half set in which it was found. Half a pose of the other half
    /// set would mix the two.
    private func copyRandomSubsets(from partners: ParticleTable, to selected: inout ParticleTable) throws {
        guard options.copiesAngles || options.copiesOffsets, partners.contains(.randomSubset) || selected.contains(.randomSubset),
            try partners.integers(.randomSubset) != selected.integers(.randomSubset)
        else { return }
        guard options.copiesAngles, options.copiesOffsets else {
            throw InputError(
                place: options.input, found: "particles are in another half set (rlnRandomSubset) than in \(options.reference)",
                expected: "the same half sets when only angles or only origins are copied", remedy: "Give both --angles and --offsets")
        }
        selected.set(.randomSubset, try partners.integers(.randomSubset))
    }

    private func copy(
        _ columns: [ParticleColumn], wanted: Bool, from partners: ParticleTable, to selected: inout ParticleTable
    ) throws {
        guard wanted else { return }
        try partners.rows.require(columns.map(\.label))
        for column in columns { selected.set(column, try partners.values(column)) }
    }
}
