import Foundation
import Reporting
import StarFormat

/// The settings file of a job, `job.star`, as a table of texts: for changes that need no knowledge of job types.
package struct JobSettingsFile: Sendable {
    package let path: String
    package var document: StarDocument

    /// - Parameter path: a file, or a job's folder; `job.star` is added to what has no `.star` at its end.
    package init(contentsOf path: String) throws {
        self.path = path.hasSuffix(".star") ? path : PathName.joined(path, JobFile.settings)
        document = try StarDocument(contentsOf: self.path)
        _ = try document.table("job")
        _ = try document.table("joboptions_values")
    }

    package var typeLabel: String { document.firstTable("job")?.string("rlnJobTypeLabel", row: 0) ?? "" }

    package var isContinue: Bool {
        get { document.firstTable("job")?.string("rlnJobIsContinue", row: 0) == "1" }
        set {
            guard var table = document.firstTable("job") else { return }
            table.setValue("rlnJobIsContinue", newValue)
            document.set(table)
        }
    }

    /// Settings in the order of the file.
    package func options() throws -> [(key: String, value: String)] {
        let table = try document.table("joboptions_values")
        return Array(zip(try table.strings("rlnJobOptionVariable"), try table.strings("rlnJobOptionValue")))
    }

    /// - Throws: `InputError` naming the file when it has no such setting.
    package mutating func set(_ key: String, to value: String) throws {
        var table = try document.table("joboptions_values")
        let keys = try table.strings("rlnJobOptionVariable")
        var values = try table.strings("rlnJobOptionValue")
        guard let row = keys.firstIndex(of: key) else {
            throw InputError(place: path, found: "the job has no setting \(key)", expected: keys.joined(separator: ", "))
        }
        values[row] = value
        table.set("rlnJobOptionValue", strings: values)
        document.set(table)
    }

    package func write(to path: String? = nil) throws { try document.write(to: path ?? self.path) }
}
