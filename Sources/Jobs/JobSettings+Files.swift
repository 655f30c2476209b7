import Foundation
import Reporting
import StarFormat

/// `job.star` and the forms' `.gui_*job.star`, the same format; and `run.job` of the years before.
extension JobSettings {
    /// Reads a settings file, or the one in a job's folder (`Class2D/job007/`): `job.star`, or `run.job` where there is none.
    ///
    /// Options that the file lacks stay at their defaults; a value of a key unknown to this version is kept.
    /// - Parameter warn: told about unknown keys and values that do not fit.
    /// - Throws: `InputError` when the file is missing, damaged or of a job type that is not known.
    package init(
        contentsOf path: String, catalogue: JobCatalogue = .standard,
        environment: [String: String] = ProcessInfo.processInfo.environment, warn: (String) -> Void = { _ in }
    ) throws {
        var file = path
        if !path.hasSuffix(".star") && !path.hasSuffix(".job") {
            let newFile = path + (path.hasSuffix("/") || path.hasSuffix("job") ? "" : "/") + "job.star"
            let oldFile = path + (path.hasSuffix("/") ? "" : "/") + "run.job"
            let isOld = !FileManager.default.fileExists(atPath: newFile) && FileManager.default.fileExists(atPath: oldFile)
            file = isOld ? oldFile : newFile
        }
        if file.hasSuffix(".job") {
            try self.init(oldFile: file, catalogue: catalogue, environment: environment, warn: warn)
        } else {
            try self.init(StarDocument(contentsOf: file), catalogue: catalogue, environment: environment, warn: warn)
        }
    }

    package init(
        _ document: StarDocument, catalogue: JobCatalogue = .standard,
        environment: [String: String] = ProcessInfo.processInfo.environment, warn: (String) -> Void = { _ in }
    ) throws {
        let job = try document.table("job")
        let type: JobType
        if let label = job.string("rlnJobTypeLabel", row: 0) {
            type = try catalogue.requireType(label: label, place: document.name)
        } else {
            let number = try job.int("rlnJobType", expected: "the number of a job type")
            guard let known = catalogue.type(number: number) else {
                throw InputError(place: document.name, found: "job type number \(number)", expected: "a job type of this version")
            }
            type = known
        }
        let isTomo = job.contains("rlnJobIsTomo") ? try job.bool("rlnJobIsTomo") : false
        self.init(type, tomo: isTomo, environment: environment)
        isContinue = job.contains("rlnJobIsContinue") ? try job.bool("rlnJobIsContinue") : false
        label = job.string("rlnJobTypeLabel", row: 0) ?? type.label
        if let table = document.firstTable("joboptions_values") {
            let keys = try table.strings("rlnJobOptionVariable")
            for (key, value) in zip(keys, try table.strings("rlnJobOptionValue")) { take(key, value) }
        }
        report(document.name, warn)
    }

    private func report(_ file: String, _ warn: (String) -> Void) {
        for key in unknown.keys.sorted() { warn("\(file): option \(key) is not known to \(type.label); it is kept but has no effect") }
        for problem in problems { warn("\(file): \(problem)") }
    }

    /// The content of `job.star`: header and values, sorted by key.
    package var document: StarDocument {
        var job = StarTable(name: "job", kind: .list)
        job.setValue("rlnJobTypeLabel", label)
        job.setValue("rlnJobIsContinue", isContinue)
        job.setValue("rlnJobIsTomo", isTomo)
        let rows = values.merging(unknown) { known, _ in known }.sorted { $0.key < $1.key }
        var table = StarTable(name: "joboptions_values")
        table.set("rlnJobOptionVariable", strings: rows.map(\.key))
        table.set("rlnJobOptionValue", strings: rows.map(\.value))
        return StarDocument(tables: [job, table])
    }

    /// Writes a settings file, at once or not at all.
    package func write(to path: String) throws { try document.write(to: path) }

    // MARK: Files before RELION 3.1

    /// Lines `label == value` after two lines with the type's number and whether the job is continued.
    private init(
        oldFile path: String, catalogue: JobCatalogue, environment: [String: String], warn: (String) -> Void
    ) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw InputError(place: path, found: "the file cannot be read", expected: "a run.job file")
        }
        let rows = text.split(separator: "\n").compactMap { line -> (label: String, value: String)? in
            guard let range = line.range(of: "==", options: .backwards) else { return nil }
            return (line[..<range.lowerBound].trimmingCharacters(in: .whitespaces),
                    line[range.upperBound...].trimmingCharacters(in: .whitespaces))
        }
        guard let first = rows.first, first.label == "job_type", let number = Int(first.value),
              let type = catalogue.type(number: number)
        else {
            throw InputError(place: path, found: rows.first.map { "\($0.label) == \($0.value)" } ?? "no settings",
                             expected: "job_type == and the number of a job type of this version")
        }
        self.init(type, environment: environment)
        isContinue = rows.contains { $0.label == "is_continue" && $0.value == "true" }
        for (name, value) in rows.dropFirst() where name != "is_continue" {
            let label = Self.renamed[name] ?? name
            if let option = options.first(where: { $0.label == label }) {
                take(option.key, value)
            } else {
                warn("\(path): no option of \(type.label) is called \"\(name)\"; left out")
            }
        }
        for problem in problems { warn("\(path): \(problem)") }
    }

    /// Captions of RELION 3.0 that have changed.
    private static let renamed = ["Perform beamtilt estimation?": "Estimate beamtilt?"]
}
