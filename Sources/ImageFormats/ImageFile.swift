import Arrays
import Reporting

/// Whole-file reading and writing of images, volumes and stacks.
package enum ImageFile {
    /// Header of `file.mrc`, `stack.mrcs` or `N@stack.mrcs` (then that of the one image).
    package static func readHeader(_ name: String) throws -> ImageHeader {
        let name = try ImageName(parsing: name)
        var header = try StackReader(path: name.path, layout: name.index == nil ? .byName : .sections).header
        if name.index != nil { header.imageCount = 1 }
        return header
    }

    /// The image or volume behind `name`; a stack without position comes as a volume of its images.
    package static func read(_ name: String) throws -> (image: RealArray, header: ImageHeader) {
        let parsed = try ImageName(parsing: name)
        let reader = try StackReader(path: parsed.path, layout: parsed.index == nil ? .byName : .sections)
        guard let index = parsed.index else { return (try reader.all(), reader.header) }
        var header = reader.header
        header.imageCount = 1
        return (try reader.image(index), header)
    }

    /// A map: as `read`, refused when it is no volume.
    package static func readVolume(_ name: String) throws -> (volume: RealArray, header: ImageHeader) {
        let (volume, header) = try read(name)
        guard volume.shape.z > 1 else {
            throw InputError(place: name, found: "an image of \(volume.shape) pixels", expected: "a three-dimensional map")
        }
        return (volume, header)
    }

    /// Writes an image or a volume. A volume under the name of a stack (`.mrcs`) is written as a stack of its sections.
    package static func write(
        _ image: RealArray, to path: String, pixelSizeInAngstrom: Double?, mode: PixelMode = .float32
    ) throws {
        if image.shape.z > 1, try FileKind(path: path).isStack {
            let section = Shape(x: image.shape.x, y: image.shape.y)
            let writer = try StackWriter(path: path, shape: section, mode: mode, pixelSizeInAngstrom: pixelSizeInAngstrom)
            for z in 0..<image.shape.z { try writer.write(image.section(z), at: z) }
            try writer.finish()
        } else {
            let writer = try StackWriter(path: path, shape: image.shape, mode: mode, pixelSizeInAngstrom: pixelSizeInAngstrom)
            try writer.write(image, at: 0)
            try writer.finish()
        }
    }

    /// Writes images of one shape as a stack.
    package static func writeStack(
        _ images: [RealArray], to path: String, pixelSizeInAngstrom: Double?, mode: PixelMode = .float32
    ) throws {
        guard let first = images.first else { return }
        let writer = try StackWriter(path: path, shape: first.shape, mode: mode, pixelSizeInAngstrom: pixelSizeInAngstrom)
        for (index, image) in images.enumerated() { try writer.write(image, at: index) }
        try writer.finish()
    }
}
