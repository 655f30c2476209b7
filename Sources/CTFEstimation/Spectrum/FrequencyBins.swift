/// How the frequencies of a fine transform fall into the pixels of a coarser spectrum, along one axis.
///
/// A fine frequency covers an interval of one, a pixel of the spectrum one of `ratio`; what overlaps is shared out.
struct FrequencyBins: Sendable {
    /// Fine frequencies per pixel.
    let ratio: Double
    /// The highest fine frequency that is used.
    let highest: Int
    private let half: Int
    /// For frequency 0, 1, … the bins that it falls into and its share in each.
    private let shares: [[(bin: Int, weight: Float)]]
    private let totals: [Double]

    init(box: Int, ratio: Double, highest limit: Int) {
        self.ratio = ratio
        half = box / 2
        highest = min(limit, Int((Double(half) + 0.5) * ratio + 0.5))
        var totals = [Double](repeating: 0, count: half + 1)
        let limit = half
        shares = (0...highest).map { frequency in
            let low = (Double(frequency) - 0.5) / ratio, high = (Double(frequency) + 0.5) / ratio
            var parts: [(bin: Int, weight: Float)] = []
            let first = Int((low + 0.5).rounded(.down)), last = Int((high + 0.5).rounded(.down))
            for bin in first...max(first, last) where bin <= limit {
                let overlap = min(high, Double(bin) + 0.5) - max(low, Double(bin) - 0.5)
                if overlap > 0 { parts.append((bin, Float(overlap))) }
            }
            return parts
        }
        for (frequency, parts) in shares.enumerated() {
            for part in parts where part.bin >= 0 { totals[part.bin] += Double(part.weight) }
            // What a positive frequency gives to the other side of 0 comes back from its mirror image, and zero belongs to both.
            if frequency > 0 { for part in parts where part.bin == 0 { totals[0] += Double(part.weight) } }
        }
        self.totals = totals
    }

    /// Independent values per bin: bins share the frequencies at their borders. For intervals of one fine frequency that are shared
    /// out by overlap, the correlation of neighbours is 1/6 / (ratio − 1/3).
    var independentShare: Double { ratio >= 1 ? 1 - 1 / (3 * ratio) : 2 / 3 * ratio }

    /// Sum of all weights that a bin gets.
    func total(_ bin: Int) -> Double { totals[min(abs(bin), half)] }

    /// Adds the values of frequencies 0 … to the bins 0 …; bin 0 is left wanting of its negative half.
    func add(_ line: [Float], to bins: inout [Float]) {
        for (frequency, parts) in shares.enumerated() {
            for part in parts where part.bin >= 0 { bins[part.bin] += part.weight * line[frequency] }
        }
    }

    /// The bins of a frequency of either sign.
    func forEachBin(of frequency: Int, _ body: (_ bin: Int, _ weight: Float) -> Void) {
        for part in shares[abs(frequency)] where abs(part.bin) < half {
            body(frequency < 0 ? -part.bin : part.bin, part.weight)
        }
    }
}
