import Arrays
import ImageFormats
import Reporting

/// Room for one micrograph, used again for the next one: fresh memory of this size costs as much time as reading into it.
///
/// One worker of a parallel loop has it at a time; that is why it may cross threads although it is mutable.
final class MicrographMemory: @unchecked Sendable {
    private var buffer = AlignedBuffer<Float>(count: 0)

    /// The pixels of a micrograph, until the next call.
    /// - Parameter shape: that the micrograph had when it was checked.
    func read(_ name: String, shape: Shape) throws -> UnsafeBufferPointer<Float> {
        let parsed = try ImageName(parsing: name)
        let reader = try StackReader(path: parsed.path, layout: .sections)
        let section = parsed.index ?? 0
        guard reader.header.shape == shape, parsed.index != nil || reader.count == 1 else {
            throw InputError(
                place: name, found: "has changed since it was checked", expected: "micrographs that stay as they are")
        }
        if buffer.count < shape.count { buffer = AlignedBuffer(uninitialisedCount: shape.count) }
        let pixels = UnsafeMutableBufferPointer(rebasing: buffer.pointer[0..<shape.count])
        try reader.read(section, into: pixels)
        return UnsafeBufferPointer(pixels)
    }
}
