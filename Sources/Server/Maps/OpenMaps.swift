import Arrays
import Foundation
import ImageFormats
import Imaging
import Parallel
import Reporting
import Synchronization

/// Maps that are being looked at, kept in memory so that a moved slider does not read the file again.
///
/// A map whose file has changed (time or size) is read again. The maps that were not asked for longest go when the memory given is full.
package final class OpenMaps: Sendable {
    private struct Key: Hashable {
        var path: String
        var modified: Double
        var byteCount: Int
    }

    private struct Entry {
        var map: OpenMap
        var lastUse: Int
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var uses = 0
    }

    private let state = Mutex(State())
    private let memoryInBytes: Int
    private let pool: ThreadPool

    package init(memoryInBytes: Int = 2 << 30, pool: ThreadPool) {
        (self.memoryInBytes, self.pool) = (memoryInBytes, pool)
    }

    package func summary(of path: String) throws -> MapSummary { try map(path).summary }

    /// A surface as `SurfaceMessage` describes.
    ///
    /// - Parameters:
    ///   - level: nil: the suggested one.
    ///   - binning: edge of the blocks of voxels that are averaged first (1: none), for a picture while a slider moves.
    ///   - smallestPart: parts with fewer triangles than this share of the largest part are left out.
    ///   - colouring: a map whose values the vertices carry, with the same centre and extent.
    package func surface(
        of path: String, level: Float? = nil, binning: Int = 1, smallestPart: Double = 0, colouredBy colouring: String? = nil
    ) throws -> [UInt8] {
        let open = try map(path), level = level ?? open.summary.suggestedLevel
        guard level.isFinite, (1...16).contains(binning) else {
            throw InputError(place: path, found: "level \(level), binning \(binning)", expected: "a finite level and a binning from 1 to 16")
        }
        let density = open.binned(by: binning)
        let mesh = Isosurface.mesh(of: density, level: level, pool: pool).withoutParts(smallerThan: smallestPart)
        var values: [Float]?
        if let colouring {
            let other = try map(colouring)
            let scale = Double(other.density.shape.x) / Double(density.shape.x)
            values = mesh.values(of: other.density, scale: Float(scale), offsetInVoxels: Float(-2.0 / Double(binning)))
        }
        return SurfaceMessage.encode(
            mesh, shape: density.shape, voxelSizeInAngstrom: open.summary.voxelSizeInAngstrom * Double(binning), level: level,
            values: values)
    }

    /// One section across an axis (0: x, 1: y, 2: z), rows from the top of the picture downwards along the slower axis.
    package func section(of path: String, axis: Int, index: Int) throws -> RealArray {
        let map = try map(path).density
        let lengths = [map.shape.x, map.shape.y, map.shape.z]
        guard (0..<3).contains(axis), (0..<lengths[axis]).contains(index) else {
            throw InputError(place: path, found: "section \(index) of axis \(axis)", expected: "an axis from 0 to 2 and a section in \(map.shape)")
        }
        return map.section(across: axis, at: index)
    }

    /// Sections across an axis at even distances, in rows, the first at the top left.
    ///
    /// - Parameter count: at most 100; fewer where the map has fewer.
    package func montage(of path: String, axis: Int, count: Int, columns: Int) throws -> RealArray {
        guard (1...100).contains(count), (1...100).contains(columns) else {
            throw InputError(place: path, found: "\(count) sections in rows of \(columns)", expected: "from 1 to 100 of each")
        }
        let shape = try map(path).density.shape
        guard (0..<3).contains(axis) else { throw InputError(place: path, found: "axis \(axis)", expected: "an axis from 0 to 2") }
        let length = [shape.x, shape.y, shape.z][axis], number = min(count, length)
        let tiles = try (0..<number).map { try section(of: path, axis: axis, index: (2 * $0 + 1) * length / (2 * number)) }
        let (width, height) = (tiles[0].shape.x, tiles[0].shape.y)
        let across = min(columns, number)
        var montage = RealArray(shape: Shape(x: across * width, y: (number + across - 1) / across * height))
        for (index, tile) in tiles.enumerated() {
            let (left, top) = (index % across * width, index / across * height)
            for y in 0..<height { for x in 0..<width { montage[left + x, top + y] = tile[x, y] } }
        }
        return montage
    }

    private func map(_ path: String) throws -> OpenMap {
        let key = try Self.key(of: path)
        let known = state.withLock { state -> OpenMap? in
            state.uses += 1
            state.entries[key]?.lastUse = state.uses
            return state.entries[key]?.map
        }
        if let known { return known }
        let map = try OpenMap(path: path, limit: memoryInBytes, pool: pool)
        state.withLock { state in
            state.entries = state.entries.filter { $0.key.path != path }
            while let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse }),
                state.entries.values.reduce(map.byteCount, { $0 + $1.map.byteCount }) > memoryInBytes
            {
                state.entries[oldest.key] = nil
            }
            state.entries[key] = Entry(map: map, lastUse: state.uses)
        }
        return map
    }

    private static func key(of path: String) throws -> Key {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw InputError(place: path, found: "no such file", remedy: "The job that writes it may not have come so far yet, or it was cleaned away")
        }
        return Key(
            path: path, modified: Double(status.st_mtim.tv_sec) + 1e-9 * Double(status.st_mtim.tv_nsec), byteCount: Int(status.st_size))
    }
}
