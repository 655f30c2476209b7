/// Where the threads of an expectation spent their time, and how much of it was inner products.
struct ExpectationTally {
    enum Stage: String, CaseIterable {
        case preparation = "images", coarse = "coarse pass", fine = "fine pass", sums = "weighted sums", insertion = "slice insertion"
    }

    /// Seconds of threads, by stage.
    private var seconds = [Double](repeating: 0, count: Stage.allCases.count)
    /// Floating-point operations of the inner products of images with slices, two a real product; nothing else is counted.
    private var operations = [Double](repeating: 0, count: Stage.allCases.count)
    private var mark = ContinuousClock.now

    subscript(stage: Stage) -> (seconds: Double, operations: Double) { (seconds[stage.index], operations[stage.index]) }

    mutating func begin() { mark = .now }

    /// Gives the time since the last mark to a stage, for all `threads` that were at work on it.
    mutating func end(_ stage: Stage, threads: Int = 1) {
        let now = ContinuousClock.now, passed = (now - mark).components
        seconds[stage.index] += Double(threads) * (Double(passed.seconds) + 1e-18 * Double(passed.attoseconds))
        mark = now
    }

    /// - Parameter length: real numbers of an image or a slice.
    mutating func count(_ stage: Stage, products: Int, length: Int) {
        operations[stage.index] += 2 * Double(products) * Double(length)
    }

    mutating func add(_ other: ExpectationTally) {
        for place in seconds.indices {
            seconds[place] += other.seconds[place]
            operations[place] += other.operations[place]
        }
    }
}

extension ExpectationTally.Stage {
    fileprivate var index: Int {
        switch self {
        case .preparation: 0
        case .coarse: 1
        case .fine: 2
        case .sums: 3
        case .insertion: 4
        }
    }
}
