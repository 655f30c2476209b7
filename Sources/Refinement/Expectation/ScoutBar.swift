/// How good a sample must look at low resolution to be scored in full.
///
/// The bar is set by the full score of the sample that looked best. Noise that is stronger than its estimate (contaminants,
/// outliers) can add more to that sample than its reach: then other samples are granted as much. So the sample that looked best
/// is never ruled out before a better one is found.
struct ScoutBar {
    /// The best full score so far.
    private(set) var best: Float
    /// By how much the remainder of the first sample exceeded its reach.
    let excess: Float

    /// - Parameters:
    ///   - full: full score of the sample that looked best.
    ///   - first: its score at low resolution.
    ///   - reach: what its remainder was expected to add at most.
    init(full: Float, first: Float, reach: Float) {
        best = full
        excess = first.isFinite ? max(0, full - first - reach) : 0
    }

    /// Samples that look worse than this are ruled out.
    @inline(__always)
    func threshold(reach: Float) -> Float { best - ScoutTable.margin - reach - excess }

    mutating func raise(to score: Float) { best = max(best, score) }
}
