import Arrays
import CKernels
import Geometry
import Parallel

/// Adds the samples of a round of particles to the accumulators.
///
/// All samples of equal orientation, of whatever particle, make one slice: the weighted sum of shifted images, added up in
/// particle order. Slices are made in waves of bounded memory, in parallel over orientations, then inserted in parallel over
/// slabs of the accumulators; neither order depends on the number of threads. Floor: 4 flops per pixel and sample for the phase
/// factors, 12 per pixel, particle and orientation; one insertion per orientation.
struct SampleInsertion {
    let context: ExpectationContext
    let particles: [WeightedSamples]
    let pool: ThreadPool

    /// Slices that one task makes.
    private static let slicesPerTask = 8

    /// Where a particle's entry is found.
    private struct Place {
        var particle: UInt32
        var entry: UInt32
    }

    func insert(into accumulators: [SliceAccumulator], memory: inout AlignedBuffer<Float>?) {
        let (places, groups) = sortedPlaces(accumulatorCount: accumulators.count)
        guard let stride = particles.map(\.group.fine.stride).max(), !groups.isEmpty else { return }
        let floats = (context.isGradient ? 4 : 3) * stride
        let waveSize = max(1, min(groups.count, RoundMemory(isVolume: context.references.isVolume).slices / (4 * floats)))
        if memory.map({ $0.count < waveSize * floats }) ?? true { memory = AlignedBuffer(uninitialisedCount: waveSize * floats) }
        guard let rows = memory else { return }
        var first = 0
        while first < groups.count {
            let wave = Array(groups[first..<min(groups.count, first + waveSize)])
            let slices = makeSlices(wave, places, rows: rows, floats: floats)
            let runs = accumulatorRuns(wave, places)
            let slabs = accumulators[0].slabCount
            pool.forEach(count: runs.count * slabs) { item, _ in
                let run = runs[item / slabs]
                accumulators[run.accumulator].insert(slices[run.slices], slab: item % slabs)
            }
            first += waveSize
        }
    }

    // MARK: Equal orientations

    /// All entries ordered by accumulator, optics group and orientation, then particle; and the runs that make one slice.
    private func sortedPlaces(accumulatorCount: Int) -> ([Place], [Range<Int>]) {
        let grid = context.grid
        let orientations = context.model.classCount * grid.directionCount * grid.psiCount * grid.childCount + 1
        let groupCount = context.groups.count
        func key(_ entry: WeightedSamples.Entry, _ particle: WeightedSamples) -> Int {
            (Int(entry.accumulator) * groupCount + particle.opticsGroup) * orientations + (entry.isOnGrid ? entry.orientation : orientations - 1)
        }
        let total = particles.reduce(0) { $0 + $1.entries.count }
        let keyCount = accumulatorCount * groupCount * orientations
        var places: [Place] = []
        if keyCount <= 4 * total + 1 << 16 {
            places = countingSort(total: total, keyCount: keyCount, key: key)
        } else {
            var keyed: [(key: Int, place: Place)] = []
            keyed.reserveCapacity(total)
            forEachEntry { place, entry, particle in keyed.append((key(entry, particle), place)) }
            keyed.sort {
                if $0.key != $1.key { return $0.key < $1.key }
                return ($0.place.particle, $0.place.entry) < ($1.place.particle, $1.place.entry)
            }
            places = keyed.map(\.place)
        }
        var groups: [Range<Int>] = [], first = 0, last = -1
        for index in places.indices {
            let particle = particles[Int(places[index].particle)], entry = particle.entries[Int(places[index].entry)]
            let current = key(entry, particle)
            if index > 0, current != last || !entry.isOnGrid {
                groups.append(first..<index)
                first = index
            }
            last = current
        }
        if total > 0 { groups.append(first..<total) }
        return (places, groups)
    }

    private func forEachEntry(_ body: (Place, WeightedSamples.Entry, WeightedSamples) -> Void) {
        for (index, particle) in particles.enumerated() {
            for (number, entry) in particle.entries.enumerated() {
                body(Place(particle: UInt32(index), entry: UInt32(number)), entry, particle)
            }
        }
    }

