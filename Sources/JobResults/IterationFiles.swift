/// The files of a refinement's iterations by name: `run_it025_model.star`, `run_it025_half1_model.star`, after a continuation
/// `run_ct10_it012_model.star`, and at the end of an auto-refinement `run_model.star`.
struct IterationFiles {
    struct Iteration: Equatable {
        /// `run_ct10_it012`
        var stem: String
        var number: Int
        /// The iteration that the run was continued from; 0 for a first run.
        var continuation: Int
        var hasHalves: Bool

        var model: String { stem + (hasHalves ? "_half1_model.star" : "_model.star") }
    }

    /// In the order of their numbers. Of iterations that were done again after a continuation only the newest counts.
    let iterations: [Iteration]
    /// The stem of the files of a finished auto-refinement.
    let final: String?

    init(names: [String]) {
        var newest: [Int: Iteration] = [:], final: (stem: String, continuation: Int)?
        for name in names where name.hasSuffix("_model.star") {
            var stem = String(name.dropLast("_model.star".count)), hasHalves = false
            if stem.hasSuffix("_half2") { continue }
            if stem.hasSuffix("_half1") {
                stem.removeLast("_half1".count)
                hasHalves = true
            }
            let parts = stem.split(separator: "_")
            let continuation = parts.lazy.compactMap { Self.number($0, after: "ct") }.first ?? 0
            if let number = parts.last.flatMap({ Self.number($0, after: "it") }) {
                if let known = newest[number], known.continuation > continuation { continue }
                newest[number] = Iteration(stem: stem, number: number, continuation: continuation, hasHalves: hasHalves)
            } else if final.map({ $0.continuation <= continuation }) ?? true {
                final = (stem, continuation)
            }
        }
        iterations = newest.values.sorted { $0.number < $1.number }
        self.final = final?.stem
    }

    private static func number(_ text: Substring, after prefix: String) -> Int? {
        text.hasPrefix(prefix) ? Int(text.dropFirst(prefix.count)) : nil
    }
}
