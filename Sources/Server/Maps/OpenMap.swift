import Arrays
import ImageFormats
import Imaging
import Parallel
import Reporting
import Synchronization

/// A map in memory, with what was derived from it.
final class OpenMap: Sendable {
    let density: RealArray
    let summary: MapSummary
    private let binnedMaps = Mutex<[Int: RealArray]>([:])

    /// - Parameter limit: bytes that a map may take; a larger one is an error, not a machine without memory.
    init(path: String, limit: Int, pool: ThreadPool) throws {
        let reader = try StackReader(path: path)
        let shape = reader.header.shapeOfAll
        guard shape.count * 4 <= limit else {
            throw InputError(
                place: path, found: "a map of \(shape)", expected: "at most \(limit >> 20) MB of densities",
                remedy: "Make a smaller copy with relion_image_handler --rescale_angpix or --new_box")
        }
        let map = try reader.all()
        density = map
        summary = MapSummary(
            shape: shape, voxelSizeInAngstrom: reader.header.pixelSizeInAngstrom ?? 1, densities: DensityHistogram(of: map))
    }

    /// With a margin for maps derived from it.
    var byteCount: Int { density.shape.count * 4 * 8 / 7 }

    /// Averages of blocks of `edge`³ voxels; voxels that fill no block are left out.
    func binned(by edge: Int) -> RealArray {
        if edge <= 1 || min(density.shape.x, density.shape.y, density.shape.z) < 2 * edge { return density }
        return binnedMaps.withLock { maps in
            if let map = maps[edge] { return map }
            let map = density.averaged(inBlocksOf: edge)
            maps[edge] = map
            return map
        }
    }
}

extension RealArray {
    fileprivate func averaged(inBlocksOf edge: Int) -> RealArray {
        var result = RealArray(shape: Shape(x: shape.x / edge, y: shape.y / edge, z: shape.z / edge))
        let factor = 1 / Float(edge * edge * edge), coarse = result.shape, fine = shape
        values.withUnsafeBufferPointer { source in
            result.values.withUnsafeMutableBufferPointer { target in
                for z in 0..<coarse.z * edge {
                    for y in 0..<coarse.y * edge {
                        let from = (z * fine.y + y) * fine.x, to = ((z / edge) * coarse.y + y / edge) * coarse.x
                        for x in 0..<coarse.x {
                            var sum: Float = 0
                            for i in 0..<edge { sum += source[from + x * edge + i] }
                            target[to + x] += sum * factor
                        }
                    }
                }
            }
        }
        return result
    }

    /// The section of a volume across an axis as an image: (y, z), (x, z) or (x, y).
    fileprivate func sectionAcrossXorY(_ axis: Int, at index: Int) -> RealArray {
        let width = axis == 0 ? shape.y : shape.x
        var image = RealArray(shape: Shape(x: width, y: shape.z))
        for z in 0..<shape.z {
            for i in 0..<width { image[i, z] = axis == 0 ? self[index, i, z] : self[i, index, z] }
        }
        return image
    }

    func section(across axis: Int, at index: Int) -> RealArray { axis == 2 ? section(index) : sectionAcrossXorY(axis, at: index) }
}
