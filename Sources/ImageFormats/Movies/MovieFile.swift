import Arrays
import Foundation
import Reporting

/// The way to movies of any format: the name decides, as in RELION.
package enum MovieFile {
    package enum Format: Sendable, Equatable { case mrc, compressedMRC, tiff, eer }

    /// How much of a file is looked at when it is opened.
    package enum Extent: Sendable {
        /// All frames are found; what is cut off or differs from the first frame is an error.
        case allFrames
        /// Only the first frame's description: quick, for checks of many files. The frame count may be too small.
        case firstFrame
    }

    package static let expectation = "a movie: .mrc .mrcs .tif .tiff .eer, or .mrc and .mrcs with .bz2 .xz .zst .gz"

    /// Nil for names that are no movie's.
    package static func format(of path: String) -> Format? {
        switch PathName(path).pathExtension.lowercased() {
        case "tif", "tiff": return .tiff
        case "eer", "ecc": return .eer
        default:
            guard let kind = try? FileKind(path: path), kind.format == .mrc else { return nil }
            return kind.compression == nil ? .mrc : .compressedMRC
        }
    }

    package static func isEER(_ path: String) -> Bool { format(of: path) == .eer }

    /// Opens a movie.
    /// - Parameter rendering: how electron events become frames; other formats take no notice of it.
    /// - Throws: `InputError` naming the file and what is wrong with it.
    package static func open(
        _ path: String, rendering: EERRendering = EERRendering(), extent: Extent = .allFrames
    ) throws -> any MovieReader {
        switch format(of: path) {
        case .mrc: return try MRCMovie(path: path)
        case .compressedMRC: return try CompressedMRCMovie(path: path)
        case .tiff: return try TIFFMovie(path: path, extent: extent)
        case .eer: return try EERMovie(path: path, rendering: rendering, extent: extent)
        case nil:
            throw InputError(place: path, found: "is no movie by its name", expected: expectation)
        }
    }

    /// The largest frame that is believed: 16k × 16k four times over. Headers beyond it are damaged.
    static let largestPixelCount = 1 << 30

    static func requirePlausible(_ shape: Shape, path: String) throws {
        guard shape.x > 0, shape.y > 0, shape.x <= 1 << 17, shape.y <= 1 << 17, shape.count <= largestPixelCount else {
            throw InputError(
                place: path, found: "frames of \(shape) pixels", expected: "the size of a detector",
                remedy: "The file is damaged; copy or make it again")
        }
    }

    static func requireFrame(_ frame: Int, of count: Int, path: String) throws {
        guard frame >= 0, frame < count else {
            throw InputError(
                place: path, found: "frame \(frame + 1) is asked for", expected: "a frame from 1 to \(count)")
        }
    }
}
