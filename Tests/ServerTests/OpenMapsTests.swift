import Arrays
import Foundation
import ImageFormats
import Imaging
import Parallel
import Reporting
import Server
import Testing
import TestSupport

@Suite struct OpenMapsTests {
    private func write(_ map: RealArray, to path: String) throws {
        let writer = try StackWriter(path: path, shape: map.shape, pixelSizeInAngstrom: 2)
        try writer.write(map, at: 0)
        try writer.finish()
    }

    private func ball(_ box: Int, radius: Double) -> RealArray {
        var map = RealArray(shape: .cube(box))
        let centre = Double(box - 1) / 2
        for z in 0..<box {
            for y in 0..<box {
                for x in 0..<box {
                    let (dx, dy, dz) = (Double(x) - centre, Double(y) - centre, Double(z) - centre)
                    map[x, y, z] = Float(radius - (dx * dx + dy * dy + dz * dz).squareRoot())
                }
            }
        }
        return map
    }

    private func number<Value: FixedWidthInteger>(_ bytes: [UInt8], at offset: Int) -> Value {
        bytes.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self)) }
    }

    @Test func surfaceMessage() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/map.mrc"
        try write(ball(40, radius: 12), to: path)
        let maps = OpenMaps(pool: ThreadPool(threads: 2))
        let summary = try maps.summary(of: path)
        #expect(summary.shape == [40, 40, 40] && summary.voxelSizeInAngstrom == 2 && summary.histogram.reduce(0, +) == 64000)
        let bytes = try maps.surface(of: path, level: 0, colouredBy: path)
        let vertices: UInt32 = number(bytes, at: 4), triangles: UInt32 = number(bytes, at: 8)
        #expect(String(decoding: bytes[..<4], as: UTF8.self) == "RSM1" && number(bytes, at: 12) == UInt32(1))
        #expect(bytes.count == 64 + Int(vertices) * 16 + Int(triangles) * 12)
        let values = 64 + Int(vertices) * 12
        for vertex in 0..<Int(vertices) {
            let at = (0..<3).map { Double(number(bytes, at: 64 + vertex * 8 + $0 * 2) as UInt16) / 65535 * 39 - 19.5 }
            let normal = (0..<3).map { Double(Int8(bitPattern: bytes[64 + Int(vertices) * 8 + vertex * 4 + $0])) / 127 }
            let radius = (at[0] * at[0] + at[1] * at[1] + at[2] * at[2]).squareRoot()
            #expect(abs(radius - 12) < 0.06)
            #expect((at[0] * normal[0] + at[1] * normal[1] + at[2] * normal[2]) / radius > 0.98)
            // Values are taken two voxels inside.
            #expect(abs(Float(bitPattern: number(bytes, at: values + vertex * 4)) - 2) < 0.1)
        }
        let last: UInt32 = number(bytes, at: bytes.count - 4)
        #expect(last < vertices)
    }

    /// Blocks of two have the same centre and half of the voxels.
    @Test func coarseSurfaceLiesOnTheFineOne() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/map.mrc"
        try write(ball(40, radius: 12), to: path)
        let bytes = try OpenMaps(pool: ThreadPool(threads: 1)).surface(of: path, level: 0, binning: 2)
        let vertices: UInt32 = number(bytes, at: 4)
        #expect(Float(bitPattern: number(bytes, at: 28)) == 4)
        for vertex in 0..<Int(vertices) {
            let at = (0..<3).map { (Double(number(bytes, at: 64 + vertex * 8 + $0 * 2) as UInt16) / 65535 - 0.5) * 38 }
            #expect(abs((at[0] * at[0] + at[1] * at[1] + at[2] * at[2]).squareRoot() - 12) < 0.25)
        }
    }

    @Test func changedFilesAreReadAgainAndOldMapsGo() throws {
        let folder = try TemporaryFolder()
        let (a, b) = (folder.path + "/a.mrc", folder.path + "/b.mrc")
        try write(ball(32, radius: 8), to: a)
        try write(ball(32, radius: 9), to: b)
        // Room for one map of 32³ at a time.
        let maps = OpenMaps(memoryInBytes: 200_000, pool: ThreadPool(threads: 1))
        let first = try maps.summary(of: a)
        _ = try maps.summary(of: b)
        #expect(try maps.summary(of: a) == first)
        try write(ball(34, radius: 8), to: a)
        #expect(try maps.summary(of: a).shape == [34, 34, 34])
    }

    @Test func sectionsAndFaults() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/map.mrc"
        var map = RealArray(shape: Shape(x: 4, y: 5, z: 6))
        for i in map.values.indices { map.values[i] = Float(i) }
        try write(map, to: path)
        let maps = OpenMaps(pool: ThreadPool(threads: 1))
        #expect(try maps.section(of: path, axis: 0, index: 3)[1, 2] == map[3, 1, 2])
        #expect(try maps.section(of: path, axis: 1, index: 3)[1, 2] == map[1, 3, 2])
        #expect(try maps.section(of: path, axis: 2, index: 3)[1, 2] == map[1, 2, 3])
        #expect(throws: InputError.self) { try maps.section(of: path, axis: 2, index: 6) }
        #expect(throws: InputError.self) { try maps.section(of: path, axis: 3, index: 0) }
        #expect(throws: InputError.self) { try maps.surface(of: path, level: .nan) }
        #expect(throws: InputError.self) { try maps.surface(of: path, level: 1, binning: 0) }
        #expect(throws: InputError.self) { try maps.summary(of: folder.path + "/nothing.mrc") }
        #expect(throws: InputError.self) { try OpenMaps(memoryInBytes: 100, pool: ThreadPool(threads: 1)).summary(of: path) }
    }
}
