import Reporting

/// A detector's modulation transfer function: contrast against spatial frequency.
package struct ModulationTransfer: Sendable, Equatable {
    /// In 1/(pixel of the detector), ascending.
    package let frequencies: [Double]
    /// Positive, 1 at the origin.
    package let values: [Double]

    /// - Throws: `InputError` at `place` when there are no two points, the frequencies do not rise, or a value is not positive.
    package init(frequencies: [Double], values: [Double], place: String) throws {
        guard frequencies.count == values.count, frequencies.count > 1 else {
            throw InputError(
                place: place, found: "the modulation transfer function has \(frequencies.count) points", expected: "two or more")
        }
        for index in 1..<frequencies.count where frequencies[index] <= frequencies[index - 1] {
            throw InputError(
                place: place, found: "frequency \(frequencies[index]) (row \(index + 1)) does not rise",
                expected: "frequencies in ascending order")
        }
        for (index, value) in values.enumerated() where !(value >= 1e-10) || !value.isFinite {
            throw InputError(
                place: place, found: "modulation transfer \(value) (row \(index + 1))", expected: "a number above 0",
                remedy: "A map cannot be divided by it; remove the row")
        }
        self.frequencies = frequencies
        self.values = values
    }

    /// By linear interpolation; the first or last value outside the table.
    package func value(at frequency: Double) -> Double {
        if frequency <= frequencies[0] { return values[0] }
        guard let last = frequencies.last, frequency < last else { return values[values.count - 1] }
        var low = 0, high = frequencies.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if frequencies[middle] <= frequency { low = middle } else { high = middle }
        }
        let t = (frequency - frequencies[low]) / (frequencies[high] - frequencies[low])
        return values[low] + t * (values[high] - values[low])
    }
}
