import Arrays
import Foundation
import ImageFormats
import Metadata
import Refinement
import Reporting

/// Images of particles read from their stacks whenever they are wanted.
final class StackImageSource: ImageSource {
    private let locations: ImageLocations
    private let readers = StackReaderCache()
    /// Held while reading where the disc shall serve one thread at a time.
    private let turn: NSLock?

    /// - Parameter isSerial: read one image at a time (`--no_parallel_disc_io`).
    init(locations: ImageLocations, isSerial: Bool) {
        self.locations = locations
        turn = isSerial ? NSLock() : nil
    }

    func readImage(_ particle: Int, into destination: UnsafeMutableBufferPointer<Float>) throws {
        let name = locations.name(particle)
        let reader = try readers.reader(for: name)
        turn?.lock()
        defer { turn?.unlock() }
        try reader.read(name.index ?? 0, into: destination)
        try PixelCheck.requireFinite(UnsafeBufferPointer(destination), of: name.description)
    }
}

enum PixelCheck {
    /// - Throws: `InputError` naming the image when a pixel is infinite or not a number.
    static func requireFinite(_ pixels: UnsafeBufferPointer<Float>, of name: String) throws {
        // x − x is 0 for finite values and NaN for all others; sums of it vectorise.
        var sums = SIMD16<Float>.zero
        var index = 0
        while index + 16 <= pixels.count {
            let values = UnsafeRawPointer(pixels.baseAddress! + index).loadUnaligned(as: SIMD16<Float>.self)
            sums += values - values
            index += 16
        }
        var sum = sums.sum()
        while index < pixels.count {
            sum += pixels[index] - pixels[index]
            index += 1
        }
        if sum == 0 { return }
        let bad = pixels.firstIndex { !$0.isFinite } ?? 0
        throw InputError(
            place: name, found: "pixel \(bad) (counted from 0, x fastest) is \(pixels[bad])", expected: "finite numbers",
            remedy: "Remove the image, or make it again")
    }
}
