/// Where an engine gets particle images from. Implementations read from memory, disc or scratch.
package protocol ImageSource: Sendable {
    /// Writes image `particle` (x fastest) to `destination`, which holds box × box floats of its optics group.
    ///
    /// Called from many threads at once.
    /// - Throws: `InputError` when the image cannot be read.
    func readImage(_ particle: Int, into destination: UnsafeMutableBufferPointer<Float>) throws
}
