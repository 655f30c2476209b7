import Reporting

/// A file that connects jobs.
package struct JobNode: Sendable, Hashable {
    /// Relative to the project.
    package let path: String
    /// Such as `ParticleGroupMetadata.star.relion.class2d`.
    package let type: String
    /// How many parts of the type name it where nodes are listed by type; nil: the usual.
    package let depth: Int?
}

/// One command of a job.
package struct JobCommand: Sendable, Hashable {
    /// The program's name, or nil for a line for the shell.
    package let program: String?
    /// Complete but for the MPI launcher and redirections; for a shell.
    package let line: String
}

/// What a job does with its settings in its folder: commands, label, nodes.
package struct JobCommands: Sendable {
    /// The most specific label that fits the settings, such as `relion.class2d.helical`.
    package let label: String
    package let commands: [JobCommand]
    package let inputs: [JobNode]
    package let outputs: [JobNode]

    /// - Parameters:
    ///   - folder: the job's, with or without a slash at the end, such as `Class2D/job007/`.
    ///   - facts: the project's files, for the few job types that ask about them.
    /// - Throws: `InputError` with everything that keeps the job from running.
    package init(_ settings: JobSettings, folder: String, facts: some ProjectFacts = ProjectOnDisk(".")) throws {
        let folder = folder.hasSuffix("/") ? folder : folder + "/"
        let evaluation = Evaluation(settings: settings, folder: folder, facts: facts)
        try Self.check(settings, evaluation)
        let type = settings.type
        label = try type.labels.first { try evaluation.holds($0.condition) }?.label ?? type.label
        commands = try type.commands.flatMap { try Self.commands($0, settings, evaluation, folder: folder) }
        inputs = try type.reads.flatMap { try Self.nodes($0, settings, evaluation, folder: "") }.filter { !$0.path.isEmpty }
        outputs = try type.writes.flatMap { try Self.nodes($0, settings, evaluation, folder: folder) }
        if commands.isEmpty {
            throw InputError(
                place: type.label, found: "nothing to do with these settings", expected: "a task", remedy: "Choose one in the form")
        }
    }

    private static func check(_ settings: JobSettings, _ evaluation: Evaluation) throws {
        var problems: [InputProblem] = []
        for requirement in settings.type.requirements where try !evaluation.holds(requirement.condition) {
            problems.append(InputProblem(place: settings.type.label, found: try evaluation.text(requirement.message)))
        }
        if !problems.isEmpty { throw InputError(problems) }
    }

    // MARK: Parts

    private static func commands(
        _ template: CommandTemplate, _ settings: JobSettings, _ evaluation: Evaluation, folder: String
    ) throws -> [JobCommand] {
        guard try evaluation.holds(template.condition) else { return [] }
        return try evaluation.repeated(template.repetition).map { evaluation in
            let (program, call) = try program(template.program, settings, evaluation)
            var line = call
            for argument in template.arguments where try evaluation.holds(argument.condition) {
                line += " " + (try evaluation.text(argument.text))
            }
            if template.takesExtraArguments { line += " " + (settings["other_args"] ?? "") }
            if program != nil, line.contains("relion_") { line += " \(template.controlFlag) \(folder)" }
            return JobCommand(program: program, line: line)
        }
    }

    /// The program's name and how the shell is told it.
    private static func program(
        _ program: CommandTemplate.Program, _ settings: JobSettings, _ evaluation: Evaluation
    ) throws -> (name: String?, call: String) {
        switch program {
        case .shell(let line): return (nil, try evaluation.text(line))
        case .option(let key):
            let name = settings[key] ?? ""
            return (name, name)
        case .named(let name, let mpi, let bare):
            let isParallel = try mpi != nil && evaluation.number(.word("nr_mpi")) > 1
            let chosen = isParallel ? mpi ?? name : name
            return (chosen, bare ? chosen : "`which \(chosen)`")
        }
    }

    private static func nodes(
        _ template: NodeTemplate, _ settings: JobSettings, _ evaluation: Evaluation, folder: String
    ) throws -> [JobNode] {
        guard try evaluation.holds(template.condition) else { return [] }
        let type = settings.isTomo ? template.tomoType ?? template.type : template.type
        return try evaluation.repeated(template.repetition).map {
            JobNode(path: folder + (try $0.text(template.path)), type: type, depth: template.depth)
        }
    }
}

extension JobType {
    /// The folder of a job of this type, with a slash at the end: `Class2D/job007/`.
    package func jobFolder(number: Int) -> String { "\(folder)/job\(Evaluation.wholeNumber(Double(number), digits: 3))/" }
}

extension JobCommand {
    /// The arguments behind the program's name, as a shell would split them; quotes are gone.
    package var arguments: [String] {
        var words: [String] = []
        var word = "", quote: Character?, isOpen = false
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "\"" || character == "'" || character == "`" {
                (quote, isOpen) = (character, true)
            } else if character == " " {
                if isOpen { words.append(word) }
                (word, isOpen) = ("", false)
            } else {
                word.append(character)
                isOpen = true
            }
        }
        if isOpen { words.append(word) }
        return Array(words.dropFirst())
    }
}
