import Foundation
import Reporting

/// The files that a refinement writes in each iteration: `run_it025_data.star`, after a continuation
/// `run_ct10_it012_data.star`.
struct RefinementFiles {
    static let types = ["relion.class2d", "relion.class3d", "relion.refine3d", "relion.initialmodel"]

    struct Iteration: Equatable {
        /// `Class2D/job010/run_it025`
        let stem: String
        let project: Project

        static func == (a: Iteration, b: Iteration) -> Bool { a.stem == b.stem }

        /// Optimiser, particles and maps.
        func nodes(halves: Bool) -> [PipelineNode] {
            let pattern = PathName(stem).name + (halves ? "_half1" : "") + "_class???.mrc"
            return [
                PipelineNode(name: stem + "_optimiser.star", typeLabel: "OptimiserData.star.relion"),
                PipelineNode(name: stem + "_data.star", typeLabel: "ParticleGroupMetadata.star.relion"),
            ] + project.matches(pattern, in: PathName(stem).folder).map { PipelineNode(name: $0, typeLabel: "DensityMap.mrc") }
        }

        /// All files of the iteration.
        var files: [String] { project.matches(PathName(stem).name + "*", in: PathName(stem).folder) }
    }

    let project: Project
    let job: String

    /// Iterations that wrote this file, first those before any continuation, in the order of RELION's lists.
    func iterations(with suffix: String) -> [Iteration] {
        let folder = PathName(job).name.isEmpty ? job : String(job.dropLast(job.hasSuffix("/") ? 1 : 0))
        return ["run_it???", "run_ct?_it???", "run_ct??_it???", "run_ct???_it???"].flatMap { pattern in
            project.matches(pattern + suffix, in: folder).map {
                Iteration(stem: String($0.dropLast(suffix.count)), project: project)
            }
        }
    }

    var lastIteration: Iteration? { iterations(with: "_optimiser.star").last }
}

extension Project {
    /// The optimiser file of a refinement's last iteration, from which it can go on; nil for other jobs.
    package func lastOptimiser(of process: PipelineProcess) -> String? {
        guard RefinementFiles.types.contains(where: { process.isOf(type: $0) }) else { return nil }
        return RefinementFiles(project: self, job: process.name).lastIteration.map { $0.stem + "_optimiser.star" }
    }

    /// `Class2D/job010/run_it025_optimiser.star` for `Class2D/job010/run_it*_optimiser.star`; nil without such a file, and for names that do
    /// not begin with `run_it*`.
    package func lastIteration(_ path: String) -> String? {
        let file = PathName(path), mark = "run_it*"
        guard file.name.hasPrefix(mark) else { return nil }
        let suffix = String(file.name.dropFirst(mark.count))
        return RefinementFiles(project: self, job: file.folder + "/").iterations(with: suffix).last.map { $0.stem + suffix }
    }
}
