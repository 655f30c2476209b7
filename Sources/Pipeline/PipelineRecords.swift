/// What has become of a job, as the pipeline file says it.
package enum JobStatus: Int, Sendable, CaseIterable {
    // In the order of the numbers in files older than RELION 4.
    case running, scheduled, succeeded, failed, aborted

    /// The word in the file.
    package var label: String {
        switch self {
        case .running: "Running"
        case .scheduled: "Scheduled"
        case .succeeded: "Succeeded"
        case .failed: "Failed"
        case .aborted: "Aborted"
        }
    }

    package init?(label: String) {
        guard let status = Self.allCases.first(where: { $0.label == label }) else { return nil }
        self = status
    }

    package var isFinished: Bool { self != .running && self != .scheduled }
}

/// One job in the graph.
package struct PipelineProcess: Sendable, Equatable {
    /// The job's folder relative to the project, with a slash at the end: `Class2D/job010/`. Unique.
    package var name: String
    /// Another name of the folder, with a slash at the end: `Class2D/LoG/`.
    package var alias: String?
    /// Dotted, general part first: `relion.class2d`, `relion.import.movies`.
    package var typeLabel: String
    package var status: JobStatus
    /// Values of columns that this suite does not know, in the order of `PipelineGraph.extraProcessLabels`.
    package var extra: [String] = []

    package init(name: String, alias: String? = nil, typeLabel: String, status: JobStatus) {
        self.name = name
        self.alias = alias
        self.typeLabel = typeLabel
        self.status = status
    }

    /// Whether the job is of this type or of a variant of it: `relion.import.movies` is a `relion.import`.
    package func isOf(type: String) -> Bool { typeLabel == type || typeLabel.hasPrefix(type + ".") }

    package var jobName: JobName? { JobName(name) }
}

/// One file that jobs exchange.
package struct PipelineNode: Sendable, Equatable {
    /// The file's path relative to the project. Unique.
    package var name: String
    /// Dotted, general part first: `ParticleGroupMetadata.star.relion.class2d`.
    package var typeLabel: String
    /// How many dotted parts of the type have a folder of their own in `.Nodes`.
    package var depth: Int
    /// Values of unknown columns, as in `PipelineProcess`.
    package var extra: [String] = []

    package init(name: String, typeLabel: String, depth: Int = 1) {
        self.name = name
        self.typeLabel = typeLabel
        self.depth = depth
    }
}

/// A line between a job and a file: the file goes into the job, or comes out of it.
package struct PipelineEdge: Sendable, Hashable {
    package var process: String
    package var node: String

    package init(process: String, node: String) {
        self.process = process
        self.node = node
    }
}
