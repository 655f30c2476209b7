import Foundation
import Reporting

/// Puts values into texts of a scheme: variables for `$$NAME`, folders of jobs in the project for `Schemes/NAME/JOB/`.
struct SchemePaths {
    let scheme: Scheme
    /// Another scheme of the project; nil where there is none of that name.
    let other: (String) throws -> Scheme?
    /// The file of a refinement's last iteration for a path with `run_it*`; nil for other paths.
    let last: (String) -> String?

    /// - Parameter accepts: kinds of variables that the option can take.
    /// - Throws: `InputError` naming the variable.
    func fillingVariables(_ text: String, place: String, accepts: Set<SchemeValue.Kind>) throws -> String {
        var result = ""
        var rest = text[...]
        while let marker = rest.range(of: "$$") {
            result += rest[..<marker.lowerBound]
            let name = rest[marker.upperBound...].prefix { $0 != " " }
            guard let variable = scheme.variable(String(name)) else {
                throw InputError(place: place, found: "$$\(name)", expected: "a variable of scheme \(scheme.name)",
                                 remedy: "relion scheme show \(scheme.name) lists them")
            }
            guard accepts.contains(variable.value.kind) else {
                let kinds = accepts.map(\.rawValue).sorted().joined(separator: " or ")
                throw InputError(place: place, found: "the \(variable.value.kind.rawValue) variable \(name)", expected: "a \(kinds) variable")
            }
            result += variable.value.jobOption
            rest = rest[name.endIndex...]
        }
        return result + rest
    }

    /// A path into a scheme's folder becomes one into the folder of the job that ran last; a job that has not run leaves the
    /// path as it is: there is no such file. `run_it*_optimiser.star` in it becomes the file of the last iteration, however many the job did.
    func fillingJobs(_ text: String) throws -> String {
        var result = "", rest = text[...], isFilled = false
        while let marker = rest.range(of: "Schemes/") {
            result += rest[..<marker.lowerBound]
            let parts = rest[marker.upperBound...].split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
            if parts.count == 3, let folder = try folder(scheme: String(parts[0]), job: String(parts[1])) {
                result += folder
                isFilled = true
                rest = parts[2]
            } else {
                result += rest[marker]
                rest = rest[marker.upperBound...]
            }
        }
        result += rest
        return isFilled ? last(result) ?? result : result
    }

    private func folder(scheme name: String, job: String) throws -> String? {
        let owner = name == scheme.name ? scheme : try other(name)
        guard let job = owner?.job(job), job.current != job.name else { return nil }
        return job.current.hasSuffix("/") ? job.current : job.current + "/"
    }
}
