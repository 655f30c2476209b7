import Foundation

/// Fixed-capacity memory aligned to a cache line, for working space of kernels that several threads share.
///
/// The owner hands out disjoint parts to the threads; that is why it may cross threads although it is mutable: no two
/// tasks of one parallel loop write the same element, and loops end before the next one starts.
///
/// `Element` must be plain old data; `BitwiseCopyable` cannot say so, since the library's `Complex` lacks that conformance.
package final class AlignedBuffer<Element>: @unchecked Sendable {
    package static var alignment: Int { 64 }
    package let count: Int
    package let base: UnsafeMutablePointer<Element>
    /// Whose memory this is; nil: its own.
    private let owner: AnyObject?

    /// Memory for `count` elements, zero bytes throughout.
    package init(count: Int) {
        precondition(count >= 0 && _isPOD(Element.self))
        self.count = count
        let bytes = max(64, (count * MemoryLayout<Element>.stride + 63) & ~63)
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        base = raw.bindMemory(to: Element.self, capacity: max(1, count))
        owner = nil
    }

    /// Memory for `count` elements whose values are undefined: for large tables that are written in full.
    package init(uninitialisedCount count: Int) {
        precondition(count >= 0)
        self.count = count
        let bytes = max(64, (count * MemoryLayout<Element>.stride + 63) & ~63)
        base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            .bindMemory(to: Element.self, capacity: max(1, count))
        owner = nil
    }

    /// The first `count` elements of memory that was used for something else. The pages behind them go back to the system;
    /// the other buffer must not be used any more.
    package init<Other>(reusing other: AlignedBuffer<Other>, count: Int) {
        let used = count * MemoryLayout<Element>.stride, held = other.count * MemoryLayout<Other>.stride
        precondition(count >= 0 && _isPOD(Element.self) && used <= held)
        self.count = count
        let raw = UnsafeMutableRawPointer(other.base)
        base = raw.bindMemory(to: Element.self, capacity: max(1, count))
        owner = other
        let page = Int(getpagesize()), start = Int(bitPattern: raw)
        let first = (start + used + page - 1) / page * page, last = (start + held) / page * page
        if first < last, let tail = UnsafeMutableRawPointer(bitPattern: first) { madvise(tail, last - first, MADV_DONTNEED) }
    }

    deinit { if owner == nil { UnsafeMutableRawPointer(base).deallocate() } }

    package subscript(index: Int) -> Element {
        get {
            assert(index >= 0 && index < count)
            return base[index]
        }
        set {
            assert(index >= 0 && index < count)
            base[index] = newValue
        }
    }

    package func clear() {
        UnsafeMutableRawPointer(base).initializeMemory(as: UInt8.self, repeating: 0, count: count * MemoryLayout<Element>.stride)
    }

    package var pointer: UnsafeMutableBufferPointer<Element> { .init(start: base, count: count) }
}
