import Arrays
import Foundation
import Parallel
import Projection

/// First and second moments of the stochastic gradient, per class: what VDAM remembers between mini-batches.
///
/// Kept on the centred half-complex grid of the largest image size used so far, which only grows: moments of shells that an
/// iteration leaves out wait unchanged until they come into use again. New shells begin with 0 and `initialSecond`. A map of all
/// frequencies, as files hold it, comes from `firstOnFullGrid` and `secondOnFullGrid`.
package struct GradientMoments: Sendable {
    /// Share of the old value that a new one keeps.
    static let firstDecay: Float = 0.9
    static let secondDecay: Float = 0.999
    package static let initialSecond: Float = 1

    /// Nil before the first gradient.
    package private(set) var layout: CentredLayout?
    /// Mean gradient of the classes from one half of the particles, then from the other: 2 × classes arrays.
    package internal(set) var first: [[ComplexFloat]] = []
    /// Mean squared difference of the halves' gradients relative to their squared mean.
    package internal(set) var second: [[Float]] = []

    package init() {}

    package var isEmpty: Bool { layout == nil }
    package var classCount: Int { second.count }

    /// Makes room for `classCount` classes up to the radius of `wanted`.
    mutating func grow(to wanted: CentredLayout, classCount: Int) {
        if let layout, layout.radius >= wanted.radius, second.count == classCount { return }
        let zero = [ComplexFloat](repeating: .zero, count: wanted.count)
        let one = [Float](repeating: Self.initialSecond, count: wanted.count)
        if let old = layout, second.count == classCount {
            first = first.map { Self.copied($0, from: old, into: zero, wanted) }
            second = second.map { Self.copied($0, from: old, into: one, wanted) }
        } else {
            first = [[ComplexFloat]](repeating: zero, count: 2 * classCount)
            second = [[Float]](repeating: one, count: classCount)
        }
        layout = wanted
    }

    private static func copied<Value>(_ values: [Value], from old: CentredLayout, into target: [Value],
                                      _ layout: CentredLayout) -> [Value] {
        var result = target
        for z in old.zRange where layout.zRange.contains(z) {
            for y in -min(old.extent, layout.extent)...min(old.extent, layout.extent) {
                let from = old.index(0, y, z), to = layout.index(0, y, z)
                let count = min(old.rowCount(y, z), layout.rowCount(y, z))
                result.replaceSubrange(to..<to + count, with: values[from..<from + count])
            }
        }
        return result
    }

    /// What a gradient leaves behind besides the moments.
    struct Update {
        /// Per shell, the mean length of the difference of the halves' first moments.
        var noise: [Double]
        /// Σ |g|² of the preconditioned gradient.
        var power: Double
    }

    /// Whose first moment a step follows.
    enum Direction: Sendable {
        /// That of both halves, for one reference.
        case mean
        /// Each half its own, for a reference of its own.
        case own
    }

    /// Takes in the gradients of the two halves and replaces the first (or each) by the direction of the next step: the (mean) first
    /// moment over the root of the second.
    ///
    /// Sums are divided by their weights first, as far as those exceed 1.
    mutating func update(classIndex: Int, half1: BackProjection, half2: BackProjection, direction: Direction = .mean,
                         pool: ThreadPool) -> Update {
        grow(to: half1.layout, classCount: classCount)
        guard let own = layout else { return Update(noise: [], power: 0) }
        let layout = half1.layout, other = classIndex + classCount
        let isFirst = [classIndex, other].map { first[$0].allSatisfy { $0 == .zero } }
        var old1 = first[classIndex], old2 = first[other], old3 = second[classIndex]
        (first[classIndex], first[other], second[classIndex]) = ([], [], [])  // Unshared: changed in place.
        let totals = old1.withUnsafeMutableBufferPointer { moment1 in
            old2.withUnsafeMutableBufferPointer { moment2 in
                old3.withUnsafeMutableBufferPointer { square -> [[Double]] in
                    guard let m1 = moment1.baseAddress, let m2 = moment2.baseAddress, let m3 = square.baseAddress else { return [] }
                    let kernel = MomentRow(
                        gradient1: half1, gradient2: half2, first1: m1, first2: m2, second: m3,
                        keep1: isFirst[0] ? 0 : Self.firstDecay, keep2: isFirst[1] ? 0 : Self.firstDecay,
                        direction: direction)
                    return SphereRows(layout: layout).visit(terms: 3, pool: pool) { y, z, count, shells, sums in
                        kernel.run(at: layout.index(0, y, z), moments: own.index(0, y, z), count: count, shells, sums)
                    }
                }
            }
        }
        first[classIndex] = old1
        first[other] = old2
        second[classIndex] = old3
        guard totals.count == 3 else { return Update(noise: [], power: 0) }
        return Update(noise: zip(totals[0], totals[1]).map { $1 > 0 ? $0 / $1 : 0 }, power: totals[2].reduce(0, +))
    }

    /// Starts class `target` again from the moments of `source`, with less momentum.
    mutating func copy(class source: Int, to target: Int, damping: Float) {
        guard !isEmpty else { return }
        for (from, to) in [(source, target), (source + classCount, target + classCount)] {
            first[to] = first[from].map { $0.multiplied(by: damping) }
        }
        second[target] = second[source]
    }

    /// Moves the gradient along with its reference, by `shift` pixels.
    mutating func translate(classIndex: Int, by shift: (x: Double, y: Double, z: Double)) {
        guard let layout else { return }
        let turn = -2 * Double.pi / Double(layout.paddedBox)
        for index in [classIndex, classIndex + classCount] {
            for z in layout.zRange {
                for y in -layout.extent...layout.extent {
                    let row = layout.index(0, y, z), base = turn * (Double(y) * shift.y + Double(z) * shift.z)
                    for x in 0..<layout.rowCount(y, z) where first[index][row + x] != .zero {
                        let angle = base + turn * Double(x) * shift.x
                        let phase = ComplexFloat(Float(cos(angle)), Float(sin(angle)))
                        first[index][row + x] = first[index][row + x] * phase
                    }
                }
            }
        }
    }
}

