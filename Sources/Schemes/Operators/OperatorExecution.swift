import Foundation
import Pipeline
import Reporting
import StarFormat

/// Carries out operators that need no waiting: gives the new value of the output variable, and works on files of the project.
struct OperatorExecution {
    let scheme: Scheme
    let project: Project
    let paths: SchemePaths
    /// The step was begun before by a run that died: a file that has been moved already is no fault.
    var isRepeated = false

    private func number(_ name: String) -> Double {
        if case .number(let value)? = scheme.variable(name)?.value { return value }
        return Double(name) ?? 0
    }

    private func flag(_ name: String) -> Bool { scheme.variable(name)?.value == .flag(true) }

    /// With folders of jobs filled in.
    func text(_ name: String) throws -> String {
        guard case .text(let value)? = scheme.variable(name)?.value else { return "" }
        return try paths.fillingJobs(value)
    }

    private func fault(_ item: Scheme.Operator, _ found: String, expected: String, remedy: String = "") -> InputError {
        InputError(place: "\(scheme.folder)scheme.star, operator \(item.name)", found: found, expected: expected, remedy: remedy)
    }

    /// - Returns: nil for operators without a result.
    func value(of item: Scheme.Operator) throws -> SchemeValue? {
        let parts = item.type.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            try workOnFiles(item)
            return nil
        }
        switch parts[0] {
        case "bool": return .flag(try flagValue(item, parts[1]))
        case "float": return .number(try numberValue(item, parts[1]))
        default: return .text(try textValue(item, parts[1]))
        }
    }

    // MARK: Values

    private func flagValue(_ item: Scheme.Operator, _ action: String) throws -> Bool {
        let (a, b) = (number(item.input1), number(item.input2))
        switch action {
        case "set": return flag(item.input1)
        case "and": return flag(item.input1) && flag(item.input2)
        case "or": return flag(item.input1) || flag(item.input2)
        case "not": return !flag(item.input1)
        case "gt": return a > b
        case "lt": return a < b
        case "ge": return a >= b
        case "le": return a <= b
        case "eq": return abs(a - b) < 1e-8
        case "file_exists": return project.exists(try text(item.input1))
        case "read_star":
            let cell = try StarCell(item, self)
            return try cell.table.bool(cell.label, row: try cell.row(number(item.input2)))
        default: throw fault(item, "type \(item.type)", expected: "a type of operator")
        }
    }

    private func numberValue(_ item: Scheme.Operator, _ action: String) throws -> Double {
        let (a, b) = (number(item.input1), number(item.input2))
        switch action {
        case "set": return a
        case "plus": return a + b
        case "minus": return a - b
        case "mult": return a * b
        case "divide":
            if b == 0 { throw fault(item, "a division by 0 (\(item.input2))", expected: "another number") }
            return a / b
        case "round": return a.rounded(.toNearestOrAwayFromZero)
        case "count_images": return Double(try countImages(item))
        case "count_words": return Double(Self.words(try text(item.input1)).count)
        case "read_star":
            let cell = try StarCell(item, self)
            return try cell.table.double(cell.label, row: try cell.row(b))
        case "star_table_max", "star_table_min", "star_table_avg", "star_table_sort_idx":
            return try columnValue(item, action, place: b)
        default: throw fault(item, "type \(item.type)", expected: "a type of operator")
        }
    }

    private func countImages(_ item: Scheme.Operator) throws -> Int {
        let file = try text(item.input1), table = item.input2.isEmpty ? "particles" : try text(item.input2)
        guard project.exists(file) else { return 0 }
        return try StarDocument(contentsOf: project.path(file)).firstTable(table)?.rowCount ?? 0
    }

    private func columnValue(_ item: Scheme.Operator, _ action: String, place: Double) throws -> Double {
        let cell = try StarCell(item, self), values = try cell.table.doubles(cell.label)
        guard let first = values.first else { throw fault(item, "an empty table in \(cell.file)", expected: "values of \(cell.label)") }
        switch action {
        case "star_table_max": return values.reduce(first, max)
        case "star_table_min": return values.reduce(first, min)
        case "star_table_avg": return values.reduce(0, +) / Double(values.count)
        default:
            let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
            guard let index = Self.index(place, count: order.count) else {
                throw fault(item, "place \(place) of \(order.count) rows", expected: "1 for the first, −1 for the last")
            }
            return Double(order[index])
        }
    }

    private func textValue(_ item: Scheme.Operator, _ action: String) throws -> String {
        let a = try text(item.input1)
        switch action {
        case "set": return a
        case "join": return a + (try text(item.input2))
        case "before_first", "after_first", "before_last", "after_last":
            let mark = try text(item.input2)
            guard !mark.isEmpty, let range = a.range(of: mark, options: action.hasSuffix("last") ? .backwards : []) else { return a }
            return String(action.hasPrefix("before") ? a[..<range.lowerBound] : a[range.upperBound...])
        case "read_star":
            let cell = try StarCell(item, self), row = try cell.row(number(item.input2))
            guard let value = cell.table.string(cell.label, row: row) else {
                throw fault(item, "no column \(cell.label) in table \(cell.table.name) of \(cell.file)", expected: "that column")
            }
            return value
        case "glob":
            let files = project.files(matching: a)
            return files.isEmpty ? "undefined" : files.joined(separator: ",")
        case "nth_word":
            let words = Self.words(a)
            return Self.index(number(item.input2), count: words.count).map { words[$0] } ?? "undefined"
        default: throw fault(item, "type \(item.type)", expected: "a type of operator")
        }
    }

    static func words(_ text: String) -> [String] {
        text == "undefined" ? [] : text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// Places count from 1, negative ones from the end; nil outside.
    static func index(_ place: Double, count: Int) -> Int? {
        guard place.isFinite, abs(place) <= Double(count), place.rounded() != 0 else { return nil }
        return place > 0 ? Int(place.rounded()) - 1 : count + Int(place.rounded())
    }

    // MARK: Files

    private func workOnFiles(_ item: Scheme.Operator) throws {
        let source = try text(item.input1)
        if source.isEmpty { throw fault(item, "an empty name in \(item.input1)", expected: "the name of a file") }
        let manager = FileManager.default
        func makeFolder(of name: String) throws {
            let folder = PathName(project.path(name)).folder
            if !folder.isEmpty { try manager.createDirectory(atPath: folder, withIntermediateDirectories: true) }
        }
        do {
            switch item.type {
            case "touch_file":
                try makeFolder(of: source)
                if !project.exists(source) { _ = manager.createFile(atPath: project.path(source), contents: nil) }
                if !project.exists(source) { throw fault(item, "\(source) cannot be made", expected: "permission and space") }
            case "delete_file":
                if project.exists(source) { try manager.removeItem(atPath: project.path(source)) }
            default:
                let target = try text(item.input2)
                if item.type == "move_file", isRepeated, !project.exists(source), project.exists(target) { return }
                guard project.exists(source) else { throw fault(item, "there is no file \(source)", expected: "a file to work on") }
                try makeFolder(of: target)
                // Beside the target first: it is there whole or not at all.
                let waiting = project.path(target) + ".tmp\(getpid())"
                try? manager.removeItem(atPath: waiting)
                try manager.copyItem(atPath: project.path(source), toPath: waiting)
                guard rename(waiting, project.path(target)) == 0 else {
                    throw fault(item, "\(target) cannot be written (\(String(cString: strerror(errno))))", expected: "permission and space")
                }
                if item.type == "move_file" { try manager.removeItem(atPath: project.path(source)) }
            }
        } catch let error as InputError {
            throw error
        } catch {
            throw fault(item, error.localizedDescription, expected: "files that can be worked on")
        }
    }
}

