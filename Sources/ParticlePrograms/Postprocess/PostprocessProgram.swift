import ArgumentParser
import Foundation
import ImageFormats
import Postprocessing
import ProgramKit
import Reporting

/// `relion_postprocess`: resolution, sharpening and local resolution of half maps.
struct PostprocessProgram: RelionProgram {
    static let programName = "relion_postprocess"
    static let summary = "Resolution from two half maps, map sharpening, local resolution"

    @OptionGroup(title: "General options") var general: GeneralOptions
    @OptionGroup(title: "Masking options") var masking: MaskingOptions
    @OptionGroup(title: "Sharpening options") var sharpening: SharpeningOptions
    @OptionGroup(title: "Filtering options") var filtering: FilteringOptions
    @OptionGroup(title: "Local-resolution options") var local: LocalResolutionOptions
    @OptionGroup(title: "Expert options") var expert: ExpertOptions
    @OptionGroup(title: "Computation") var common: CommonOptions

    mutating func run(in context: ProgramContext) throws {
        let reporter = expert.verbosity > 0 ? context.reporter : Reporter(verbosity: .silent)
        let input = try PostprocessInput(self, pool: context.pool, reporter: reporter)
        let plan = PostprocessPlan(self, input: input)
        for line in plan.lines { reporter.info(line) }
        if context.isDryRun { return }
        try context.jobControl.checkForAbort()
        let output = PostprocessOutput(program: self, input: input, context: context, reporter: reporter)
        if masking.makesMask { try output.writeMask() }
        if local.isWanted {
            try runLocalResolution(input, output, context, reporter)
        } else {
            try runGlobal(input, output, context, reporter)
        }
    }

    private func runGlobal(
        _ input: PostprocessInput, _ output: PostprocessOutput, _ context: ProgramContext, _ reporter: Reporter
    ) throws {
        let processor = Postprocessor(settings: input.settings, pool: context.pool, reporter: reporter)
        let result = try processor.run(input.halves, mask: input.mask)
        if result.sharpened.bFactor == 0 {
            reporter.warning(
                "the map is not sharpened. Give --auto_bfac or --adhoc_bfac to see its high-resolution features better.")
        }
        try context.jobControl.checkForAbort()
        try output.write(result)
        if general.writesHalfMaps {
            for (name, half) in [("_half1", input.halves.first), ("_half2", input.halves.second)] {
                try output.writeMaps(try processor.sharpen(half, as: result), suffix: name)
            }
        }
        output.report(result, interpolated: expert.interpolates)
    }

    private func runLocalResolution(
        _ input: PostprocessInput, _ output: PostprocessOutput, _ context: ProgramContext, _ reporter: Reporter
    ) throws {
        let job = LocalResolution(
            settings: local.settings, postprocessing: input.settings, pool: context.pool, reporter: reporter)
        let result = try job.run(input.halves) { try context.jobControl.checkForAbort() }
        try output.write(result)
    }
}
