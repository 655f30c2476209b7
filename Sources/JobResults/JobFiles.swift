import Foundation
import StarFormat
import Tables

/// A job's files as its results are made from them. What cannot be read is left out: results are shown while the job writes.
struct JobFiles {
    /// The job's folder with its slash.
    let job: String
    let tables: OpenTables
    /// The real path of a file of the project.
    let resolve: (String) throws -> String

    /// Names of files in the job's folder, sorted.
    func names() -> [String] {
        guard let folder = try? resolve(job) else { return [] }
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    func exists(_ name: String) -> Bool { (try? resolve(job + name)) != nil }

    /// A file in the job's folder.
    func table(_ name: String) -> OpenTable? { anyTable(job + name) }

    /// A file of the project.
    func anyTable(_ path: String) -> OpenTable? {
        guard let real = try? resolve(path) else { return nil }
        return try? tables.table(real, name: path)
    }

    func document(_ path: String) -> StarDocument? {
        guard let real = try? resolve(path) else { return nil }
        return try? StarDocument(contentsOf: real)
    }

    /// The block that holds a file's rows: the first of these names, else the largest.
    func rows(of name: String, blocks: [String] = []) -> TableRows? {
        guard let table = table(name) else { return nil }
        let named = blocks.lazy.compactMap { name in table.outline.blocks.firstIndex { $0.name == name } }.first
        guard let block = named ?? (try? table.block(nil)), !table.outline.blocks[block].labels.isEmpty else { return nil }
        return TableRows(path: job + name, table: table, block: block)
    }

    /// Files below the job's folder whose names end so, in order, at most `limit`.
    func deepNames(ending suffix: String, limit: Int = 20_000) -> [String] {
        guard let folder = try? resolve(job), let walk = FileManager.default.enumerator(atPath: folder) else { return [] }
        var found: [String] = []
        for case let name as String in walk where name.hasSuffix(suffix) {
            found.append(name)
            if found.count == limit { break }
        }
        return found.sorted()
    }
}

/// One block of a STAR file.
struct TableRows {
    let path: String
    let table: OpenTable
    let block: Int

    var outline: StarOutline.Block { table.outline.blocks[block] }
    var count: Int { outline.rowCount }

    func source(_ label: String? = nil) -> TableSource { TableSource(path: path, block: outline.name, column: label) }

    func contains(_ label: String) -> Bool { outline.labels.contains(label) }

    /// Values of a column of numbers; nil where there is none.
    func numbers(_ label: String) -> [Double]? {
        guard let index = outline.labels.firstIndex(of: label) else { return nil }
        return table.numbers(OpenTable.Column(block: block, index: index)).values
    }

    func strings(_ label: String, rows: Range<Int>? = nil) -> [String]? {
        guard let index = outline.labels.firstIndex(of: label) else { return nil }
        return (rows ?? 0..<count).map { table.string(OpenTable.Column(block: block, index: index), row: $0) }
    }

    /// How often each text of a column occurs.
    func frequencies(_ label: String) -> [Int] {
        guard let index = outline.labels.firstIndex(of: label) else { return [] }
        var counts: [String: Int] = [:], last: [UInt8] = [], run = 0
        table.outline.forEachCell(block: block, column: index, rows: 0..<count) { _, token in
            // Rows of one micrograph stand together: a text is made once a run.
            if token.elementsEqual(last) {
                run += 1
            } else {
                if run > 0 { counts[String(decoding: last, as: UTF8.self), default: 0] += run }
                (last, run) = (Array(token), 1)
            }
        }
        if run > 0 { counts[String(decoding: last, as: UTF8.self), default: 0] += run }
        return Array(counts.values)
    }

    /// A histogram that is drawn and can be selected from; nil where there are no numbers.
    func histogram(_ label: String, _ title: String, _ unit: String? = nil, counted: String) -> ResultItem? {
        guard let values = numbers(label) else { return nil }
        let histogram = ColumnHistogram(values, bins: ColumnHistogram.bins(for: values.count))
        guard histogram.count > 0 else { return nil }
        return .histogram(
            HistogramPlot(title: title, x: PlotAxis(title, unit), counted: counted, histogram: histogram, source: source(label)))
    }
}
