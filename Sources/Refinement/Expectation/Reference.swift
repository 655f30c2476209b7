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

    /// The image matrix of an orientation as the kernels take it (a plane uses the first four numbers).
    func matrix(_ rotation: RotationMatrix, _ geometry: SliceGeometry) -> (Float, Float, Float, Float, Float, Float) {
        if isVolume { return geometry.matrix3D(rotation) }
        let m = geometry.matrix2D(rotation)
        return (m.0, m.1, m.2, m.3, 0, 0)
    }

    /// Writes the planar slice of reference `index` in orientation `rotation`.
    @inline(__always)
    func extract(_ index: Int, _ rotation: RotationMatrix, _ geometry: SliceGeometry, _ layout: PixelLayout,
                 into planar: UnsafeMutablePointer<Float>) {
        var box = references[index].box
        var rows = layout.rows
        if isVolume {
            var m = geometry.matrix3D(rotation)
            withUnsafeBytes(of: &m) {
                slice_extract_3d(&box, $0.assumingMemoryBound(to: Float.self).baseAddress, &rows, planar, planar + layout.stride)
            }
        } else {
            var m = geometry.matrix2D(rotation)
            withUnsafeBytes(of: &m) {
                slice_extract_2d(&box, $0.assumingMemoryBound(to: Float.self).baseAddress, &rows, planar, planar + layout.stride)
            }
        }
    }
}

extension PaddedReference {
    /// The padded transform as the kernels take it.
    var box: fourier_box {
        fourier_box(data: UnsafeMutableRawPointer(values.base).assumingMemoryBound(to: Float.self),
                    width: Int32(layout.rowLength), height: Int32(layout.rows), depth: Int32(layout.planes),
                    origin_y: Int32(layout.extent), origin_z: Int32(layout.dimension == .three ? layout.extent : 0))
    }
}
