import Arrays
import CKernels
import Parallel

/// The slices of a round, those of equal orientation added up: insertion costs far more than an addition, and many
/// particles share orientations while the grid is coarse or assignments are uncertain.
///
/// Within a group slices are added in particle order; groups are ordered by accumulator and orientation.
final class MergedSlices: @unchecked Sendable {  // Groups are disjoint; written before any is read.
    struct Slice {
        var accumulator: Int
        var matrix: (Float, Float, Float, Float, Float, Float)
        var layout: PixelLayout
        /// Planar data, and weights that are multiplied by `weight`.
        var data: UnsafePointer<Float>
        var weights: UnsafePointer<Float>
        var weight: Float
    }

    private struct Place {
        var batch: Int
        var entry: Int
        var accumulator: Int
        var orientation: Int
    }

    private(set) var slices: [Slice] = []
    private let batches: [SliceBatch]
    private var sums: AlignedBuffer<Float>?

    init(_ batches: [SliceBatch], pool: ThreadPool) {
        self.batches = batches
        var places: [Place] = []
        for (batch, slices) in batches.enumerated() {
            for (entry, slice) in slices.entries.enumerated() {
                places.append(Place(batch: batch, entry: entry, accumulator: slice.accumulator,
                                    orientation: slice.orientation ?? -1))
            }
        }
        // Ties keep particle order.
        places.sort {
            if $0.accumulator != $1.accumulator { return $0.accumulator < $1.accumulator }
            if $0.orientation != $1.orientation { return $0.orientation < $1.orientation }
            return $0.batch != $1.batch ? $0.batch < $1.batch : $0.entry < $1.entry
        }
        merge(places, groups: Self.groups(places, batches), pool: pool)
    }

    /// Runs of places that may be added up.
    private static func groups(_ places: [Place], _ batches: [SliceBatch]) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        var first = 0
        for index in places.indices {
            let next = index + 1
            let isSame = next < places.count && places[next].orientation >= 0
                && places[next].orientation == places[first].orientation
                && places[next].accumulator == places[first].accumulator
                && batches[places[next].batch].layout === batches[places[first].batch].layout
                && batches[places[next].batch].opticsGroup == batches[places[first].batch].opticsGroup
            if !isSame {
                groups.append(first..<next)
                first = next
            }
        }
        return groups
    }

    private func merge(_ places: [Place], groups: [Range<Int>], pool: ThreadPool) {
        var starts: [Int] = [], total = 0
        for group in groups {
            starts.append(total)
            if group.count > 1 {
                let layout = batches[places[group.lowerBound].batch].layout
                total += layout.planarCount + layout.stride
            }
        }
        let sums = AlignedBuffer<Float>(count: total)
        self.sums = sums
        let batches = batches, offsets = starts
        slices = pool.map(count: groups.count) { item, _ in
            let group = groups[item], place = places[group.lowerBound]
            let batch = batches[place.batch], entry = batch.entries[place.entry], layout = batch.layout
            guard group.count > 1 else {
                return Slice(accumulator: entry.accumulator, matrix: entry.matrix, layout: layout,
                             data: batch.data(place.entry), weights: UnsafePointer(batch.weights.base), weight: entry.weight)
            }
            let data = sums.base + offsets[item], weights = data + layout.planarCount
            for place in places[group] {
                let batch = batches[place.batch]
                add_scaled(1, batch.data(place.entry), layout.planarCount, data)
                add_scaled(batch.entries[place.entry].weight, batch.weights.base, layout.stride, weights)
            }
            return Slice(accumulator: entry.accumulator, matrix: entry.matrix, layout: layout, data: UnsafePointer(data),
                         weights: UnsafePointer(weights), weight: 1)
        }
    }
}

extension MergedSlices.Slice: @unchecked Sendable {}  // Points into memory that the round owns and no longer writes.
