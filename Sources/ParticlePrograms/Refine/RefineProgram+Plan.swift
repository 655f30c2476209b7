import Parallel
import ProgramKit
import Refinement

extension RefineProgram {
    /// What a run with this input does, in words: at the start of its log, and the answer to `--dry_run`.
    func plan(_ input: RefinementInput, pool: ThreadPool) -> String {
        let particles = input.particles
        let groups = particles.table.opticsGroups.count
        let optics = particles.optics[0]
        var lines = [
            "\(particles.particles.count) particles in \(particles.images.files.count) files, \(groups) optics group(s),"
                + " \(particles.groups.names.count) group(s); box \(optics.box), \(optics.pixelSize) Å/pixel",
            "\(input.classCount) class(es) in \(input.dimensionality.rawValue)D, symmetry \(orientation.symmetry)",
        ]
        if let references = input.references {
            lines.append("\(references.maps.count) reference(s) from \(initialisation.reference)")
        } else {
            lines.append("references made from the particles")
        }
        let kind =
            orientation.autoRefine ? "auto-refinement" : gradient.gradient ? "gradient method" : "expectation maximisation"
        lines.append("\(kind), at most \(resolvedIterations(isAutoRefine: orientation.autoRefine)) iterations")
        lines.append("\(pool.threadCount) thread(s) of the CPU do all of the work")
        lines.append(memoryPlan(input))
        lines.append("output: \(general.output)_it001_data.star, …")
        return lines.joined(separator: "\n")
    }

    /// Bounds of the parts.
    private func memoryPlan(_ input: RefinementInput) -> String {
        let plan = memoryPlan(input.particles, classes: input.classCount, isThreeD: input.dimensionality == .threeD)
        let free = MachineMemory.availableBytes().map { "; \(MemoryPlan.megabytes($0)) are free" } ?? ""
        return "memory in MB: " + plan.description + free
    }
}
