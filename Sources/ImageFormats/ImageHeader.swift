import Arrays

/// What an image file says about itself.
package struct ImageHeader: Sendable, Equatable {
    /// Shape of one image: `z == 1` for the images of a stack, the whole map for a volume.
    package var shape: Shape
    /// Number of images in a stack; 1 for a volume.
    package var imageCount: Int
    package var mode: PixelMode
    /// Nil when the file does not say.
    package var pixelSizeInAngstrom: Double?
    /// As the header states them, not recomputed. Older programs leave nonsense here.
    package var statistics: PixelStatistics

    package init(
        shape: Shape, imageCount: Int = 1, mode: PixelMode = .float32, pixelSizeInAngstrom: Double? = nil,
        statistics: PixelStatistics = PixelStatistics()
    ) {
        self.shape = shape
        self.imageCount = imageCount
        self.mode = mode
        self.pixelSizeInAngstrom = pixelSizeInAngstrom
        self.statistics = statistics
    }

    /// The file's pixels as one array: a stack becomes a volume of its sections.
    package var shapeOfAll: Shape { Shape(x: shape.x, y: shape.y, z: shape.z * imageCount) }
}
