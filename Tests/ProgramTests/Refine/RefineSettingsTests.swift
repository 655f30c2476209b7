import Foundation
import ProgramKit
import Refinement
import Reporting
import Testing

@testable import ParticlePrograms

@Suite("relion_refine's options become settings")
struct RefineSettingsTests {
    /// Options that act elsewhere than in the engine's settings.
    static let elsewhere: Set<String> = [
        "--lowpass_mask", "--lowpass",
        // Input and its checks.
        "--i", "--ref", "--denovo_3dref", "--solvent_mask", "--solvent_mask2", "--local_symmetry", "--tau", "--ref_angpix", "--trust_ref_size",
        "--print_metadata_labels", "--print_symmetry_ops", "--verb", "--continue", "--force_converge",
        "--join_random_halves",
        // Where images are read from.
        "--preread_images", "--scratch_dir", "--keep_free_scratch", "--reuse_scratch", "--keep_scratch",
        "--no_parallel_disc_io",
        // Every program's.
        "--j", "--pipeline_control", "--dry_run", "--help", "--version",
    ]

    /// Options that cannot change the result, because what they choose between does not exist here.
    static let withoutEffect: Set<String> = [
        "--pool", "--dont_combine_weights_via_disc", "--onthefly_shifts", "--cpu", "--gpu", "--free_gpu_memory",
    ]

    private static let options = ProgramEntry(RefineProgram.self).options()

    private func context(_ arguments: [String]) -> ProgramContext {
        ProgramContext(
            pool: .init(threads: 1), reporter: .recording(), jobControl: JobControl(folder: ""), isDryRun: true,
            commandLine: "", arguments: arguments)
    }

    private func isRefused(_ option: OptionDescription) throws -> Bool {
        let arguments = option.isFlag ? [option.name] : [option.name, "7"]
        var check = InputCheck()
        try RefineProgram.parse(arguments).refuseUnavailable(&check, context: context(arguments))
        return check.problems.contains { $0.place == option.name }
    }

    @Test("no option is accepted and ignored")
    func complete() throws {
        let known = Set(SettingRule.all.map(\.option))
        for option in Self.options {
            let count =
                (known.contains(option.name) ? 1 : 0) + (Self.elsewhere.contains(option.name) ? 1 : 0)
                + (Self.withoutEffect.contains(option.name) ? 1 : 0)
            let isAnswered = try count == 1 || isRefused(option)
            #expect(isAnswered, "\(option.name) has no effect")
            #expect(count <= 1, "\(option.name) is listed twice")
        }
    }

    /// A value other than the default, where 7 is none or makes no sense.
    private static let values = [
        "--tau2_fudge_scheme": "3-step", "--grad_stepsize_scheme": "2-step", "--sym": "D2", "--perturb": "0.2",
        "--relax_sym": "C2", "--o": "x/run", "--grad_ini_frac": "0.1", "--grad_fin_frac": "0.1", "--mu": "0.5",
        "--adaptive_fraction": "0.9",
    ]
    /// Options that need another one to have an effect.
    private static let companions = [
        "--som_ini_nodes": ["--som"], "--som_connectivity": ["--som"], "--som_inactivity_threshold": ["--som"],
        "--som_neighbour_pull": ["--som"], "--no_norm": ["--norm"], "--no_scale": ["--scale"], "--auto_iter_max": ["--auto_refine"],
    ]

    @Test("each changes the settings", arguments: SettingRule.all.map(\.option))
    func effect(option: String) throws {
        let description = try #require(Self.options.first { $0.name == option })
        let base = (Self.companions[option] ?? []) + (option == "--random_seed" ? [] : ["--random_seed", "1"])
        let given = description.isFlag ? [option] : [option, Self.values[option] ?? "7"]
        let before = try RefineProgram.parse(base).settings()
        let after = try RefineProgram.parse(base + given).settings()
        #expect("\(before)" != "\(after)", "\(option) changes nothing")
    }

    @Test("defaults are those of RELION")
    func defaults() throws {
        let settings = try RefineProgram.parse(["--random_seed", "1", "--o", ""]).settings()
        #expect("\(settings)".lowercased() == "\(RefinementSettings())".lowercased())
    }

    @Test("iterations: 50, 200 for the gradient method, --auto_iter_max for auto-refinement", arguments: [
        ([], 50), (["--grad"], 200), (["--iter", "25"], 25), (["--auto_refine", "--iter", "25"], 999),
        (["--auto_refine", "--auto_iter_max", "12"], 12),
    ])
    func iterations(arguments: [String], expected: Int) throws {
        #expect(try RefineProgram.parse(arguments).settings().iterationCount == expected)
    }

    @Test("going on, settings are kept unless given again")
    func continuation() throws {
        var old = RefinementSettings()
        old.particleDiameter = 170
        old.classCount = 7
        old.iterationCount = 25
        old.correctsNorm = true
        old.skipsAlignment = true
        old.healpixOrder = 4
        let arguments = ["--continue", "run_it025_optimiser.star", "--iter", "30", "--K", "3", "--healpix_order", "3"]
        let context = context(arguments)
        let settings = try RefineProgram.parse(arguments).continuedSettings(from: old, context: context)
        #expect(settings.particleDiameter == 170)
        #expect(settings.iterationCount == 30)
        #expect(settings.correctsNorm)
        #expect(settings.healpixOrder == 3)
        // Skipping the alignment must be asked for again; the number of classes cannot change.
        #expect(!settings.skipsAlignment)
        #expect(settings.classCount == 7)
        #expect(context.reporter.warnings.contains { $0.contains("--K") })
    }

    @Test("going on with auto-refinement, the sampling is not overruled")
    func continuedAutoRefinement() throws {
        var old = RefinementSettings()
        old.isAutoRefine = true
        old.healpixOrder = 4
        let arguments = ["--continue", "run_it009_optimiser.star", "--healpix_order", "2", "--offset_range", "9"]
        let settings = try RefineProgram.parse(arguments).continuedSettings(from: old, context: context(arguments))
        #expect(settings.healpixOrder == 4 && settings.offsetRangeInPixels == old.offsetRangeInPixels)
    }
}
