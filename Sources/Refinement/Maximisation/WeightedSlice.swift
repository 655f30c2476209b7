/// A slice on its way into an accumulator: planar data, and weights that are multiplied by `weight`.
struct WeightedSlice: @unchecked Sendable {  // Points into memory that its maker owns and no longer writes.
    /// Image frequencies to elements of the accumulator: 3 × 2, or 2 × 2 in the first four.
    var matrix: (Float, Float, Float, Float, Float, Float)
    var layout: PixelLayout
    var data: UnsafePointer<Float>
    var weights: UnsafePointer<Float>
    var weight: Float
}
