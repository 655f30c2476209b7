import Arrays
import CKernels
import Geometry
import Projection

/// The padded transforms of the references of one iteration, as the kernels take them.
final class ReferenceSet: Sendable {
    let isVolume: Bool
    let references: [PaddedReference]

    init(_ references: [PaddedReference], isVolume: Bool) {
        self.references = references
        self.isVolume = isVolume
    }

    /// Writes the planar slice of reference `index` in orientation `rotation`.
    @inline(__always)
    func extract(_ index: Int, _ rotation: RotationMatrix, _ geometry: SliceGeometry, _ layout: PixelLayout,
                 into planar: UnsafeMutablePointer<Float>) {
        var ball = references[index].ball
        var rows = layout.rows
        var matrix = geometry.matrix(rotation, isVolume: isVolume)
        withUnsafeBytes(of: &matrix) {
            let matrix = $0.assumingMemoryBound(to: Float.self).baseAddress
            if isVolume {
                slice_extract_3d(&ball, matrix, &rows, planar, planar + layout.stride)
            } else {
                slice_extract_2d(&ball, matrix, &rows, planar, planar + layout.stride)
            }
        }
    }
}

extension PaddedReference {
    /// The padded transform as the kernels take it.
    var ball: fourier_ball { layout.ball(UnsafeMutableRawPointer(values.base).assumingMemoryBound(to: Float.self), interpolation) }
}
