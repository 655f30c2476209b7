import Metadata
import StarFormat
import Tables

/// Calls for STAR tables of any size: a page of rows, one column's histogram, points of two columns, a column's values.
enum TableCalls {
    private static let rows: [APICall.Parameter] = [
        .init(name: "path", summary: "STAR file of the project", isRequired: true),
        .init(name: "block", summary: "name behind data_; without, the largest"),
        .init(name: "filter", summary: "condition such as rlnDefocusU > 10000 and rlnMicrographName contains mic1; or a text that stands anywhere in the row"),
    ]
    private static let order: [APICall.Parameter] = [
        .init(name: "sort", summary: "label; without, the order of the file"), .init(name: "descending", summary: "1: largest first"),
    ]

    static let all: [APICall] = [
        .get(
            "table", "Rows of a STAR table", rows + order + [
                .init(name: "from", summary: "first row of the sorted and filtered ones, from 0"), .init(name: "count", summary: "rows at most (100, up to 5000)"),
                .init(name: "columns", summary: "labels with commas between them; without, all"),
            ]
        ) { context, request in try HTTPResponse(json: TableQuestion(context, request).page()) },
        .get(
            "table/histogram", "Histogram and description of a column", rows + [
                .init(name: "column", summary: "label", isRequired: true), .init(name: "bins", summary: "60"),
                .init(name: "low", summary: "start of the first bin; without, the smallest value"), .init(name: "high", summary: "end of the last bin"),
            ]
        ) { context, request in try HTTPResponse(json: TableQuestion(context, request).histogram()) },
        .get(
            "table/scatter", "Points of two columns with their rows", rows + [
                .init(name: "x", summary: "label", isRequired: true), .init(name: "y", summary: "label", isRequired: true),
                .init(name: "colour", summary: "label of a third column"), .init(name: "count", summary: "points at most (10000, up to 200000)"),
            ]
        ) { context, request in try HTTPResponse(json: TableQuestion(context, request).scatter()) },
        .get(
            "table/values", "One column's values with their rows", rows + order + [
                .init(name: "column", summary: "label", isRequired: true), .init(name: "from", summary: "first of the sorted and filtered rows, from 0"),
                .init(name: "count", summary: "values at most (100000, up to 1000000)"),
            ]
        ) { context, request in try HTTPResponse(json: TableQuestion(context, request).values()) },
    ]
}

struct TableAnswer: Codable, Sendable {
    struct Block: Codable, Sendable { var name: String; var rows: Int; var isLoop: Bool }
    struct Label: Codable, Sendable { var label: String; var isNumber: Bool; var unit: String? }
    struct Row: Codable, Sendable { var row: Int; var values: [String] }

    var path: String
    var blocks: [Block]
    var block: String
    /// Labels of `values`.
    var columns: [String]
    /// All columns of the block.
    var labels: [Label]
    /// Rows that fit.
    var total: Int
    var from: Int
    var rows: [Row]
}

struct HistogramAnswer: Codable, Sendable {
    var column: String
    var unit: String?
    var isNumber: Bool
    var histogram: ColumnHistogram
}

struct ScatterAnswer: Codable, Sendable {
    struct Axis: Codable, Sendable { var label: String; var unit: String? }

    var x: Axis
    var y: Axis
    var colour: Axis?
    var points: ScatterSample
}

struct ValuesAnswer: Codable, Sendable {
    var column: String
    var unit: String?
    var total: Int
    var rows: [Int32]
    /// One of the two: nil stands for what is not a number.
    var numbers: [Double?]?
    var texts: [String]?
}

/// What a request asks of a table.
private struct TableQuestion {
    let query: [String: String]
    let table: OpenTable
    let block: Int

    init(_ context: APIContext, _ request: HTTPRequest) throws {
        query = request.query
        let name = query["path"] ?? ""
        table = try context.tables.table(context.paths.resolve(name), name: name)
        block = try table.block(query["block"])
    }

    private var labels: [String] { table.outline.blocks[block].labels }

