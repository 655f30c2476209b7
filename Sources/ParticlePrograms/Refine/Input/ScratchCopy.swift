import Arrays
import Foundation
import ImageFormats
import Metadata
import Parallel
import ProgramKit
import Refinement
import Reporting

/// A copy of the particles on a fast local disc: `FOLDER/relion_volatile/opticsgroup1_particles.mrcs`, ….
///
/// The same names as RELION's, so that a copy can be used again by either. Particles for which there is no room are
/// read from where they were.
final class ScratchCopy: Sendable {
    let folder: String
    /// Where the images are now.
    let images: ImageLocations
    let copiedCount: Int
    private let keepsFiles: Bool
    private var lockFile: String { folder + Self.lockPrefix + "\(getpid())" }
    private static let lockPrefix = ".in_use_by_"

    /// - Parameters:
    ///   - reuses: take what is there instead of copying.
    ///   - keepsFiles: leave the copy behind.
    ///   - freeBytes: room to leave on the disc.
    init(
        of input: ParticleInput, in scratch: String, reuses: Bool, keepsFiles: Bool, freeBytes: Int, pool: ThreadPool,
        reporter: Reporter
    ) throws {
        folder = (scratch.hasSuffix("/") ? scratch : scratch + "/") + "relion_volatile/"
        self.keepsFiles = keepsFiles
        try Self.requireUnused(folder)
        if !reuses { try? FileManager.default.removeItem(atPath: folder) }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw InputError(
                place: "--scratch_dir", found: "\(folder) cannot be made (\(error.localizedDescription))",
                remedy: "Give a folder in which you may write")
        }
        _ = FileManager.default.createFile(atPath: folder + Self.lockPrefix + "\(getpid())", contents: nil)
        let rows = Self.rowsByOpticsGroup(input)
        var images = input.images
        var copied = 0
        for (group, rows) in rows.enumerated() where !rows.isEmpty {
            let path = folder + "opticsgroup\(group + 1)_particles.mrcs"
            let count =
                reuses
                ? try Self.countPresent(path, box: input.optics[group].box, wanted: rows.count)
                : try Self.copy(
                    rows, of: input, group: group, to: path, spare: freeBytes, pool: pool, reporter: reporter)
            images.redirect(rows.prefix(count), to: path)
            copied += count
        }
        self.images = images
        copiedCount = copied
        reporter.info("\(copied) of \(input.particles.count) particles are on the scratch disc in \(folder)")
        if copied < input.particles.count {
            reporter.warning(
                "\(input.particles.count - copied) particles are not on the scratch disc and are read from where they were.")
        }
    }

    /// Removes the copy, unless it is to be kept. Called at the end of a run, whatever its end.
    func cleanUp() {
        try? FileManager.default.removeItem(atPath: lockFile)
        if !keepsFiles { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// Two runs must not share the folder: the one that ends first would remove the other's particles.
    private static func requireUnused(_ folder: String) throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where name.hasPrefix(lockPrefix) {
            guard let process = pid_t(name.dropFirst(lockPrefix.count)), process != getpid(), kill(process, 0) == 0 else {
                continue
            }
            throw InputError(
                place: "--scratch_dir", found: "\(folder) is in use by process \(process)",
                remedy: "Wait for its end, or give another folder")
        }
    }

    private static func rowsByOpticsGroup(_ input: ParticleInput) -> [[Int]] {
        var rows = [[Int]](repeating: [], count: input.optics.count)
        for particle in input.particles { rows[particle.opticsGroup].append(particle.index) }
        return rows
    }

    private static func countPresent(_ path: String, box: Int, wanted: Int) throws -> Int {
        guard FileManager.default.fileExists(atPath: path) else { return 0 }
        let header = try StackReader(path: path).header
        guard header.shape == .square(box), header.imageCount <= wanted else {
            throw InputError(
                place: path, found: "has \(header.imageCount) images of \(header.shape) pixels",
                expected: "at most \(wanted) of \(box) × \(box): a copy of these particles",
                remedy: "Run without --reuse_scratch")
        }
        return header.imageCount
    }

    private static func copy(
        _ rows: [Int], of input: ParticleInput, group: Int, to path: String, spare: Int, pool: ThreadPool,
        reporter: Reporter
    ) throws -> Int {
        let box = input.optics[group].box
        let imageBytes = box * box * MemoryLayout<Float>.stride
        let room = (OutputCheck.freeBytes(at: PathName(path).folder) ?? .max) - spare - 1024
        let count = min(rows.count, max(0, room / imageBytes))
        if count == 0 { return 0 }
        let source = StackImageSource(locations: input.images, isSerial: false)
        let writer = try StackWriter(
            path: path, shape: .square(box), pixelSizeInAngstrom: input.optics[group].pixelSize)
        let progress = reporter.progress("Copying particles to scratch", total: count)
        let run = 64
        _ = try pool.tryMap(count: (count + run - 1) / run) { index, _ in
            let buffer = AlignedBuffer<Float>(count: box * box)
            for position in index * run..<min(count, (index + 1) * run) {
                try source.readImage(rows[position], into: buffer.pointer)
                try writer.write(UnsafeBufferPointer(buffer.pointer), at: position)
            }
            progress.advance(by: min(count, (index + 1) * run) - index * run)
        }
        try writer.finish()
        progress.finish()
        return count
    }
}
