import Arrays
import Foundation
import Fourier
import Metadata
import Optics
import Parallel
import Reporting

/// Aligns the frames of a movie and adds them up (Zivanov, Nakane & Scheres 2019, IUCrJ 6, 5; section 2).
///
/// Three passes go over the frames, which stay in memory as counts: one for defective pixels, one for the low frequencies that alignment
/// needs, one for the sums. Floor of the last, the longest: a transform there and, for local motion, back for each frame; 2.5 N log₂ N flops each.
package struct MotionCorrection: Sendable {
    package let settings: MotionSettings
    package let outputs: MicrographOutputs

    package init(settings: MotionSettings, outputs: MicrographOutputs) {
        (self.settings, self.outputs) = (settings, outputs)
    }

    /// What was found and made.
    package struct Result: Sendable {
        package var motion: MovieMotion
        /// The weighted sum where there are exposures, else the plain one.
        package var micrograph: RealArray
        /// The plain sum beside a weighted one.
        package var plain: RealArray?
        package var even: RealArray?
        package var odd: RealArray?
        /// Amplitudes, origin in the middle.
        package var powerSpectrum: (image: RealArray, pixelSizeInAngstrom: Double)?
    }

    /// - Parameters:
    ///   - store: the frames that are used.
    ///   - knownBad: places (y · width + x) of pixels that are known to be bad, beside those with a gain of zero.
    /// - Precondition: the micrograph's sides are even (`BinnedShape.micrograph`).
    package func run(_ store: FrameStore, knownBad: Set<Int> = [], pool: ThreadPool, reporter: Reporter) -> Result {
        let defects = reporter.timed("defective pixels") { DefectivePixels(store: store, known: knownBad, settings: settings, pool: pool) }
        let images = FrameImages(store: store, defects: defects)
        let motion = align(images, pool: pool, reporter: reporter)
        return sum(images, motion: motion, pool: pool, reporter: reporter)
    }

    private func align(_ images: FrameImages, pool: ThreadPool, reporter: Reporter) -> MovieMotion {
        let frames = reporter.timed("low frequencies") { AlignmentFrames(images, settings: settings, pool: pool) }
        let track = reporter.timed("global alignment") {
            TrackAlignment(shape: frames.shape, extent: frames.extent, bFactor: settings.bFactor)
                .align(frames.spectra, maximumIterations: settings.maximumIterations, pool: pool)
        }
        var motion = MovieMotion(frameShape: images.shape, shifts: track.shifts, changes: track.changes)
        motion.hotPixels = images.defects.hot
        motion.defectCount = images.defects.count
        guard settings.isLocal else { return motion }
        let groups = FrameGroups(frameCount: images.store.count, size: settings.groupSize)
        let local = reporter.timed("local alignment") {
            PatchAlignment(settings: settings, movie: images.shape, groups: groups, frames: frames).align(pool: pool)
        }
        motion.localModel = local?.model
        motion.patchShifts = local?.observations ?? []
        motion.residual = local?.residual
        return motion
    }

    private func sum(_ images: FrameImages, motion: MovieMotion, pool: ThreadPool, reporter: Reporter) -> Result {
        let shape = BinnedShape.micrograph(of: images.shape, binning: settings.binning) ?? images.shape
        let binsFrames = settings.binningStage == .frames
        let sizes = BinnedShape(movie: images.shape, micrograph: binsFrames ? shape : images.shape, binning: binsFrames ? settings.binning : 1)
        let spectra = FrameSpectra(images, sizes: sizes)
        func target(_ isWanted: Bool) -> FrameSum? {
            isWanted ? FrameSum(sizes: sizes, movie: images.shape, model: motion.localModel) : nil
        }
        let weighted = target(outputs.exposures != nil)
        let plain = target(outputs.exposures == nil || outputs.plainSum)
        let even = target(outputs.evenAndOddSums), odd = target(outputs.evenAndOddSums)
        let spectrum = outputs.spectrumGrouping > 0
            ? PowerSpectrum(shape: sizes.padded, grouping: outputs.spectrumGrouping, frameCount: images.store.count) : nil
        let weights = outputs.exposures.map { ExposureWeights(exposures: $0, pixelSizeInAngstrom: outputs.pixelSizeInAngstrom) }
        let needsUnweighted = plain != nil || even != nil
        let buffers = (0..<min(pool.threadCount, images.store.count)).map { _ in
            (first: AlignedBuffer<Float>(uninitialisedCount: spectra.bufferCount),
             second: AlignedBuffer<Float>(uninitialisedCount: weighted != nil && needsUnweighted ? spectra.bufferCount : 0))
        }
        for first in stride(from: 0, to: images.store.count, by: buffers.count) {
            let wave = (first..<min(images.store.count, first + buffers.count)).map { (number: $0, place: $0 - first) }
            // The weights go in with the shift where nobody wants the unweighted frame.
            let weightsAtOnce = !needsUnweighted && spectrum == nil
            reporter.timed("transforms") {
                pool.forEach(count: wave.count) { item, _ in
                    let buffer = buffers[wave[item].place].first.base, frame = wave[item].number
                    spectra.transform(frame, into: buffer)
                    spectra.move(buffer, shape: sizes.padded, by: motion.shifts[frame], weights: weightsAtOnce ? weights?.table(frame: frame) : nil)
                }
            }
            let moved = wave.map { (number: $0.number, buffer: buffers[$0.place].first.base) }
            if let spectrum { reporter.timed("power spectrum") { spectrum.add(moved, pool: pool) } }
            pool.forEach(count: wave.count) { item, _ in spectra.bin(buffers[wave[item].place].first.base) }
            if needsUnweighted {
                // Where weights follow, a copy takes their place here.
                let copies = weighted == nil ? moved : wave.map { (number: $0.number, buffer: buffers[$0.place].second.base) }
                reporter.timed("transforms") {
                    nonisolated(unsafe) let moved = moved, copies = copies
                    pool.forEach(count: wave.count) { item, _ in
                        if weighted != nil { copies[item].buffer.update(from: moved[item].buffer, count: 2 * sizes.paddedBinned.halfPlane.count) }
                        if motion.localModel != nil { spectra.inverse.inverseInPlace(copies[item].buffer) }
                    }
                }
                reporter.timed("sums") {
                    plain?.add(copies, pool: pool)
                    even?.add(copies.filter { $0.number % 2 == 0 }, pool: pool)
                    odd?.add(copies.filter { $0.number % 2 == 1 }, pool: pool)
                }
            }
            if let weighted, let weights {
                reporter.timed("transforms") {
                    nonisolated(unsafe) let moved = moved
                    pool.forEach(count: wave.count) { item, _ in
                        if !weightsAtOnce {
                            spectra.move(moved[item].buffer, shape: sizes.paddedBinned, by: .zero, weights: weights.table(frame: moved[item].number))
                        }
                        if motion.localModel != nil { spectra.inverse.inverseInPlace(moved[item].buffer) }
                    }
                }
                reporter.timed("sums") { weighted.add(moved, pool: pool) }
            }
        }
        withExtendedLifetime(buffers) {}
        return reporter.timed("micrograph") {
            func finish(_ sum: FrameSum?) -> RealArray? {
                guard let image = sum?.finish(spectra, pool: pool) else { return nil }
                guard image.shape != shape else { return image }
                return FourierTransform(shape: shape).inverse(FourierTransform(shape: image.shape).forward(image).resized(to: shape))
            }
            let plainImage = finish(plain), weightedImage = finish(weighted)
            return Result(
                motion: motion, micrograph: weightedImage ?? plainImage ?? RealArray(shape: shape),
                plain: weightedImage == nil ? nil : plainImage, even: finish(even), odd: finish(odd),
                powerSpectrum: spectrum?.finish(size: outputs.spectrumSize, pixelSizeInAngstrom: outputs.pixelSizeInAngstrom,
                                                coarsestPixel: outputs.pixelSizeInAngstrom * (binsFrames ? settings.binning : 1)))
        }
    }
}

