import Jobs
import Pipeline
import Reporting

/// Where commands get jobs' settings from.
enum JobAccess {
    /// The settings of a job in the project, to run it again, as its `job.star` says.
    /// - Parameter continuing: nil leaves it to the file.
    static func job(
        _ name: String, in project: Project, continuing: Bool? = nil, changes: [(key: String, value: String)] = []
    ) throws -> any JobSource {
        var settings = try JobSettings(contentsOf: project.path(name))
        if let continuing { settings.isContinue = continuing }
        try apply(changes, to: &settings)
        if continuing == true, settings["fn_cont"] == "", let process = try project.graph().process(name),
            let last = project.lastOptimiser(of: process)
        {
            try settings.set("fn_cont", to: last)
        }
        return CatalogueJob(settings: settings, project: project)
    }

    /// Settings for a new job: the type's defaults or a file's values, with changes.
    static func new(
        type: String, from file: String? = nil, changes: [(key: String, value: String)], continuing: Bool, in project: Project
    ) throws -> any JobSource {
        var settings: JobSettings
        if let file {
            settings = try JobSettings(contentsOf: file)
        } else {
            let catalogue = JobCatalogue.standard
            let label = catalogue.type(label: type) == nil && !type.contains(".") ? "relion." + type : type
            settings = JobSettings(try catalogue.requireType(label: label, place: type))
        }
        settings.isContinue = continuing
        try apply(changes, to: &settings)
        return CatalogueJob(settings: settings, project: project)
    }

    /// All faults at once. Captions are taken for keys as well.
    private static func apply(_ changes: [(key: String, value: String)], to settings: inout JobSettings) throws {
        var problems: [InputProblem] = []
        for change in changes {
            let key = settings.option(change.key)?.key ?? settings.options.first { $0.label == change.key }?.key ?? change.key
            do { try settings.set(key, to: change.value) } catch let error as InputError { problems += error.problems }
        }
        if !problems.isEmpty { throw InputError(problems) }
    }

    /// Labels of all job types, for completion.
    static var typeLabels: [String] { JobCatalogue.standard.types.map(\.label) }

    /// Keys of a type's settings, for completion.
    static func keys(of type: String) -> [String] {
        let catalogue = JobCatalogue.standard
        return (catalogue.type(label: type) ?? catalogue.type(label: "relion." + type))?.options(tomo: false).map(\.key) ?? []
    }
}
