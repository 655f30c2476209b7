import CKernels

/// `Float` pixels to what a file stores, in little-endian order. Whole numbers are rounded and clamped to their range.
enum PixelEncoding {
    static func encode(_ values: UnsafeBufferPointer<Float>, as mode: PixelMode) -> [UInt8] {
        let byteCount = (values.count * mode.bitsPerPixel + 7) / 8
        return [UInt8](unsafeUninitializedCapacity: byteCount) { bytes, filled in
            filled = byteCount
            guard let source = values.baseAddress else { return }
            let target = UnsafeMutableRawPointer(bytes.baseAddress!)
            switch mode {
            case .float32: target.copyMemory(from: source, byteCount: byteCount)
            case .float16: kernels_encode_half(source, target.assumingMemoryBound(to: UInt16.self), values.count)
            case .int8: round(values, into: target.assumingMemoryBound(to: Int8.self))
            case .int16: round(values, into: target.assumingMemoryBound(to: Int16.self))
            case .uint16: round(values, into: target.assumingMemoryBound(to: UInt16.self))
            case .uint4:
                let output = target.assumingMemoryBound(to: UInt8.self)
                for i in 0..<byteCount { output[i] = 0 }
                for (i, value) in values.enumerated() {
                    let nibble = UInt8(min(15, max(0, value.isNaN ? 0 : value.rounded())))
                    output[i / 2] |= i % 2 == 0 ? nibble : nibble << 4
                }
            }
        }
    }

    private static func round<T: FixedWidthInteger>(_ values: UnsafeBufferPointer<Float>, into target: UnsafeMutablePointer<T>) {
        let (low, high) = (Float(T.min), Float(T.max))
        for (i, value) in values.enumerated() {
            target[i] = value.isNaN ? 0 : T(min(high, max(low, value.rounded())))
        }
    }
}
