import Arrays
import ComplexModule

/// What can be interpolated linearly between points of a centred half-complex array.
protocol SphereElement: SendableMetatype {
    static func sum(_ a: Self, _ b: Self) -> Self
    static func mix(_ a: Self, _ b: Self, _ fraction: Float) -> Self
    /// The value at the opposite frequency.
    var mirrored: Self { get }
    func turned(cosine: Float, sine: Float) -> Self
}

extension Float: SphereElement {
    @inline(__always) static func sum(_ a: Float, _ b: Float) -> Float { a + b }
    @inline(__always) static func mix(_ a: Float, _ b: Float, _ fraction: Float) -> Float { a + fraction * (b - a) }
    @inline(__always) var mirrored: Float { self }
    @inline(__always) func turned(cosine: Float, sine: Float) -> Float { self }
}

extension ComplexFloat: SphereElement {
    @inline(__always) static func sum(_ a: ComplexFloat, _ b: ComplexFloat) -> ComplexFloat {
        Complex(a.real + b.real, a.imaginary + b.imaginary)
    }
    @inline(__always) static func mix(_ a: ComplexFloat, _ b: ComplexFloat, _ fraction: Float) -> ComplexFloat {
        Complex(a.real + fraction * (b.real - a.real), a.imaginary + fraction * (b.imaginary - a.imaginary))
    }
    @inline(__always) var mirrored: ComplexFloat { conjugate }
    @inline(__always) func turned(cosine: Float, sine: Float) -> ComplexFloat {
        Complex(real * cosine - imaginary * sine, real * sine + imaginary * cosine)
    }
}

/// A copy of one array of a 3D accumulator.
///
/// Symmetry needs the old values while the new ones are written; data and weights are copied one after the other, so that box 512
/// with padding 2 needs 2.3 GB more, not 3.5.
struct SphereCopy<Element: SphereElement>: Sendable {
    private let layout: CentredLayout
    private let values: AlignedBuffer<Element>

    init(_ source: AlignedBuffer<Element>, layout: CentredLayout) {
        self.layout = layout
        values = AlignedBuffer(uninitialisedCount: layout.count)
        values.base.update(from: source.base, count: layout.count)
    }

    /// - Precondition: 0 <= p.x, |p| <= radius.
    @inline(__always)
    func trilinear(_ p: SIMD3<Double>) -> Element {
        let x0 = Int(p.x), y0 = Int(p.y.rounded(.down)), z0 = Int(p.z.rounded(.down))
        let fx = Float(p.x - Double(x0)), fy = Float(p.y - Double(y0)), fz = Float(p.z - Double(z0))
        let rows = layout.corners(x0, y0, z0)
        let a = values.base + rows.0, b = values.base + rows.1, c = values.base + rows.2, d = values.base + rows.3
        let low = Element.mix(.mix(a[0], a[1], fx), .mix(b[0], b[1], fx), fy)
        let high = Element.mix(.mix(c[0], c[1], fx), .mix(d[0], d[1], fx), fy)
        return .mix(low, high, fz)
    }
}
