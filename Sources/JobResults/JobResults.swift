import Parallel
import Synchronization
import Tables

/// Makes a job's results from its files, by the job's type, as often as asked: while the job runs, too.
package final class JobResults: Sendable {
    let tables: OpenTables
    let caches = ResultCaches()
    let pool: ThreadPool

    package init(tables: OpenTables, pool: ThreadPool) { (self.tables, self.pool) = (tables, pool) }

    /// What is asked.
    package struct Job {
        /// The folder with its slash.
        package var name: String
        /// `relion.class2d`, with or without what follows.
        package var type: String
        /// Files that it uses, and files that it has made.
        package var inputs: [String]
        package var outputs: [String]
        /// The real path of a file of the project; throws for others.
        package var resolve: (String) throws -> String

        package init(name: String, type: String, inputs: [String], outputs: [String], resolve: @escaping (String) throws -> String) {
            (self.name, self.type, self.inputs, self.outputs, self.resolve) = (name, type, inputs, outputs, resolve)
        }

        func isOf(_ wanted: String) -> Bool { type == wanted || type.hasPrefix(wanted + ".") }
    }

    package func sections(of job: Job) -> [ResultSection] {
        let files = JobFiles(job: job.name, tables: tables, resolve: job.resolve)
        let kind = job.type.split(separator: ".").dropFirst().first ?? ""
        let sections: [ResultSection] =
            switch kind {
            case "motioncorr": MotionResults(files: files, cache: caches.motions).sections()
            case "ctffind": CTFResults(files: files).sections()
            case "autopick", "manualpick": PickingResults(files: files, cache: caches.picks).sections()
            case "class2d", "class3d", "initialmodel", "refine3d", "multibody":
                RefinementResults(files: files, cache: caches.iterations).sections(isGoldStandard: kind == "refine3d" || kind == "multibody")
            case "postprocess": PostprocessResults(files: files).sections()
            case "localres", "maskcreate": MapResults(files: files, inputs: job.inputs).sections(kind == "localres" ? .localResolution : .mask)
            default: ParticleResults(files: files).sections(inputs: job.inputs, outputs: job.outputs)
            }
        return sections.filter { !$0.items.isEmpty }
    }

    /// The tracks of one movie of a motion correction, by its number from 0.
    package func tracks(of job: Job, movie: Int) -> TrackPlot? {
        MotionResults(files: JobFiles(job: job.name, tables: tables, resolve: job.resolve), cache: caches.motions).tracks(movie)
    }
}
