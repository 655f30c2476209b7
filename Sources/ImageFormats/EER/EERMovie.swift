import Arrays
import CKernels
import Reporting
import Synchronization

/// A movie of electron events, as Falcon 4 and later detectors write it (`.eer`).
///
/// Electrons are drawn as single counts on the grid that is asked for. Detector frames that cannot be decoded are left
/// out and kept in `damagedRawFrames`. Rows are in the order of the file.
package final class EERMovie: MovieReader {
    package let path: String
    package let rendering: EERRendering
    package let shape: Shape
    /// Of the detector.
    package let detectorShape: Shape
    /// Frames that the detector recorded, before grouping.
    package let rawFrameCount: Int
    package let frameCount: Int
    package let pixel = MoviePixel.events
    package let pixelSizeInAngstrom: Double? = nil
    private let source: ByteSource
    private let container: EERContainer
    private let damaged = Mutex<Set<Int>>([])

    /// Compressed bytes that one thread holds at a time.
    private static let largestBatch = 1 << 26
    /// Bytes of the image that are drawn before going on to the next rows: they stay in the second-level cache.
    private static let bandBytes = 1 << 19

    package init(path: String, rendering: EERRendering = EERRendering(), extent: MovieFile.Extent = .allFrames) throws {
        self.path = path
        self.rendering = rendering
        source = try ByteSource(path: path, compression: nil)
        container = try EERContainer(source, extent: extent)
        detectorShape = Shape(x: container.columns, y: container.rows)
        rawFrameCount = container.frames.count
        let grid = rendering.grid
        guard grid.log2 <= min(container.code.xBits, container.code.yBits) else {
            throw InputError(
                place: path,
                found:
                    "events are placed on a grid \(1 << min(container.code.xBits, container.code.yBits)) times finer than the detector",
                expected: "at least \(1 << grid.log2) times for --eer_upsampling \(grid.rawValue)",
                remedy: "Give a smaller --eer_upsampling")
        }
        guard grid != .half || detectorShape.x % 2 == 0 && detectorShape.y % 2 == 0 else {
            throw InputError(
                place: path, found: "a detector of \(detectorShape) pixels",
                expected: "even sizes for --eer_upsampling -1")
        }
        shape = Shape(x: grid.extent(of: container.columns), y: grid.extent(of: container.rows))
        try MovieFile.requirePlausible(shape, path: path)
        frameCount = rawFrameCount / rendering.rawFramesPerFrame
        guard frameCount > 0 || extent == .firstFrame else {
            throw InputError(
                place: path, found: "\(rawFrameCount) detector frames",
                expected: "at least \(rendering.rawFramesPerFrame), which make one frame",
                remedy: "Give a smaller EER grouping")
        }
    }

    /// Detector frames, counted from 0, that were asked for and could not be decoded.
    package var damagedRawFrames: [Int] { damaged.withLock { $0.sorted() } }

    package func readFrame(_ frame: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
        try MovieFile.requireFrame(frame, of: frameCount, path: path)
        let first = frame * rendering.rawFramesPerFrame
        try draw(rawFrames: first..<first + rendering.rawFramesPerFrame, into: target)
    }

    /// Draws the electrons of any run of detector frames (from 0), whatever the grouping; gives their number.
    ///
    /// - Throws: `InputError` when none of the frames can be decoded.
    @discardableResult
    package func draw(rawFrames: Range<Int>, into target: UnsafeMutableBufferPointer<Float>) throws -> Int {
        precondition(target.count == shape.count, "the buffer does not fit the frame")
        try MovieFile.requireFrame(rawFrames.lowerBound, of: rawFrameCount, path: path)
        try MovieFile.requireFrame(rawFrames.upperBound - 1, of: rawFrameCount, path: path)
        var electrons = 0, drawn = 0
        var start = rawFrames.lowerBound
        while start < rawFrames.upperBound {
            let batch = batch(from: start, to: rawFrames.upperBound)
            let result = try draw(batch, into: target, isFirst: start == rawFrames.lowerBound)
            electrons += result.electrons
            drawn += result.frames
            start = batch.upperBound
        }
        guard drawn > 0 else {
            throw InputError(
                place: path,
                found: "detector frames \(rawFrames.lowerBound + 1) to \(rawFrames.upperBound) cannot be decoded",
                expected: "events that fill \(detectorShape) pixels", remedy: "The file is damaged; copy it again")
        }
        return electrons
    }

    /// As many frames as fit the memory that one thread may take.
    private func batch(from start: Int, to end: Int) -> Range<Int> {
        var last = start, bytes = 0
        while last < end, last == start || bytes < Self.largestBatch {
            bytes += byteCount(last)
            last += 1
        }
        return start..<last
    }

    private func byteCount(_ frame: Int) -> Int { container.frames[frame].reduce(0) { $0 + $1.byteCount } }

    /// Room behind each frame's words, which the decoder reads eight bytes at a time.
    private static let padding = 8

    /// - Parameter isFirst: the image is set to zero before.
    private func draw(
        _ frames: Range<Int>, into target: UnsafeMutableBufferPointer<Float>, isFirst: Bool
    ) throws -> (electrons: Int, frames: Int) {
        guard let image = target.baseAddress else { return (0, 0) }
        var starts: [Int] = [0]
        for frame in frames { starts.append(starts[starts.count - 1] + byteCount(frame) + Self.padding) }
        let words = UnsafeMutableRawBufferPointer.allocate(byteCount: starts[frames.count], alignment: 64)
        defer { words.deallocate() }
        for (index, frame) in frames.enumerated() {
            var position = starts[index]
            for strip in container.frames[frame] {
                try source.read(
                    into: UnsafeMutableRawBufferPointer(rebasing: words[position..<position + strip.byteCount]),
                    at: strip.offset)
                position += strip.byteCount
            }
            for byte in position..<position + Self.padding { words[byte] = 0 }
        }
        guard let base = words.bindMemory(to: UInt8.self).baseAddress else { return (0, 0) }
        var code = eventCode
        var cursors = [event_cursor](repeating: event_cursor(bit: 0, pixel: 0), count: frames.count)
        func run(_ index: Int, to end: Int64, step: Float) -> Int {
            let bits = UInt64(starts[index + 1] - starts[index] - Self.padding) * 8
            return Int(events_draw(&code, base + starts[index], bits, &cursors[index], end, step, image))
        }
        var electrons = 0
        let pixelCount = Int64(detectorShape.count), band = Int64(bandPixels)
        var end: Int64 = 0, cleared = 0
        while end < pixelCount {
            end = min(pixelCount, end + band)
            if isFirst {
                // Each band is drawn while its zeros are in the cache; an event may lie in the next band already.
                let limit = imageRows(upTo: Int(min(pixelCount, end + band))) * shape.x
                UnsafeMutableBufferPointer(rebasing: target[cleared..<limit]).update(repeating: 0)
                cleared = limit
            }
            for index in cursors.indices { electrons += run(index, to: end, step: 1) }
        }
        var sound = frames.count
        for index in cursors.indices where cursors[index].pixel != pixelCount {
            // Counts are exact: drawing with the other sign removes the frame.
            cursors[index] = event_cursor(bit: 0, pixel: 0)
            electrons -= run(index, to: pixelCount, step: -1)
            sound -= 1
            let frame = frames.lowerBound + index
            damaged.withLock { _ = $0.insert(frame) }
        }
        return (electrons, sound)
    }

    /// Detector pixels of one band: whole rows, an even number of them, and more than a run may be long.
    private var bandPixels: Int {
        let bytesPerRow = max(1, shape.count * MemoryLayout<Float>.stride / detectorShape.y)
        let rows = max(Self.bandBytes / bytesPerRow, (1 << container.code.runBits) / detectorShape.x)
        return (rows / 2 + 1) * 2 * detectorShape.x
    }

    /// Rows of the image that belong to the first `pixels` pixels of the detector, a number of whole bands or all.
    private func imageRows(upTo pixels: Int) -> Int { shape.y * (pixels / detectorShape.x) / detectorShape.y }

    private var eventCode: event_code {
        let code = container.code, up = rendering.grid.log2
        return event_code(
            run_bits: Int32(code.runBits), x_bits: Int32(code.xBits), y_bits: Int32(code.yBits),
            escape_has_place: code.escapeHasPlace ? 1 : 0,
            log2_width: Int32(detectorShape.x.trailingZeroBitCount), pixel_count: Int64(detectorShape.count),
            x_shift: Int32(code.xBits - up), y_shift: Int32(code.yBits - up), image_width: Int32(shape.x))
    }
}
