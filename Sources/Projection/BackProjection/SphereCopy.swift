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

/// A compact copy of the points of a 3D accumulator that interpolation inside the sphere can touch: about half of the cube.
///
/// Symmetry needs the old values while the new ones are written; data and weights are copied one after the other, so that box 512
/// with padding 2 needs 2.4 GB more, not 6.5.
final class SphereCopy<Element: SphereElement>: Sendable {
    private let layout: CentredLayout
    private let rowStart: [Int]
    private let values: AlignedBuffer<Element>

    init(_ source: AlignedBuffer<Element>, layout: CentredLayout) {
        self.layout = layout
        // Neighbours of a point within the radius are less than sqrt(3) beyond it.
        let limit = (layout.radius + 2) * (layout.radius + 2)
        var starts: [Int] = [], lengths: [Int] = [], total = 0
        for z in layout.zRange {
            for y in -layout.extent...layout.extent {
                let length = min(layout.extent, CentredLayout.lastColumn(limit: limit, rest: y * y + z * z)) + 1
                starts.append(total)
                lengths.append(max(0, length))
                total += max(0, length)
            }
        }
        rowStart = starts
        values = AlignedBuffer(count: total)
        for row in 0..<starts.count {
            (values.base + starts[row]).update(from: source.base + row * layout.rowLength, count: lengths[row])
        }
    }

    /// - Precondition: 0 <= p.x, |p| <= radius.
    @inline(__always)
    func trilinear(_ p: SIMD3<Double>, starts: UnsafePointer<Int>) -> Element {
        let x0 = Int(p.x), y0 = Int(p.y.rounded(.down)), z0 = Int(p.z.rounded(.down))
        let fx = Float(p.x - Double(x0)), fy = Float(p.y - Double(y0)), fz = Float(p.z - Double(z0))
        let row = (z0 + layout.extent) * layout.rows + y0 + layout.extent
        let a = values.base + starts[row] + x0, b = values.base + starts[row + 1] + x0
        let c = values.base + starts[row + layout.rows] + x0, d = values.base + starts[row + layout.rows + 1] + x0
        let low = Element.mix(.mix(a[0], a[1], fx), .mix(b[0], b[1], fx), fy)
        let high = Element.mix(.mix(c[0], c[1], fx), .mix(d[0], d[1], fx), fy)
        return .mix(low, high, fz)
    }

    func withRowStarts(_ body: (UnsafePointer<Int>) -> Void) {
        rowStart.withUnsafeBufferPointer { if let base = $0.baseAddress { body(base) } }
    }
}
