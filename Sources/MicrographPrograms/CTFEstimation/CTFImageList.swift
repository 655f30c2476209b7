import CTFEstimation
import Foundation
import Metadata
import Reporting
import StarFormat

/// One image whose CTF is wanted.
struct CTFImage: Sendable {
    /// The micrograph, as the STAR file names it.
    var name: String
    /// The file that is fitted: the micrograph, its power spectrum, or its movie.
    var source: String
    /// Row of the microscope's settings.
    var group: Int
    /// Output files' names without their endings.
    var root: String
    /// Dose before the image in e/Å²; nil for micrographs.
    var preExposure: Double?
    /// In Å, positive underfocus.
    var nominalDefocus: Double?
    /// Table and row of the list that the image comes from.
    var table: Int
    var row: Int
}

/// What all images of an optics group or a tilt series have in common.
struct CTFImageGroup: Sendable {
    var microscope: Microscope
    var pixelSizeInAngstrom: Double
}

/// The images of a list of micrographs, of tilt series, or of a pattern.
struct CTFImageList: Sendable {
    enum Kind: Sendable { case micrographs, tiltSeries }

    let kind: Kind
    /// Of micrographs the optics groups, of tilt series their list.
    let general: StarTable
    /// One table of micrographs, or one for each tilt series.
    let tables: [StarTable]
    /// Of the STAR file that is written with the results; nil for tilt series lists made by patterns.
    let groups: [CTFImageGroup]
    let images: [CTFImage]
    /// Remarks on the input.
    let warnings: [String]

    static let nameLabel = "rlnMicrographName"

    init(
        _ input: CTFOptions.Input, _ version: CTFOptions.Version4, _ microscopy: CTFOptions.Microscopy,
        _ tomography: CTFOptions.Tomography
    ) throws {
        var reader = Reader(input: input, version: version, microscopy: microscopy, tomography: tomography)
        try reader.read()
        kind = reader.kind
        (general, tables, groups, images) = (reader.general, reader.tables, reader.groups, reader.images)
        warnings = reader.warnings
        var seen: Set<String> = []
        if let twice = images.first(where: { !seen.insert($0.root).inserted }) {
            throw InputError(
                place: input.input, found: "two images would have the output \(twice.root)",
                expected: "each image once",
                remedy: "Rename one of the files, or take out the one that is there twice")
        }
    }

    /// Reads the lists; becomes the list.
    private struct Reader {
        let input: CTFOptions.Input
        let version: CTFOptions.Version4
        let microscopy: CTFOptions.Microscopy
        let tomography: CTFOptions.Tomography
        var kind = Kind.micrographs
        var general = StarTable(name: "optics")
        var tables: [StarTable] = []
        var groups: [CTFImageGroup] = []
        var images: [CTFImage] = []
        var warnings: [String] = []

        mutating func read() throws {
            if PathName(input.input).pathExtension.lowercased() != "star" {
                try readPattern()
            } else {
                let document = try StarDocument(contentsOf: input.input)
                if let list = document.firstTable("global"), list.contains("rlnTomoTiltSeriesStarFile") {
                    try readTiltSeries(list)
                } else {
                    try readMicrographs(document)
                }
            }
            guard !images.isEmpty else {
                throw InputError(place: input.input, found: "names no micrographs", expected: "at least one")
            }
        }

        // MARK: Three kinds of lists

        private mutating func readPattern() throws {
            let files = FilePattern.matches(input.input)
            guard !files.isEmpty else {
                throw InputError(
                    place: "--i \(input.input)", found: "fits no file",
                    expected: "a STAR file or a pattern of micrographs")
            }
            guard !version.usesSpectra && !input.usesUnweighted else {
                throw InputError(
                    place: "--i \(input.input)",
                    found: "a pattern does not name power spectra or micrographs without dose weighting",
                    expected: "the STAR file of motion correction with --use_given_ps or --use_noDW")
            }
            general.set("rlnOpticsGroupName", strings: ["opticsGroup1"])
            general.set("rlnOpticsGroup", ints: [1])
            var table = StarTable(name: "micrographs")
            table.set(CTFImageList.nameLabel, strings: files)
            table.fill("rlnOpticsGroup", with: 1)
            try finishMicrographs(table)
        }

        private mutating func readMicrographs(_ document: StarDocument) throws {
            guard
                let table = document.firstTable("micrographs")
                    ?? document.tables.first(where: { $0.name != "optics" && $0.contains(CTFImageList.nameLabel) })
            else {
                throw InputError(
                    place: input.input, found: "has no table data_micrographs", expected: "a list of micrographs",
                    remedy: "Give the corrected_micrographs.star of motion correction, or the STAR file of an import")
            }
            guard let optics = document.firstTable("optics") else {
                throw InputError(
                    place: input.input, found: "has no table data_optics", expected: "optics groups",
                    remedy: "Convert files of RELION 3.0 and older with relion_convert_star")
            }
            general = optics
            try table.require(["rlnOpticsGroup"])
            try finishMicrographs(table)
        }

        private mutating func finishMicrographs(_ table: StarTable) throws {
            try completeMicroscopes(pixelSizeLabel: "rlnMicrographPixelSize")
            let numbers = try general.ints("rlnOpticsGroup")
            let rowOfNumber = Dictionary(zip(numbers, numbers.indices)) { first, _ in first }
            let group = try table.ints("rlnOpticsGroup")
            let groupRows = try group.indices.map { row -> Int in
                if let found = rowOfNumber[group[row]] { return found }
                throw table.mismatch(
                    "rlnOpticsGroup", row, found: "\(group[row])", expected: "a group of data_optics")
            }
            tables = [table]
            try addImages(of: 0) { groupRows[$0] }
        }

