/// How features are measured; the standards are those of the program's options, and the fitted score belongs to them.
package struct FeatureSettings: Sendable, Hashable {
    /// Å; images are smoothed to this before density is told from background.
    package var smoothingInAngstrom = 25.0
    /// In units of the image; nil: from the histogram.
    package var threshold: Double?
    /// Inner edge of the ring at the mask's border, of the radius.
    package var ringStart = 0.95
    /// Inner edge in pixels of 4 Å; overrides `ringStart`.
    package var ringStartInPixels: Double?
    package var measuresGranularity = false

    /// Å; finer images are resampled to this first, so that features do not depend on the sampling.
    static let pixelSize = 4.0

    package init() {}
}