    private func number(_ name: String, _ standard: Int, _ range: ClosedRange<Int>) throws -> Int {
        guard let text = query[name], !text.isEmpty else { return standard }
        guard let value = Int(text) else { throw HTTPFailure(400, "\(name) is a whole number, not \(text).") }
        return min(range.upperBound, max(range.lowerBound, value))
    }

    private func rows() throws -> [Int32] {
        let sort = query["sort"].flatMap { $0.isEmpty ? nil : $0 }
        return try table.rows(
            RowRequest(block: block, filter: query["filter"] ?? "", sort: sort, isDescending: ["1", "true"].contains(query["descending"] ?? "")))
    }

    private func column(_ name: String) throws -> (column: OpenTable.Column, label: String, unit: String?) {
        guard let label = query[name], !label.isEmpty else { throw HTTPFailure(400, "Which column? Give a label as \(name).") }
        let column = try table.column(label, block: block)
        return (column, labels[column.index], LabelTable.label(labels[column.index])?.unit)
    }

    /// Rows that fit; nil: all.
    private func filtered() throws -> [Int32]? { query["filter"].map(\.isEmpty) == false ? try rows() : nil }

    func page() throws -> TableAnswer {
        let all = try rows()
        let from = try number("from", 0, 0...Int.max), count = try number("count", 100, 0...5000)
        var shown = labels.indices.map { OpenTable.Column(block: block, index: $0) }
        if let wanted = query["columns"], !wanted.isEmpty { shown = try wanted.split(separator: ",").map { try table.column(String($0), block: block) } }
        let part = all.dropFirst(from).prefix(count)
        return TableAnswer(
            path: query["path"] ?? "", blocks: table.outline.blocks.map { .init(name: $0.name, rows: $0.rowCount, isLoop: $0.isLoop) },
            block: table.outline.blocks[block].name, columns: shown.map { labels[$0.index] },
            labels: labels.enumerated().map { index, label in
                .init(
                    label: label, isNumber: table.looksNumeric(OpenTable.Column(block: block, index: index)), unit: LabelTable.label(label)?.unit)
            }, total: all.count, from: from,
            rows: part.map { row in .init(row: Int(row), values: shown.map { table.string($0, row: Int(row)) }) })
    }

    func histogram() throws -> HistogramAnswer {
        let (column, label, unit) = try column("column")
        let numbers = table.numbers(column)
        var range: ClosedRange<Double>?
        if let low = query["low"].flatMap({ Double($0) }), let high = query["high"].flatMap({ Double($0) }), low <= high { range = low...high }
        return HistogramAnswer(
            column: label, unit: unit, isNumber: numbers.isNumeric,
            histogram: ColumnHistogram(numbers.values, rows: try filtered(), bins: try number("bins", 60, 1...ColumnHistogram.binLimit), range: range))
    }

    func scatter() throws -> ScatterAnswer {
        let (x, xLabel, xUnit) = try column("x"), (y, yLabel, yUnit) = try column("y")
        var colour: (column: OpenTable.Column, label: String, unit: String?)?
        if query["colour"].map(\.isEmpty) == false { colour = try column("colour") }
        return ScatterAnswer(
            x: .init(label: xLabel, unit: xUnit), y: .init(label: yLabel, unit: yUnit), colour: colour.map { .init(label: $0.label, unit: $0.unit) },
            points: ScatterSample(
                x: table.numbers(x).values, y: table.numbers(y).values, colour: colour.map { table.numbers($0.column).values }, among: try filtered(),
                limit: try number("count", 10_000, 1...200_000)))
    }

    func values() throws -> ValuesAnswer {
        let (column, label, unit) = try column("column")
        let all = try rows(), numbers = table.numbers(column)
        let part = Array(all.dropFirst(try number("from", 0, 0...Int.max)).prefix(try number("count", 100_000, 0...1_000_000)))
        return ValuesAnswer(
            column: label, unit: unit, total: all.count, rows: part,
            numbers: numbers.isNumeric ? part.map { numbers.values[Int($0)].isFinite ? numbers.values[Int($0)] : nil } : nil,
            texts: numbers.isNumeric ? nil : part.map { table.string(column, row: Int($0)) })
    }
}
