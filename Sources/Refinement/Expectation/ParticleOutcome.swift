import Arrays
import CKernels

/// What the expectation step found out about one particle: its new parameters and its share of all weighted sums.
///
/// Outcomes are made in any order and added up in the order of the particles.
struct ParticleOutcome: Sendable {
    var particle: Particle
    /// No sample has a probability: the particle keeps its pose and counts in no sum.
    var isLeftOut = false
    var shifted = (rot: 0.0, tilt: 0.0)
    /// Σ weight·|X − CTF·P|² per shell of the references.
    var noise: [Double]
    /// Σ CTF² per shell, for premultiplied images.
    var squaredContrast: [Double]
    /// Sum of all significant weights, about the adaptive fraction.
    var weight = 0.0
    var classWeights: [(classIndex: Int, weight: Double, offsetX: Double, offsetY: Double)] = []
    /// One item for all samples of a direction that follow each other.
    private(set) var directionWeights: [(classIndex: Int32, direction: Int32, weight: Double)] = []
    var fineSliceCount = 0
    var offsetVariance = 0.0
    var signalProduct = 0.0
    var referencePower = 0.0
    /// Its place in a self-organising map, where there is one.
    var vote: SelfOrganisingMap.Vote?
    /// What goes into the reconstruction; nil without maximisation.
    var samples: WeightedSamples?

    mutating func addDirection(classIndex: Int, direction: Int, weight: Double) {
        if let last = directionWeights.last, last.direction == direction, last.classIndex == classIndex {
            directionWeights[directionWeights.count - 1].weight += weight
        } else {
            directionWeights.append((Int32(classIndex), Int32(direction), weight))
        }
    }
}
