/// What decides about the alignment and the sum of a movie. Pixels are those of the movie unless said otherwise.
package struct MotionSettings: Sendable, Equatable {
    /// In pixels²: correlations are damped by exp(−2 B k²), k in 1/pixel.
    package var bFactor = 150.0
    /// Patches of the local alignment along x and y; it takes place with three or more along both.
    package var patches = (x: 1, y: 1)
    /// Frames that are averaged before patches are compared.
    package var groupSize = 1
    package var maximumIterations = 5
    /// Size of the correlation map over the image's; 0: what the B factor asks for.
    package var correlationScale = 0.0
    package var findsHotPixels = true
    /// Pixels of the movie to one of the micrograph, along x and along y.
    package var binning = 1.0
    package var binningStage = BinningStage.frames
    /// Whether tracks of groups of frames are interpolated to all frames before the local model is fitted, instead of fitted where they hold.
    package var interpolatesShifts = false
    /// Distance over which a replacement for a bad pixel is looked for.
    package var repairReach = 2

    /// Where binning takes place.
    package enum BinningStage: Sendable {
        /// Frames are binned, then warped and added: quick and small, but interpolation dampens what lies near the micrograph's Nyquist frequency.
        case frames
        /// The sum is.
        case sum
    }

    package var isLocal: Bool { patches.x > 2 && patches.y > 2 }

    package init() {}

    package static func == (one: MotionSettings, other: MotionSettings) -> Bool {
        one.bFactor == other.bFactor && one.patches == other.patches && one.groupSize == other.groupSize
            && one.maximumIterations == other.maximumIterations && one.correlationScale == other.correlationScale
            && one.findsHotPixels == other.findsHotPixels && one.binning == other.binning
            && one.binningStage == other.binningStage && one.interpolatesShifts == other.interpolatesShifts && one.repairReach == other.repairReach
    }
}

/// What is made of the aligned frames.
package struct MicrographOutputs: Sendable, Equatable {
    /// Exposure of each used frame's end, in e/Å² at 300 kV; nil: no weighting.
    package var exposures: [Double]?
    /// Å, of the movie.
    package var pixelSizeInAngstrom = 1.0
    package var plainSum = false
    package var evenAndOddSums = false
    /// Frames to a power spectrum; 0: none.
    package var spectrumGrouping = 0
    package var spectrumSize = 512

    package init() {}
}
