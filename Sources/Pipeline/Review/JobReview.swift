import Reporting

/// What a job's settings and the heads of its input files say about it before it starts.
package struct JobReview: Sendable {
    /// The job could not run, or its result would be worthless.
    package var obstacles: [InputProblem] = []
    /// Unusual, though it may be meant.
    package var doubts: [InputProblem] = []
    /// Nil where nothing is known.
    package var estimate: JobEstimate?

    package init() {}
}

extension JobSource {
    package func review() -> JobReview { JobReview() }
}

extension CatalogueJob {
    package func review() -> JobReview {
        var reviewer = Reviewer(settings: settings, project: project)
        reviewer.run()
        return reviewer.review
    }
}
