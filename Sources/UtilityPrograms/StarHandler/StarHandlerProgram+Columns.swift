import Foundation
import Metadata
import Plotting
import ProgramKit
import Reporting
import StarFormat

/// Operations that change columns.
extension StarHandlerProgram {
    func operate(_ context: ProgramContext) throws {
        var table = try readInput(context)
        let isSet = context.isGiven("--set_to")
        for label in [operating.label, operating.label2, operating.label3] where !label.isEmpty {
            if isSet {
                try Self.fill(&table.rows, label, with: operating.value, option: "--set_to")
            } else if operating.factor != 1 || operating.addend != 0 {
                try require(label, of: "--operate", in: table)
                try change(&table.rows, label)
            }
        }
        try write(table, to: general.output, context)
    }

    /// Whole numbers stay whole: what is behind the point is cut off.
    private func change(_ table: inout StarTable, _ label: String) throws {
        let known = LabelTable.label(label)
        guard known?.value != .text, known?.value != .flag else {
            throw InputError(place: "--operate", found: "\(label) is \(known?.expectation ?? "text")", expected: "a column of numbers")
        }
        let expected = LabelTable.expectation(label)
        if known?.value == .whole {
            let values = try table.ints(label, expected: expected)
            table.set(label, ints: try values.enumerated().map { row, value in
                guard let changed = Int(exactly: (Double(value) * operating.factor + operating.addend).rounded(.towardZero)) else {
                    throw table.mismatch(label, row, found: "\(value)", expected: "a result that is a whole number")
                }
                return changed
            })
        } else {
            table.set(label, doubles: try table.doubles(label, expected: expected).map { $0 * operating.factor + operating.addend })
        }
    }

    /// Sets a value for all rows, of the kind that the label has.
    private static func fill(_ table: inout StarTable, _ label: String, with value: String, option: String) throws {
        let known = LabelTable.label(label)
        func wrong() -> InputError {
            InputError(place: option, found: "\"\(value)\"", expected: "\(known?.expectation ?? "text"), for \(label)")
        }
        switch known?.value {
        case .number:
            guard let number = NumberText.double(value) else { throw wrong() }
            table.fill(label, with: number)
        case .whole, .flag:
            guard let number = NumberText.int(value) else { throw wrong() }
            table.fill(label, with: known?.value == .flag ? (number != 0 ? 1 : 0) : number)
        case .numbers, .wholes:
            guard NumberText.vector(value) != nil else { throw wrong() }
            table.fill(label, with: value)
        case .text, nil: table.fill(label, with: value)
        }
    }

    func center(_ context: ProgramContext) throws {
        var table = try readInput(context)
        let centre = SIMD3(centering.x, centering.y, centering.z)
        if var images = table.images {
            try images.recentre(on: centre)
            table = HandledTable(images)
        } else {
            try table.rows.recentre(on: centre, pixelSizes: Array(repeating: general.pixelSize, count: table.rows.rowCount))
        }
        try write(table, to: general.output, context)
    }

    func removeColumn(_ context: ProgramContext) throws {
        var table = try readInput(context)
        try require(columns.removed, of: "--remove_column", in: table)
        table.rows.removeColumn(columns.removed)
        try write(table, to: general.output, context)
    }

    func addColumn(_ context: ProgramContext) throws {
        guard columns.value.isEmpty != columns.source.isEmpty else {
            throw InputError(
                place: "--add_column", found: "\(columns.value.isEmpty ? "neither" : "both") of --add_column_value and --copy_column_from",
                expected: "one of them")
        }
        var table = try readInput(context)
        if columns.source.isEmpty {
            try Self.fill(&table.rows, columns.added, with: columns.value, option: "--add_column_value")
        } else {
            try require(columns.source, of: "--copy_column_from", in: table)
            switch LabelTable.label(columns.added)?.value {
            case .number: table.rows.set(columns.added, doubles: try table.rows.doubles(columns.source))
            case .whole, .flag: table.rows.set(columns.added, ints: try table.rows.ints(columns.source))
            default: table.rows.set(columns.added, strings: try table.rows.strings(columns.source))
            }
        }
        try write(table, to: general.output, context)
    }

    func showHistogram(_ context: ProgramContext) throws {
        let table = try readInput(context)
        let label = columns.histogram
        try require(label, of: "--hist_column", in: table)
        if LabelTable.label(label)?.value == .text {
            throw InputError(place: "--hist_column", found: "\(label) is text", expected: "a column of numbers")
        }
        let values = try table.rows.doubles(label, expected: LabelTable.expectation(label))
        guard let summary = ColumnSummary(values) else {
            throw InputError(place: table.rows.place, found: "\(label) has no values", expected: "some, for a histogram")
        }
        context.reporter.info(summary.description)
        let hasRange = columns.bins > 0
        let lower = hasRange && columns.minimum.isFinite ? columns.minimum : summary.minimum
        let upper = hasRange && columns.maximum.isFinite ? columns.maximum : summary.maximum
        guard lower <= upper else {
            throw InputError(place: "--hist_min", found: "\(lower) is above \(upper)", expected: "less than --hist_max")
        }
        let histogram = Histogram(values: values, bins: hasRange ? columns.bins : nil, range: lower...upper)
        let heights = self.heights(histogram, total: values.count)
        context.reporter.info("Bins: \(histogram.counts.count), width: \(Float(histogram.binWidth))")
        for (index, height) in heights.enumerated() {
            let edge = histogram.lower + Double(index) * histogram.binWidth
            context.reporter.info("[\(Float(edge)), \(Float(edge + histogram.binWidth))): \(Float(height))")
        }
        if context.isDryRun { return }
        let bars = Series("", x: histogram.centres, y: heights, style: .bars(width: histogram.binWidth))
        let unit = columns.isCumulative || columns.inPercent ? "Rows (%)" : "Rows"
        let plot = Plot(title: "Histogram of \(label)", x: Axis(label), y: Axis(unit), series: [bars])
        let path = Self.root(of: general.output) + ".eps"
        try Figure(plot).write(eps: path)
        context.reporter.info(" Written: \(path)")
    }

    private func heights(_ histogram: Histogram, total: Int) -> [Double] {
        let counts = histogram.counts.map(Double.init)
        let scale = 100 / Double(max(1, total))
        if columns.isCumulative {
            var sum = 0.0
            return counts.map { count in
                sum += count
                return sum * scale
            }
        }
        return columns.inPercent ? counts.map { $0 * scale } : counts
    }
}

/// Extremes, quartiles, mean and spread of a column.
struct ColumnSummary: CustomStringConvertible {
    private let sorted: [Double]
    private let mean: Double
    private let spread: Double
    var minimum: Double { sorted[0] }
    var maximum: Double { sorted[sorted.count - 1] }

    /// Nil for no values.
    init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        sorted = values.sorted()
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        self.mean = mean
        spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    }

    var description: String {
        func quartile(_ quarter: Int) -> Float { Float(sorted[min(sorted.count - 1, sorted.count * quarter / 4)]) }
        return """
            Number of items: \(sorted.count)
            Min: \(Float(minimum)) Q1: \(quartile(1)) Median: \(quartile(2)) Q3: \(quartile(3)) Max: \(Float(maximum))
            Mean: \(Float(mean)) Std: \(Float(spread))
            """
    }
}
