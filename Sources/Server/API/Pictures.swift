import Arrays
import Foundation
import ImageFormats
import Imaging
import Parallel

/// Images of stacks and micrographs, or parts of them, as PNG.
struct Pictures {
    let pool: ThreadPool

    /// The headers X-Shape (pixels of the whole image), X-Pixel-Size (Å) and X-Limits (values shown black and white) tell what is shown.
    func answer(path: String, query: [String: String]) throws -> HTTPResponse {
        let reader = try StackReader(path: path)
        let index = query["index"].flatMap { Int($0) } ?? 0
        guard (0..<reader.count).contains(index) else { throw HTTPFailure(404, "The stack has \(reader.count) images.") }
        guard reader.header.shape.z == 1 else { throw HTTPFailure(422, "This is a map, not an image.") }
        let whole = try reader.image(index), region = try Region(query, of: whole.shape)
        let size = min(8192, max(16, query["size"].flatMap { Int($0) } ?? 512))
        let pixelSize = reader.header.pixelSizeInAngstrom ?? 0
        var image = reduced(whole, region, to: size)
        let reduction = Double(region.width) / Double(image.shape.x)
        if pixelSize > 0 { filter(&image, query, pixelSize: pixelSize * reduction) }
        let limits = Self.stretch(query).limits(of: image)
        let levels = ContrastStretch.range(black: limits.black, white: limits.white).levels(of: image)
        var response = HTTPResponse(
            type: "image/png",
            body: try PNGFile.encode(levels, width: image.shape.x, height: image.shape.y, channels: .grey, effort: .fast))
        response.headers += [
            ("X-Shape", "\(whole.shape.x) \(whole.shape.y)"), ("X-Pixel-Size", "\(pixelSize)"), ("X-Limits", "\(limits.black) \(limits.white)"),
        ]
        return response
    }

    private static func stretch(_ query: [String: String]) -> ContrastStretch {
        func number(_ name: String) -> Double? { query[name].flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil } }
        if let low = number("low"), let high = number("high") { return .range(black: low, white: high) }
        let sigma = number("sigma") ?? 3
        return sigma > 0 ? .sigma(sigma) : .full
    }

    private func filter(_ image: inout RealArray, _ query: [String: String], pixelSize: Double) {
        func resolution(_ name: String) -> Double? { query[name].flatMap { Double($0) }.flatMap { $0.isFinite && $0 > 2 * pixelSize ? $0 : nil } }
        let box = image.shape.x
        if let low = resolution("lowpass") {
            image = image.filtered(by: .lowPass(resolutionInAngstrom: low, pixelSizeInAngstrom: pixelSize, box: box), pool: pool)
        }
        if let high = resolution("highpass") {
            image = image.filtered(by: .highPass(resolutionInAngstrom: high, pixelSizeInAngstrom: pixelSize, box: box), pool: pool)
        }
    }

    /// A part of an image, in pixels.
    private struct Region {
        var left = 0
        var top = 0
        var width: Int
        var height: Int

        init(_ query: [String: String], of shape: Shape) throws {
            (width, height) = (shape.x, shape.y)
            guard query["left"] != nil else { return }
            let numbers = ["left", "top", "width", "height"].compactMap { query[$0].flatMap { Int($0) } }
            guard numbers.count == 4, (0..<shape.x).contains(numbers[0]), (0..<shape.y).contains(numbers[1]),
                (1...shape.x - numbers[0]).contains(numbers[2]), (1...shape.y - numbers[1]).contains(numbers[3])
            else { throw HTTPFailure(422, "left, top, width and height do not lie within the image of \(shape.x) × \(shape.y) pixels.") }
            (left, top, width, height) = (numbers[0], numbers[1], numbers[2], numbers[3])
        }
    }

    /// Means of square blocks, so that the longer side has at most `size` pixels.
    private func reduced(_ image: RealArray, _ region: Region, to size: Int) -> RealArray {
        let factor = max(1, min((max(region.width, region.height) + size - 1) / size, region.width, region.height))
        let (width, height, stride, scale) = (region.width / factor, region.height / factor, image.shape.x, 1 / Float(factor * factor))
        let rows = image.values.withUnsafeBufferPointer { source in
            nonisolated(unsafe) let source = source  // read only, and alive as long as the loop
            return pool.map(count: height) { y, _ in
                var row = [Float](repeating: 0, count: width)
                for v in 0..<factor {
                    let start = (region.top + y * factor + v) * stride + region.left
                    for x in 0..<width {
                        var sum: Float = 0
                        for u in 0..<factor { sum += source[start + x * factor + u] }
                        row[x] += sum * scale
                    }
                }
                return row
            }
        }
        return RealArray(shape: Shape(x: width, y: height), values: rows.flatMap { $0 })
    }
}
