import CPNG
import Foundation
import Reporting

/// PNG pictures, 8 bits a channel, through libpng's simplified interface.
package enum PNGFile {
    package enum Channels: Int, Sendable {
        case grey = 1
        case rgb = 3

        var format: UInt32 { self == .grey ? 0 : 2 }
    }

    /// What matters more in a picture.
    package enum Effort: Sendable {
        case small
        /// For pictures that are looked at once: several times as fast, and for noise as small.
        case fast
    }

    /// The picture as the bytes of a PNG file.
    /// - Parameter pixels: rows from the top, `width × height × channels` bytes.
    package static func encode(_ pixels: [UInt8], width: Int, height: Int, channels: Channels, effort: Effort = .small) throws -> [UInt8] {
        precondition(pixels.count == width * height * channels.rawValue && width > 0 && height > 0)
        var picture = png_image()
        picture.version = 1
        picture.width = UInt32(width)
        picture.height = UInt32(height)
        picture.format = channels.format
        if effort == .fast { picture.flags = 2 }    // PNG_IMAGE_FLAG_FAST, a macro that Swift does not see
        // Room for pixels that cannot be compressed, so that one pass is enough: asking for the size first would compress twice.
        let raw = (width * channels.rawValue + 1) * height
        var size = raw + raw / 4 + 4096
        var bytes = [UInt8](repeating: 0, count: size)
        guard png_image_write_to_memory(&picture, &bytes, &size, 0, pixels, 0, nil) != 0 else { throw failure(picture) }
        return Array(bytes[..<size])
    }

    package static func write(_ pixels: [UInt8], width: Int, height: Int, channels: Channels, to path: String) throws {
        let file = try OutputFile(path: path)
        try file.write(try encode(pixels, width: width, height: height, channels: channels), at: 0)
        try file.commit()
    }

    /// Pixels of a PNG file converted to `channels`.
    package static func read(_ path: String, channels: Channels) throws -> (pixels: [UInt8], width: Int, height: Int) {
        var picture = png_image()
        picture.version = 1
        guard png_image_begin_read_from_file(&picture, path) != 0 else { throw failure(picture, path: path) }
        picture.format = channels.format
        let (width, height) = (Int(picture.width), Int(picture.height))
        var pixels = [UInt8](repeating: 0, count: width * height * channels.rawValue)
        guard png_image_finish_read(&picture, nil, &pixels, 0, nil) != 0 else { throw failure(picture, path: path) }
        return (pixels, width, height)
    }

    private static func failure(_ picture: png_image, path: String = "PNG picture") -> InputError {
        let message = withUnsafeBytes(of: picture.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return InputError(place: path, found: message)
    }
}
