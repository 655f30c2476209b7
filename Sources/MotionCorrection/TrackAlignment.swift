import Arrays
import CKernels
import Foundation
import Fourier
import Parallel

/// Displacements that make frames agree, found by correlating each with the sum of the others until nothing moves.
///
/// Shifts are what frames are to be moved by, in pixels of the movie, relative to the first frame.
struct TrackAlignment: Sendable {
    let shape: Shape
    /// Length of the images' sides in pixels of the movie.
    let extent: (x: Double, y: Double)
    /// Largest shift in one iteration, pixels of the movie.
    var searchRange = 50.0
    /// Root mean square of the changes below which an alignment is finished, pixels of the movie.
    static let finished = 0.05
    private let transform: FourierTransform
    /// exp(−2 B k²), zero at the origin.
    private let weights: AlignedBuffer<Float>

    /// - Parameters:
    ///   - shape: of the images.
    ///   - bFactor: pixels² of the movie.
    init(shape: Shape, extent: (x: Double, y: Double), bFactor: Double) {
        (self.shape, self.extent) = (shape, extent)
        transform = FourierTransform(shape: shape)
        let half = shape.x / 2 + 1
        weights = AlignedBuffer(count: half * shape.y)
        for y in 0..<shape.y {
            let ky = Double(signedFrequency(y, length: shape.y)) / extent.y
            for x in 0..<half where x > 0 || y > 0 {
                let kx = Double(x) / extent.x
                weights.base[y * half + x] = Float(exp(-2 * bFactor * (kx * kx + ky * ky)))
            }
        }
    }

    struct Result: Sendable {
        var shifts: [SIMD2<Double>]
        /// Root mean square change of each iteration.
        var changes: [Double]
    }

    struct Peak: Sendable {
        var shift: SIMD2<Double>
        /// How fast the correlation falls off around the peak, over the correlation of the frame with itself; 0 for a peak at the edge.
        var sharpness: Double
    }

    /// Aligns the spectra and leaves them moved.
    func align(_ spectra: [AlignedBuffer<ComplexFloat>], maximumIterations: Int, pool: ThreadPool) -> Result {
        let count = spectra.count
        var result = Result(shifts: [SIMD2<Double>](repeating: .zero, count: count), changes: [])
        for _ in 0..<max(1, maximumIterations) {
            let moves = peaks(spectra, pool: pool).map(\.shift)
            let first = moves[0]
            var squares = 0.0
            for frame in 0..<count {
                let move = moves[frame] - first
                squares += move.x * move.x + move.y * move.y
                result.shifts[frame] += move
            }
            pool.forEach(count: count) { frame, _ in
                if frame > 0 { Self.shift(spectra[frame].base, shape, by: moves[frame] - first, extent: extent) }
            }
            let change = (squares / Double(count)).squareRoot()
            result.changes.append(change)
            if change < Self.finished { break }
        }
        return result
    }

    /// Where each image correlates best with the sum of the others.
    func peaks(_ spectra: [AlignedBuffer<ComplexFloat>], pool: ThreadPool) -> [Peak] {
        let size = shape.halfPlane.count
        let sum = AlignedBuffer<ComplexFloat>(count: size)
        for spectrum in spectra { add_floats(Self.floats(sum), Self.floats(spectrum), 2 * size) }
        let work = (0..<min(pool.threadCount, spectra.count)).map { _ in
            (spectrum: AlignedBuffer<ComplexFloat>(uninitialisedCount: size), map: AlignedBuffer<Float>(uninitialisedCount: shape.count))
        }
        return pool.map(count: spectra.count) { frame, worker in
            let (product, map) = work[worker]
            correlation_with_others(Self.floats(sum), Self.floats(spectra[frame]), weights.base, Self.floats(product), size)
            transform.inverse(overwriting: product.base, into: map.base)
            return peak(map.base)
        }
    }

    /// Where the map is highest within the search range, refined by parabolas.
    private func peak(_ map: UnsafePointer<Float>) -> Peak {
        let scale = (x: extent.x / Double(shape.x), y: extent.y / Double(shape.y))
        // Two pixels at least, so that a peak in the middle has neighbours on both sides that are no edge.
        func reach(_ length: Int, _ scale: Double) -> Int { max(1, min(length / 2 - 1, max(2, Int((searchRange / scale).rounded(.up))))) }
        let reachX = reach(shape.x, scale.x), reachY = reach(shape.y, scale.y)
        func value(_ x: Int, _ y: Int) -> Float { map[((y + shape.y) % shape.y) * shape.x + (x + shape.x) % shape.x] }
        var best = (x: 0, y: 0), highest = -Float.infinity
        for y in -reachY...reachY {
            let row = map + ((y + shape.y) % shape.y) * shape.x
            for x in -reachX...reachX {
                let v = row[x < 0 ? x + shape.x : x]
                if v > highest { (highest, best) = (v, (x, y)) }
            }
        }
        func vertex(_ low: Float, _ high: Float) -> (place: Double, curvature: Double) {
            let curvature = 2 * Double(highest) - Double(low) - Double(high)
            return curvature > 0 ? (max(-0.5, min(0.5, 0.5 * Double(high - low) / curvature)), curvature) : (0, 0)
        }
        let x = vertex(value(best.x - 1, best.y), value(best.x + 1, best.y))
        let y = vertex(value(best.x, best.y - 1), value(best.x, best.y + 1))
        let isInside = abs(best.x) < reachX && abs(best.y) < reachY
        return Peak(shift: SIMD2((Double(best.x) + x.place) * scale.x, (Double(best.y) + y.place) * scale.y),
                    sharpness: isInside ? x.curvature / (scale.x * scale.x) + y.curvature / (scale.y * scale.y) : 0)
    }

    /// Moves an image by `move` pixels of the movie through its spectrum.
    static func shift(_ spectrum: UnsafeMutablePointer<ComplexFloat>, _ shape: Shape, by move: SIMD2<Double>,
                      extent: (x: Double, y: Double)) {
        let half = shape.x / 2 + 1
        let columns = (0..<half).flatMap { x -> [Float] in
            let factor = phase(Double(x) * move.x / extent.x)
            return [factor.real, factor.imaginary]
        }
        let values = UnsafeMutableRawPointer(spectrum).assumingMemoryBound(to: Float.self)
        for y in 0..<shape.y {
            let row = phase(Double(signedFrequency(y, length: shape.y)) * move.y / extent.y)
            shift_and_weight_row(values + y * 2 * half, half, columns, row.real, row.imaginary, nil, 0, 0, 0)
        }
    }

    private static func floats(_ buffer: AlignedBuffer<ComplexFloat>) -> UnsafeMutablePointer<Float> {
        UnsafeMutableRawPointer(buffer.base).assumingMemoryBound(to: Float.self)
    }

    /// exp(−2πi t).
    static func phase(_ turns: Double) -> ComplexFloat {
        let angle = -2 * Double.pi * turns
        return ComplexFloat(Float(cos(angle)), Float(sin(angle)))
    }
}
