import Foundation
import Reporting

/// Reads the pages of the catalogue. Their language is described in docs/jobs.md.
struct CatalogueParser {
    /// Options that several job types have alike, by key.
    private var shared: [String: JobOption] = [:]
    private var running: [JobOption] = []
    private var choices: [String: [String]] = [:]

    init(shared page: CataloguePage) throws {
        var isRunning = false
        for entry in try CatalogueEntry.entries(of: page) {
            switch entry.keyword {
            case "choices": choices[entry.head] = entry.lines.map(\.text)
            case "tab": isRunning = entry.head == "Running"
            default:
                let option = try OptionReader(choices: choices).option(entry)
                if isRunning { running.append(option) } else { shared[option.key] = option }
            }
        }
    }

    // MARK: One job type

    private struct Draft {
        var facts: [String: String] = [:]
        var label = ""
        var tabs: [(name: String, spa: Bool, tomo: Bool, options: [JobOption])] = []
        var labels: [ConditionalLabel] = []
        var definitions: [Definition] = []
        var requirements: [Requirement] = []
        var commands: [CommandTemplate] = []
        var reads: [NodeTemplate] = []
        var writes: [NodeTemplate] = []
    }

    /// - Throws: `InputError` naming page and line where the text is no description of a job type.
    mutating func jobType(_ page: CataloguePage) throws -> JobType {
        var draft = Draft()
        for entry in try CatalogueEntry.entries(of: page) { try read(entry, into: &draft) }
        return try finish(draft, page: page)
    }

    private func read(_ entry: CatalogueEntry, into draft: inout Draft) throws {
        switch entry.keyword {
        case "job":
            draft.label = entry.head
            for line in entry.lines { try readFact(line.text, place: line.place, into: &draft) }
        case "tab": openTab(entry.head, in: &draft)
        case "use": try append(try named(entry, among: shared), to: &draft, entry)
        case "same":
            let own = Dictionary(draft.tabs.flatMap(\.options).map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
            try append(try named(entry, among: own), to: &draft, entry)
        case "label":
            let line = try ConditionalLine(entry.head, place: entry.place)
            draft.labels.append(ConditionalLabel(label: line.text, condition: line.condition))
        case "let": draft.definitions.append(try CommandReader.definition(entry))
        case "require": draft.requirements.append(try CommandReader.requirement(entry))
        case "command": draft.commands.append(try CommandReader.command(entry))
        case "shell": draft.commands.append(try CommandReader.shell(entry))
        case "reads": draft.reads.append(try CommandReader.node(entry))
        case "writes": draft.writes.append(try CommandReader.node(entry))
        default: try append([try OptionReader(choices: choices).option(entry)], to: &draft, entry)
        }
    }

    private func missing(_ what: String, in entry: CatalogueEntry) -> InputError {
        InputError(place: entry.place, found: "\(entry.keyword) \(entry.head)", expected: what)
    }

    private static let factNames = [
        "number", "name", "tomo name", "folder", "form file", "offers", "continues", "tomo flag", "summary",
    ]

    private func readFact(_ line: String, place: String, into draft: inout Draft) throws {
        guard let name = Self.factNames.first(where: { line.hasPrefix($0 + " ") }) else {
            throw InputError(place: place, found: line, expected: "one of " + Self.factNames.joined(separator: ", "))
        }
        draft.facts[name] = line.dropFirst(name.count).trimmingCharacters(in: .whitespaces)
    }

    /// `tab NAME`, or `tab for tomo NAME` and `tab for spa NAME` where they differ.
    private func openTab(_ head: String, in draft: inout Draft) {
        let (onlyTomo, onlySPA) = (head.hasPrefix("for tomo "), head.hasPrefix("for spa "))
        let name = onlyTomo ? head.dropFirst(9) : onlySPA ? head.dropFirst(8) : Substring(head)
        draft.tabs.append((String(name), !onlyTomo, !onlySPA, []))
    }

    private func named(_ entry: CatalogueEntry, among options: [String: JobOption]) throws -> [JobOption] {
        let keys = ([entry.head] + entry.lines.map(\.text)).flatMap { $0.split(separator: " ").map(String.init) }
        return try keys.map { key in
            guard let option = options[key] else { throw missing("an option declared before (\(key) is not)", in: entry) }
            return option
        }
    }

    private func append(_ options: [JobOption], to draft: inout Draft, _ entry: CatalogueEntry) throws {
        guard !draft.tabs.isEmpty else { throw missing("a tab before it", in: entry) }
        draft.tabs[draft.tabs.count - 1].options += options
    }

    private func finish(_ draft: Draft, page: CataloguePage) throws -> JobType {
        func fact(_ name: String) throws -> String {
            guard let value = draft.facts[name] else {
                throw InputError(place: page.name, found: "no \(name)", expected: "one under job \(draft.label)")
            }
            return value
        }
        let offers = try fact("offers").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        guard let number = Int(try fact("number")), let continuation = JobType.Continuation(rawValue: try fact("continues")) else {
            throw InputError(place: page.name, found: "number or continues", expected: "a number; flag, optimiser, tasks or rerun")
        }
        let runningTab = JobType.Tab(name: "Running", options: running.filter {
            ($0.key != "nr_mpi" || offers.contains("mpi")) && ($0.key != "nr_threads" || offers.contains("threads"))
        })
        func tabs(_ kept: (_ tab: (name: String, spa: Bool, tomo: Bool, options: [JobOption])) -> Bool) -> [JobType.Tab] {
            draft.tabs.filter(kept).map { JobType.Tab(name: $0.name, options: $0.options) } + [runningTab]
        }
        return JobType(
            label: draft.label, number: number, folder: try fact("folder"), name: draft.facts["name"],
            tomoName: draft.facts["tomo name"], formFile: try fact("form file"), hasMPI: offers.contains("mpi"),
            hasThreads: offers.contains("threads"), allowsQueue: offers.contains("queue"), continuation: continuation,
            setsTomoFlag: draft.facts["tomo flag"] == "set", summary: try fact("summary"), tabs: tabs(\.spa), tomoTabs: tabs(\.tomo),
            labels: draft.labels, definitions: draft.definitions, requirements: draft.requirements, commands: draft.commands,
            reads: draft.reads, writes: draft.writes)
    }

    // MARK: Lists

    /// The order of job types in the two lists that users choose from.
    static func lists(_ page: CataloguePage, types: [JobType]) throws -> (order: [JobType], tomo: [JobType]) {
        var found: [String: [JobType]] = [:]
        for entry in try CatalogueEntry.entries(of: page) {
            found[entry.head] = try entry.lines.map { line in
                guard let type = types.first(where: { $0.label == line.text }) else {
                    throw InputError(place: line.place, found: line.text, expected: "the label of a job type")
                }
                return type
            }
        }
        return (found["single particles"] ?? [], found["tomography"] ?? [])
    }
}
