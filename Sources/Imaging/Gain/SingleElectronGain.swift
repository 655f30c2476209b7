import Arrays
import Parallel

/// The value that one electron has in each pixel of gain-normalised counting movies, found from the movies themselves.
///
/// Frames in counting mode hold whole numbers of electrons times the pixel's gain. At low dose most counts are 0 or 1,
/// so that the smallest positive value of a pixel is its gain, and all other values are multiples of it. Pixels that
/// the camera's software corrected obey no such rule; they are found by values that are no multiples, and stay
/// unreliable.
package struct SingleElectronGain: Sendable {
    /// The smallest positive value seen; `unseen` where there was none.
    package private(set) var gain: RealArray
    /// How many values in a row were multiples of the gain since it last changed; -1 for pixels that were never seen or
    /// contradicted the rule after that.
    package private(set) var successes: [Int16]

    package static let unseen: Float = 999.9
    /// Values this near to a multiple are multiples: rounding of single precision leaves less.
    package static let tolerance: Float = 1e-4

    package init(shape: Shape) {
        gain = RealArray(shape: shape, repeating: Self.unseen)
        successes = [Int16](repeating: -1, count: shape.count)
    }

    /// A state that was stored.
    /// - Precondition: one count of successes for each pixel.
    package init(gain: RealArray, successes: [Int16]) {
        precondition(successes.count == gain.values.count)
        (self.gain, self.successes) = (gain, successes)
    }

    /// What one frame did, in numbers of pixels.
    package struct FrameSummary: Sendable, Equatable {
        /// Found a smaller value.
        package var changed = 0
        /// Had a value that is no multiple of the smallest.
        package var mismatched = 0
        package var negative = 0
        /// Have fewer successes than asked for, after this frame.
        package var unreliable = 0
    }

    private static let chunk = 1 << 16

    /// Learns from a frame.
    /// - Parameter threshold: successes that a reliable pixel has.
    package mutating func add(_ frame: RealArray, threshold: Int, pool: ThreadPool) -> FrameSummary {
        precondition(frame.shape == gain.shape)
        let count = frame.values.count
        let parts = gain.values.withUnsafeMutableBufferPointer { gain in
            successes.withUnsafeMutableBufferPointer { successes in
                frame.values.withUnsafeBufferPointer { frame in
                    nonisolated(unsafe) let gain = gain, successes = successes, frame = frame  // Chunks are disjoint.
                    return pool.map(count: (count + Self.chunk - 1) / Self.chunk) { part, _ in
                        let range = part * Self.chunk..<min(count, (part + 1) * Self.chunk)
                        return Self.add(frame, range, threshold, gain, successes)
                    }
                }
            }
        }
        return parts.reduce(into: FrameSummary()) { sum, part in
            sum.changed += part.changed
            sum.mismatched += part.mismatched
            sum.negative += part.negative
            sum.unreliable += part.unreliable
        }
    }

    private static func add(
        _ frame: UnsafeBufferPointer<Float>, _ range: Range<Int>, _ threshold: Int,
        _ gain: UnsafeMutableBufferPointer<Float>,
        _ successes: UnsafeMutableBufferPointer<Int16>
    ) -> FrameSummary {
        var summary = FrameSummary()
        for i in range {
            let value = frame[i]
            if value < 0 {
                summary.negative += 1
                successes[i] = -1
            } else if value > 0 {
                if value < gain[i] {
                    gain[i] = value
                    successes[i] = 0
                    summary.changed += 1
                } else if !isMultiple(value, of: gain[i]) {
                    successes[i] = -1
                    summary.mismatched += 1
                } else if successes[i] >= 0, successes[i] < .max {
                    successes[i] += 1
                }
            }
            if Int(successes[i]) < threshold { summary.unreliable += 1 }
        }
        return summary
    }

    /// NaN is a multiple of nothing.
    private static func isMultiple(_ value: Float, of gain: Float) -> Bool {
        abs((value / gain).rounded() * gain - value) <= tolerance
    }

    // MARK: Use

    /// What counts are to be multiplied by: the gain where it is reliable, 1 elsewhere.
    package func reference(threshold: Int) -> RealArray {
        var reference = gain
        for i in reference.values.indices where successes[i] < threshold { reference.values[i] = 1 }
        return reference
    }

    /// A pixel that was found reliable has a value that is no multiple of its gain.
    package struct Mismatch: Error, Sendable, Equatable {
        package var pixel: Int
        package var value: Float
        package var gain: Float
    }

    /// Divides a frame by the gain: electrons in reliable pixels, values as they are in the others.
    ///
    /// - Parameter roundsMismatches: take the nearest number of electrons where the value is no multiple.
    /// - Returns: how many pixels were rounded so.
    /// - Throws: `Mismatch` at the first such pixel otherwise.
    package func divide(_ frame: inout RealArray, threshold: Int, roundsMismatches: Bool) throws -> Int {
        precondition(frame.shape == gain.shape)
        var mismatches = 0
        let failed: Int? = frame.values.withUnsafeMutableBufferPointer { values in
            for i in values.indices where successes[i] >= threshold {
                let value = values[i]
                if !Self.isMultiple(value, of: gain.values[i]) {
                    guard roundsMismatches, value.isFinite else { return i }
                    mismatches += 1
                }
                values[i] = (value / gain.values[i]).rounded()
            }
            return nil
        }
        if let failed { throw Mismatch(pixel: failed, value: frame.values[failed], gain: gain.values[failed]) }
        return mismatches
    }
}
