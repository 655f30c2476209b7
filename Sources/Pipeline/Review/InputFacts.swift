import ImageFormats
import StarFormat

/// Files with other pixel sizes are damaged; programs say so.
private enum PlausiblePixelSize {
    /// In Å.
    static func contains(_ size: Double) -> Bool { size > 0.001 && size < 10_000 }
}

/// What a particle file says in its head.
struct ParticleFacts {
    let count: Int
    /// In pixels and Å, one for each optics group.
    let boxes: [Int], pixelSizes: [Double]
    let hasDefocus: Bool

    /// Of the widest optics group, in Å.
    var width: Double { zip(boxes, pixelSizes).map { Double($0) * $1 }.max() ?? 0 }
    var box: Int { boxes.first ?? 0 }
    var pixelSize: Double { pixelSizes.first ?? 1 }

    /// Nil for files without optics groups, whose particles state no size.
    init?(_ path: String) {
        guard let head = TableHead(path, table: "particles") else { return nil }
        count = head.rowCount
        boxes = head.opticsNumbers("rlnImageSize").compactMap { (1...1e6).contains($0) ? Int($0) : nil }
        pixelSizes = head.opticsNumbers("rlnImagePixelSize").filter(PlausiblePixelSize.contains)
        hasDefocus = head.table.contains("rlnDefocusU")
        if boxes.isEmpty || boxes.count != pixelSizes.count { return nil }
    }
}

/// What a micrograph file says in its head, and the first micrograph's header.
struct MicrographFacts {
    let count: Int
    /// In Å.
    let pixelSize: Double?
    /// In pixels.
    let width: Int, height: Int
    let hasDefocus: Bool

    init?(_ path: String, project: Project) {
        guard let head = TableHead(path, table: "micrographs"), let name = head.table.string("rlnMicrographName", row: 0)
        else { return nil }
        count = head.rowCount
        pixelSize = head.opticsNumber("rlnMicrographPixelSize").flatMap { PlausiblePixelSize.contains($0) ? $0 : nil }
        hasDefocus = head.table.contains("rlnDefocusU")
        let shape = (try? ImageFile.readHeader(project.path(name)))?.shape
        (width, height) = (shape?.x ?? 0, shape?.y ?? 0)
    }

    /// The shorter side in pixels; nil where the first micrograph cannot be read.
    var shortSide: Int? { min(width, height) > 0 ? min(width, height) : nil }
    var pixelCount: Int { width * height }
}

/// What a movie file says in its head, and the first movie's header.
struct MovieFacts {
    let count: Int
    let width: Int, height: Int
    /// Nil for electron events, which are grouped into frames.
    let frameCount: Int?
    let bytesOfFirst: Int

    init?(_ path: String, project: Project) {
        guard let head = TableHead(path, table: "movies"), let name = head.table.string("rlnMicrographMovieName", row: 0),
            let movie = try? MovieFile.open(project.path(name))
        else { return nil }
        count = head.rowCount
        (width, height) = (movie.shape.x, movie.shape.y)
        frameCount = MovieFile.isEER(name) ? nil : movie.frameCount
        bytesOfFirst = project.byteCount(name)
    }
}

/// A map's or an image's header.
struct MapFacts {
    let box: Int
    let isCube: Bool
    /// Width and height of an image or of the images of a stack; nil for maps.
    let shape: [Int]?
    let imageCount: Int
    /// In Å; nil where the header has none worth the name.
    let pixelSize: Double?
    let largestValue: Double?

    init?(_ path: String) {
        guard let header = try? ImageFile.readHeader(path) else { return nil }
        box = header.shape.x
        imageCount = header.imageCount
        isCube = header.shape.x == header.shape.y && header.shape.y == header.shape.z
        shape = header.shape.z == 1 ? [header.shape.x, header.shape.y] : nil
        pixelSize = header.pixelSizeInAngstrom.flatMap { PlausiblePixelSize.contains($0) ? $0 : nil }
        let (low, high) = (Double(header.statistics.minimum), Double(header.statistics.maximum))
        largestValue = high > low ? high : nil
    }
}
