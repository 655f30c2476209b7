import Pipeline
import Reporting

/// Where commands get jobs' settings from.
enum JobAccess {
    /// The settings of a job in the project, to run it again, as its `job.star` says.
    /// - Parameter continuing: nil leaves it to the file.
    static func job(
        _ name: String, in project: Project, continuing: Bool? = nil, changes: [(key: String, value: String)] = []
    ) throws -> any JobSource {
        throw unavailable(name)
    }

    /// Settings for a new job: the type's defaults or a file's values, with changes.
    static func new(
        type: String, from file: String? = nil, changes: [(key: String, value: String)], continuing: Bool, in project: Project
    ) throws -> any JobSource {
        throw unavailable(type)
    }

    /// Labels of all job types, for completion.
    static var typeLabels: [String] { [] }

    /// Keys of a type's settings, for completion.
    static func keys(of type: String) -> [String] { [] }

    private static func unavailable(_ place: String) -> InputError {
        InputError(place: place, found: "making command lines from job settings is not available yet")
    }
}
