import Reporting

extension Evaluation {
    /// For forms, which know no folder yet.
    init(settings: JobSettings) { self.init(settings: settings, folder: "", facts: NoFiles()) }

    /// The words of a job: its options, definitions and facts.
    init(settings: JobSettings, folder: String, facts: some ProjectFacts) {
        let words = JobWords(settings: settings, folder: folder, facts: facts)
        self.init(
            lookUp: { try words.value($0) },
            choices: { key in settings.option(key)?.choices })
    }

    /// Itself, or one for each value of the repetition's name.
    func repeated(_ repetition: Repetition?) throws -> [Evaluation] {
        guard let repetition else { return [self] }
        let values: [FormulaValue]
        switch repetition.values {
        case .texts(let texts): values = texts.map { .text($0) }
        case .upTo(let last):
            let count = Int(exactly: try number(last).rounded(.towardZero)) ?? 0
            values = (0..<min(max(0, count), 10_000)).map { .number(Double($0 + 1)) }
        }
        return values.map { value in
            Evaluation(lookUp: { name in name == repetition.name ? value : try lookUp(name) }, choices: choices)
        }
    }
}

/// Looks up the words of one job's formulas.
private struct JobWords {
    let settings: JobSettings
    let folder: String
    let facts: any ProjectFacts

    func value(_ name: String) throws -> FormulaValue? {
        if let text = settings[name] { return .text(text) }
        if let fact = try fact(name) { return fact }
        if let definition = try definition(name) { return definition }
        // An option of the other kind of project (single particles or tomography) is as if left empty.
        if settings.type.option(name, tomo: !settings.isTomo) != nil { return .text("") }
        return nil
    }

    private var evaluation: Evaluation {
        Evaluation(lookUp: { try value($0) }, choices: { key in settings.option(key)?.choices })
    }

    /// A definition that is one formula keeps its full precision.
    private func definition(_ name: String) throws -> FormulaValue? {
        let evaluation = evaluation
        for definition in settings.type.definitions where definition.name == name {
            guard try evaluation.holds(definition.condition) else { continue }
            if definition.value.parts.count == 1, case .value(let formula) = definition.value.parts[0] {
                return try evaluation.value(formula)
            }
            return .text(try evaluation.text(definition.value))
        }
        return nil
    }

    private func fact(_ name: String) throws -> FormulaValue? {
        switch name {
        case "continue": return .truth(settings.isContinue)
        case "new": return .truth(!settings.isContinue)
        case "tomo": return .truth(settings.isTomo)
        case "spa": return .truth(!settings.isTomo)
        case "outdir": return .text(folder)
        case "jobname": return .text(Evaluation.splitPath(String(folder.dropLast())).name)
        case "bodies": return .number(Double(facts.rowCount(settings["fn_bodies"] ?? "") ?? 0))
        case "bodies_readable": return .truth(facts.rowCount(settings["fn_bodies"] ?? "") != nil)
        case "model_built": return .truth(facts.exists(folder + Evaluation.splitPath(String(folder.dropLast())).name + ".cif"))
        case "has_manualpick": return .truth(facts.manualPickSettings() != nil)
        case "finished_root": return .text(try finishedRoot())
        default:
            guard name.hasPrefix("manualpick.") else { return nil }
            return facts.manualPickSettings()?[String(name.dropFirst(11))].map { .text($0) }
        }
    }

    /// `run` or `run_ct12`, of the one model in the job's folder that is no iteration's.
    private func finishedRoot() throws -> String {
        let models = facts.names(in: folder).filter { $0.hasPrefix("run") && $0.hasSuffix("_model.star") && !$0.contains("_it") }
        guard models.count == 1 else {
            throw InputError(
                place: folder, found: "\(models.count) files run*_model.star of a finished refinement", expected: "one",
                remedy: models.isEmpty ? "Let the refinement end first" : "Move the others away")
        }
        return String(models[0].dropLast("_model.star".count))
    }
}

private struct NoFiles: ProjectFacts {
    func exists(_ path: String) -> Bool { false }
    func rowCount(_ path: String) -> Int? { nil }
    func names(in folder: String) -> [String] { [] }
    func manualPickSettings() -> JobSettings? { nil }
}
