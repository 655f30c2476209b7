import Foundation
import Reporting
import StarFormat

/// The files that a deposition of a map consists of, found from a post-processing job.
package struct DepositionPlan: Sendable {
    package struct Item: Sendable, Equatable {
        /// In the project, or an absolute path.
        package var source: String
        /// In the deposition's folder.
        package var target: String
        /// Links are for files that are too large to copy.
        package var isLink: Bool
    }

    package let process: PipelineProcess
    package private(set) var items: [Item] = []
    /// Files that are named somewhere, but are not there.
    package private(set) var missing: [String] = []
    private let project: Project

    /// - Throws: `InputError` unless the job is a finished post-processing whose maps are there.
    package init(job: String, in project: Project) throws {
        let graph = try project.graph()
        guard let process = graph.find(job) else { throw PipelineGraph.unknown(job) }
        guard process.isOf(type: "relion.postprocess"), process.status == .succeeded else {
            throw InputError(
                place: process.name, found: "a job of type \(process.typeLabel), \(process.status.label.lowercased())",
                expected: "a post-processing job that succeeded", remedy: "relion project status lists all jobs")
        }
        self.process = process
        self.project = project
        let file = process.name + "postprocess.star"
        let general = try StarDocument(contentsOf: project.path(file)).table("general")
        func named(_ label: String) -> String? { general.string(label, row: 0).flatMap { $0.isEmpty || $0 == "None" ? nil : $0 } }
        let maps: [(source: String?, target: String)] = [
            (process.name + "postprocess.mrc", "main_map.mrc"), (named("rlnUnfilteredMapHalf1"), "half_map_1.mrc"),
            (named("rlnUnfilteredMapHalf2"), "half_map_2.mrc"), (named("rlnMaskName"), "mask.mrc"),
            (process.name + "postprocess_fsc.xml", "fsc.xml"),
        ]
        for (source, target) in maps {
            guard let source else { continue }
            items.append(Item(source: source, target: target, isLink: false))
            if !project.exists(source) { missing.append(source) }
        }
        for (label, target) in [("rlnUnfilteredMapHalf1", 1), ("rlnUnfilteredMapHalf2", 2)] where named(label) == nil {
            missing.append("half map \(target), which \(file) does not name")
        }
        if !missing.isEmpty {
            throw InputError(missing.map {
                InputProblem(place: file, found: "\($0) is not there", expected: "a file of the deposition", remedy: "Bring it back (relion job unclean), or run the job again")
            })
        }
        let masked = process.name + "postprocess_masked.mrc"
        if project.exists(masked) { items.append(Item(source: masked, target: "additional_map_masked.mrc", isLink: false)) }
    }

    /// Adds movies, micrographs, particle stacks and their STAR files, under the names that they have in the project, so that the
    /// STAR files stay right.
    package mutating func addRawData(_ history: ProjectHistory) {
        var seen: Set<String> = []
        func add(_ source: String, isLink: Bool) {
            guard seen.insert(source).inserted else { return }
            guard project.exists(source) else { return missing.append(source) }
            items.append(Item(source: source, target: Self.place(of: source), isLink: isLink))
        }
        for job in history.jobs {
            for file in job.outputs where file.exists && file.name.hasSuffix(".star") {
                let labels: [String]
                switch file.type {
                case let type where type.contains("MicrographMovieGroupMetadata"): labels = ["rlnMicrographMovieName"]
                case let type where type.contains("MicrographGroupMetadata"): labels = ["rlnMicrographName"]
                case let type where type.contains("ParticleGroupMetadata"): labels = ["rlnImageName"]
                default: continue
                }
                add(file.name, isLink: false)
                guard let document = try? StarDocument(contentsOf: project.path(file.name)) else { continue }
                for table in document.tables {
                    for label in labels {
                        guard let names = try? table.distinctStrings(label).values else { continue }
                        for name in names { add(Self.file(of: name), isLink: true) }
                    }
                }
            }
        }
    }

    /// `000001@Extract/job009/x.mrcs:mrcs` is in `Extract/job009/x.mrcs`.
    static func file(of name: String) -> String {
        var file = name.split(separator: "@", maxSplits: 1).last.map(String.init) ?? name
        if let colon = file.lastIndex(of: ":") { file = String(file[..<colon]) }
        return file
    }

    /// Files outside the project go to a folder of their own; none leaves the deposition's folder.
    static func place(of source: String) -> String {
        let parts = source.split(separator: "/").filter { $0 != "." }
        let isInside = !source.hasPrefix("/") && !parts.contains("..")
        return "empiar/" + (isInside ? "" : "outside_project/") + parts.filter { $0 != ".." }.joined(separator: "/")
    }

    /// - Returns: the manifest: target, bytes and SHA-256 of each file, a line each.
    package func collect(into folder: String, checksums: Bool, progress: (String) -> Void = { _ in }) throws -> String {
        var lines = ["file\tbytes\tsha256\tsource"]
        let files = FileManager.default
        for item in items {
            let target = PathName.joined(folder, item.target)
            let source = URL(fileURLWithPath: project.path(item.source)).standardizedFileURL.path
            guard !files.fileExists(atPath: target) else {
                throw InputError(place: target, found: "two files would have this name (\(item.source))", remedy: "Rename one of them")
            }
            do {
                try files.createDirectory(atPath: PathName(target).folder, withIntermediateDirectories: true)
                if item.isLink { try files.createSymbolicLink(atPath: target, withDestinationPath: source) } else {
                    try files.copyItem(atPath: URL(fileURLWithPath: source).resolvingSymlinksInPath().path, toPath: target)
                }
            } catch {
                throw InputError(place: target, found: "the file cannot be made (\(error.localizedDescription))", remedy: "Check permissions and space")
            }
            progress(item.target)
            let real = URL(fileURLWithPath: source).resolvingSymlinksInPath().path
            let sum = checksums ? try FileChecksum.sha256(ofFile: real) : "-"
            let bytes = (try? files.attributesOfItem(atPath: real)[.size] as? Int) ?? nil
            lines.append("\(item.target)\t\(bytes ?? 0)\t\(sum)\t\(item.source)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
