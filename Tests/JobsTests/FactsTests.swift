import Foundation
import Reporting
import TestSupport
import Testing

@testable import Jobs

/// The catalogue against the facts about RELION's job types in `jobs.json`.
@Suite(.enabled(if: JobFacts.isPresent, SharedData.hint)) struct FactsTests {
    private let facts: [String: Any]
    private let jobs: [[String: Any]]

    init() throws {
        facts = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: JobFacts.file)) as? [String: Any])
        jobs = try #require(facts["jobs"] as? [[String: Any]])
    }

    private func options(_ job: [String: Any], tomo: Bool) -> [[String: Any]] {
        let tabs = (tomo ? job["tabs_tomo"] : nil) as? [[String: Any]] ?? job["tabs"] as? [[String: Any]] ?? []
        let own = tabs.flatMap { $0["options"] as? [[String: Any]] ?? [] }
        let shared = Set(tabs.flatMap { $0["shared"] as? [String] ?? [] })
        let running = facts["running_options"] as? [[String: Any]] ?? []
        return own + running.filter { shared.contains($0["key"] as? String ?? "") && $0["key"] as? String != "qsub_extraN" }
    }

    @Test(arguments: [false, true]) func optionsAreTheSame(tomo: Bool) throws {
        for job in jobs {
            let label = try #require(job["label"] as? String)
            let type = try #require(JobCatalogue.standard.type(label: label))
            #expect(type.label == label && type.number == job["id"] as? Int && type.folder == job["directory"] as? String)
            #expect(type.formFile == job["hidden_file"] as? String && type.hasMPI == job["has_mpi"] as? Bool)
            #expect(type.hasThreads == job["has_threads"] as? Bool && type.allowsQueue == job["queue_allowed"] as? Bool)
            let names = job["gui_name"] as? [String: Any]
            #expect(type.name == names?["spa"] as? String && type.tomoName == names?["tomo"] as? String)
            #expect(type.setsTomoFlag == job["gui_sets_tomo_flag"] as? Bool)
            let expected = options(job, tomo: tomo)
            #expect(type.options(tomo: tomo).map(\.key) == expected.map { $0["key"] as? String }, "\(label)")
            for (option, fact) in zip(type.options(tomo: tomo), expected) { compare(option, fact, label) }
        }
    }

    private func compare(_ option: JobOption, _ fact: [String: Any], _ label: String) {
        let name = Comment(rawValue: "\(label) \(option.key)")
        if let text = fact["default"] as? String { #expect(option.builtInDefault == text, name) }
        #expect(option.label == (fact["label"] as? String ?? "").trimmingCharacters(in: .whitespaces), name)
        #expect(option.environmentVariable == fact["default_env"] as? String, name)
        let edit = ["always": JobOption.EditRule.always, "greyed_on_continue": .fixed, "only_on_continue": .continueOnly]
        #expect(option.edit == edit[fact["edit"] as? String ?? ""], name)
        #expect((option.enabled == nil) == (fact["enabled_when"] == nil), name)
        switch option.kind {
        case .slider(let range, let step):
            let bounds = [(fact["min"] as? NSNumber)?.doubleValue ?? .nan, (fact["max"] as? NSNumber)?.doubleValue ?? .nan]
            #expect(range.lowerBound == bounds.min() && range.upperBound == bounds.max(), name)
            #expect(step == (fact["step"] as? NSNumber)?.doubleValue && option.isWholeNumber == (fact["number"] as? String == "int"), name)
        case .radio(let choices):
            let sets = facts["radio_choices"] as? [String: [String]]
            #expect(choices == sets?[fact["choices_set"] as? String ?? ""], name)
        case .node(let type, _, let depth):
            #expect(type == fact["node_type"] as? String && depth == fact["node_depth"] as? Int ?? 1, name)
        case .boolean: #expect(fact["kind"] as? String == "boolean", name)
        case .text: #expect(fact["kind"] as? String == "text", name)
        case .file(_, let folder): #expect(folder == fact["directory"] as? String, name)
        }
    }

    // MARK: Random settings

    /// Settings of each job type; those that break a rule of the type are drawn again.
    private static let drawsPerType = 100

    @Test func commandLinesLabelsAndNodesOfRandomSettings() throws {
        var generator = SplitMix(state: 20_250_117)
        var total = 0
        for job in jobs {
            let label = try #require(job["label"] as? String)
            let type = try #require(JobCatalogue.standard.type(label: label))
            for tomo in job["tabs_tomo"] == nil ? [false] : [false, true] {
                var compared = 0
                for _ in 0..<40 * Self.drawsPerType where compared < Self.drawsPerType {
                    if try compareDraw(job, type, tomo: tomo, &generator) { compared += 1 }
                }
                #expect(compared == Self.drawsPerType, "\(label): settings that can run")
                total += compared
            }
        }
        #expect(total >= 3500)
    }

    private func compareDraw(_ job: [String: Any], _ type: JobType, tomo: Bool, _ generator: inout SplitMix) throws -> Bool {
        var settings = JobSettings(type, tomo: tomo, isContinue: Bool.random(using: &generator), environment: [:])
        for option in settings.options { settings.take(option.key, Self.value(for: option, &generator)) }
        var files = FakeFiles()
        files.bodies = Int.random(in: 0...3, using: &generator)
        if type.label == "relion.autopick", Bool.random(using: &generator), let picker = JobCatalogue.standard.type(label: "relion.manualpick") {
            var form = JobSettings(picker, environment: [:])
            for option in form.options { form.take(option.key, Self.value(for: option, &generator)) }
            files.manualPick = form
        }
        // Its root comes from the files of an earlier run, which the facts' evaluator does not have.
        if type.label == "relion.multibody", settings.isContinue, settings["fn_cont"] == "" { return false }
        let folder = "\(type.folder)/job012/"
        guard let commands = try? JobCommands(settings, folder: folder, facts: files) else { return false }
        let evaluator = FactsEvaluator(
            job: job, values: settings.values, isContinue: settings.isContinue, isTomo: tomo, folder: folder,
            manualPick: files.manualPick?.values, bodies: files.bodies, radios: FactsEvaluator.radioSets(facts))
        let about = Comment(rawValue: "\(type.label) tomo \(tomo) \(settings.values.filter { $0.value != "" })")
        #expect(commands.commands.filter { $0.program != nil }.map(\.line) == evaluator.programLines(), about)
        #expect(commands.label == evaluator.label(), about)
        #expect(commands.inputs.map { "\($0.path) \($0.type)" } == evaluator.inputs(), about)
        #expect(Set(commands.outputs.map { "\($0.path) \($0.type)" }) == Set(evaluator.outputs()), about)
        return true
    }

    private static func value(for option: JobOption, _ generator: inout SplitMix) -> String {
        switch option.kind {
        case .boolean: return Bool.random(using: &generator) ? "Yes" : "No"
        case .radio(let choices): return choices.randomElement(using: &generator) ?? ""
        case .slider(let range, let step):
            if option.key == "nr_mpi" { return ["1", "1", "1", "4"].randomElement(using: &generator) ?? "1" }
            if option.key == "nr_classes" { return "\(Int.random(in: 1...4, using: &generator))" }
            let value = Double.random(in: range.lowerBound - step...range.upperBound, using: &generator)
            return option.isWholeNumber ? "\(Int(value))" : String(format: "%.4g", value)
        case .node, .file, .text:
            let numeric = Double(option.builtInDefault) != nil
            if numeric { return "\(Int.random(in: -2...40, using: &generator))" }
            return Self.texts[option.key]?.randomElement(using: &generator)
                ?? ["", "Class2D/job003/file.star", "Other/job004/x_half1_y.mrc", "plain"].randomElement(using: &generator) ?? ""
        }
    }

    /// Where most names would break a rule of the job type.
    private static let texts: [String: [String]] = [
        "fn_cont": ["", "Class2D/job003/run_it012_optimiser.star", "X/job005/run_ct7_it031_optimiser.star"],
        "fn_in": ["A/job001/run_half1_class001_unfil.mrc", "A/job001/b_half2.mrc"],
        "in_halfmaps": ["A/job001/half1.mrc", "A/job001/half2.mrc"],
        "fn_in_raw": ["Movies/*.tiff"], "optics_group_name": ["group-1", "opticsGroup1"], "optics_group_particles": ["", "g2"],
        "fn_in_other": ["coords/*_pick.star", "a/b/half1.mrc", "c_half2.mrc"],
        "fn_bodies": ["bodies.star"], "gpu_ids": ["0", "0:1"], "other_args": ["", "--verb 2"],
        "in_optimisation": ["", "X/job001/optimisation_set.star"], "in_trajectories": ["", "X/job001/motion.star"],
        "sym_name": ["C1", "c1", "D2"], "coords_suffix": ["Import/job002/coords_suffix_a.star", "AutoPick/job003/autopick.star"],
        "fn_exe": ["run.sh", "relion_external_thing"],
    ]
}

enum JobFacts {
    static let file = SharedData.root.appendingPathComponent("reference/jobs.json")
    static var isPresent: Bool { FileManager.default.fileExists(atPath: file.path) }
}

/// Small and repeatable.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

struct FakeFiles: ProjectFacts {
    var bodies = 0
    var manualPick: JobSettings?

    func exists(_ path: String) -> Bool { false }
    func rowCount(_ path: String) -> Int? { bodies }
    func names(in folder: String) -> [String] { [] }
    func manualPickSettings() -> JobSettings? { manualPick }
}
