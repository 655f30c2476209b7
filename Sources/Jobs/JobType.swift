/// A kind of job: its options, the commands it runs and the nodes it reads and writes.
///
/// Everything about a job type is declared once, in `Catalogue/`; forms, `job.star` and command lines are views of it.
package struct JobType: Sendable {
    /// How a finished or stopped job goes on.
    package enum Continuation: String, Sendable {
        /// A flag makes the program do what is missing.
        case flag
        /// From the optimiser file named in `fn_cont`.
        case optimiser
        /// Other commands are run.
        case tasks
        /// The same commands again.
        case rerun
    }

    /// One page of the form.
    package struct Tab: Sendable {
        package let name: String
        package let options: [JobOption]
    }

    /// The label that jobs of this type start with, such as `relion.class2d`; part of `job.star`.
    package let label: String
    /// Number in files before RELION 3.1.
    package let number: Int
    /// Folder of the project that holds its jobs, such as `Class2D`.
    package let folder: String
    /// Name in the list of jobs for single particles; nil: not offered there.
    package let name: String?
    /// Name in the list of jobs for tomography; nil: not offered there.
    package let tomoName: String?
    /// File in the project's folder that remembers the last settings of the form.
    package let formFile: String
    package let hasMPI: Bool
    package let hasThreads: Bool
    /// Whether the form offers the queue.
    package let allowsQueue: Bool
    package let continuation: Continuation
    /// Whether jobs made in a tomography project set the tomo flag.
    package let setsTomoFlag: Bool
    /// One sentence on what it does.
    package let summary: String

    package let tabs: [Tab]
    /// The tabs where the tomo flag is set.
    package let tomoTabs: [Tab]

    package let labels: [ConditionalLabel]
    package let definitions: [Definition]
    package let requirements: [Requirement]
    package let commands: [CommandTemplate]
    package let reads: [NodeTemplate]
    package let writes: [NodeTemplate]

    package func tabs(tomo: Bool) -> [Tab] { tomo ? tomoTabs : tabs }
    package func options(tomo: Bool) -> [JobOption] { tabs(tomo: tomo).flatMap(\.options) }

    package func option(_ key: String, tomo: Bool) -> JobOption? { options(tomo: tomo).first { $0.key == key } }
}

/// A more specific label of a job, from its settings.
package struct ConditionalLabel: Sendable {
    package let label: String
    package let condition: Expression?
}

/// A name for a text that several templates use.
package struct Definition: Sendable {
    package let name: String
    package let value: Template
    package let condition: Expression?
}

/// Something the settings must fulfil before the job can run.
package struct Requirement: Sendable {
    package let condition: Expression
    /// What is wrong and what to do, for the user.
    package let message: Template
}

/// A node of the job: a file that connects it with others.
package struct NodeTemplate: Sendable {
    package let path: Template
    package let type: String
    /// The type where the tomo flag is set, if another.
    package let tomoType: String?
    /// How many parts of the type are kept where nodes are listed by type; nil: the usual.
    package let depth: Int?
    package let condition: Expression?
    package let repetition: Repetition?
}

/// One entry for each value of a name.
package struct Repetition: Sendable {
    package enum Values: Sendable {
        case texts([String])
        /// 1 to this number.
        case upTo(Expression)
    }

    package let name: String
    package let values: Values
}

/// One command line of a job.
package struct CommandTemplate: Sendable {
    package enum Program: Sendable, Hashable {
        /// One of ours, by name, and its name under MPI; looked up on the PATH by a `which` in back quotes unless `bare`.
        case named(String, mpi: String?, bare: Bool)
        /// What an option says.
        case option(String)
        /// A line for the shell.
        case shell(Template)
    }

    package struct Argument: Sendable {
        /// `--flag value`, `--flag=value`, a flag or a word.
        package let text: Template
        package let condition: Expression?

        /// The flag, where it starts with one.
        package var flag: String? {
            guard text.source.hasPrefix("-") else { return nil }
            return String(text.source.prefix { $0 != " " && $0 != "=" })
        }
    }

    package let program: Program
    package let arguments: [Argument]
    /// Whether the user's additional arguments follow.
    package let takesExtraArguments: Bool
    /// The flag that tells the program its job's folder.
    package let controlFlag: String
    package let condition: Expression?
    package let repetition: Repetition?
}
