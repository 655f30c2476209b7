import Arrays
import Reporting
import Synchronization

/// Open readers for many `N@stack` names, at most `capacity` files at a time; the one used longest ago is closed first.
///
/// Any thread may call. A reader in use stays open until its last user lets go of it.
package final class StackReaderCache: Sendable {
    private struct State {
        var readers: [String: (reader: StackReader, lastUse: Int)] = [:]
        var clock = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: open files; well below the usual limit of 1024 a process.
    package init(capacity: Int = 200) { self.capacity = max(1, capacity) }

    /// The reader of the file behind `name`, whose sections are images if the name has a position.
    package func reader(for name: ImageName) throws -> StackReader {
        let key = name.index == nil ? name.path : "@" + name.path
        let open = state.withLock { state -> StackReader? in
            state.clock += 1
            state.readers[key]?.lastUse = state.clock
            return state.readers[key]?.reader
        }
        if let open { return open }
        // Opened outside the lock; when two threads open the same file at once one of the readers is dropped.
        let reader = try StackReader(path: name.path, layout: name.index == nil ? .byName : .sections)
        state.withLock { state in
            if state.readers.count >= capacity, let oldest = state.readers.min(by: { $0.value.lastUse < $1.value.lastUse })?.key {
                state.readers[oldest] = nil
            }
            state.readers[key] = (reader, state.clock)
        }
        return reader
    }

    /// Shape of the image behind `name`.
    package func shape(of name: ImageName) throws -> Shape { try reader(for: name).header.shape }

    /// The image (or volume) behind `name`.
    package func image(_ name: ImageName) throws -> RealArray { try reader(for: name).image(name.index ?? 0) }

    /// Reads images of one shape one behind the other into `target`; names that follow each other in a file are one read.
    /// - Throws: `InputError` when an image has not the `shape` that the caller expects, naming the image.
    package func read(_ names: [ImageName], shape: Shape, into target: UnsafeMutableBufferPointer<Float>) throws {
        precondition(target.count == names.count * shape.count)
        var first = 0
        while first < names.count {
            var end = first + 1
            while end < names.count, let index = names[end].index, names[end].path == names[first].path,
                names[end - 1].index == index - 1 { end += 1 }
            let reader = try reader(for: names[first])
            guard reader.header.shape == shape else {
                throw InputError(place: names[first].description, found: "an image of \(reader.header.shape) pixels",
                                 expected: "\(shape) pixels",
                                 remedy: "Images of one optics group must have the box size that rlnImageSize states")
            }
            let start = names[first].index ?? 0
            let part = UnsafeMutableBufferPointer(rebasing: target[first * shape.count..<end * shape.count])
            try reader.read(start..<start + end - first, into: part)
            first = end
        }
    }
}