/// `FILE,TABLE,LABEL` of an operator's first input, opened.
private struct StarCell {
    let file: String
    let table: StarTable
    let label: String

    init(_ item: Scheme.Operator, _ execution: OperatorExecution) throws {
        let text = try execution.text(item.input1)
        let parts = OperatorExecution.words(text)
        guard parts.count == 3 else {
            throw InputError(
                place: "\(execution.scheme.folder)scheme.star, operator \(item.name)", found: "\"\(text)\"", expected: "FILE,TABLE,LABEL",
                remedy: "Such as Schemes/proc/refine/run_model.star,model_general,rlnCurrentResolution")
        }
        file = parts[0]
        table = try StarDocument(contentsOf: execution.project.path(file)).table(parts[1])
        label = parts[2].hasPrefix("_") ? String(parts[2].dropFirst()) : parts[2]
        try table.require([label])
    }

    func row(_ value: Double) throws -> Int {
        guard value >= 0, value < Double(table.rowCount) else {
            throw InputError(place: file, found: "row \(value) of \(table.rowCount)", expected: "a row from 0")
        }
        return Int(value)
    }
}

extension Project {
    /// Files that match a pattern with wildcards, in order, relative to the project.
    package func files(matching pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(path(pattern), 0, nil, &found) == 0 else { return [] }
        let prefix = pattern.hasPrefix("/") || root.isEmpty ? "" : path("")
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0] }.map { pointer in
            let name = String(cString: pointer)
            guard !prefix.isEmpty, name.hasPrefix(prefix) else { return name }
            return String(name.dropFirst(prefix.count).drop { $0 == "/" })
        }
    }
}
