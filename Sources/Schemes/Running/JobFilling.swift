import Jobs
import Reporting

/// The settings of a scheme's job with the present values of variables and folders of jobs put in.
struct JobFilling {
    let folder: SchemeFolder
    let scheme: Scheme

    var paths: SchemePaths {
        SchemePaths(
            scheme: scheme,
            other: { name in
                let other = SchemeFolder(project: folder.project, name: name)
                return other.isPresent ? try other.load() : nil
            },
            last: { folder.project.lastIteration($0) })
    }

    /// - Throws: `InputError` with all options that cannot be filled in.
    func settings(of job: String) throws -> JobSettings {
        var settings = try folder.settings(of: job), problems: [InputProblem] = []
        for option in settings.options {
            guard let value = settings[option.key], value.contains("$$") || value.contains("Schemes/") else { continue }
            let place = "\(folder.folder)\(job)/job.star, option \(option.key)"
            do {
                let filled = try paths.fillingVariables(value, place: place, accepts: Self.kinds(of: option))
                try settings.set(option.key, to: try paths.fillingJobs(filled))
            } catch let error as InputError {
                problems += error.problems
            }
        }
        if !problems.isEmpty { throw InputError(problems) }
        return settings
    }

    private static func kinds(of option: JobOption) -> Set<SchemeValue.Kind> {
        switch option.kind {
        case .boolean: [.flag]
        case .slider: [.number]
        case .radio, .text, .file, .node: [.number, .text]
        }
    }
}
