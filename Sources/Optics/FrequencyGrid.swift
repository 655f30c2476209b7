import Arrays

/// Where the coefficients of a half-plane transform stand in frequency: what transfer functions are evaluated on.
///
/// Column c has frequency c / extentX, row r has signedFrequency(r) / extentY, in 1/Å. A transform that was cropped to fewer
/// coefficients keeps the extent of the image from which it was made.
package struct FrequencyGrid: Sendable, Hashable {
    /// Real-space shape whose half plane has the coefficients.
    package let realShape: Shape
    /// Width and height of the image in Å.
    package let extentX: Double
    package let extentY: Double

    /// - Parameter pixelSize: Å, of the image whose transform is not cropped.
    package init(imageShape: Shape, pixelSizeInAngstrom pixelSize: Double) {
        realShape = Shape(x: imageShape.x, y: imageShape.y)
        extentX = Double(imageShape.x) * pixelSize
        extentY = Double(imageShape.y) * pixelSize
    }

    /// The grid of a square image of `box` pixels, cropped to `size` (nil: not cropped).
    package init(box: Int, pixelSizeInAngstrom pixelSize: Double, croppedTo size: Int? = nil) {
        realShape = Shape.square(size ?? box)
        extentX = Double(box) * pixelSize
        extentY = extentX
    }

    package var columns: Int { realShape.x / 2 + 1 }
    package var rows: Int { realShape.y }
    /// Number of coefficients.
    package var count: Int { columns * rows }

    @inline(__always) package func x(_ column: Int) -> Double { Double(column) / extentX }
    @inline(__always) package func y(_ row: Int) -> Double {
        Double(signedFrequency(row, length: realShape.y)) / extentY
    }
}
