import ComplexModule

package typealias ComplexFloat = Complex<Float>

/// The half-plane transform (x >= 0, FFTW order, zero frequency first) of a real array of `realShape`.
///
/// `values` holds `realShape.halfPlane.count` coefficients, x fastest. Row y stands for frequency y when
/// `y <= realShape.y / 2`, else y − realShape.y; likewise z. A forward transform is scaled by 1/N (N: number of pixels), as in RELION.
package struct FourierArray: Sendable, Equatable {
    /// Shape of the array in real space.
    package let realShape: Shape
    package var values: [ComplexFloat]

    package var shape: Shape { realShape.halfPlane }

    package init(realShape: Shape) {
        self.realShape = realShape
        values = [ComplexFloat](repeating: .zero, count: realShape.halfPlane.count)
    }

    /// - Precondition: `values.count == realShape.halfPlane.count`.
    package init(realShape: Shape, values: [ComplexFloat]) {
        precondition(values.count == realShape.halfPlane.count)
        self.realShape = realShape
        self.values = values
    }

    /// Coefficient at array position (x, y, z), not at a signed frequency.
    package subscript(x: Int, y: Int, z: Int = 0) -> ComplexFloat {
        get { values[(z * realShape.y + y) * (realShape.x / 2 + 1) + x] }
        set { values[(z * realShape.y + y) * (realShape.x / 2 + 1) + x] = newValue }
    }
}

/// Signed frequency of position `index` on a full axis of length `n` in FFTW order: 0 ... n/2, then negative.
///
/// For even n the Nyquist position n/2 is reported as +n/2, as RELION does.
@inline(__always)
package func signedFrequency(_ index: Int, length n: Int) -> Int { index <= n / 2 ? index : index - n }

/// Position on a full axis of length `n` of signed frequency `frequency`.
@inline(__always)
package func frequencyIndex(_ frequency: Int, length n: Int) -> Int { frequency >= 0 ? frequency : frequency + n }
