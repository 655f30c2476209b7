/// What one thread takes while it compares a batch of particles, in bytes.
package struct WorkerMemory {
    /// Scores of a batch may take this much, unless those of one particle alone take more.
    static let scores = 192 << 20
    static let largestBatch = 16
    /// That a local search typically looks at: about 120 directions × 13 angles.
    package static let localOrientations = 1500

    /// Particles whose images are multiplied with one tile of slices at a time.
    static func batch(samples: Int) -> Int {
        max(1, min(largestBatch, scores / max(1, samples * MemoryLayout<Float>.size)))
    }

    package let bytes: Int

    /// - Parameters:
    ///   - box, coarseRadius: pixels of an image, and of its transform in the coarse pass.
    ///   - orientations: coarse ones, of all classes; `children` is the number of fine ones of each.
    ///   - shifts: coarse ones; `shiftChildren` is the number of fine ones of each.
    package init(box: Int, coarseRadius: Int, orientations: Int, children: Int, shifts: Int, shiftChildren: Int) {
        // Enough to say what does not fit, and no overflow for the most absurd sampling.
        let samples = min(1 << 40, orientations * shifts), batch = Self.batch(samples: samples)
        // Half-planes of complex numbers, as floats.
        func plane(_ radius: Int) -> Int { Int(Double.pi * Double(radius * radius)) }
        let fine = plane(box / 2), coarse = plane(coarseRadius)
        // Pixels, shifted, spectrum and noise; masked, unmasked and three planes of real factors.
        let images = batch * (4 * box * box + 7 * fine / 2)
        let tiles = ExpectationWorker.tileRows * (2 * coarse + batch * shifts) + batch * shifts * coarse
        let fineRows = (shifts * shiftChildren + children + 3) * fine
        bytes = (images + tiles + batch * samples + fineRows) * MemoryLayout<Float>.size
    }
}
