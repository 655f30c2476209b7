/// What cleaning takes away, by type of job. Gentle cleaning takes what other jobs do not need; harsh cleaning also takes large
/// files, after which the job cannot be the input of some others.
struct CleaningRules {
    enum Rule {
        /// Files in the job's own folder.
        case files(String)
        /// Files in all folders below it.
        case below(String)
        /// All folders below it as a whole.
        case folders
        /// All iterations but the last and those that the pipeline names.
        case iterations
    }

    let gentle: [Rule]
    let harsh: [Rule]

    static func rules(for process: PipelineProcess) -> CleaningRules? {
        table.first { entry in entry.types.contains { process.isOf(type: $0) } }.map(\.rules)
    }

    private static let analysis = Rule.files("analyse_component???_bin???.mrc")

    private static let table: [(types: [String], rules: CleaningRules)] = [
        (["relion.motioncorr"],
         CleaningRules(gentle: ["*.com", "*.err", "*.out", "*.log"].map(Rule.below), harsh: [.folders])),
        (["relion.ctffind"], same([.files("gctf*.out"), .files("gctf*.err"), .folders])),
        (["relion.autopick"], same([.below("*.spi")])),
        (["relion.extract"], CleaningRules(gentle: [.below("*_extract.star")], harsh: [.folders])),
        (["relion.class2d", "relion.class3d", "relion.refine3d", "relion.initialmodel"], same([.iterations])),
        (["relion.multibody"], CleaningRules(gentle: [.iterations], harsh: [.iterations, analysis])),
        (["relion.ctfrefine"], same([
            "*_wAcc_optics-group*.mrc", "*_xyAcc_optics-group*.mrc", "*_aberr-Axx_optics-group_*.mrc",
            "*_aberr-Axy_optics-group_*.mrc", "*_aberr-Ayy_optics-group_*.mrc", "*_aberr-bx_optics-group_*.mrc",
            "*_aberr-by_optics-group_*.mrc", "*_mag_optics-group_*.mrc", "*_fit.star", "*_fit.eps",
        ].map(Rule.below))),
        (["relion.polish"],
         CleaningRules(
            gentle: polishing.map(Rule.below), harsh: (polishing + ["*_shiny.mrcs", "*_shiny.star"]).map(Rule.below))),
        (["relion.subtract"], CleaningRules(gentle: [], harsh: [.files("subtracted.*")])),
    ]

    private static let polishing = ["*_FCC_cc.mrc", "*_FCC_w0.mrc", "*_FCC_w1.mrc"]

    private static func same(_ rules: [Rule]) -> CleaningRules { CleaningRules(gentle: rules, harsh: rules) }
}
