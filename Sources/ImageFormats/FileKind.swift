import Foundation
import Reporting

enum Compression: String, CaseIterable, Sendable { case gzip = "gz", bzip2 = "bz2", xz, zstandard = "zst" }

/// Format and layout of an image file, decided by its name alone, as in RELION.
struct FileKind: Equatable, Sendable {
    enum Format: Sendable { case mrc, spider, tiff }

    var format: Format
    /// Sections along z are separate images.
    var isStack: Bool
    var compression: Compression?
    /// The name on disk: `map.spc:mrc` is read as MRC from `map.spc`.
    var path: String

    private static let mrcVolumes: Set = ["mrc", "map", "rec", "ccp4"]
    private static let mrcStacks: Set = ["mrcs", "st", "ali"]
    private static let tiff: Set = ["tif", "tiff"]
    private static let spider: Set = ["spi", "xmp", "stk", "vol"]

    init(path name: String) throws {
        var suffix = PathName(name).pathExtension.lowercased()
        var path = name
        var stem = name
        compression = Compression(rawValue: suffix)
        if compression != nil {
            stem = PathName(name).stem
            suffix = PathName(stem).pathExtension.lowercased()
        }
        if let colon = stem.lastIndex(of: ":"), compression == nil {
            let forced = stem[stem.index(after: colon)...].lowercased()
            if Self.mrcVolumes.contains(forced) || Self.mrcStacks.contains(forced) || Self.spider.contains(forced)
                || Self.tiff.contains(forced)
            {
                suffix = forced
                path = String(stem[..<colon])
            }
        }
        self.path = path
        switch suffix {
        case _ where Self.mrcVolumes.contains(suffix): (format, isStack) = (.mrc, false)
        case _ where Self.mrcStacks.contains(suffix): (format, isStack) = (.mrc, true)
        case _ where Self.spider.contains(suffix): (format, isStack) = (.spider, suffix == "stk")
        // The pages of a TIFF file are images.
        case _ where Self.tiff.contains(suffix) && compression == nil: (format, isStack) = (.tiff, true)
        default:
            throw InputError(place: name, found: suffix.isEmpty ? "no file type in the name" : "file type \".\(suffix)\"",
                             expected: "an image: .mrc .mrcs .map .st .ali .rec .spi .stk .vol .xmp .tif .tiff, all but TIFF also with .gz .bz2 .xz .zst",
                             remedy: "Append :mrc or :mrcs to the name if the file is MRC under another name")
        }
    }
}