/// How a movie moved. Pixels are those of the movie.
package struct MovieMotion: Sendable {
    package var frameShape: Shape
    /// What each used frame is moved by; zero for the first.
    package var shifts: [SIMD2<Double>]
    /// Root mean square change in each iteration of the global alignment.
    package var changes: [Double]
    package var localModel: LocalMotionModel?
    package var patchShifts: [PatchShift] = []
    /// Root mean square difference of patches and model along x and y.
    package var residual: SIMD2<Double>?
    /// Places (y · width + x) of pixels that were found by their counts.
    package var hotPixels: [Int] = []
    /// All pixels that were mended.
    package var defectCount = 0

    package init(frameShape: Shape, shifts: [SIMD2<Double>], changes: [Double]) {
        (self.frameShape, self.shifts, self.changes) = (frameShape, shifts, changes)
    }

    /// The whole shift of frame `frame` (from 0) at a place in pixels of the movie.
    package func shift(frame: Int, at place: SIMD2<Double>) -> SIMD2<Double> {
        let local = localModel?.shift(frame: Double(frame), place: SIMD2(place.x / Double(frameShape.x) - 0.5, place.y / Double(frameShape.y) - 0.5))
        return shifts[frame] + (local ?? .zero)
    }

    /// Length of the path of the whole frame, pixels: all of it, and what lies before and after frame `cutoff` (a number from 1).
    package func pathLengths(cutoffFrame cutoff: Double) -> (total: Double, early: Double, late: Double) {
        var early = 0.0, late = 0.0
        for frame in shifts.indices.dropFirst() {
            let step = shifts[frame] - shifts[frame - 1]
            let length = (step.x * step.x + step.y * step.y).squareRoot()
            if Double(frame + 1) <= cutoff { early += length } else { late += length }
        }
        return (early + late, early, late)
    }
}
