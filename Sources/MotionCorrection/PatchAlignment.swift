import Arrays
import CKernels
import Foundation
import Fourier
import Metadata
import Parallel

/// Local alignment: the motion model under which patches of the frames agree best.
///
/// Patches are cut from the small images, already moved by the global track. In each round the frames of every patch are moved by the model
/// and correlated with the sum of the others; the model is then changed to follow all peaks at once, patches with sharp peaks counting more.
/// A patch with little in it cannot pull the model away, since its peaks are only looked for near the model's prediction.
struct PatchAlignment {
    let settings: MotionSettings
    /// Of the movie.
    let movie: Shape
    let groups: FrameGroups
    let frames: AlignmentFrames

    struct Result: Sendable {
        var model: LocalMotionModel
        /// Shifts of patches as measured, and as the model has them.
        var observations: [PatchShift]
        /// Root mean square difference of the two along x and y, pixels.
        var residual: SIMD2<Double>
    }

    /// Differences this large mean that the model does not describe the movement.
    static let largestResidual = 10.0
    private static let searchRanges = [16.0, 10.0, 6.0, 6.0]
    /// A patch holds a small part of the signal, so that its correlation is damped more than that of whole frames. Of 1, 2, 3 and 4 times
    /// the B factor, two to three times was best or nearly so on simulated movies with and without ice that moves with the particles.
    private static let damping = 2.5

    /// - Returns: nil when patches do not determine the model, or the model does not describe them.
    func align(pool: ThreadPool) -> Result? {
        let images = frames.realImages(pool: pool)
        let patches = makePatches(), shape = patches[0].shape
        let extent = (x: Double(shape.x) * frames.scale.x, y: Double(shape.y) * frames.scale.y)
        let transform = FourierTransform(shape: shape)
        var alignment = TrackAlignment(shape: shape, extent: extent, bFactor: Self.damping * settings.bFactor)
        var model = LocalMotionModel.none, tracks: [LocalMotionModel.Track] = []
        for range in Self.searchRanges {
            let start = model
            alignment.searchRange = range
            tracks = pool.map(count: patches.count) { [alignment] patch, _ in
                self.track(patches[patch], images: images, model: start, alignment: alignment, transform: transform)
            }
            // What was measured stands against the model of this round.
            for place in tracks.indices {
                for (i, time) in tracks[place].times.enumerated() {
                    tracks[place].shifts[i] += start.shift(frame: time, place: tracks[place].place)
                }
            }
            if settings.interpolatesShifts { tracks = tracks.map { $0.interpolated(frameCount: groups.frameCount) } }
            guard let next = LocalMotionModel.fit(tracks, frameCount: groups.frameCount) else { return nil }
            model = next
        }
        return report(tracks, model, patches)
    }

    // MARK: Patches

    private struct Patch: Sendable {
        /// Middle in pixels of the movie, and as the model has it.
        var middle: SIMD2<Double>
        var place: SIMD2<Double>
        /// First pixel in the small images.
        var corner: (x: Int, y: Int)
        var shape: Shape
    }

    private func makePatches() -> [Patch] {
        let scale = frames.scale
        let usable = (x: Double(movie.x) / scale.x, y: Double(movie.y) / scale.y)
        let wanted = (x: usable.x / Double(settings.patches.x), y: usable.y / Double(settings.patches.y))
        // A little larger where that makes for a quicker transform, never larger than the image.
        let shape = Shape(x: min(FrameImages.quickLength(atLeast: Int(wanted.x)), Int(usable.x) / 2 * 2),
                          y: min(FrameImages.quickLength(atLeast: Int(wanted.y)), Int(usable.y) / 2 * 2))
        var result: [Patch] = []
        for row in 0..<settings.patches.y {
            for column in 0..<settings.patches.x {
                let middle = SIMD2((Double(column) + 0.5) * wanted.x, (Double(row) + 0.5) * wanted.y)
                let x = min(max(0, Int(middle.x.rounded()) - shape.x / 2), Int(usable.x) - shape.x)
                let y = min(max(0, Int(middle.y.rounded()) - shape.y / 2), Int(usable.y) - shape.y)
                let centre = SIMD2((Double(x) + Double(shape.x) / 2) * scale.x, (Double(y) + Double(shape.y) / 2) * scale.y)
                result.append(Patch(middle: centre, place: SIMD2(centre.x / Double(movie.x) - 0.5, centre.y / Double(movie.y) - 0.5),
                                    corner: (x, y), shape: shape))
            }
        }
        return result
    }

