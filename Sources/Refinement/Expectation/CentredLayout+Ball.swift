import CKernels
import Projection

extension CentredLayout {
    /// An array of this layout as the slice kernels take it; valid as long as the layout and the memory live.
    func ball(_ values: UnsafeMutablePointer<Float>, _ interpolation: Interpolation) -> fourier_ball {
        fourier_ball(data: values, row_starts: rowStarts, width: Int32(rowLength), side: Int32(rows), origin: Int32(extent),
                     reach: Float(reach), linear_limit: Float(interpolation.linearLimit(padding: padding)))
    }
}