        private mutating func readTiltSeries(_ list: StarTable) throws {
            kind = .tiltSeries
            general = list
            try general.require(["rlnTomoName", "rlnTomoTiltSeriesStarFile"])
            try completeMicroscopes(pixelSizeLabel: "rlnTomoTiltSeriesPixelSize")
            for (index, path) in try list.strings("rlnTomoTiltSeriesStarFile").enumerated() {
                let document = try StarDocument(contentsOf: path)
                guard let table = document.tables.first(where: { $0.contains(CTFImageList.nameLabel) }) else {
                    throw InputError(
                        place: path, found: "no table has a column _\(CTFImageList.nameLabel)",
                        expected: "the images of a tilt series",
                        remedy: "Give the STAR file that motion correction wrote (corrected_tilt_series.star)")
                }
                tables.append(table)
                try addImages(of: index) { _ in index }
            }
            if tomography.nominalRange > 0, images.contains(where: { $0.nominalDefocus == nil }) {
                warnings.append(
                    "there is no rlnTomoNominalDefocus in all of the tilt series: --dFMin and --dFMax are used where it is missing"
                )
            }
        }

        // MARK: Columns

        private mutating func addImages(of index: Int, _ group: (Int) -> Int) throws {
            let table = tables[index]
            let sourceLabel =
                version.usesSpectra
                ? "rlnCtfPowerSpectrum" : input.usesUnweighted ? "rlnMicrographNameNoDW" : CTFImageList.nameLabel
            let remedy =
                version.usesSpectra
                ? "Run motion correction with --grouping_for_ps, or leave out --use_given_ps"
                : input.usesUnweighted ? "Run motion correction with --save_noDW, or leave out --use_noDW" : ""
            try table.require([CTFImageList.nameLabel, sourceLabel], remedy: remedy)
            let names = try table.strings(CTFImageList.nameLabel), sources = try table.strings(sourceLabel)
            let isTilt = kind == .tiltSeries
            let doses = isTilt ? try table.doubles("rlnMicrographPreExposure", expected: "a dose in e/Å²") : []
            let nominal =
                isTilt ? try table.doublesIfPresent("rlnTomoNominalDefocus", expected: "a defocus in µm") : nil
            for (label, values) in [("rlnMicrographPreExposure", doses), ("rlnTomoNominalDefocus", nominal ?? [])] {
                if let row = values.firstIndex(where: { !(abs($0) < Self.largestNumber) }) {
                    throw table.mismatch(label, row, found: "\(values[row])", expected: "a number of an experiment")
                }
            }
            let folder = input.output.hasSuffix("/") || input.output.isEmpty ? input.output : input.output + "/"
            for row in names.indices {
                let root = folder + PathName(MicrographPath.withoutJob(sources[row])).stem
                let source = version.usesMovies ? PathName(sources[row]).stem + version.movieEnding : sources[row]
                images.append(
                    CTFImage(
                        name: names[row], source: source, group: group(row), root: root,
                        preExposure: isTilt ? doses[row] : nil,
                        // Micrometres, negative underfocus.
                        nominalDefocus: nominal.map { -10_000 * $0[row] }, table: index, row: row))
            }
        }

        /// Doses in e/Å² and defocus in µm stay below.
        private static let largestNumber = 1e5

        /// Adds what the options say and the file does not, and reads it all.
        private mutating func completeMicroscopes(pixelSizeLabel: String) throws {
            var problems: [InputProblem] = []
            let entries: [(label: String, option: String, value: Double, what: String)] = [
                ("rlnSphericalAberration", "--CS", microscopy.aberration, "the spherical aberration"),
                ("rlnVoltage", "--HT", microscopy.voltage, "the voltage"),
                ("rlnAmplitudeContrast", "--AmpCnst", microscopy.amplitudeContrast, "the amplitude contrast"),
                (pixelSizeLabel, "--angpix", microscopy.pixelSize, "the pixel size"),
            ]
            for entry in entries where !general.contains(entry.label) {
                if entry.value >= 0 {
                    general.fill(entry.label, with: entry.value)
                } else {
                    problems.append(
                        InputProblem(
                            place: input.input, found: "does not have \(entry.what)",
                            expected: "a column _\(entry.label)",
                            remedy: "Give \(entry.option)"))
                }
            }
            guard problems.isEmpty else { throw InputError(problems) }
            let values = try entries.map { try general.doubles($0.label) }
            for row in 0..<general.rowCount {
                let found = values.map { $0[row] }
                let isGood = [
                    (0...100).contains(found[0]), (1...10_000).contains(found[1]), (0...1).contains(found[2]),
                    CTFImageReader.pixelSizes.contains(found[3]),
                ]
                if let bad = isGood.firstIndex(of: false) {
                    throw general.mismatch(
                        entries[bad].label, row, found: "\(found[bad])",
                        expected: "\(entries[bad].what) of a microscope")
                }
                groups.append(
                    CTFImageGroup(
                        microscope: Microscope(
                            voltageInKilovolts: found[1], sphericalAberrationInMillimetres: found[0],
                            amplitudeContrast: found[2]), pixelSizeInAngstrom: found[3]))
            }
        }
    }
}
