import Foundation
import Reporting
import StarFormat

/// `scheme.star` as RELION writes it: tables in a fixed order, empty ones left out, all but edges sorted by name.
extension Scheme {
    /// - Parameter name: of the scheme, should the file not say.
    package init(contentsOf path: String, name: String) throws {
        try self.init(StarDocument(contentsOf: path), name: name)
    }

    package init(_ document: StarDocument, name: String) throws {
        self.init(name: name)
        let general = try document.table("scheme_general")
        if let current = try general.stringsIfPresent("rlnSchemeCurrentNodeName")?.first { self.current = Self.given(current) }
        try readVariables(document, "scheme_floats", "rlnSchemeFloatVariable") { table, label, row in
            .number(try table.double(label, row: row))
        }
        try readVariables(document, "scheme_bools", "rlnSchemeBooleanVariable") { table, label, row in .flag(try table.bool(label, row: row)) }
        try readVariables(document, "scheme_strings", "rlnSchemeStringVariable") { table, label, row in
            .text(table.string(label, row: row) ?? "")
        }
        if let table = document.firstTable("scheme_operators") { try readOperators(table) }
        if let table = document.firstTable("scheme_jobs") { try readJobs(table) }
        if let table = document.firstTable("scheme_edges") { try readEdges(table) }
    }

    /// What stands for nothing in these files.
    private static let nothing = "undefined"
    private static func given(_ text: String) -> String? { text.isEmpty || text == nothing ? nil : text }

    private mutating func readVariables(
        _ document: StarDocument, _ name: String, _ prefix: String, _ value: (StarTable, String, Int) throws -> SchemeValue
    ) throws {
        guard let table = document.firstTable(name) else { return }
        try table.require([prefix + "Name", prefix + "Value"])
        let resets = prefix + "ResetValue"
        for (row, variable) in try table.strings(prefix + "Name").enumerated() {
            let now = try value(table, prefix + "Value", row)
            variables.append(SchemeVariable(name: variable, value: now, resetValue: table.contains(resets) ? try value(table, resets, row) : now))
        }
    }

    private mutating func readOperators(_ table: StarTable) throws {
        let names = try table.strings("rlnSchemeOperatorName"), types = try table.strings("rlnSchemeOperatorType")
        func column(_ label: String) throws -> [String] {
            try table.stringsIfPresent(label)?.map { Self.given($0) ?? "" } ?? names.map { _ in "" }
        }
        let outputs = try column("rlnSchemeOperatorOutput"), first = try column("rlnSchemeOperatorInput1")
        let second = try column("rlnSchemeOperatorInput2")
        for row in names.indices {
            operators.append(Operator(name: names[row], type: types[row], output: outputs[row], input1: first[row], input2: second[row]))
        }
    }

    private mutating func readJobs(_ table: StarTable) throws {
        let names = try table.strings("rlnSchemeJobNameOriginal"), now = try table.strings("rlnSchemeJobName")
        let modes = try table.strings("rlnSchemeJobMode")
        for row in names.indices {
            guard let mode = JobMode(rawValue: modes[row]) else {
                throw table.mismatch("rlnSchemeJobMode", row, found: modes[row], expected: "new or continue")
            }
            jobs.append(Job(name: names[row], current: now[row], mode: mode, hasStarted: try table.bool("rlnSchemeJobHasStarted", row: row)))
        }
    }

    private mutating func readEdges(_ table: StarTable) throws {
        let from = try table.strings("rlnSchemeEdgeInputNodeName"), to = try table.strings("rlnSchemeEdgeOutputNodeName")
        for row in from.indices {
            var fork: Edge.Fork?
            if table.contains("rlnSchemeEdgeIsFork"), try table.bool("rlnSchemeEdgeIsFork", row: row) {
                fork = Edge.Fork(
                    variable: table.string("rlnSchemeEdgeBooleanVariable", row: row) ?? "",
                    toIfTrue: table.string("rlnSchemeEdgeOutputNodeNameIfTrue", row: row) ?? "")
            }
            edges.append(Edge(from: from[row], to: to[row], fork: fork))
        }
    }

