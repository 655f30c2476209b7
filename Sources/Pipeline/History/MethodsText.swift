import Reporting
import StarFormat

/// A paragraph for the methods section of a paper, made of what the jobs' settings and output files say.
///
/// Each finished job gives a sentence or two, in the order of the pipeline. What is not known is left out; nothing is guessed.
package struct MethodsText: Sendable {
    package private(set) var text = ""
    private var cited: [Citation] = []

    /// The papers that the text cites, by name.
    package var references: [String] { cited.map(\.full).sorted() }

    /// The text with its references below.
    package var withReferences: String { text + (cited.isEmpty ? "" : "\n\nReferences\n\n" + references.joined(separator: "\n")) }

    package init(_ history: ProjectHistory, in project: Project) {
        var writer = MethodsWriter(figures: JobFigures(project: project))
        writer.begin(history)
        for job in history.jobs where job.status == JobStatus.succeeded.label || job.name == history.jobs.last?.name { writer.tell(job) }
        text = writer.sentences.joined(separator: " ")
        cited = writer.cited
    }
}

/// Collects sentences and citations.
struct MethodsWriter {
    let figures: JobFigures
    var sentences: [String] = []
    var cited: [Citation] = []

    mutating func say(_ sentence: String?) {
        guard let sentence, !sentence.isEmpty else { return }
        let opening = sentence.first?.isNumber == true && !sentence.hasPrefix("1 ") ? "A total of " : ""
        let whole = opening + sentence
        sentences.append(whole.prefix(1).uppercased() + whole.dropFirst() + ".")
    }

    /// ` (Scheres, 2012a; Kimanius et al., 2021)`; remembers the papers.
    mutating func cite(_ papers: Citation...) -> String {
        for paper in papers where !cited.contains(paper) { cited.append(paper) }
        return " (" + papers.map(\.short).joined(separator: "; ") + ")"
    }

    mutating func begin(_ history: ProjectHistory) {
        let versions = Set(history.jobs.compactMap(\.version)).sorted()
        let version = versions.isEmpty ? "" : " (version\(versions.count > 1 ? "s" : "") \(FigureText.list(versions)))"
        say("Images were processed in the pipeline of RELION\(version)" + cite(.relion, .relion5))
    }

    mutating func tell(_ job: JobRecord) {
        let kind = job.type.split(separator: ".").dropFirst().first.map(String.init) ?? job.type
        switch kind {
        case "import": tellImport(job)
        case "motioncorr": tellMotion(job)
        case "ctffind": tellContrastTransfer(job)
        case "autopick", "manualpick": tellPicking(job)
        case "extract": tellExtraction(job)
        case "class2d": tellClasses2D(job)
        case "select": tellSelection(job)
        case "initialmodel": tellInitialModel(job)
        case "class3d": tellClasses3D(job)
        case "refine3d": tellRefinement(job)
        case "maskcreate": tellMask(job)
        case "postprocess": tellPostprocessing(job)
        case "ctfrefine": tellContrastTransferRefinement(job)
        case "polish": tellPolishing(job)
        case "subtract": say("signal outside the region of interest was subtracted from the particle images" + cite(.subtraction))
        case "multibody": say("the motion of rigid bodies was described by multi-body refinement" + cite(.multiBody))
        case "localres": tellLocalResolution(job)
        case "joinstar": tellJoining(job)
        case "external": say(job.parameters["fn_exe"].flatMap { $0.isEmpty ? nil : "the program \(PathName($0).name) was run on the data" })
        default: tellOthers(job)
        }
    }

    private mutating func tellOthers(_ job: JobRecord) {
        if job.type.hasPrefix("dynamight") { return say("continuous heterogeneity was analysed with DynaMight" + cite(.dynaMight)) }
        if job.type.hasPrefix("modelangelo") { return say("an atomic model was built with ModelAngelo" + cite(.modelAngelo)) }
    }
}

extension JobRecord {
    func isYes(_ key: String) -> Bool { parameters[key] == "Yes" }

    /// A number among the settings; nil for those that stand for "not given" (negative ones).
    func positive(_ key: String) -> Double? { parameters[key].flatMap { Double($0) }.flatMap { $0 > 0 && $0.isFinite ? $0 : nil } }

    func whole(_ key: String) -> Int? { positive(key).flatMap { $0 < 1e9 ? Int($0.rounded()) : nil } }

    func text(_ key: String) -> String? { parameters[key].flatMap { $0.isEmpty || $0 == "None" ? nil : $0 } }
}
