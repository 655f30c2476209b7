import Arrays
import Extraction
import Foundation
import ImageFormats
import Metadata
import Parallel
import ProgramKit
import Reporting
import StarFormat

/// Extracts the particles of a plan, several micrographs at a time, and joins what they give.
///
/// The STAR file of a micrograph is written behind its stack, so that what `--only_do_unfinished` finds is complete.
struct MicrographExtraction {
    private let plan: ExtractionPlan
    private let extraction: ParticleExtraction
    /// Transfer functions of the micrographs, and those of particles that bring their own.
    private let micrographTransfers: [ParticleExtraction.Transfer]

    init(_ plan: ExtractionPlan) throws {
        self.plan = plan
        extraction = ParticleExtraction(plan.settings)
        let needsTransfer = plan.settings.transfer != nil && plan.micrographs.hasCTF
        micrographTransfers = needsTransfer ? try Self.transfers(plan.micrographs.table) : []
    }

    func run(in context: ProgramContext) throws {
        let total = plan.tasks.count
        let (outer, inner) = concurrency(context.pool.threadCount)
        let memory = (0..<outer).map { _ in MicrographMemory() }
        let results = try context.attempts("Extracting", count: total, on: ThreadPool(threads: outer)) { index, worker in
            try extract(plan.tasks[index], memory[worker], ThreadPool(threads: inner))
        }
        var leftOut = plan.leftOut, done = plan.finished, flat = 0
        for (task, result) in zip(plan.tasks, results) {
            do {
                flat += try result.get()
                done.append(task.micrograph)
            } catch {
                leftOut.add(plan.micrographs.names[task.micrograph], error, context.reporter)
            }
        }
        if flat > 0 {
            context.reporter.warning("\(flat) particles have a background of one value and are not normalised")
        }
        guard !done.isEmpty else { throw InputError(leftOut.problems) }
        try ParticleFiles(plan, done.sorted()).write(&leftOut, context)
        guard !leftOut.isEmpty else { return }
        let names = leftOut.problems.map(\.place).joined(separator: ", ")
        context.reporter.warning(
            "\(leftOut.count) of \(plan.micrographs.names.count) micrographs were left out: \(names)."
                + " Run again with --only_do_unfinished when they are repaired.")
    }

    /// Micrographs at a time, and threads for each. A quarter of the memory is ours.
    private func concurrency(_ threads: Int) -> (micrographs: Int, threadsEach: Int) {
        let output = extraction.outputSize * extraction.outputSize
        let bytes = plan.tasks.map { ($0.shape.count + $0.particles.count * output) * 6 }.max() ?? 1
        let fitting = Int(ProcessInfo.processInfo.physicalMemory / 4) / max(1, bytes)
        let micrographs = max(1, min(threads, fitting, plan.tasks.count))
        return (micrographs, max(1, threads / micrographs))
    }

    // MARK: One micrograph

    /// - Returns: how many particles could not be normalised.
    private func extract(_ task: ExtractionPlan.Task, _ memory: MicrographMemory, _ pool: ThreadPool) throws -> Int {
        let name = plan.micrographs.names[task.micrograph]
        let micrograph = try memory.read(name, shape: task.shape)
        let pixelSize = plan.micrographs.pixelSize(ofMicrograph: task.micrograph)
        var particles = task.particles
        let transfers = try transfers(of: task, &particles)
        let result = extraction.extract(
            particles, from: micrograph, shape: task.shape, transfers: transfers, pixelSizeInAngstrom: pixelSize,
            seed: Self.seed(MicrographPath.withoutJob(name)), pool: pool)
        let path = plan.stackPath(task.micrograph)
        let writer = try StackWriter(
            path: path, shape: .square(extraction.outputSize), mode: plan.options.general.float16 ? .float16 : .float32,
            pixelSizeInAngstrom: pixelSize * plan.settings.finish.pixelSizeFactor(for: plan.settings.boxSize))
        try result.stack.values.withUnsafeBufferPointer { try writer.writeAll($0) }
        try writer.finish()
        var rows = task.rows
        describe(&rows, task.micrograph, stack: path)
        rows.name = "images"
        try StarDocument(tables: [rows]).write(to: plan.starPath(task.micrograph))
        return result.withoutContrast.count
    }

    /// Noise in the place of dust differs from micrograph to micrograph and stays the same from run to run (FNV-1a).
    private static func seed(_ name: String) -> Int {
        let hash = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return Int(hash >> 2)
    }

    private func describe(_ rows: inout StarTable, _ micrograph: Int, stack: String) {
        let numbers = 1...rows.rowCount
        rows.set(
            ParticleColumn.imageName.label,
            strings: numbers.map { number in
                let digits = String(number)
                return String(repeating: "0", count: max(0, 8 - digits.count)) + digits + "@" + stack
            })
        rows.fill(ParticleColumn.micrographName.label, with: plan.micrographs.names[micrograph])
        let keepsOwn = plan.refined != nil && !plan.options.general.keepsMicrographCTF
        if !keepsOwn {
            rows.fill(ParticleColumn.opticsGroup.label, with: plan.micrographs.groups[micrograph] + 1)
        }
        plan.inherited.add(to: &rows, micrograph: micrograph, replaces: plan.options.general.keepsMicrographCTF)
    }

    // MARK: Transfer functions

    private static func transfers(_ table: ParticleTable) throws -> [ParticleExtraction.Transfer] {
        let groups = try table.opticsGroupIndices()
        return zip(try table.contrastTransferFunctions(), groups).map {
            ParticleExtraction.Transfer($0, aberrations: table.opticsGroups[$1].aberrations)
        }
    }

    /// The transfer functions of a micrograph's particles: their own where they have them, else the micrograph's.
    private func transfers(
        of task: ExtractionPlan.Task, _ particles: inout [ParticleExtraction.Particle]
    ) throws -> [ParticleExtraction.Transfer] {
        guard plan.settings.transfer != nil else { return [] }
        let hasOwn = task.rows.contains(ParticleColumn.defocusU.label) && !plan.options.general.keepsMicrographCTF
        guard hasOwn else { return micrographTransfers.isEmpty ? [] : [micrographTransfers[task.micrograph]] }
        let optics = plan.refined?.table.opticsGroups ?? plan.micrographs.table.opticsGroups
        var rows = task.rows
        if plan.refined == nil {
            rows.fill(ParticleColumn.opticsGroup.label, with: plan.micrographs.groups[task.micrograph] + 1)
        }
        let all = try Self.transfers(ParticleTable(rows: rows, opticsGroups: optics))
        // Many particles have the same function, which is then evaluated once.
        var distinct: [ParticleExtraction.Transfer] = [], known: [ParticleExtraction.Transfer: Int] = [:]
        for (index, transfer) in all.enumerated() {
            let position = known[transfer] ?? distinct.count
            if position == distinct.count {
                known[transfer] = position
                distinct.append(transfer)
            }
            particles[index].transfer = position
        }
        return distinct
    }
}
