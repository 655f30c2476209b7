import Arrays
import Imaging

/// A surface as it goes to the browser; `Page/map/surface-mesh.js` reads it.
///
/// Little endian. Head of 64 bytes: "RSM1", numbers of vertices and triangles, flags (1: values follow) as 32-bit integers; extent
/// of the map in voxels (x, y, z), voxel size in Å, level as 32-bit floats. Then for each vertex its position as 3 × 16 bits, 0 ... 65535
/// from the first voxel to the last of an axis (2 bytes of padding), and its normal as 3 × 8 bits (1 byte of padding); values as 32-bit
/// floats; vertices of the triangles as 32-bit integers.
package enum SurfaceMessage {
    static let headByteCount = 64

    package static func encode(
        _ mesh: SurfaceMesh, shape: Shape, voxelSizeInAngstrom: Double, level: Float, values: [Float]? = nil
    ) -> [UInt8] {
        precondition(values.map { $0.count == mesh.vertexCount } ?? true)
        let count = mesh.vertexCount
        let size = headByteCount + count * (12 + (values == nil ? 0 : 4)) + mesh.triangles.count * 4
        var bytes = [UInt8](repeating: 0, count: size)
        bytes.withUnsafeMutableBytes { target in
            var writer = LittleEndianWriter(target: target)
            writer.put(0x314D_5352 as UInt32)
            for number in [count, mesh.triangleCount, values == nil ? 0 : 1] { writer.put(UInt32(number)) }
            for number in [Float(shape.x), Float(shape.y), Float(shape.z), Float(voxelSizeInAngstrom), level] {
                writer.put(number.bitPattern)
            }
            writer.position = headByteCount
            let scale = [shape.x, shape.y, shape.z].map { 65535 / Float(max(1, $0 - 1)) }
            for vertex in 0..<count {
                for axis in 0..<3 { writer.put(UInt16(min(65535, max(0, mesh.positions[vertex * 3 + axis] * scale[axis])).rounded())) }
                writer.put(0 as UInt16)
            }
            for vertex in 0..<count {
                for axis in 0..<3 { writer.put(UInt8(bitPattern: Int8((mesh.normals[vertex * 3 + axis] * 127).rounded()))) }
                writer.put(0 as UInt8)
            }
            for value in values ?? [] { writer.put(value.bitPattern) }
            for vertex in mesh.triangles { writer.put(vertex) }
        }
        return bytes
    }
}

/// Writes integers one after another, lowest byte first.
private struct LittleEndianWriter {
    let target: UnsafeMutableRawBufferPointer
    var position = 0

    @inline(__always)
    mutating func put<Number: FixedWidthInteger>(_ number: Number) {
        target.storeBytes(of: number.littleEndian, toByteOffset: position, as: Number.self)
        position += MemoryLayout<Number>.size
    }
}
