extension CataloguePage {
    /// The pages of all job types.
    static let all: [CataloguePage] = [
        .importing, .motionCorrection, .ctfEstimation, .manualPicking, .autoPicking, .extraction,
        .selection, .class2D, .class3D, .refine3D, .maskCreation, .joinStar,
        .subtraction, .postprocessing, .localResolution, .initialModel, .multiBody, .polishing,
        .ctfRefinement, .dynaMight, .modelAngelo, .tomoImport, .tomoExtraction, .tomoCTFRefinement,
        .tomoFrameAlignment, .tomoParticleReconstruction, .tiltSeriesAlignment, .tomogramReconstruction, .tiltExclusion, .tomogramDenoising,
        .tomogramPicking, .external,
    ]
}
