import Arrays
import ComplexModule
import Fourier
import Parallel

/// Accumulators of a reconstruction: weighted sums of slices, and of their weights, in the memory order of `CentredLayout`.
///
/// Slices carry CTF/σ² × transform, weights CTF²/σ² (any common factor): the estimate is data / (weight + prior). Slices have the
/// scale of images' transforms (1/N), like those of `PaddedReference`.
///
/// It may cross threads: the arrays are written by parallel loops over disjoint planes only, by one caller at a time.
package final class BackProjection: Sendable {
    package let layout: CentredLayout
    package let interpolation: Interpolation
    /// 2 when the data are images, 3 when they are volumes.
    package let dataDimension: CentredLayout.Dimension
    package let data: AlignedBuffer<ComplexFloat>
    package let weight: AlignedBuffer<Float>

    /// Empty accumulators.
    package init(layout: CentredLayout, interpolation: Interpolation = .trilinear,
                 dataDimension: CentredLayout.Dimension = .two) {
        self.layout = layout
        self.interpolation = interpolation
        self.dataDimension = dataDimension
        data = AlignedBuffer(count: layout.count)
        weight = AlignedBuffer(count: layout.count)
    }

    /// Sums that exist already, on memory that the accumulators take over.
    package init(layout: CentredLayout, interpolation: Interpolation = .trilinear, data: AlignedBuffer<ComplexFloat>,
                 weight: AlignedBuffer<Float>) {
        precondition(data.count == layout.count && weight.count == layout.count)
        self.layout = layout
        self.interpolation = interpolation
        dataDimension = .two
        self.data = data
        self.weight = weight
    }

    package func clear() {
        data.clear()
        weight.clear()
    }

    /// Adds another set of accumulators of the same layout.
    package func add(_ other: BackProjection, pool: ThreadPool) {
        precondition(other.layout == layout)
        pool.forEachChunk(count: layout.count, chunk: 1 << 16) { range, _ in
            for i in range {
                data.base[i] = Complex(data.base[i].real + other.data.base[i].real,
                                       data.base[i].imaginary + other.data.base[i].imaginary)
                weight.base[i] += other.weight.base[i]
            }
        }
    }

    /// Multiplies data and weight.
    package func scale(data dataFactor: Float, weight weightFactor: Float) {
        for i in 0..<layout.count {
            data.base[i] = data.base[i].multiplied(by: dataFactor)
            weight.base[i] *= weightFactor
        }
    }
}
