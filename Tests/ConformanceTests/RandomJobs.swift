import Foundation
import Jobs

/// Settings as a user may choose them: each option within its range or choices, seeded and repeatable.
struct RandomJobs {
    var generator: SplitMix
    /// Where most random values would break a rule of the job type.
    private static let texts: [String: [String]] = [
        "fn_cont": ["", "Class2D/job003/run_it012_optimiser.star"],
        "fn_in": ["A/job001/run_half1_class001_unfil.mrc"], "in_halfmaps": ["A/job001/half1.mrc"],
        "fn_in_raw": ["Movies/*.tiff"], "optics_group_name": ["opticsGroup1"], "optics_group_particles": ["", "g2"],
        "fn_in_other": ["coords/*_pick.star", "a/b/half1.mrc"], "fn_bodies": ["bodies.star"],
        "gpu_ids": ["", "0", "0:1"], "other_args": ["", "--dry_run"], "scratch_dir": ["", "/tmp"],
        "in_optimisation": ["", "X/job001/optimisation_set.star"], "in_trajectories": ["", "X/job001/motion.star"],
        "sym_name": ["C1", "c4", "D2", "I1"], "coords_suffix": ["AutoPick/job003/autopick.star"], "fn_exe": ["run.sh"],
        "nr_mpi": ["1", "1", "1", "4"], "fn_model": ["", "", "Class2D/job003/run_it025_optimiser.star"],
        "fn_mic": ["", "", "CtfFind/job003/micrographs_ctf.star"], "fn_data": ["", "", "Extract/job003/particles.star"],
        "qsub": ["sbatch"], "qsubscript": ["template.sh"], "queuename": ["long"],
    ]

    init(seed: UInt64) { generator = SplitMix(state: seed) }

    mutating func settings(of type: JobType, tomo: Bool) -> JobSettings {
        var settings = JobSettings(type, tomo: tomo, isContinue: Int.random(in: 0..<4, using: &generator) == 0, environment: [:])
        for option in settings.options { try? settings.set(option.key, to: value(of: option)) }
        return settings
    }

    private mutating func value(of option: JobOption) -> String {
        if let texts = Self.texts[option.key] { return texts.randomElement(using: &generator) ?? "" }
        switch option.kind {
        case .boolean: return Bool.random(using: &generator) ? "Yes" : "No"
        case .radio(let choices): return choices.randomElement(using: &generator) ?? ""
        case .slider(let range, _):
            let value = Double.random(in: range, using: &generator)
            return option.isWholeNumber ? "\(Int(value))" : String(format: "%.4g", value)
        case .text, .file, .node:
            if let number = Double(option.builtInDefault) { return near(number, written: option.builtInDefault) }
            return ["", "Select/job004/file.star", "Import/job005/map.mrc"].randomElement(using: &generator) ?? ""
        }
    }

    /// A number that may stand where a text field shows one: the default, or one near it; with a fraction where the default has one.
    private mutating func near(_ number: Double, written text: String) -> String {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: return text
        case 1: return "\(Int(number) + Int.random(in: 0...20, using: &generator))"
        default: return text.contains(".") ? String(format: "%.3f", number * 1.5 + 0.25) : "\(max(1, Int(number) * 2))"
        }
    }
}

/// Steele, Lea & Flood (OOPSLA 2014): small and repeatable.
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

/// A project with any number of bodies and no other files.
struct NoFiles: ProjectFacts {
    func exists(_ path: String) -> Bool { false }
    func rowCount(_ path: String) -> Int? { 2 }
    func names(in folder: String) -> [String] { [] }
    func manualPickSettings() -> JobSettings? { nil }
}
