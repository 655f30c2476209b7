/// Calls that change a job.
enum JobActionCalls {
    private static let actions: [(name: String, summary: String)] = [
        ("abort", "Ask the job to end, or with isNow stop its processes"), ("alias", "Name the job (text), or take its name away"),
        ("note", "Add a line (text) to the job's note"), ("mark", "Mark as finished or failed (text)"),
        ("delete", "Move the job and those made from it, or with isAlone only the job, to the trash"),
        ("undelete", "Bring back from the trash"), ("clean", "Move intermediate files to the trash; isHarsh: more of them"),
        ("unclean", "Bring cleaned files back"),
    ]

    static let all: [APICall] = actions.map { action in
        .post(
            "job/" + action.name, action.summary,
            [
                .init(name: "job", summary: "folder, number or alias", isRequired: true), .init(name: "text", summary: "see above"),
                .init(name: "isDryRun", summary: "only tell what would happen"),
            ]
        ) { (context, content: ActionRequest) in try HTTPResponse(json: ["lines": context.api.act(action.name, content)]) }
    }
}
