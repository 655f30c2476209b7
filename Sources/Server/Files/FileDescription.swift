import Foundation
import ImageFormats
import Pipeline

/// What a file of the project is, so that the page opens the viewer that fits.
struct FileDescription: Codable, Sendable {
    enum Kind: String, Codable, Sendable {
        case folder, map, micrograph, stack, star, pdf, picture, text, other
    }

    /// What the header of an image file says. The numbers of the densities are the header's own, which some programs leave unset.
    struct ImageFacts: Codable, Sendable {
        /// Pixels along x, y and z of one image.
        var shape: [Int]
        var count: Int
        var mode: String
        var pixelSizeInAngstrom: Double?
        var minimum: Float
        var maximum: Float
        var mean: Double
        var standardDeviation: Double
    }

    var path: String
    var kind: Kind
    var bytes: Int
    /// Seconds since 1970.
    var modified: Double
    var image: ImageFacts?
    /// Why an image cannot be shown.
    var problem: String?
    /// The job that made it, and those that use it.
    var producer: String?
    var users: [String] = []

    /// - Parameters:
    ///   - file: the real path.
    ///   - name: as the project knows it.
    init(of file: String, name: String, in graph: PipelineGraph) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        path = name
        bytes = (attributes[.size] as? Int) ?? 0
        modified = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        producer = graph.producer(of: name)?.name ?? graph.processes.first { name.hasPrefix($0.name) }?.name
        users = graph.users(of: name).map(\.name)
        switch attributes[.type] as? FileAttributeType {
        case .typeDirectory: kind = .folder
        case .typeRegular:
            kind = Self.kind(byName: name) ?? .other
            if kind == .map { readImage(file) } else if kind == .other, (try? Self.looksLikeText(file)) == true { kind = .text }
        default: kind = .other
        }
    }

    /// The header decides between map, micrograph and stack.
    private mutating func readImage(_ file: String) {
        do {
            let header = try StackReader(path: ReadableImage.path(of: file)).header
            kind = header.shape.z > 1 ? .map : header.imageCount > 1 || Self.isStack(path) ? .stack : .micrograph
            image = ImageFacts(
                shape: [header.shape.x, header.shape.y, header.shape.z], count: header.imageCount, mode: "\(header.mode)",
                pixelSizeInAngstrom: header.pixelSizeInAngstrom, minimum: header.statistics.minimum.finite,
                maximum: header.statistics.maximum.finite, mean: header.statistics.mean.finite,
                standardDeviation: header.statistics.standardDeviation.finite)
        } catch { (kind, problem) = (.other, "\(error)") }
    }

    private static func isStack(_ name: String) -> Bool { name.hasSuffix(".mrcs") || name.hasSuffix(".st") }

    /// `map` for all image files.
    static func kind(byName name: String) -> Kind? {
        let parts = (name.split(separator: "/").last ?? "").lowercased().split(separator: ".").map(String.init)
        guard parts.count > 1, var suffix = parts.last else { return nil }
        if ["gz", "bz2", "xz", "zst"].contains(suffix), parts.count > 2 { suffix = parts[parts.count - 2] }
        switch suffix {
        case "star": return .star
        case "pdf": return .pdf
        case "png", "jpg", "jpeg", "gif", "webp", "svg": return .picture
        case _ where ReadableImage.suffixes.contains(suffix): return .map
        default: return nil
        }
    }

    /// Whether the first bytes are UTF-8 without zeros; an empty file is text.
    static func looksLikeText(_ file: String) throws -> Bool {
        let bytes = try LogFile(path: file).piece(from: 0, limit: 4096).bytes
        guard !bytes.contains(0) else { return false }
        // A character may be cut off at the end.
        return (0...3).contains { cut in bytes.count >= cut && String(validating: bytes.dropLast(cut), as: UTF8.self) != nil }
    }
}

/// Image files by the names they have in projects.
enum ReadableImage {
    static let suffixes: Set = ["mrc", "mrcs", "map", "rec", "ccp4", "st", "ali", "spi", "vol", "stk", "xmp", "tif", "tiff", "ctf"]

    /// The name under which the image readers know the file: CTF pictures are MRC under another name.
    static func path(of file: String) -> String { file.lowercased().hasSuffix(".ctf") ? file + ":mrc" : file }
}

extension BinaryFloatingPoint {
    /// JSON has no infinities.
    fileprivate var finite: Self { isFinite ? self : 0 }
}
