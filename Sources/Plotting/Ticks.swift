import Foundation

/// Positions and labels along one axis.
struct Ticks: Sendable, Equatable {
    var major: [(value: Double, label: String)]
    var minor: [Double]

    static func == (left: Ticks, right: Ticks) -> Bool {
        left.minor == right.minor && left.major.map(\.value) == right.major.map(\.value)
            && left.major.map(\.label) == right.major.map(\.label)
    }

    /// Steps of 1, 2 or 5 times a power of ten, about `target` of them.
    static func step(for extent: Double, target: Int) -> Double {
        let raw = extent / Double(max(1, target))
        let power = pow(10, floor(log10(raw)))
        let fraction = raw / power
        return power * (fraction < 1.5 ? 1 : fraction < 3.5 ? 2 : fraction < 7.5 ? 5 : 10)
    }

    static func linear(_ range: ClosedRange<Double>, target: Int) -> Ticks {
        let step = step(for: range.upperBound - range.lowerBound, target: target)
        let values = multiples(of: step, in: range)
        let divisions = Int((step / pow(10, floor(log10(step * 1.0001)))).rounded()) == 2 ? 4.0 : 5.0
        let minor = multiples(of: step / divisions, in: range)
        return Ticks(major: values.map { ($0, label($0, step: step)) }, minor: minor)
    }

    static func multiples(of step: Double, in range: ClosedRange<Double>) -> [Double] {
        let slack = 1e-6
        let first = Int((range.lowerBound / step - slack).rounded(.up))
        let last = Int((range.upperBound / step + slack).rounded(.down))
        return first <= last ? (first...last).map { Double($0) * step } : []
    }

    /// Decades with labels, their multiples as minor ticks; below one and a half decades also 2 and 5 are labelled.
    static func logarithmic(_ range: ClosedRange<Double>, target: Int) -> Ticks {
        let low = Int(floor(log10(range.lowerBound) + 1e-9)), high = Int(ceil(log10(range.upperBound) - 1e-9))
        let decades = log10(range.upperBound) - log10(range.lowerBound)
        let every = max(1, Int((decades / Double(max(1, target))).rounded(.up)))
        var ticks = Ticks(major: [], minor: [])
        for exponent in low...max(low, high) {
            for factor in 1...9 {
                let value = Double(factor) * pow(10, Double(exponent))
                guard value >= range.lowerBound * (1 - 1e-9), value <= range.upperBound * (1 + 1e-9) else { continue }
                if factor == 1, exponent % every == 0 {
                    ticks.major.append((value, powerLabel(exponent)))
                } else if decades < 1.5, factor == 2 || factor == 5 {
                    ticks.major.append((value, label(value, step: value)))
                } else if every == 1 || factor == 1 {
                    ticks.minor.append(value)
                }
            }
        }
        return ticks
    }

    /// Round resolutions in Å at their 1/Å, not closer than `spacing` (1/Å) to one another.
    static func resolution(_ range: ClosedRange<Double>, spacing: Double) -> Ticks {
        // The rounder ones first; the others where there is room.
        let round: [Double] = [
            10, 5, 20, 3, 4, 2, 1, 1.5, 7, 6, 2.5, 50, 30, 100, 15, 8, 3.5, 0.5, 0.7, 40, 4.5, 12, 1.2, 1.8, 2.2, 2.8, 9, 3.2,
            2.4, 2.6, 1.1, 1.3, 1.4, 1.6, 1.7, 1.9, 0.6, 0.8, 0.9,
        ]
        var ticks = Ticks(major: [], minor: [])
        for value in round where range.contains(1 / value) {
            guard ticks.major.allSatisfy({ abs($0.value - 1 / value) >= spacing }) else { continue }
            ticks.major.append((1 / value, label(value, step: value == value.rounded() ? 1 : 0.1)))
        }
        ticks.major.sort { $0.value < $1.value }
        return ticks
    }

    static func names(_ names: [String]) -> Ticks {
        Ticks(major: names.enumerated().map { (Double($0.offset), $0.element) }, minor: [])
    }

    static func label(_ value: Double, step: Double) -> String {
        if value == 0 || abs(value) < step * 1e-6 { return "0" }
        let magnitude = abs(value)
        if magnitude >= 1e6 || magnitude < 1e-4 {
            let exponent = Int(floor(log10(magnitude) + 1e-9))
            let mantissa = value / pow(10, Double(exponent))
            let digits = max(0, exponent - Int(floor(log10(step) + 1e-9)))
            let text = String(format: "%.\(min(6, digits))f", mantissa)
            return text == "1" ? powerLabel(exponent) : text + "×" + powerLabel(exponent)
        }
        let decimals = max(0, -Int(floor(log10(step) + 1e-9)))
        return String(format: "%.\(min(9, decimals))f", value).replacingOccurrences(of: "-", with: "−")
    }

    private static func powerLabel(_ exponent: Int) -> String {
        switch exponent {
        case 0: return "1"
        case 1: return "10"
        case 2: return "100"
        default:
            let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
            let text = String(abs(exponent)).compactMap(\.wholeNumberValue).map { digits[$0] }
            return "10" + (exponent < 0 ? "⁻" : "") + String(text)
        }
    }
}
