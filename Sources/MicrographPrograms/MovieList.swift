import Foundation
import ImageFormats
import Reporting
import StarFormat

/// The movies that a program works on, from a STAR file, a list of names, or a movie's own name.
struct MovieList {
    let names: [String]

    /// - Throws: `InputError` when the file cannot be read, has no movies, or names one twice.
    init(_ path: String) throws {
        switch PathName(path).pathExtension.lowercased() {
        case "star": names = try Self.names(inStarFile: path)
        case "lst": names = try Self.names(inTextFile: path)
        default:
            guard MovieFile.format(of: path) != nil else {
                throw InputError(
                    place: path, found: "is neither a movie nor a list of movies by its name",
                    expected: "a .star file, a .lst file with one name a line, or \(MovieFile.expectation)")
            }
            names = [path]
        }
        guard !names.isEmpty else { throw InputError(place: path, found: "names no movies", expected: "at least one") }
        var seen: Set<String> = []
        if let twice = names.first(where: { !seen.insert($0).inserted }) {
            throw InputError(place: path, found: "names \(twice) twice", expected: "each movie once")
        }
    }

    private static let label = "rlnMicrographMovieName"

    private static func names(inStarFile path: String) throws -> [String] {
        let document = try StarDocument(contentsOf: path)
        guard let table = document.firstTable("movies") ?? document.tables.first(where: { $0.contains(label) }) else {
            throw InputError(
                place: path, found: "has no table data_movies and no column _\(label)", expected: "a list of movies")
        }
        try table.require([label])
        return try table.strings(label)
    }

    private static func names(inTextFile path: String) throws -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InputError(
                place: path, found: "cannot be read", expected: "a text file with the name of a movie on each line")
        }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}
