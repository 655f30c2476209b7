import Arrays
import Foundation
import ImageFormats
import Imaging

/// Images of stacks and micrographs as PNG.
struct Pictures {
    let maps: OpenMaps

    /// Query: `index` in a stack from 0, `sigma` for contrast (0: from smallest to largest value), `size` of the longer side at most.
    func answer(path: String, query: [String: String]) throws -> HTTPResponse {
        let reader = try StackReader(path: path)
        let index = query["index"].flatMap { Int($0) } ?? 0
        guard (0..<reader.count).contains(index) else { throw HTTPFailure(404, "The stack has \(reader.count) images.") }
        guard reader.header.shape.z == 1 else { throw HTTPFailure(422, "This is a map, not an image.") }
        let size = min(8192, max(16, query["size"].flatMap { Int($0) } ?? 512))
        let image = Self.reduced(try reader.image(index), to: size)
        let sigma = query["sigma"].flatMap { Double($0) } ?? 3
        let levels = (sigma > 0 ? ContrastStretch.sigma(sigma) : .full).levels(of: image)
        return HTTPResponse(
            type: "image/png", body: try PNGFile.encode(levels, width: image.shape.x, height: image.shape.y, channels: .grey))
    }

    /// Means of square blocks, so that the longer side has at most `size` pixels.
    private static func reduced(_ image: RealArray, to size: Int) -> RealArray {
        let (width, height) = (image.shape.x, image.shape.y)
        let factor = (max(width, height) + size - 1) / size
        guard factor > 1, width >= factor, height >= factor else { return image }
        var small = RealArray(shape: Shape(x: width / factor, y: height / factor, z: 1))
        for y in 0..<small.shape.y {
            for x in 0..<small.shape.x {
                var sum: Float = 0
                for v in 0..<factor { for u in 0..<factor { sum += image[x * factor + u, y * factor + v, 0] } }
                small[x, y, 0] = sum / Float(factor * factor)
            }
        }
        return small
    }
}
