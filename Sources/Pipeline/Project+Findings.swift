import Foundation
import Reporting

/// What stands in the way of a job, found before it starts and told at once.
extension Project {
    /// - Parameter review: what the job's source says about its settings.
    package func findings(_ plan: JobPlan, _ review: JobReview = JobReview()) throws -> [InputProblem] {
        findings(plan, in: try graph()) + review.obstacles
    }

    func require(_ plan: JobPlan, _ review: JobReview, in graph: PipelineGraph) throws {
        let problems = findings(plan, in: graph) + review.obstacles
        if !problems.isEmpty { throw InputError(problems) }
    }

    private func findings(_ plan: JobPlan, in graph: PipelineGraph) -> [InputProblem] {
        var problems = plan.inputs.filter { !$0.name.isEmpty }.compactMap { missingInput($0, in: graph) }
        if plan.commands.isEmpty {
            problems.append(InputProblem(place: plan.job, found: "there is nothing to do", remedy: "Change the job's settings"))
        }
        if let queue = plan.queue {
            problems += queueFindings(plan, queue)
        } else {
            problems += localFindings(plan)
        }
        if let free = freeBytes, free < 100_000_000 {
            problems.append(InputProblem(
                place: root.isEmpty ? "disk" : root, found: "only \(ByteText.text(free)) are free on the disk",
                remedy: "Make space: relion project clean, relion project empty-trash"))
        }
        return problems
    }

    private func missingInput(_ node: PipelineNode, in graph: PipelineGraph) -> InputProblem? {
        let name = graph.resolvingAliases(in: node.name)
        if exists(name) { return nil }
        let maker = graph.producer(of: name) ?? JobName(name).flatMap { graph.process($0.path) }
        let remedy = switch maker?.status {
        case .running: "\(maker?.name ?? "") is running; wait for its end, or schedule this job"
        case .scheduled: "\(maker?.name ?? "") has not run yet; run it first, or schedule this job"
        case .failed, .aborted: "\(maker?.name ?? "") did not succeed; continue it, or choose another file"
        case .succeeded: "It may have been cleaned away: relion job unclean \(maker?.name ?? "")"
        case nil: "Check the path; it is taken from the project's folder"
        }
        return InputProblem(place: name, found: "there is no such file", expected: node.typeLabel, remedy: remedy)
    }

    private func localFindings(_ plan: JobPlan) -> [InputProblem] {
        let environment = Shell.withOwnPrograms(ProcessInfo.processInfo.environment)
        let limit = environment["RELION_ERROR_LOCAL_MPI"].flatMap { Int($0) } ?? 32
        var problems: [InputProblem] = []
        if plan.processCount > limit {
            problems.append(InputProblem(
                place: "nr_mpi", found: "\(plan.processCount) MPI processes on this machine", expected: "at most \(limit)",
                remedy: "Submit the job to the queue, or set RELION_ERROR_LOCAL_MPI"))
        }
        var seen: Set<String> = []
        for program in plan.commands.flatMap(Shell.programs) where seen.insert(program).inserted {
            let isBuiltIn = ["mkdir", "cp", "mv", "echo", "cd", "rm", "touch", "ln", "export", "cat", "source"].contains(program)
            let place = program.contains("/") ? path(program) : program
            if !isBuiltIn, Shell.find(place, path: environment["PATH"] ?? "") == nil {
                problems.append(Self.missing(program: program))
            }
        }
        return problems
    }

    static func missing(program: String) -> InputProblem {
        guard program.hasPrefix("relion_") else {
            return InputProblem(
                place: program, found: "there is no such program", remedy: "Install it, or correct its path in the job's settings")
        }
        let name = program.hasSuffix("_mpi") ? String(program.dropLast(4)) : program
        return InputProblem(
            place: name, found: "\(name) is not part of this suite yet, so that jobs of this kind cannot run here",
            remedy: "Run this job with RELION, which opens the project as it is and whose result is read here; or put RELION's"
                + " programs on the PATH")
    }

    private func queueFindings(_ plan: JobPlan, _ queue: QueueSettings) -> [InputProblem] {
        var problems: [InputProblem] = []
        do {
            let template = try QueueTemplate(contentsOf: path(queue.template))
            if !template.text.contains("XXXcommandXXX") {
                problems.append(InputProblem(
                    place: queue.template, found: "the template has no XXXcommandXXX", expected: "a line for the commands"))
            }
        } catch {
            problems += (error as? InputError)?.problems ?? []
        }
        let program = queue.submitCommand.split(separator: " ").first.map(String.init) ?? ""
        if Shell.find(program, path: ProcessInfo.processInfo.environment["PATH"] ?? "") == nil {
            problems.append(InputProblem(
                place: queue.submitCommand.isEmpty ? "Queue submit command" : queue.submitCommand,
                found: "there is no such command", remedy: "Correct it, or run the job on this machine"))
        }
        return problems
    }

    /// On the disk of the project; nil where the system does not say.
    package var freeBytes: Int? {
        var status = statvfs()
        guard statvfs(root.isEmpty ? "." : root, &status) == 0 else { return nil }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }
}
