import Foundation
import Jobs
import Pipeline

/// A job type's form at certain values.
struct FormFields {
    let settings: JobSettings
    let graph: PipelineGraph

    var tabs: [FormAnswer.Tab] {
        let tabs = settings.type.tabs(tomo: settings.isTomo)
        // Fields of the cluster's own template, which the environment adds, stand at the end, on the Running tab.
        let added = settings.options.dropFirst(tabs.reduce(0) { $0 + $1.options.count })
        return tabs.enumerated().map { index, tab in
            FormAnswer.Tab(name: tab.name, fields: (tab.options + (index == tabs.count - 1 ? Array(added) : [])).map(field))
        }
    }

    private func field(_ option: JobOption) -> FormAnswer.Field {
        var field = FormAnswer.Field(
            key: option.key, label: option.label, kind: "text", unit: option.unit, help: option.help, default: option.builtInDefault,
            value: settings[option.key] ?? "", row: option.row, isEditable: settings.isEditable(option))
        switch option.kind {
        case .text: break
        case .file(let pattern, _): (field.kind, field.pattern) = ("file", pattern)
        case .node(let type, let pattern, let depth):
            (field.kind, field.pattern) = ("node", pattern)
            field.offers = offers(type, depth)
        case .boolean: field.kind = "boolean"
        case .slider(let builtIn, let step):
            let range = option.range(environment: ProcessInfo.processInfo.environment) ?? builtIn
            (field.kind, field.range, field.step) = ("number", [range.lowerBound, range.upperBound], step)
        case .radio(let choices): (field.kind, field.choices) = ("radio", choices)
        }
        return field
    }

    /// Newest first. The general part of the type must agree, and the parts behind it as far as the depth says.
    private func offers(_ type: String, _ depth: Int) -> [String] {
        let wanted = type.split(separator: ".").prefix(1 + max(0, depth))
        return graph.nodes.reversed().filter { $0.typeLabel.split(separator: ".").starts(with: wanted) }.prefix(500).map(\.name)
    }
}
