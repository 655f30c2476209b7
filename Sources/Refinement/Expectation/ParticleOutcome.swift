import Arrays
import CKernels

/// What the expectation step found out about one particle: its new parameters and its share of all weighted sums.
///
/// Outcomes are made in any order and added up in the order of the particles.
struct ParticleOutcome: Sendable {
    var particle: Particle
    var shifted = (rot: 0.0, tilt: 0.0)
    /// Σ weight·|X − CTF·P|² per shell of the references.
    var noise: [Double]
    /// Σ CTF² per shell, for premultiplied images.
    var squaredContrast: [Double]
    /// Sum of all significant weights, about the adaptive fraction.
    var weight = 0.0
    var classWeights: [(classIndex: Int, weight: Double, offsetX: Double, offsetY: Double)] = []
    var directionWeights: [(classIndex: Int, direction: Int, weight: Double)] = []
    var fineSliceCount = 0
    var offsetVariance = 0.0
    var signalProduct = 0.0
    var referencePower = 0.0
    var slices: SliceBatch?
}

/// Slices of one particle to be inserted into the accumulators.
final class SliceBatch: @unchecked Sendable {  // Filled by one task, read when it has ended.
    struct Entry {
        /// Index of the accumulator: class, or class + class count for the second pseudo half.
        var accumulator: Int
        /// Number of the fine orientation in the grid; slices of equal accumulator and orientation may be added up. nil: unique.
        var orientation: Int?
        var weight: Float
        var matrix: (Float, Float, Float, Float, Float, Float)
    }

    let layout: PixelLayout
    /// Slices of groups with different magnification lie differently in the reference.
    let opticsGroup: Int
    /// CTF²·scale²/σ² of each pixel.
    let weights: AlignedBuffer<Float>
    private(set) var entries: [Entry] = []
    private var memory: [AlignedBuffer<Float>] = []
    private static let slicesPerBlock = 16

    init(layout: PixelLayout, opticsGroup: Int) {
        self.layout = layout
        self.opticsGroup = opticsGroup
        weights = AlignedBuffer(count: layout.stride)
    }

    /// Room for the planar data of one more slice.
    func append(_ entry: Entry) -> UnsafeMutablePointer<Float> {
        let place = entries.count % Self.slicesPerBlock
        if place == 0 { memory.append(AlignedBuffer(count: Self.slicesPerBlock * layout.planarCount)) }
        entries.append(entry)
        return memory[memory.count - 1].base + place * layout.planarCount
    }

    func data(_ index: Int) -> UnsafePointer<Float> {
        UnsafePointer(memory[index / Self.slicesPerBlock].base + index % Self.slicesPerBlock * layout.planarCount)
    }

    var bytes: Int { memory.count * Self.slicesPerBlock * layout.planarCount * 4 + layout.stride * 4 }
}
