import Arrays
import Projection

/// Moments as RELION's `_1moment` and `_2moment` files hold them: (re, im) pairs of the whole padded half-plane grid, signed
/// frequencies y and z from −n/2 to n/2 − 1, n being the padded box.
///
/// Shape: n rows (and n planes for volumes) of 2·(n/2 + 1) values.
extension GradientMoments {
    /// - Parameter index: class, or class count + class for the second half of the particles.
    package func firstOnFullGrid(_ index: Int) -> RealArray {
        onFullGrid(outside: 0) { position, target in
            target[0] = first[index][position].real
            target[1] = first[index][position].imaginary
        }
    }

    package func secondOnFullGrid(_ index: Int) -> RealArray {
        onFullGrid(outside: Self.initialSecond) { position, target in
            target[0] = second[index][position]
            target[1] = 0
        }
    }

    private func onFullGrid(outside: Float, _ read: (Int, UnsafeMutablePointer<Float>) -> Void) -> RealArray {
        guard let layout else { return RealArray(shape: Shape(x: 0, y: 0, z: 0)) }
        let n = layout.paddedBox, width = 2 * (n / 2 + 1), isVolume = layout.dimension == .three
        let shape = Shape(x: width, y: n, z: isVolume ? n : 1)
        var result = RealArray(shape: shape)
        if outside != 0 { for i in stride(from: 0, to: shape.count, by: 2) { result.values[i] = outside } }
        result.values.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            Self.eachStoredPoint(layout) { x, y, z, position in
                let plane = isVolume ? z + n / 2 : 0
                read(position, base + (plane * n + y + n / 2) * width + 2 * x)
            }
        }
        return result
    }

    private static func eachStoredPoint(_ layout: CentredLayout, _ body: (Int, Int, Int, Int) -> Void) {
        let n = layout.paddedBox, limit = layout.radius * layout.radius
        for z in layout.zRange where -n / 2..<n / 2 ~= z {
            for y in -layout.extent...layout.extent where -n / 2..<n / 2 ~= y {
                let rest = y * y + z * z
                var x = 0
                while rest + x * x < limit, x <= n / 2 {
                    body(x, y, z, layout.index(x, y, z))
                    x += 1
                }
            }
        }
    }

    /// Moments read from files.
    ///
    /// - Parameters:
    ///   - layout: of all frequencies of the references (no current size).
    ///   - first: 2 × classes arrays as `firstOnFullGrid` gives them.
    ///   - second: one array per class.
    /// - Precondition: the arrays have the shape described above.
    package init(layout: CentredLayout, first: [RealArray], second: [RealArray]) {
        self.init()
        grow(to: layout, classCount: second.count)
        Self.eachStoredPoint(layout) { x, y, z, position in
            let n = layout.paddedBox, plane = layout.dimension == .three ? z + n / 2 : 0
            let place = (plane * n + y + n / 2) * 2 * (n / 2 + 1) + 2 * x
            for index in first.indices {
                self.first[index][position] = ComplexFloat(first[index].values[place], first[index].values[place + 1])
            }
            for index in second.indices { self.second[index][position] = second[index].values[place] }
        }
    }
}
