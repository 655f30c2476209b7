import Arrays
import ComplexModule
import Fourier
import Geometry

/// Reads central slices out of a reference: the plain implementation, and the oracle for faster ones.
///
/// The result is a half-plane transform in FFTW order with the phase origin at the centre of the image; frequencies beyond
/// |k| = imageBox/2 or beyond the reference's radius are zero. `FourierArray.movePhaseOriginToCorner` then makes it the transform
/// of an image centred at box/2.
package enum SliceExtraction {
    /// A projection of a 3D reference, or a rotated copy of a 2D reference.
    ///
    /// - Parameter output: imageBox × (imageBox/2 + 1) coefficients; all are written.
    package static func extract(_ reference: PaddedReference, axes: SliceAxes, imageBox: Int,
                                into output: UnsafeMutablePointer<ComplexFloat>) {
        let half = imageBox / 2, rowLength = half + 1
        output.update(repeating: .zero, count: imageBox * rowLength)
        let sampler = Sampler(reference)
        for row in 0..<imageBox {
            let y = row <= half ? row : row - imageBox
            let last = CentredLayout.lastColumn(limit: half * half, rest: y * y)
            if last < 0 { continue }
            sampler.readRow(start: axes.y * Double(y), step: axes.x, count: last + 1, into: output + row * rowLength)
        }
    }

    /// A rotated copy of a 3D reference, for 3D data.
    ///
    /// - Parameter output: imageBox × imageBox × (imageBox/2 + 1) coefficients; all are written.
    package static func extractVolume(_ reference: PaddedReference, axes: SliceAxes, imageBox: Int,
                                      into output: UnsafeMutablePointer<ComplexFloat>) {
        let half = imageBox / 2, rowLength = half + 1
        output.update(repeating: .zero, count: imageBox * imageBox * rowLength)
        let sampler = Sampler(reference)
        for section in 0..<imageBox {
            let z = section <= half ? section : section - imageBox
            for row in 0..<imageBox {
                let y = row <= half ? row : row - imageBox
                let last = CentredLayout.lastColumn(limit: half * half, rest: y * y + z * z)
                if last < 0 { continue }
                sampler.readRow(start: axes.y * Double(y) + axes.z * Double(z), step: axes.x, count: last + 1,
                                into: output + (section * imageBox + row) * rowLength)
            }
        }
    }

    /// As an array.
    package static func slice(_ reference: PaddedReference, axes: SliceAxes, imageBox: Int) -> FourierArray {
        var result = FourierArray(realShape: .square(imageBox))
        result.values.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { extract(reference, axes: axes, imageBox: imageBox, into: base) }
        }
        return result
    }
}

/// Interpolation in one reference. Holds the reference, so that its memory outlives the pointer.
private struct Sampler {
    let reference: PaddedReference
    let values: UnsafeMutablePointer<ComplexFloat>
    let layout: CentredLayout
    let limit: Double
    /// Squared radius in padded units within which interpolation is trilinear.
    let linearLimit: Double

    init(_ reference: PaddedReference) {
        self.reference = reference
        values = reference.values.base
        layout = reference.layout
        limit = Double(layout.radius * layout.radius)
        linearLimit = reference.interpolation.linearLimit(padding: layout.padding)
    }

    /// Samples `count` points start, start + step, ...
    @inline(__always)
    func readRow(start: Vector3, step: Vector3, count: Int, into output: UnsafeMutablePointer<ComplexFloat>) {
        for x in 0..<count {
            var point = start + step * Double(x)
            let squared = point.dot(point)
            if squared > limit { continue }
            let isMirrored = point.x < 0
            if isMirrored { point = -point }
            let value = squared < linearLimit
                ? (layout.dimension == .three ? trilinear(point) : bilinear(point)) : nearest(point)
            output[x] = isMirrored ? value.conjugate : value
        }
    }

    @inline(__always)
    private func bilinear(_ p: Vector3) -> ComplexFloat {
        let x0 = Int(p.x), y0 = Int(p.y.rounded(.down))
        let corner = values + layout.index(x0, y0)
        return mixRows(corner, corner + layout.rowLength, Float(p.x - Double(x0)), Float(p.y - Double(y0)))
    }

    @inline(__always)
    private func trilinear(_ p: Vector3) -> ComplexFloat {
        let x0 = Int(p.x), y0 = Int(p.y.rounded(.down)), z0 = Int(p.z.rounded(.down))
        let rows = layout.corners(x0, y0, z0)
        let fx = Float(p.x - Double(x0)), fy = Float(p.y - Double(y0))
        return mix(mixRows(values + rows.0, values + rows.1, fx, fy), mixRows(values + rows.2, values + rows.3, fx, fy),
                   Float(p.z - Double(z0)))
    }

    /// - Precondition: p.x >= 0.
    @inline(__always)
    private func nearest(_ p: Vector3) -> ComplexFloat {
        let z = layout.dimension == .three ? Int(p.z.rounded()) : 0
        return values[layout.index(Int(p.x.rounded()), Int(p.y.rounded()), z)]
    }

    @inline(__always)
    private func mixRows(_ a: UnsafeMutablePointer<ComplexFloat>, _ b: UnsafeMutablePointer<ComplexFloat>, _ fx: Float,
                         _ fy: Float) -> ComplexFloat {
        mix(mix(a[0], a[1], fx), mix(b[0], b[1], fx), fy)
    }

    @inline(__always)
    private func mix(_ a: ComplexFloat, _ b: ComplexFloat, _ f: Float) -> ComplexFloat {
        Complex(a.real + f * (b.real - a.real), a.imaginary + f * (b.imaginary - a.imaginary))
    }
}

extension Interpolation {
    /// Squared radius in padded units within which interpolation is (tri)linear.
    package func linearLimit(padding: Double) -> Double {
        switch self {
        case .trilinear: return .infinity
        case .nearestNeighbour(let minimum):
            let radius = (Double(minimum) * padding).rounded()
            return radius * radius
        }
    }
}
