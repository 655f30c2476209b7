import Arrays
import Foundation
import ImageFormats
import Metadata
import ProgramKit
import Reporting
import StarFormat

/// Operations that choose rows.
extension StarHandlerProgram {
    func compare(_ context: ProgramContext) throws {
        let first = try readInput(context)
        let second = try read(comparison.file, context)
        let labels = [comparison.label1, comparison.label2, comparison.label3].filter { !$0.isEmpty }
        guard !comparison.label1.isEmpty else {
            throw InputError(place: "--label1", found: "an empty name", expected: "the column that --compare looks at")
        }
        for label in labels {
            try require(label, of: "--label1 (2, 3)", in: first)
            try require(label, of: "--label1 (2, 3)", in: second)
        }
        let isNumeric = LabelTable.label(labels[0])?.isNumeric ?? false
        if !isNumeric, labels.count > 1 {
            throw InputError(place: "--label2", found: "\(labels[0]) is text", expected: "numbers, for a distance")
        }
        let criterion: TableComparison.Criterion =
            isNumeric ? .distance(labels, maximalDistance: comparison.maximalDistance) : .text(labels[0])
        let result = try TableComparison(first.rows, second.rows, by: criterion)
        context.reporter.info("\(first.rows.rowCount) entries are in the first file, \(second.rows.rowCount) in the second.")
        context.reporter.info("\(result.inBoth.count) entries of the first file are in both files.")
        for (suffix, table) in [
            ("_both", first.selecting(rows: result.inBoth)), ("_only1", first.selecting(rows: result.onlyInFirst)),
            ("_only2", second.selecting(rows: result.onlyInSecond)),
        ] {
            try write(table, to: Self.name(general.output, inserting: suffix), context)
        }
    }

    func select(_ context: ProgramContext) throws {
        let table = try readInput(context)
        try require(selection.label, of: "--select", in: table)
        if LabelTable.label(selection.label)?.value == .text {
            throw InputError(
                place: "--select", found: "\(selection.label) is text", expected: "a column of numbers", remedy: "Use --select_by_str")
        }
        let values = try table.rows.doubles(selection.label, expected: LabelTable.expectation(selection.label))
        let kept = values.indices.filter { values[$0] >= selection.minimum && values[$0] <= selection.maximum }
        try write(table.selecting(rows: kept), to: general.output, context)
    }

    func selectByText(_ context: ProgramContext) throws {
        guard selection.include.isEmpty != selection.exclude.isEmpty else {
            throw InputError(place: "--select_by_str", found: "\(selection.include.isEmpty ? "neither" : "both") of --select_include and --select_exclude", expected: "one of them")
        }
        let table = try readInput(context)
        try require(selection.textLabel, of: "--select_by_str", in: table)
        let (texts, indexOfRow) = try table.rows.distinctStrings(selection.textLabel)
        let isKept = texts.map { selection.include.isEmpty ? !$0.contains(selection.exclude) : $0.contains(selection.include) }
        var chosen = table.selecting(rows: indexOfRow.indices.filter { isKept[indexOfRow[$0]] })
        try chosen.removeUnusedOpticsGroups()
        try write(chosen, to: general.output, context)
    }

    func discard(_ context: ProgramContext) throws {
        let table = try readInput(context)
        try require(discarding.label, of: "--discard_label", in: table)
        let names = try table.rows.strings(discarding.label).map { try ImageName(parsing: $0) }
        let readers = StackReaderCache()
        let progress = context.reporter.progress("Statistics of all images", total: names.count)
        let statistics = try context.pool.tryMap(count: names.count) { index, _ in
            let image = try readers.image(names[index])
            progress.advance()
            return Self.meanAndSpread(image.values.lazy.map(Double.init), isSample: true)
        }
        progress.finish()
        let means = Self.meanAndSpread(statistics.map(\.mean), isSample: false)
        let spreads = Self.meanAndSpread(statistics.map(\.spread), isSample: false)
        context.reporter.info("Mean of the images: \(Float(means.mean)) ± \(Float(means.spread))")
        context.reporter.info("Standard deviation of the images: \(Float(spreads.mean)) ± \(Float(spreads.spread))")
        let kept = statistics.indices.filter { index in
            abs(statistics[index].mean - means.mean) < discarding.sigma * means.spread
                && abs(statistics[index].spread - spreads.mean) < discarding.sigma * spreads.spread
        }
        context.reporter.info("Discarded \(names.count - kept.count) images whose mean or standard deviation is too far off.")
        try write(table.selecting(rows: kept), to: general.output, context)
    }

    /// - Parameter isSample: divide by one less than the number of values.
    private static func meanAndSpread(_ values: some Collection<Double>, isSample: Bool) -> (mean: Double, spread: Double) {
        let count = Double(max(1, values.count))
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / (isSample ? max(1, count - 1) : count)).squareRoot())
    }

    func removeDuplicates(_ context: ProgramContext) throws {
        guard !general.ignoreOptics else {
            throw InputError(place: "--remove_duplicates", found: "--ignore_optics is given, too", expected: "optics groups, for the pixel size")
        }
        guard let images = try readInput(context).images, let group = images.opticsGroups.first else {
            throw InputError(place: general.input, found: "there are no particles with optics groups", expected: "a file of particles")
        }
        if images.opticsGroups.count > 1, duplicates.pixelSize <= 0 {
            context.reporter.warning(
                "there are several optics groups: the coordinates are taken to be in pixels of \(group.pixelSizeInAngstrom) Å in all. "
                    + "Split the file if that is not so.")
        }
        let pixelSize = duplicates.pixelSize > 0 ? duplicates.pixelSize : group.pixelSizeInAngstrom
        context.reporter.info("Pixel size of the micrographs in which particles were picked: \(Float(pixelSize)) Å")
        let removed = try images.duplicateRows(within: duplicates.distance, coordinatePixelSize: pixelSize)
        let isRemoved = Set(removed)
        let table = HandledTable(images)
        context.reporter.info("Removed \(removed.count) duplicates from \(images.count) particles.")
        try write(table.selecting(rows: removed), to: Self.root(of: general.output) + "_removed.star", context)
        try write(table.selecting(rows: (0..<images.count).filter { !isRemoved.contains($0) }), to: general.output, context)
    }
}
