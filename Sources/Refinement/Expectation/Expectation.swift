import Arrays
import COpenBLAS
import Parallel
import Reporting
import Synchronization

/// The expectation step: compares particles with the references of a context and gathers the weighted sums.
///
/// Particles go through in rounds. In a round, batches of particles are compared in parallel; then their sums are added in
/// particle order, and their samples become slices that are inserted, slab by slab, in that order too. How many particles make a round
/// follows from the samples of the round before, the size of a batch from the problem: neither depends on the number of threads.
struct Expectation {
    let context: ExpectationContext
    let source: any ImageSource
    let pool: ThreadPool
    let checkForAbort: @Sendable () throws -> Void

    /// Particles that may be left out.
    let failureLimit: Int

    /// Batches of the first round, and of any round.
    static let firstRound = 4
    static let largestRound = 512
    /// Bytes that the samples of one round may take.
    private var roundBudget: Int { RoundMemory(isVolume: context.references.isVolume).samples }

    /// - Parameter particles: in the order of the sums; those of one optics group should follow each other.
    /// - Returns: the particles with their new parameters, in the same order.
    func run(_ particles: [Particle], sums: inout WeightedSums, progress: ProgressBar) throws -> [Particle] {
        openblas_set_num_threads(1)
        let batches = makeBatches(particles)
        let workers = WorkerStore(count: pool.threadCount)
        var updated: [Particle] = []
        updated.reserveCapacity(particles.count)
        var next = 0, roundSize = Self.firstRound
        var sliceMemory: AlignedBuffer<Float>?
        while next < batches.count {
            try checkForAbort()
            let round = Array(batches[next..<min(batches.count, next + roundSize)])
            let capacity = batchSize
            let outcomes = try pool.tryMap(count: round.count) { index, worker in
                let group = particles[round[index].lowerBound].opticsGroup
                let result = try workers.worker(worker, group: group) {
                    ExpectationWorker(context: context, groupIndex: group, batchCapacity: capacity, source: source)
                }.process(particles[round[index]], positions: round[index])
                progress.advance(by: round[index].count)
                return result
            }
            var samples: [WeightedSamples] = []
            for outcome in outcomes.joined() {
                sums.add(outcome)
                updated.append(outcome.particle)
                if let particle = outcome.samples, !particle.entries.isEmpty { samples.append(particle) }
            }
            if sums.leftOut.count > failureLimit { throw tooManyFailures(sums.leftOut) }
            if !sums.accumulators.isEmpty {
                sums.tally.begin()
                SampleInsertion(context: context, particles: samples, pool: pool).insert(into: sums.accumulators, memory: &sliceMemory)
                sums.tally.end(.insertion, threads: pool.threadCount)
            }
            next += round.count
            let bytes = samples.reduce(0) { $0 + $1.bytes } / max(1, round.count)
            roundSize = min(Self.largestRound, max(Self.firstRound, roundBudget / max(1, bytes)))
        }
        sums.tally.add(workers.tally)
        return updated
    }

    private func tooManyFailures(_ particles: [Int]) -> InputError {
        let names = particles.sorted().prefix(10).map { String($0 + 1) }.joined(separator: ", ")
        return InputError(
            place: "particles \(names)\(particles.count > 10 ? ", …" : "")", found: "all orientations have zero probability",
            expected: "at least one finite log-likelihood, for all but \(context.settings.failsafeThreshold) particles (--failsafe_threshold)",
            remedy: "This usually means NaN or extreme pixels in the images, images that are not normalised, or an optics "
                + "group without noise; check the images and run with normalised particles")
    }

    /// Particles whose images are multiplied with one tile of slices at a time.
    private var batchSize: Int {
        let samples = context.classCount * context.grid.sampling.orientationCount * context.translations.shifts.count
        if context.localSearch != nil { return 8 }
        return WorkerMemory.batch(samples: samples)
    }

    private func makeBatches(_ particles: [Particle]) -> [Range<Int>] {
        var batches: [Range<Int>] = []
        var first = 0
        while first < particles.count {
            var last = first + 1
            while last < particles.count, last - first < batchSize,
                  particles[last].opticsGroup == particles[first].opticsGroup { last += 1 }
            batches.append(first..<last)
            first = last
        }
        return batches
    }
}

/// One worker per thread and optics group, made when first needed. A thread uses only its own slot.
private final class WorkerStore: @unchecked Sendable {
    private let slots: UnsafeMutablePointer<(group: Int, worker: ExpectationWorker)?>
    private let count: Int
    /// Of workers that made room for another optics group's.
    private let finished: UnsafeMutablePointer<ExpectationTally>

    init(count: Int) {
        self.count = count
        finished = .allocate(capacity: count)
        finished.initialize(repeating: ExpectationTally(), count: count)
        slots = .allocate(capacity: count)
        slots.initialize(repeating: nil, count: count)
    }

    deinit {
        finished.deinitialize(count: count)
        finished.deallocate()
        slots.deinitialize(count: count)
        slots.deallocate()
    }

    func worker(_ index: Int, group: Int, make: () -> ExpectationWorker) -> ExpectationWorker {
        if let slot = slots[index] {
            if slot.group == group { return slot.worker }
            finished[index].add(slot.worker.tally)
        }
        let worker = make()
        slots[index] = (group, worker)
        return worker
    }

    /// Of all workers; to be asked when no thread is at work.
    var tally: ExpectationTally {
        var total = ExpectationTally()
        for index in 0..<count {
            total.add(finished[index])
            if let slot = slots[index] { total.add(slot.worker.tally) }
        }
        return total
    }
}
