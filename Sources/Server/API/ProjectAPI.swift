import Foundation
import Jobs
import Pipeline
import Reporting

/// The API of one project: each call decodes, asks the pipeline and encodes.
struct ProjectAPI: Sendable {
    let project: Project
    let watch: ProjectWatch
    var paths: ProjectPaths { ProjectPaths(project: project) }

    // MARK: Looking

    func overview(isReadOnly: Bool) throws -> ProjectAnswer {
        let graph = try project.graph()
        let numbers = Dictionary(graph.processes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        var makers: [String: Int] = [:]
        for edge in graph.outputEdges { makers[edge.node] = numbers[edge.process] }
        var edges = Set<[Int]>()
        for edge in graph.inputEdges {
            if let from = makers[edge.node], let to = numbers[edge.process], from != to { edges.insert([from, to]) }
        }
        let folder = project.root.isEmpty ? FileManager.default.currentDirectoryPath : project.root
        return ProjectAnswer(
            folder: folder, isReadOnly: isReadOnly, jobs: graph.processes.map(JobAnswer.init),
            edges: edges.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }, warnings: graph.warnings)
    }

    func process(_ name: String) throws -> (PipelineProcess, PipelineGraph) {
        let graph = try project.graph()
        guard let process = graph.find(name) else { throw HTTPFailure(404, "There is no job \(name).") }
        return (process, graph)
    }

    func job(_ name: String) throws -> JobPageAnswer {
        let (process, graph) = try process(name)
        let settings = try? JobSettingsFile(contentsOf: project.path(process.name)).options()
        return JobPageAnswer(
            job: JobAnswer(process), inputs: graph.inputs(of: process.name).map { NodeAnswer($0, graph, project) },
            outputs: graph.outputs(of: process.name).map { NodeAnswer($0, graph, project) },
            settings: Dictionary((settings ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }),
            note: project.note(of: process.name),
            runBy: process.status == .running ? project.runOwner(of: process.name)?.description : nil,
            reason: process.status == .failed ? try reason(of: process.name) : nil)
    }

    /// The last error that the programs told, without the lines around it.
    private func reason(of job: String) throws -> String? {
        for file in ["run.err", "run.out"] {
            guard let path = try? paths.resolve(job + file), let text = try? LogFile(path: path).tail(byteCount: 64 << 10) else { continue }
            let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            if let last = lines.last(where: { $0.uppercased().hasPrefix("ERROR") || $0.contains(" error:") }) { return last }
            if file == "run.err", let last = lines.last(where: { !$0.isEmpty }) { return last }
        }
        return nil
    }

    /// A piece of `run.out` or `run.err`; the header `X-Next-Offset` tells where the next one starts.
    func log(_ name: String, query: [String: String]) throws -> HTTPResponse {
        let (process, _) = try process(name)
        let file = query["stream"] == "err" ? "run.err" : "run.out"
        guard let path = try? paths.resolve(process.name + file) else {
            var nothing = HTTPResponse(text: "")
            nothing.headers.append(("X-Next-Offset", "0"))
            return nothing
        }
        let (bytes, next) = try LogFile(path: path).piece(from: query["offset"].flatMap { Int($0) }, limit: 256 << 10)
        var response = HTTPResponse(type: "text/plain; charset=utf-8", body: bytes)
        response.headers.append(("X-Next-Offset", String(next)))
        return response
    }

    // MARK: Forms