/// One row of the moments' update.
private struct MomentRow: @unchecked Sendable {  // Rows are disjoint.
    let gradient1: BackProjection
    let gradient2: BackProjection
    let first1: UnsafeMutablePointer<ComplexFloat>
    let first2: UnsafeMutablePointer<ComplexFloat>
    let second: UnsafeMutablePointer<Float>
    /// Share of the old first moments that is kept; 0 for the first gradient.
    let keep1: Float
    let keep2: Float
    let direction: GradientMoments.Direction

    func run(at start: Int, moments: Int, count: Int, _ shells: UnsafePointer<Int32>, _ sums: UnsafeMutablePointer<Double>) {
        let keep = GradientMoments.secondDecay
        for i in 0..<count {
            let k = start + i, m = moments + i
            let a = gradient1.data.base[k].multiplied(by: 1 / max(1, gradient1.weight.base[k]))
            let b = gradient2.data.base[k].multiplied(by: 1 / max(1, gradient2.weight.base[k]))
            let m1 = first1[m].multiplied(by: keep1) + a.multiplied(by: 1 - keep1)
            let m2 = first2[m].multiplied(by: keep2) + b.multiplied(by: 1 - keep2)
            let mean = (a + b).multiplied(by: 0.5), difference = b - a
            let square = keep * second[m] + (1 - keep) * (difference.squared / (mean.squared + 1e-12))
            first1[m] = m1
            first2[m] = m2
            second[m] = square
            let scale = 1 / (square.squareRoot() + 1e-12)
            let step = direction == .mean ? (m1 + m2).multiplied(by: 0.5 * scale) : m1.multiplied(by: scale)
            gradient1.data.base[k] = step
            if direction == .own { gradient2.data.base[k] = m2.multiplied(by: scale) }
            let term = sums + 3 * Int(shells[i])
            term[0] += Double((m1 - m2).squared).squareRoot()
            term[1] += 1
            term[2] += Double(step.squared)
        }
    }
}

extension ComplexFloat {
    @inline(__always) fileprivate var squared: Float { real * real + imaginary * imaginary }
}
