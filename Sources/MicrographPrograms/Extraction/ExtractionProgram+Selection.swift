import Metadata
import ProgramKit
import Reporting
import StarFormat

extension ExtractionProgram {
    /// Where micrographs and positions come from, and where particles go.
    func checkSources(_ check: inout InputCheck) {
        check.require(
            extraction.extracts, "--extract --operate_on", found: "neither is given", expected: "one of them")
        check.require(
            operations.inputStack.ifGiven == nil, "--extract --operate_on", found: "are given together", expected: "one of them")
        check.require(
            !general.micrographs.isEmpty, "--i", found: "is not given", expected: "the STAR file of the micrographs")
        let sources = [general.refinedParticles, general.coordinateSuffix, general.coordinateList].count { $0.ifGiven != nil }
        check.require(
            sources == 1, "--reextract_data_star --coord_suffix --coord_list",
            found: sources == 0 ? "none of them is given" : "\(sources) of them are given", expected: "one of them")
        let isAgain = general.refinedParticles.ifGiven != nil
        for (option, isGiven) in [
            ("--keep_ctfs_micrographs", general.keepsMicrographCTF), ("--reset_offsets", general.resetsOffsets),
            ("--recenter", general.recentres),
        ] {
            check.require(
                isAgain || !isGiven, option, found: "is given without particles", expected: "--reextract_data_star with it")
        }
        check.require(
            !(general.resetsOffsets && general.recentres), "--reset_offsets --recenter", found: "are given together",
            expected: "one of them")
        let point = [general.recentreX, general.recentreY, general.recentreZ]
        check.require(
            general.recentres || point.allSatisfy { $0 == 0 }, "--recenter_x --recenter_y --recenter_z",
            found: "are given without --recenter", expected: "both")
        check.require(
            point.allSatisfy(\.isFinite), "--recenter_x --recenter_y --recenter_z", found: "not finite", expected: "numbers")
        check.output(PathName.joined(general.particleFolder, "a.mrcs"), option: "--part_dir")
        for (option, path) in [("--part_star", general.particleStar), ("--pick_star", general.pickStar)] where !path.isEmpty {
            check.output(path, option: option)
        }
    }

    private static let typeLabel = "rlnParticleSelectionType", meritLabel = "rlnAutopickFigureOfMerit"

    /// The rows that `--selection_type` and `--minimum_pick_fom` keep.
    func selected(_ rows: StarTable) throws -> StarTable {
        var rows = rows
        if rows.isEmpty { return rows }
        if extraction.selectionType > 0 {
            try rows.require([Self.typeLabel], remedy: "Leave out --selection_type")
            let types = try rows.ints(Self.typeLabel)
            rows = rows.selecting { types[$0] == extraction.selectionType }
        }
        if extraction.minimumFigureOfMerit != -999 {
            try rows.require([Self.meritLabel], remedy: "Leave out --minimum_pick_fom")
            let merits = try rows.doubles(Self.meritLabel)
            rows = rows.selecting { merits[$0] > extraction.minimumFigureOfMerit }
        }
        return rows
    }

    func addBias(to rows: inout StarTable) throws {
        for (column, bias) in [(ParticleColumn.coordinateX, extraction.biasX), (.coordinateY, extraction.biasY)] where bias != 0 {
            let coordinates = try rows.doubles(column.label, expected: "a number in pixels")
            rows.set(column.label, doubles: coordinates.map { $0 + Double(bias) })
        }
    }
}
