/// Growing memory that rows are written into.
///
/// Appending goes through a raw pointer: millions of cells of some twelve bytes would else spend most of their time in
/// an array's checks. Room is made in `reserve`, by whoever appends.
final class ByteSink {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = max(64, capacity)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    /// Pointer to at least `size` free bytes; the caller says with `advance` how many it used.
    @inline(__always)
    func reserve(_ size: Int) -> UnsafeMutablePointer<UInt8> {
        if count &+ size > capacity { grow(by: size) }
        return base + count
    }

    @inline(__always)
    func advance(by size: Int) { count &+= size }

    private func grow(by size: Int) {
        capacity = max(capacity * 2, count + size)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
    }

    @inline(__always)
    func append(_ byte: UInt8) {
        reserve(1).pointee = byte
        count &+= 1
    }

    @inline(__always)
    func append(spaces: Int) {
        if spaces <= 0 { return }
        reserve(spaces).update(repeating: .space, count: spaces)
        count &+= spaces
    }

    @inline(__always)
    func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        if bytes.isEmpty { return }
        reserve(bytes.count).update(from: bytes.baseAddress!, count: bytes.count)
        count &+= bytes.count
    }

    /// Appends `spaces` (12 at most) blanks and the bytes.
    ///
    /// Blanks and short texts go as whole words, past their end where need be: what follows is written over them.
    @inline(__always)
    func append(_ bytes: UnsafeBufferPointer<UInt8>, indentedBy spaces: Int) {
        guard let source = bytes.baseAddress else { return append(spaces: spaces) }
        let target = reserve(16 &+ spaces &+ bytes.count)
        let blanks: UInt64 = 0x2020_2020_2020_2020
        UnsafeMutableRawPointer(target).storeBytes(of: blanks, as: UInt64.self)
        UnsafeMutableRawPointer(target + 8).storeBytes(of: blanks, as: UInt64.self)
        (target + spaces).update(from: source, count: bytes.count)
        count &+= spaces &+ bytes.count
    }

    func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    /// Gives the bytes to `body` and forgets them.
    func drain<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        defer { count = 0 }
        return try body(UnsafeBufferPointer(start: base, count: count))
    }
}
