import Arrays
import ComplexModule
import Fourier
import Parallel

/// A reference ready for projection: its oversampled, centred half-complex transform within the resolution in use.
///
/// **Scale.** `values` are the transform F(k) = Σ map·exp(−2πi k·(x − centre)) divided by boxᵈ, d being the dimension of the
/// *data*: 2 when slices are compared with images (also for a 3D reference), so that a slice is the transform, scaled by
/// 1/N like every image transform, of the projected map. Memory order: see `CentredLayout`.
package final class PaddedReference: Sendable {
    package let layout: CentredLayout
    package let interpolation: Interpolation
    /// `layout.count` coefficients; zero outside the sphere |k| <= `layout.radius`.
    package let values: AlignedBuffer<ComplexFloat>
    /// Per shell 0 ... box/2, the mean of |F|²/2 over the stored points: the power of one component of the complex plane, the
    /// quantity that RELION calls the reference's power spectrum (tau²). 0 beyond the resolution in use.
    package let powerSpectrum: [Double]

    /// - Parameters:
    ///   - map: square image or cube, origin at box/2.
    ///   - padding: 1 or 2 as a rule.
    ///   - currentSize: image size up to which frequencies are needed; nil: all.
    ///   - dataDimension: 2 for images, 3 when volumes are compared with a 3D reference.
    ///   - correctsGridding: divides the map by the transform of the interpolation kernel first.
    ///   - minimumShell: frequencies up to and including this shell are set to zero, after the power spectrum was taken.
    package init(map: RealArray, padding: Double = 2, currentSize: Int? = nil, interpolation: Interpolation = .trilinear,
                 dataDimension: CentredLayout.Dimension = .two, correctsGridding: Bool = true, minimumShell: Int = 0,
                 pool: ThreadPool) {
        precondition(map.shape.isSquare || map.shape.isCube, "a reference is square or cubic, not \(map.shape)")
        let layout = CentredLayout(dimension: map.shape.isCube ? .three : .two, box: map.shape.x, padding: padding,
                                   currentSize: currentSize)
        self.layout = layout
        self.interpolation = interpolation
        values = AlignedBuffer(count: layout.count)
        let correction = correctsGridding ? GriddingCorrection(layout: layout, interpolation: interpolation) : nil
        let area = Float(layout.box * layout.box)
        let scale = dataDimension == .three ? 1 / (area * Float(layout.box)) : 1 / area
        SphereTransform(layout: layout).forward(map, correction: correction, scale: scale, into: values.base, pool: pool)
        powerSpectrum = layout.shellMeans(of: values, pool: pool)
        if minimumShell > 0 { clear(upTo: minimumShell) }
    }

    /// Takes over coefficients that were made elsewhere in this layout, for example by a gradient step.
    package init(layout: CentredLayout, values: AlignedBuffer<ComplexFloat>, interpolation: Interpolation = .trilinear,
                 pool: ThreadPool) {
        precondition(values.count == layout.count)
        self.layout = layout
        self.interpolation = interpolation
        self.values = values
        powerSpectrum = layout.shellMeans(of: values, pool: pool)
    }

    private func clear(upTo shell: Int) {
        let inner = Int((Double(shell) * layout.padding).rounded())
        for z in layout.zRange {
            for y in -layout.extent...layout.extent {
                let last = min(layout.extent, CentredLayout.lastColumn(limit: inner * inner, rest: y * y + z * z))
                if last >= 0 { (values.base + layout.index(0, y, z)).update(repeating: .zero, count: last + 1) }
            }
        }
    }
}
