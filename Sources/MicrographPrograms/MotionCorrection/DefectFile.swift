import Arrays
import Foundation
import ImageFormats
import Reporting

/// Pixels of a camera that are known to be bad.
enum DefectFile {
    /// Places (y · width + x) of bad pixels.
    ///
    /// Text files (`.txt`) have lines of x, y, width and height of a rectangle; others are images in which bad pixels are not zero.
    /// - Throws: `InputError` naming the line, or the image's size.
    static func read(_ path: String, shape: Shape) throws -> Set<Int> {
        PathName(path).pathExtension.lowercased() == "txt" ? try rectangles(path, shape) : try map(path, shape)
    }

    private static func map(_ path: String, _ shape: Shape) throws -> Set<Int> {
        let isTIFF = ["tif", "tiff"].contains(PathName(path).pathExtension.lowercased())
        let image = isTIFF ? try MovieFile.open(path).frame(0) : try ImageFile.read(path).image
        guard image.shape.x == shape.x, image.shape.y == shape.y else {
            throw InputError(place: "--defect_file \(path)", found: "\(image.shape) pixels", expected: "\(shape), as the movie has")
        }
        return Set(image.values.indices.filter { image.values[$0] != 0 })
    }

    private static func rectangles(_ path: String, _ shape: Shape) throws -> Set<Int> {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InputError(place: "--defect_file \(path)", found: "cannot be read", expected: "lines of x, y, width and height")
        }
        let text = String(decoding: data, as: UTF8.self)
        if ["CameraSize", "RotationAndFlip", "K2Type", "Bad"].contains(where: text.contains) {
            throw InputError(place: "--defect_file \(path)", found: "is a defect file of SerialEM", expected: "lines of x, y, width and height, or an image",
                             remedy: "Convert it to an image, for example with IMOD's clip defect")
        }
        var result: Set<Int> = []
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.isEmpty || words[0].hasPrefix("#") { continue }
            let values = words.compactMap { Int($0) }
            guard words.count >= 4, values.count == words.count, values[2] > 0, values[3] > 0 else {
                throw InputError(place: "\(path), line \(number + 1)", found: "\"\(line)\"", expected: "x, y, width and height of a rectangle in pixels")
            }
            for y in max(0, values[1])..<max(max(0, values[1]), min(shape.y, values[1] + values[3])) {
                for x in max(0, values[0])..<max(max(0, values[0]), min(shape.x, values[0] + values[2])) { result.insert(y * shape.x + x) }
            }
        }
        return result
    }
}
