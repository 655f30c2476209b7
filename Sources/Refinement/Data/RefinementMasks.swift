import Arrays
import Imaging

/// Masks that are applied to references after each iteration, all of the references' box; values within 0...1.
package struct RefinementMasks: Sendable {
    /// `--solvent_mask`: what is 0 is set to 0.
    package var solvent: RealArray?
    /// `--solvent_mask2`: 1 where the density is set to its own mean.
    package var secondSolvent: RealArray?
    /// `--lowpass_mask`: region that is kept low-pass filtered to `lowPassResolution` Å.
    package var lowPass: RealArray?
    package var lowPassResolution = 0.0
    /// `--local_symmetry`: domains whose copies are averaged.
    package var localSymmetry: LocalSymmetry?
    package init() {}
}