    /// One round for one patch: how much further each group of frames is to be moved than the model says.
    private func track(_ patch: Patch, images: [RealArray], model: LocalMotionModel, alignment: TrackAlignment,
                       transform: FourierTransform) -> LocalMotionModel.Track {
        let shape = patch.shape
        let times = groups.times
        let window = (x: taper(shape.x), y: taper(shape.y))
        let spectra = groups.ranges.enumerated().map { index, members -> AlignedBuffer<ComplexFloat> in
            let spectrum = AlignedBuffer<ComplexFloat>(uninitialisedCount: shape.halfPlane.count)
            let part = cut(patch, from: members.map { images[$0] }, window: window)
            withExtendedLifetime(part) { transform.forward(part.base, into: spectrum.base) }
            TrackAlignment.shift(spectrum.base, shape, by: model.shift(frame: times[index], place: patch.place), extent: alignment.extent)
            return spectrum
        }
        let peaks = alignment.peaks(spectra, pool: ThreadPool(threads: 1))
        let weight = peaks.reduce(0) { $0 + $1.sharpness } / Double(peaks.count)
        return .init(place: patch.place, times: times, shifts: peaks.map(\.shift), weight: weight)
    }

    /// The sum of a patch over a group's frames, without its mean, fading out at the edges.
    private func cut(_ patch: Patch, from images: [RealArray], window: (x: [Float], y: [Float])) -> AlignedBuffer<Float> {
        let shape = patch.shape
        let part = AlignedBuffer<Float>(count: shape.count)
        for image in images {
            image.values.withUnsafeBufferPointer { pixels in
                guard let pixels = pixels.baseAddress else { return }
                for y in 0..<shape.y {
                    add_floats(part.base + y * shape.x, pixels + (patch.corner.y + y) * image.shape.x + patch.corner.x, shape.x)
                }
            }
        }
        var total: Float = 0
        for i in 0..<shape.count { total += part.base[i] }
        let mean = total / Float(shape.count)
        for y in 0..<shape.y {
            let row = part.base + y * shape.x
            for x in 0..<shape.x { row[x] = (row[x] - mean) * window.x[x] * window.y[y] }
        }
        return part
    }

    /// One in the middle, falling to zero over an eighth of the length at both ends.
    private func taper(_ length: Int) -> [Float] {
        let edge = Double(length) / 8
        return (0..<length).map { i in
            let distance = min(Double(i) + 0.5, Double(length) - Double(i) - 0.5)
            return distance >= edge ? 1 : Float(0.5 - 0.5 * cos(.pi * distance / edge))
        }
    }

    private func report(_ tracks: [LocalMotionModel.Track], _ model: LocalMotionModel, _ patches: [Patch]) -> Result? {
        var observations: [PatchShift] = [], squares = SIMD2<Double>.zero
        for (track, patch) in zip(tracks, patches) {
            let modelled = track.times.map { model.shift(frame: $0, place: track.place) }
            let constant = zip(track.shifts, modelled).reduce(.zero) { $0 + $1.0 - $1.1 } / Double(max(1, track.times.count))
            for (i, time) in track.times.enumerated() {
                let observed = track.shifts[i] - constant, difference = observed - modelled[i]
                squares += difference * difference
                observations.append(PatchShift(frame: time, place: patch.middle, observed: observed, fitted: modelled[i]))
            }
        }
        let count = Double(max(1, observations.count))
        let residual = SIMD2((squares.x / count).squareRoot(), (squares.y / count).squareRoot())
        guard residual.x < Self.largestResidual, residual.y < Self.largestResidual else { return nil }
        return Result(model: model, observations: observations, residual: residual)
    }
}

/// Where a patch was found in a group of frames.
package struct PatchShift: Sendable, Equatable {
    /// From 0; the middle of a group may lie between frames.
    package var frame: Double
    /// Middle of the patch in pixels of the movie.
    package var place: SIMD2<Double>
    /// Pixels, beside the shift of the whole frame.
    package var observed: SIMD2<Double>
    package var fitted: SIMD2<Double>

    package init(frame: Double, place: SIMD2<Double>, observed: SIMD2<Double>, fitted: SIMD2<Double>) {
        (self.frame, self.place, self.observed, self.fitted) = (frame, place, observed, fitted)
    }
}

/// Frames that are averaged for the local alignment.
package struct FrameGroups: Sendable, Equatable {
    package let frameCount: Int
    package let ranges: [Range<Int>]

    /// Groups of `size` frames; what is left over is spread over the later groups, since the first frames move most.
    package init(frameCount: Int, size: Int) {
        self.frameCount = frameCount
        let count = max(1, frameCount / max(1, size))
        var sizes = [Int](repeating: max(1, size), count: count), rest = frameCount - count * max(1, size)
        while rest > 0 {
            for i in stride(from: count - 1, through: min(1, count - 1), by: -1) where rest > 0 {
                sizes[i] += 1
                rest -= 1
            }
        }
        var ranges: [Range<Int>] = [], first = 0
        for size in sizes {
            ranges.append(first..<min(frameCount, first + size))
            first += size
        }
        self.ranges = ranges
    }

    /// The middle of each group, counted in frames from 0.
    var times: [Double] { ranges.map { Double($0.lowerBound + $0.upperBound - 1) / 2 } }
}
