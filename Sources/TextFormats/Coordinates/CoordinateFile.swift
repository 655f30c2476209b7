import Reporting

/// The place of a picked particle's centre, in pixels of the micrograph (or tomogram).
package struct PickedCoordinate: Sendable, Hashable {
    package var x: Double, y: Double
    package var z: Double?

    package init(x: Double, y: Double, z: Double? = nil) { (self.x, self.y, self.z) = (x, y, z) }
}

/// Coordinate files of other programs, as text.
///
/// - `.box` (EMAN's e2boxer): corner x, corner y, width, height; the centre is the corner plus half the size, rounded
///   down.
/// - all else: x and y (and z) at the start of each line; the first line may be a heading, as ximdisp and xmipp 2.4
///   write it. Further columns are not looked at.
///
/// Blank lines do not count. STAR files are read by `StarDocument`.
package enum CoordinateFile {
    /// - Throws: `InputError` naming file and line for lines without enough numbers.
    package static func read(_ path: String) throws -> [PickedCoordinate] {
        let isBox = PathName(path).pathExtension.lowercased() == "box"
        let lines = try TextLineReader(path: path)
        var coordinates: [PickedCoordinate] = []
        while let line = try lines.next() {
            let words = line.split { " \t,;".contains($0) }
            if words.isEmpty { continue }
            if isBox {
                coordinates.append(try box(words, lines.place))
            } else if let coordinate = plain(words) {
                coordinates.append(coordinate)
            } else if lines.lineNumber > 1 {
                throw InputError(
                    place: lines.place, found: "\"\(line.prefix(60))\"",
                    expected: "a line that begins with x and y in pixels",
                    remedy: "Correct or remove the line")
            }
        }
        return coordinates
    }

    private static func plain(_ words: [Substring]) -> PickedCoordinate? {
        guard words.count >= 2, let x = number(words[0]), let y = number(words[1]) else { return nil }
        return PickedCoordinate(x: x, y: y, z: words.count > 2 ? number(words[2]) : nil)
    }

    private static func box(_ words: [Substring], _ place: String) throws -> PickedCoordinate {
        let numbers = words.prefix(4).compactMap { number($0) }
        guard numbers.count == 4 else {
            throw InputError(
                place: place, found: "\"\(words.joined(separator: " ").prefix(60))\"",
                expected: "corner x, corner y, width and height of a box",
                remedy: "Correct or remove the line")
        }
        return PickedCoordinate(
            x: numbers[0] + (numbers[2] / 2).rounded(.down), y: numbers[1] + (numbers[3] / 2).rounded(.down))
    }

    /// Finite numbers only: `nan` is a word of some heading.
    private static func number(_ word: Substring) -> Double? { Double(word).flatMap { $0.isFinite ? $0 : nil } }
}