    // MARK: Writing

    package var document: StarDocument {
        var general = StarTable(name: "scheme_general", kind: .list)
        general.setValue("rlnSchemeName", folder)
        general.setValue("rlnSchemeCurrentNodeName", current ?? Self.nothing)
        var tables = [general]
        for kind in SchemeValue.Kind.allCases {
            let variables = variables.filter { $0.value.kind == kind }.sorted { $0.name < $1.name }
            if !variables.isEmpty { tables.append(Self.table(of: variables, kind)) }
        }
        if !operators.isEmpty { tables.append(operatorTable) }
        if !jobs.isEmpty { tables.append(jobTable) }
        if !edges.isEmpty { tables.append(edgeTable) }
        return StarDocument(tables: tables)
    }

    private static func table(of variables: [SchemeVariable], _ kind: SchemeValue.Kind) -> StarTable {
        let (name, prefix) = switch kind {
        case .number: ("scheme_floats", "rlnSchemeFloatVariable")
        case .flag: ("scheme_bools", "rlnSchemeBooleanVariable")
        case .text: ("scheme_strings", "rlnSchemeStringVariable")
        }
        var table = StarTable(name: name)
        table.set(prefix + "Name", strings: variables.map(\.name))
        for (suffix, path) in [("Value", \SchemeVariable.value), ("ResetValue", \SchemeVariable.resetValue)] {
            let values = variables.map { $0[keyPath: path] }
            switch kind {
            case .number: table.set(prefix + suffix, doubles: values.map { if case .number(let value) = $0 { value } else { 0 } })
            case .flag: table.set(prefix + suffix, ints: values.map { $0 == .flag(true) ? 1 : 0 })
            case .text: table.set(prefix + suffix, strings: values.map(\.description))
            }
        }
        return table
    }

    private var operatorTable: StarTable {
        let rows = operators.sorted { $0.name < $1.name }
        var table = StarTable(name: "scheme_operators")
        func put(_ label: String, _ values: [String]) { table.set(label, strings: values.map { $0.isEmpty ? Self.nothing : $0 }) }
        put("rlnSchemeOperatorName", rows.map(\.name))
        put("rlnSchemeOperatorType", rows.map(\.type))
        put("rlnSchemeOperatorOutput", rows.map(\.output))
        put("rlnSchemeOperatorInput1", rows.map(\.input1))
        put("rlnSchemeOperatorInput2", rows.map(\.input2))
        return table
    }

    private var jobTable: StarTable {
        let rows = jobs.sorted { $0.name < $1.name }
        var table = StarTable(name: "scheme_jobs")
        table.set("rlnSchemeJobNameOriginal", strings: rows.map(\.name))
        table.set("rlnSchemeJobName", strings: rows.map(\.current))
        table.set("rlnSchemeJobMode", strings: rows.map(\.mode.rawValue))
        table.set("rlnSchemeJobHasStarted", ints: rows.map { $0.hasStarted ? 1 : 0 })
        return table
    }

    private var edgeTable: StarTable {
        var table = StarTable(name: "scheme_edges")
        table.set("rlnSchemeEdgeInputNodeName", strings: edges.map(\.from))
        table.set("rlnSchemeEdgeOutputNodeName", strings: edges.map(\.to))
        table.set("rlnSchemeEdgeIsFork", ints: edges.map { $0.fork == nil ? 0 : 1 })
        table.set("rlnSchemeEdgeOutputNodeNameIfTrue", strings: edges.map { $0.fork?.toIfTrue ?? Self.nothing })
        table.set("rlnSchemeEdgeBooleanVariable", strings: edges.map { $0.fork?.variable ?? Self.nothing })
        return table
    }
}
