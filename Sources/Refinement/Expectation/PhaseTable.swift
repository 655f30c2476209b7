import Arrays
import Foundation
import Geometry

/// Phase factors e^{−2πi k·t} of a list of shifts on a pixel layout: multiplying a spectrum by row t moves its image by +t.
///
/// Offsets are searched relative to each particle's last offset, rounded to pixels, so one table serves all particles.
final class PhaseTable: Sendable {
    let layout: PixelLayout
    let count: Int
    private let values: AlignedBuffer<Float>

    /// - Parameters:
    ///   - shifts: in Å.
    ///   - extent: box size times pixel size of the images, Å.
    init(layout: PixelLayout, shifts: [TranslationSampling.Shift], extent: Double) {
        self.layout = layout
        count = shifts.count
        values = AlignedBuffer(count: shifts.count * layout.planarCount)
        let radius = layout.radius
        for (index, shift) in shifts.enumerated() {
            // e^{i(a + b)} from one table a axis: 2·radius sines instead of one a pixel.
            func axis(_ length: Double) -> [(Double, Double)] {
                (-radius...radius).map { k in
                    let angle = -2 * Double.pi * Double(k) * length / extent
                    return (cos(angle), sin(angle))
                }
            }
            let alongX = axis(shift.x), alongY = axis(shift.y)
            let re = values.base + index * layout.planarCount, im = re + layout.stride
            for pixel in 0..<layout.count {
                let a = alongX[Int(layout.x[pixel]) + radius], b = alongY[Int(layout.y[pixel]) + radius]
                re[pixel] = Float(a.0 * b.0 - a.1 * b.1)
                im[pixel] = Float(a.0 * b.1 + a.1 * b.0)
            }
        }
    }

    /// The planar phase factors of shift `index`.
    subscript(index: Int) -> UnsafePointer<Float> { UnsafePointer(values.base + index * layout.planarCount) }
}
