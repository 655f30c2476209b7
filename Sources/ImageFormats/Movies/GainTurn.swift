import Arrays

/// How a gain reference is turned before it lies over the movies: quarter turns, then a reflection.
package struct GainTurn: Sendable, Hashable {
    package enum Reflection: Int, Sendable, CaseIterable { case none, upsideDown, leftToRight }

    /// Quarter turns, clockwise with the first row at the top: 0 ... 3.
    package let quarters: Int
    package let reflection: Reflection

    package init(quarters: Int = 0, reflection: Reflection = .none) {
        (self.quarters, self.reflection) = ((quarters % 4 + 4) % 4, reflection)
    }

    /// Each of the eight ways an image can lie, once.
    package static let all = [Reflection.none, .upsideDown].flatMap { reflection in
        (0..<4).map { GainTurn(quarters: $0, reflection: reflection) }
    }

    package var swapsSides: Bool { quarters % 2 == 1 }

    /// This turn, and then another one.
    package func then(_ next: GainTurn) -> GainTurn {
        let (first, second) = (upright, next.upright)
        // A reflection reverses the sense of the turns behind it.
        let quarters = first.isReflected ? first.quarters - second.quarters : first.quarters + second.quarters
        return GainTurn(quarters: quarters, reflection: first.isReflected != second.isReflected ? .upsideDown : .none)
    }

    /// Left to right is upside down after half a turn.
    private var upright: (quarters: Int, isReflected: Bool) {
        switch reflection {
        case .none: (quarters, false)
        case .upsideDown: (quarters, true)
        case .leftToRight: (quarters + 2, true)
        }
    }

    package func shape(of shape: Shape) -> Shape { swapsSides ? Shape(x: shape.y, y: shape.x) : shape }

    /// The pixel of an image of `shape` that comes to lie at (x, y) of the turned one.
    @inline(__always)
    package func source(x: Int, y: Int, shape: Shape) -> (x: Int, y: Int) {
        let turned = self.shape(of: shape)
        let (u, v) = switch reflection {
        case .none: (x, y)
        case .upsideDown: (x, turned.y - 1 - y)
        case .leftToRight: (turned.x - 1 - x, y)
        }
        return switch quarters {
        case 1: (v, shape.y - 1 - u)
        case 2: (shape.x - 1 - u, shape.y - 1 - v)
        case 3: (shape.x - 1 - v, u)
        default: (u, v)
        }
    }

    package func applied(to image: RealArray) -> RealArray {
        guard quarters != 0 || reflection != .none else { return image }
        var result = RealArray(shape: shape(of: image.shape))
        for y in 0..<result.shape.y {
            for x in 0..<result.shape.x {
                let place = source(x: x, y: y, shape: image.shape)
                result[x, y] = image[place.x, place.y]
            }
        }
        return result
    }
}
