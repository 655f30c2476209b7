/// How the electron events of an EER movie become frames.
package struct EERRendering: Sendable, Hashable {
    /// The grid that electrons are drawn on, by the number that `--eer_upsampling` gives it.
    package enum Grid: Int, Sendable, CaseIterable {
        /// Two by two detector pixels to one.
        case half = -1
        /// The detector's pixels: 4K for a Falcon 4.
        case physical = 1
        /// Each detector pixel in four: 8K for a Falcon 4.
        case double = 2
        /// Each detector pixel in sixteen: 16K for a Falcon 4.
        case quadruple = 3

        /// Powers of two between the detector's pixels and the image's.
        var log2: Int { self == .half ? -1 : rawValue - 1 }

        /// The extent of an axis of `pixels` detector pixels.
        package func extent(of pixels: Int) -> Int { self == .half ? pixels / 2 : pixels << log2 }
    }

    package var grid: Grid
    /// Detector frames that are summed to one frame; what is left over at the end of the movie is not used.
    package var rawFramesPerFrame: Int

    package init(grid: Grid = .physical, rawFramesPerFrame: Int = 40) {
        self.grid = grid
        self.rawFramesPerFrame = max(1, rawFramesPerFrame)
    }
}
