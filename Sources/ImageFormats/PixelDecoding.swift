import CKernels

/// Stored pixels to `Float`.
enum PixelDecoding {
    /// Decodes `target.count` pixels of rows of `columns` from `bytes`, which may be reordered in place.
    static func decode(
        _ bytes: UnsafeMutableRawBufferPointer, layout: StoredLayout, into target: UnsafeMutableBufferPointer<Float>
    ) {
        guard let output = target.baseAddress, let base = bytes.baseAddress else { return }
        let count = target.count
        let mode = layout.header.mode
        if layout.isByteSwapped { swapBytes(bytes, bits: mode.bitsPerPixel) }
        switch mode {
        case .int8:
            let source = base.assumingMemoryBound(to: Int8.self)
            for i in 0..<count { output[i] = Float(source[i]) }
        case .int16:
            let source = base.assumingMemoryBound(to: Int16.self)
            for i in 0..<count { output[i] = Float(source[i]) }
        case .uint16:
            let source = base.assumingMemoryBound(to: UInt16.self)
            for i in 0..<count { output[i] = Float(source[i]) }
        case .float32:
            let source = base.assumingMemoryBound(to: Float.self)
            if source != UnsafeMutablePointer(output) { output.update(from: source, count: count) }
        case .float16: kernels_decode_half(base.assumingMemoryBound(to: UInt16.self), output, count)
        case .uint4: decodeNibbles(base.assumingMemoryBound(to: UInt8.self), layout: layout, into: target)
        }
    }

    private static func decodeNibbles(
        _ source: UnsafePointer<UInt8>, layout: StoredLayout, into target: UnsafeMutableBufferPointer<Float>
    ) {
        let columns = layout.header.shape.x
        // Unpadded rows run on: treat all of it as one row.
        let width = layout.hasPaddedRows ? columns : target.count
        let rowBytes = (width + 1) / 2
        for row in 0..<target.count / width {
            for x in 0..<width {
                let byte = source[row * rowBytes + x / 2]
                target[row * width + x] = Float(x % 2 == 0 ? byte & 15 : byte >> 4)
            }
        }
    }

    static func swapBytes(_ bytes: UnsafeMutableRawBufferPointer, bits: Int) {
        guard let base = bytes.baseAddress else { return }
        if bits == 16 {
            let words = base.assumingMemoryBound(to: UInt16.self)
            for i in 0..<bytes.count / 2 { words[i] = words[i].byteSwapped }
        } else if bits == 32 {
            let words = base.assumingMemoryBound(to: UInt32.self)
            for i in 0..<bytes.count / 4 { words[i] = words[i].byteSwapped }
        }
    }
}
