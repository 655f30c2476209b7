import Foundation
import ImageFormats
import Reporting
import StarFormat

/// The movies to correct with what is known of their microscope.
struct MovieTable: Sendable {
    struct Movie: Sendable {
        var name: String
        /// As the table numbers it.
        var opticsGroup: Int
        var preExposure: Double
    }

    let movies: [Movie]
    /// Its columns are kept for the output.
    let optics: StarTable

    static let pixelSizeLabel = "rlnMicrographOriginalPixelSize", voltageLabel = "rlnVoltage"

    /// - Parameters:
    ///   - path: a STAR file with a table of movies, or a name or pattern of files.
    ///   - pixelSize: Å, where the table has none; likewise the voltage in kV. Not above 0: not given.
    /// - Throws: `InputError` for what is missing or wrong.
    init(_ path: String, pixelSize: Double, voltage: Double) throws {
        guard PathName(path).pathExtension.lowercased() == "star" else {
            let names = FilePattern.matches(path)
            guard !names.isEmpty else { throw InputError(place: "--i \(path)", found: "no such file", expected: "movies, or a STAR file that lists them") }
            var check: [InputProblem] = []
            if pixelSize <= 0 { check.append(InputProblem(place: "--angpix", found: "is not given", expected: "the pixel size in Å where --i is no STAR file")) }
            if voltage <= 0 { check.append(InputProblem(place: "--voltage", found: "is not given", expected: "the voltage in kV where --i is no STAR file")) }
            guard check.isEmpty else { throw InputError(check) }
            movies = names.map { Movie(name: $0, opticsGroup: 1, preExposure: 0) }
            var optics = StarTable(name: "optics")
            optics.set("rlnOpticsGroupName", strings: ["opticsGroup1"])
            optics.set("rlnOpticsGroup", ints: [1])
            optics.set(Self.pixelSizeLabel, doubles: [pixelSize])
            optics.set(Self.voltageLabel, doubles: [voltage])
            self.optics = optics
            return
        }
        let names = try MovieList(path).names
        let document = try StarDocument(contentsOf: path)
        let label = "rlnMicrographMovieName"
        guard let rows = document.firstTable("movies") ?? document.tables.first(where: { $0.contains(label) }) else {
            throw InputError(place: path, found: "has no table data_movies")
        }
        var optics = try document.table("optics")
        if !optics.contains(Self.pixelSizeLabel) {
            guard pixelSize > 0 else { throw optics.lacking(Self.pixelSizeLabel, option: "--angpix") }
            optics.fill(Self.pixelSizeLabel, with: pixelSize)
        }
        if !optics.contains(Self.voltageLabel) {
            guard voltage > 0 else { throw optics.lacking(Self.voltageLabel, option: "--voltage") }
            optics.fill(Self.voltageLabel, with: voltage)
        }
        let known = Set(try optics.ints("rlnOpticsGroup"))
        for label in [Self.pixelSizeLabel, Self.voltageLabel] {
            for (row, value) in try optics.doubles(label).enumerated() where !(value > 0 && value.isFinite) {
                throw optics.mismatch(label, row, found: "\(value)", expected: "a number above 0")
            }
        }
        let groups = try rows.intsIfPresent("rlnOpticsGroup") ?? [Int](repeating: 1, count: names.count)
        let exposures = try rows.doublesIfPresent("rlnMicrographPreExposure") ?? [Double](repeating: 0, count: names.count)
        for (row, group) in groups.enumerated() where !known.contains(group) {
            throw rows.mismatch("rlnOpticsGroup", row, found: "\(group)", expected: "a group of the table data_optics: \(known.sorted())")
        }
        movies = names.indices.map { Movie(name: names[$0], opticsGroup: groups[$0], preExposure: exposures[$0]) }
        self.optics = optics
    }

    func value(_ label: String, of group: Int) throws -> Double {
        let numbers = try optics.ints("rlnOpticsGroup")
        return try optics.double(label, row: numbers.firstIndex(of: group) ?? 0)
    }
}

extension StarTable {
    fileprivate func lacking(_ label: String, option: String) -> InputError {
        InputError(place: place, found: "has no column _\(label)", expected: "it for every optics group", remedy: "Import the movies with it, or give \(option)")
    }
}
