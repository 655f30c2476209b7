import ImageFormats
import Metadata
import Reporting

/// The way back from subtracted particles.
enum OriginalImages {
    /// Exchanges the names of new and original images, and takes the box sizes from the latter.
    static func restored(in subtracted: ParticleTable) throws -> ParticleTable {
        let label = "rlnImageOriginalName"
        try subtracted.rows.require([label], remedy: "Only subtracted particles know their original images")
        var table = subtracted
        let originals = try table.rows.strings(label)
        table.rows.set(label, strings: try table.strings(.imageName))
        table.set(.imageName, originals)
        var sizes = table.opticsGroups.map { $0.imageSize }
        var isKnown = [Bool](repeating: false, count: sizes.count)
        for (name, group) in zip(originals, try table.opticsGroupIndices()) where !isKnown[group] {
            let shape = try ImageFile.readHeader(name).shape
            guard shape.x == shape.y else { throw InputError(place: name, found: "an image of \(shape)", expected: "a square image") }
            sizes[group] = shape.x
            isKnown[group] = true
        }
        let known = sizes.compactMap { $0 }
        if known.count == sizes.count {
            var optics = table.optics
            optics.set("rlnImageSize", ints: known)
            try table.setOptics(optics)
        }
        return table
    }
}
