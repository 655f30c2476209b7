/// What a job would do in a certain folder: its commands, the files it reads and writes, and how it wants to be run.
package struct JobPlan: Sendable {
    package var typeLabel: String
    /// The job's folder with a slash at the end.
    package var job: String
    /// Complete but for the MPI launcher and redirections.
    package var commands: [String]
    package var inputs: [PipelineNode]
    package var outputs: [PipelineNode]
    package var processCount = 1
    package var threadCount = 1
    /// Nil for jobs that run on this machine.
    package var queue: QueueSettings?

    package init(typeLabel: String, job: String, commands: [String], inputs: [PipelineNode], outputs: [PipelineNode]) {
        self.typeLabel = typeLabel
        self.job = job
        self.commands = commands
        self.inputs = inputs
        self.outputs = outputs
    }
}

/// Settings of a job from which plans are made: the pipeline's side of the job catalogue.
package protocol JobSource {
    /// `Class2D` for jobs that go to `Class2D/jobNNN/`.
    var folder: String { get }
    /// - Parameter job: the job's folder with a slash at the end.
    /// - Throws: `InputError` with all that is wrong with the settings.
    func plan(job: String) throws -> JobPlan
    /// What settings and inputs say about the job's chances; files are looked into, nothing is written.
    func review() -> JobReview
    /// Writes `job.star` into the job's folder.
    /// - Parameter folder: relative to the current folder of the process.
    func writeSettings(to folder: String) throws
    /// Keeps the settings as those that the next job of this type starts from.
    func writeForm(to folder: String) throws
}

/// How a job is handed to a queue.
package struct QueueSettings: Sendable, Equatable {
    /// `sbatch`
    package var submitCommand: String
    /// The script with `XXX…XXX` variables.
    package var template: String
    package var queueName: String
    /// Cores that a node must give at least.
    package var dedicatedCores: Int
    /// `XXXextra1XXX` … by number.
    package var extras: [Int: String]

    package init(submitCommand: String, template: String, queueName: String, dedicatedCores: Int = 1, extras: [Int: String] = [:]) {
        self.submitCommand = submitCommand
        self.template = template
        self.queueName = queueName
        self.dedicatedCores = dedicatedCores
        self.extras = extras
    }
}
