import Arrays
import Geometry

/// One particle as it enters the reconstruction: its weighted image, and its significant orientations with the weights of
/// their shifts. Slices are made from these when all particles of a round are known, so that those of equal orientation
/// are added up where they lie and none is stored.
final class WeightedSamples: @unchecked Sendable {  // Filled by one task, read when it has ended.
    /// A round holds some hundred thousand of these: 24 bytes each.
    struct Entry {
        /// Number of the fine orientation in the grid; negative: the particle's own orientation.
        var orientation: Int
        /// Index of the accumulator: class, or class + class count for the second pseudo half.
        var accumulator: Int32
        /// The reference that was compared.
        var reference: Int32
        /// Sum of the weights of the shifts.
        var weight: Float
        /// The first of its shifts; they end where those of the next entry begin.
        var firstShift: Int32

        var isOnGrid: Bool { orientation >= 0 }
    }

    let group: GroupContext
    let opticsGroup: Int
    /// A particle's own orientation, where the grid is not searched.
    let fixedRotation: RotationMatrix?
    /// Planar image, times CTF/σ²; then CTF²/σ² of each pixel; then, for gradients, the factors of the reference.
    private let spectra: AlignedBuffer<Float>
    private(set) var entries: [Entry] = []
    /// Fine shifts and their weights, entry by entry.
    private(set) var shifts: [UInt32] = []
    private(set) var shiftWeights: [Float] = []

    init(group: GroupContext, opticsGroup: Int, fixedRotation: RotationMatrix?, isGradient: Bool) {
        self.group = group
        self.opticsGroup = opticsGroup
        self.fixedRotation = fixedRotation
        spectra = AlignedBuffer(count: (isGradient ? 4 : 3) * group.fine.stride)
    }

    var image: UnsafeMutablePointer<Float> { spectra.base }
    var weights: UnsafeMutablePointer<Float> { spectra.base + 2 * group.fine.stride }
    /// Only for gradients.
    var factors: UnsafeMutablePointer<Float> { spectra.base + 3 * group.fine.stride }

    func append(accumulator: Int, reference: Int, orientation: Int?, weight: Double, shifts new: [UInt32], weights: [Float]) {
        entries.append(Entry(orientation: orientation ?? -1, accumulator: Int32(accumulator), reference: Int32(reference),
                             weight: Float(weight), firstShift: Int32(shifts.count)))
        shifts.append(contentsOf: new)
        shiftWeights.append(contentsOf: weights)
    }

    /// Places in `shifts` and `shiftWeights` of an entry.
    func samples(ofEntry index: Int) -> Range<Int> {
        let last = index + 1 < entries.count ? Int(entries[index + 1].firstShift) : shifts.count
        return Int(entries[index].firstShift)..<last
    }

    /// Gives back the room that growing arrays keep in reserve: up to half of them, for all particles of a round.
    func trim() {
        entries = entries.withUnsafeBufferPointer { Array($0) }
        shifts = shifts.withUnsafeBufferPointer { Array($0) }
        shiftWeights = shiftWeights.withUnsafeBufferPointer { Array($0) }
    }

    var bytes: Int {
        spectra.count * 4 + entries.count * (MemoryLayout<Entry>.stride + 16) + shifts.count * 8
    }
}
