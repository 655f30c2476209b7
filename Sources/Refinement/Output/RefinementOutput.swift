import Arrays
import Geometry

/// What an engine reports at the end of an iteration; a program writes it to files.
package struct RefinementSnapshot: Sendable {
    package var settings: RefinementSettings
    package var state: RunState
    /// One model, or one per random half.
    package var models: [RefinementModel]
    /// In input order.
    package var particles: [Particle]
    /// The last iteration of a converged auto-refinement: files carry no iteration number.
    package var isFinal: Bool
    /// The grid of orientations, where orientations are searched in 3D.
    package var sampling: OrientationSampling?
    /// Directions of the sampling with their angles, degrees.
    package var directions: [(rot: Double, tilt: Double)]
    /// How classes are joined, where they are nodes of a map.
    package var selfOrganisingMap: SelfOrganisingMap?
    /// Maps without solvent mask (2D), or unfiltered half maps (final iteration).
    package var unmaskedReferences: [RealArray]
    package var unfilteredHalves: [RealArray]
}

/// Where an engine's results go.
package protocol RefinementOutput: Sendable {
    func write(_ snapshot: RefinementSnapshot) throws
}
