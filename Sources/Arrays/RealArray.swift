/// A real-space image (`shape.z == 1`) or volume. Values are stored x fastest, then y, then z.
package struct RealArray: Sendable, Equatable {
    package let shape: Shape
    /// `shape.count` values.
    package var values: [Float]

    package init(shape: Shape, repeating value: Float = 0) {
        self.shape = shape
        values = [Float](repeating: value, count: shape.count)
    }

    /// - Precondition: `values.count == shape.count`.
    package init(shape: Shape, values: [Float]) {
        precondition(values.count == shape.count, "\(values.count) values do not fill \(shape)")
        self.shape = shape
        self.values = values
    }

    package subscript(x: Int, y: Int, z: Int = 0) -> Float {
        get { values[(z * shape.y + y) * shape.x + x] }
        set { values[(z * shape.y + y) * shape.x + x] = newValue }
    }

    /// Section `z` of a volume as an image.
    package func section(_ z: Int) -> RealArray {
        let n = shape.x * shape.y
        return RealArray(shape: Shape(x: shape.x, y: shape.y), values: Array(values[z * n..<(z + 1) * n]))
    }
}