    private func countingSort(total: Int, keyCount: Int, key: (WeightedSamples.Entry, WeightedSamples) -> Int) -> [Place] {
        var starts = [Int](repeating: 0, count: keyCount + 1)
        forEachEntry { _, entry, particle in starts[key(entry, particle) + 1] += 1 }
        for index in 0..<keyCount { starts[index + 1] += starts[index] }
        return [Place](unsafeUninitializedCapacity: total) { buffer, count in
            forEachEntry { place, entry, particle in
                let at = key(entry, particle)
                buffer[starts[at]] = place
                starts[at] += 1
            }
            count = total
        }
    }

    // MARK: Slices

    private func makeSlices(_ wave: [Range<Int>], _ places: [Place], rows: AlignedBuffer<Float>,
                            floats: Int) -> [WeightedSlice] {
        let tasks = (wave.count + Self.slicesPerTask - 1) / Self.slicesPerTask
        return pool.map(count: tasks) { task, _ in
            (task * Self.slicesPerTask..<min(wave.count, (task + 1) * Self.slicesPerTask)).map {
                makeSlice(places[wave[$0]], row: rows.base + $0 * floats)
            }
        }.flatMap { $0 }
    }

    private func makeSlice(_ places: ArraySlice<Place>, row: UnsafeMutablePointer<Float>) -> WeightedSlice {
        let first = particles[Int(places[places.startIndex].particle)]
        let group = first.group, layout = group.fine, stride = layout.stride
        let weights = row + 2 * stride, factors = row + 3 * stride
        row.update(repeating: 0, count: (context.isGradient ? 4 : 3) * stride)
        for place in places {
            let particle = particles[Int(place.particle)], entry = particle.entries[Int(place.entry)]
            let range = particle.samples(ofEntry: Int(place.entry))
            particle.shifts.withUnsafeBufferPointer { shifts in
                particle.shiftWeights.withUnsafeBufferPointer { shiftWeights in
                    guard let shift = shifts.baseAddress, let weight = shiftWeights.baseAddress else { return }
                    add_shifted_sum(particle.image, particle.weights, entry.weight, group.finePhases[0], shift + range.lowerBound,
                                    weight + range.lowerBound, range.count, stride, row, weights)
                }
            }
            if context.isGradient { add_scaled(entry.weight, particle.factors, stride, factors) }
        }
        let entry = first.entries[Int(places[places.startIndex].entry)]
        let rotation = entry.isOnGrid ? context.grid.fine(index: entry.orientation) : first.fixedRotation ?? .identity
        if context.isGradient { subtractReference(Int(entry.reference), rotation, group, factors: factors, from: row) }
        return WeightedSlice(matrix: group.geometry.matrix(rotation, isVolume: context.references.isVolume), layout: layout, data: UnsafePointer(row),
                             weights: UnsafePointer(weights), weight: 1)
    }

    /// For gradients the residual is inserted instead of the image.
    private func subtractReference(_ reference: Int, _ rotation: RotationMatrix, _ group: GroupContext,
                                   factors: UnsafePointer<Float>, from row: UnsafeMutablePointer<Float>) {
        let layout = group.fine
        withUnsafeTemporaryAllocation(of: Float.self, capacity: layout.planarCount) { slice in
            guard let base = slice.baseAddress else { return }
            slice.initialize(repeating: 0)
            context.references.extract(reference, rotation, group.geometry, layout, into: base)
            subtract_products(factors, base, layout.stride, row)
        }
    }

    /// Runs of slices of one accumulator.
    private func accumulatorRuns(_ wave: [Range<Int>], _ places: [Place]) -> [(accumulator: Int, slices: Range<Int>)] {
        var runs: [(accumulator: Int, slices: Range<Int>)] = []
        for (index, group) in wave.enumerated() {
            let place = places[group.lowerBound]
            let accumulator = Int(particles[Int(place.particle)].entries[Int(place.entry)].accumulator)
            if let last = runs.last, last.accumulator == accumulator {
                runs[runs.count - 1].slices = last.slices.lowerBound..<index + 1
            } else {
                runs.append((accumulator, index..<index + 1))
            }
        }
        return runs
    }
}
