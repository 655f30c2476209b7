import Foundation
import ImageFormats
import Parallel
import Picking
import ProgramKit
import Reporting

/// Picks in the micrographs of a plan, several at a time, then writes the lists of all.
struct AutopickRun {
    private let plan: AutopickPlan
    private let methods: [PickingGrid: any MicrographPicking]

    init(_ plan: AutopickPlan, _ pool: ThreadPool) throws {
        self.plan = plan
        var methods: [PickingGrid: any MicrographPicking] = [:]
        for grid in Set(plan.tasks.map(\.grid)) {
            switch plan.method {
            case .laplacian(let settings): methods[grid] = LaplacianPicking(settings, grid, plan.options)
            case .references(let references):
                methods[grid] = try ReferencePicking(references, grid, plan.options, pool)
            }
        }
        self.methods = methods
    }

    func run(in context: ProgramContext) throws {
        if case .references(let references) = plan.method, !references.projections.isEmpty {
            let path = PathName.joined(plan.options.general.folder, "reference_projections.mrcs")
            try ImageFile.writeStack(references.projections, to: path, pixelSizeInAngstrom: references.pixelSize)
            context.reporter.info("Written: \(path)")
        }
        let total = plan.tasks.count
        let (outer, inner) = concurrency(context.pool.threadCount)
        let memory = (0..<outer).map { _ in MicrographMemory() }
        let results = try context.attempts("Picking", count: total, on: ThreadPool(threads: outer)) { index, worker in
            try pick(plan.tasks[index], memory[worker], context.jobControl, ThreadPool(threads: inner))
        }
        var leftOut = plan.leftOut, done = plan.finished
        for (task, result) in zip(plan.tasks, results) {
            do {
                try result.get()
                done.append(task.micrograph)
            } catch {
                leftOut.add(plan.names[task.micrograph], error, context.reporter)
            }
        }
        guard !done.isEmpty else { throw InputError(leftOut.problems) }
        try AutopickFiles(plan, done.sorted()).write(&leftOut, context)
        guard !leftOut.isEmpty else { return }
        let names = leftOut.problems.map(\.place).joined(separator: ", ")
        context.reporter.warning(
            "\(leftOut.count) of \(plan.names.count) micrographs were left out: \(names)."
                + " Run again with --only_do_unfinished when they are repaired.")
    }

    /// Micrographs at a time, and threads for each. A quarter of the memory is ours.
    private func concurrency(_ threads: Int) -> (micrographs: Int, threadsEach: Int) {
        let bytes = plan.tasks.map { Self.bytes($0.grid) }.max() ?? 1
        let fitting = Int(ProcessInfo.processInfo.physicalMemory / 4) / max(1, bytes)
        let micrographs = max(1, min(threads, fitting, plan.tasks.count))
        return (micrographs, max(1, threads / micrographs))
    }

    /// The micrograph, the block of its transform, and a dozen maps of floats.
    private static func bytes(_ grid: PickingGrid) -> Int {
        4 * grid.shape.count + 4 * grid.size * grid.workSize + 48 * grid.workSize * grid.workSize
    }

    private func pick(_ task: AutopickPlan.Task, _ memory: MicrographMemory, _ control: JobControl, _ pool: ThreadPool) throws {
        let name = plan.names[task.micrograph]
        guard let method = methods[task.grid] else { return }
        let pixels = plan.options.general.readsMaps ? nil : try memory.read(name, shape: task.grid.shape)
        let transfer = plan.transfers.isEmpty ? nil : plan.transfers[task.micrograph]
        let picks = try method.picks(
            in: pixels, transfer: transfer, root: plan.root(task.micrograph), name: name,
            seed: plan.options.expert.seed + task.micrograph, control: control, pool: pool)
        try AutopickFiles.write(picks, to: plan.picksPath(task.micrograph))
    }
}
