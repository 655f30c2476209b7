import Foundation
import Reporting

/// What CTFFIND-4 wrote: its log, which names a table of results, and the rotational averages beside that.
enum CTFFINDResult {
    static func logPath(_ root: String) -> String { root + "_ctffind4.log" }

    /// - Throws: `InputError` when the log or the table are missing or not as they should be.
    static func read(_ root: String) throws -> CTFRecord {
        let log = try text(logPath(root))
        guard let line = log.split(separator: "\n").first(where: { $0.contains("Summary of results") }),
            let table = line.split(separator: " ").last.map(String.init)
        else {
            throw InputError(
                place: logPath(root), found: "names no summary of results",
                expected: "the log of a run that has ended well")
        }
        let lines = try text(table).split(separator: "\n").map(String.init)
        guard let header = lines.firstIndex(where: { $0.contains("Columns: ") }), header + 1 < lines.count else {
            throw InputError(place: table, found: "has no line of results", expected: "the summary of CTFFIND-4")
        }
        let words = lines[header + 1].split(separator: " ").map(String.init)
        let numbers = words.map { $0.lowercased() == "inf" ? CTFRecord.coarsestResolution : Double($0) ?? .nan }
        guard numbers.count >= 7, numbers[1...4].allSatisfy(\.isFinite) else {
            throw InputError(
                place: table, found: "\"\(lines[header + 1])\"",
                expected: "seven numbers: micrograph, defocus U, V, angle …")
        }
        return CTFRecord(
            defocusU: numbers[1], defocusV: numbers[2], angle: numbers[3], phaseShift: numbers[4] * 180 / .pi,
            figureOfMerit: numbers[5].isFinite ? numbers[5] : 0,
            resolution: numbers[6].isFinite
                ? min(numbers[6], CTFRecord.coarsestResolution) : CTFRecord.coarsestResolution,
            iceRingDensity: iceRing(root + "_avrot.txt"))
    }

    private static func text(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InputError(place: path, found: "cannot be read", expected: "output of CTFFIND-4")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Frequencies of the ring of ice, 1/Å.
    private static let iceRange = 0.25..<0.28

    /// The sum of the averaged spectrum's absolute values over the ring of ice: the sixth line has frequencies, the seventh values.
    private static func iceRing(_ path: String) -> Double? {
        guard let text = try? text(path) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 6 else { return nil }
        let frequencies = lines[5].split(separator: " ").map { Double($0) ?? .nan }
        let values = lines[6].split(separator: " ").map { Double($0) ?? .nan }
        return zip(frequencies, values).reduce(0) { iceRange.contains($1.0) && $1.1.isFinite ? $0 + abs($1.1) : $0 }
    }
}
