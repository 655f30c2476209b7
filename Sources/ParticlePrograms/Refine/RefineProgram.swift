import ArgumentParser
import Geometry
import Metadata
import ProgramKit
import Refinement
import Reporting

/// Refinement and classification of particles in 2D and 3D: RELION's main program.
struct RefineProgram: RelionProgram {
    static let programName = "relion_refine"
    static let summary = "Refine and classify particles in 2D or 3D."

    @OptionGroup(title: "General options") var general: GeneralOptions
    @OptionGroup(title: "Continuation") var continuation: ContinuationOptions
    @OptionGroup(title: "Initialisation") var initialisation: InitialisationOptions
    @OptionGroup(title: "Orientations") var orientation: OrientationOptions
    @OptionGroup(title: "Helical reconstruction") var helical: HelicalOptions
    @OptionGroup(title: "Corrections") var correction: CorrectionOptions
    @OptionGroup(title: "Stochastic Gradient Descent") var gradient: GradientOptions
    @OptionGroup(title: "Subtomogram averaging") var subtomogram: SubtomogramOptions
    @OptionGroup(title: "Computation") var computation: ComputationOptions
    @OptionGroup(title: "Expert options") var expert: ExpertOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    var isContinuation: Bool { continuation.optimiser.ifGiven != nil }

    func run(in context: ProgramContext) throws {
        if expert.printSymmetry {
            context.reporter.answer(try SymmetryGroup(name: orientation.symmetry).listing)
            return
        }
        if expert.printLabels {
            context.reporter.answer(LabelListing.text)
            return
        }
        let reporter = context.reporter
        let input = try checkedInput(context: context)
        if computation.gpu != nil {
            reporter.warning("there is no GPU code yet: the CPU does the work.")
        }
        if context.isDryRun {
            reporter.answer(plan(input))
            return
        }
        throw InputError(place: "relion_refine", found: "has no engine in this version; --dry_run checks the input")
    }
}
