/// Where and how the pixels of a file lie: what a format's header parser hands to the reader.
struct StoredLayout: Sendable {
    var header: ImageHeader
    /// Byte position of the first image's pixels.
    var dataOffset: Int
    /// Bytes from one image's first pixel to the next one's.
    var imageStride: Int
    /// Bytes of one image's pixels.
    var imageBytes: Int
    var isByteSwapped: Bool
    /// Rows of 4-bit pixels begin on whole bytes (matters for odd widths).
    var hasPaddedRows = false

    /// Whether consecutive images lie without gaps, so that a run of them is one read.
    var isContiguous: Bool { imageStride == imageBytes && !hasPaddedRows }
}