    private func source(_ request: FormRequest) throws -> (source: CatalogueJob, start: Project.Start) {
        var settings: JobSettings
        var start = request.schedule == true ? Project.Start.newScheduled : .new
        if let job = request.job, !job.isEmpty {
            let (process, _) = try process(job)
            settings = try JobSettings(contentsOf: project.path(process.name))
            if process.status == .scheduled, request.schedule != true { start = .again(job: process.name) }
            settings.isContinue = request.isContinue == true
            if request.isContinue == true {
                start = .again(job: process.name)
                if settings["fn_cont"] == "", let last = project.lastOptimiser(of: process) { try settings.set("fn_cont", to: last) }
            }
        } else {
            let type = request.type ?? ""
            settings = JobSettings(try JobCatalogue.standard.requireType(label: type, place: type), tomo: request.isTomo == true)
        }
        var problems: [InputProblem] = []
        for (key, value) in (request.values ?? [:]).sorted(by: { $0.key < $1.key }) {
            do { try settings.set(key, to: value) } catch let error as InputError { problems += error.problems }
        }
        if !problems.isEmpty { throw InputError(problems) }
        return (CatalogueJob(settings: settings, project: project), start)
    }

    /// The form with its fields' states, findings and command lines at these values; nothing is run or written.
    func form(_ request: FormRequest) throws -> FormAnswer {
        var plain = request
        plain.values = nil
        var (source, start) = try source(plain)
        var problems: [InputProblem] = []
        for (key, value) in request.values ?? [:] {
            do { try source.settings.set(key, to: value) } catch let error as InputError {
                problems += error.problems.map { InputProblem(place: key, found: $0.found, expected: $0.expected, remedy: $0.remedy) }
            }
        }
        var commands: [String] = []
        do {
            let job = if case .again(let name) = start { name } else { try project.nextJob(folder: source.folder) }
            let plan = try source.plan(job: job)
            commands = plan.commands
            problems += try project.findings(plan, source.review())
        } catch let error as InputError { problems += error.problems }
        return FormAnswer(
            type: source.settings.type.label, summary: source.settings.type.summary, isContinue: source.settings.isContinue,
            tabs: FormFields(settings: source.settings, graph: try project.graph()).tabs, problems: problems.map(ProblemAnswer.init),
            commands: commands)
    }

    /// The settings that a form stands at.
    func settings(_ request: FormRequest) throws -> JobSettings { try source(request).source.settings }

    // MARK: Doing

    func run(_ request: FormRequest) throws -> JobAnswer {
        let (source, start) = try source(request)
        let name = try project.start(source, start)
        if let alias = request.alias, !alias.isEmpty { try project.setAlias(of: name, to: alias) }
        watch.announce()
        return JobAnswer(try process(name).0)
    }

    /// What the action did or, with `isDryRun`, would do, in lines for people.
    func act(_ action: String, _ request: ActionRequest) throws -> [String] {
        if action == "undelete" {
            let names = try project.undelete(request.job, scope: request.isAlone == true ? .jobAlone : .deletedTogether)
            watch.announce()
            return names
        }
        let name = try process(request.job).0.name
        let isDry = request.isDryRun == true
        var lines: [String] = []
        switch action {
        case "abort": try request.isNow == true ? project.stop(name) : project.abort(name)
        case "alias": try project.setAlias(of: name, to: request.text ?? "")
        case "note": try project.addNote(request.text ?? "", to: name)
        case "mark":
            guard let status = ["finished": JobStatus.succeeded, "failed": .failed][request.text ?? ""] else {
                throw HTTPFailure(422, "A job is marked as finished or failed.")
            }
            try project.mark(name, as: status)
        case "delete":
            let scope: Project.DeletionScope = request.isAlone == true ? .jobAlone : .withDependants
            lines = isDry ? try project.deletionPlan([name], scope: scope) : try project.delete([name], scope: scope)
        case "clean":
            let plan = try project.cleaningPlan(name, request.isHarsh == true ? .harsh : .gentle)
            lines = plan.items.map { "\($0.name)  \(ByteText.text($0.bytes))" } + ["\(ByteText.text(plan.bytes)) in all"]
            if !isDry { _ = try project.clean(plan) }
        case "unclean": lines = ["\(ByteText.text(try project.undoCleaning(of: name))) came back"]
        default: throw HTTPFailure(404, "There is no action \(action).")
        }
        if !isDry { watch.announce() }
        return lines
    }
}
