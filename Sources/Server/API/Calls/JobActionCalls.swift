/// Calls that change a job.
enum JobActionCalls {
    private static let job = APICall.Parameter(name: "job", summary: "folder, number or alias", isRequired: true, kind: .text)
    private static let isDryRun = APICall.Parameter(name: "isDryRun", summary: "only tell what would happen", kind: .flag)
    private static let isAlone = APICall.Parameter(name: "isAlone", summary: "this job without those made from it", kind: .flag)
    private static let isHarsh = APICall.Parameter(name: "isHarsh", summary: "more of them", kind: .flag)
    private static let isNow = APICall.Parameter(name: "isNow", summary: "stop its processes at once", kind: .flag)

    private static func text(_ summary: String) -> APICall.Parameter { APICall.Parameter(name: "text", summary: summary, kind: .text) }

    private static let actions: [(name: String, summary: String, parameters: [APICall.Parameter])] = [
        ("abort", "Ask the job to end", [isNow]), ("alias", "Give the job another name, or take it away", [text("the name; empty: none")]),
        ("note", "Add a line to the job's note", [text("the line")]), ("mark", "Mark the job as finished or failed", [text("finished or failed")]),
        ("delete", "Move the job and those made from it to the trash", [isAlone, isDryRun]), ("undelete", "Bring back from the trash", [isAlone]),
        ("clean", "Move the job's intermediate files to the trash", [isHarsh, isDryRun]), ("unclean", "Bring cleaned files back", []),
    ]

    static let all: [APICall] = actions.map { action in
        .post("job/" + action.name, action.summary, [job] + action.parameters) { (context, content: ActionRequest) in
            try HTTPResponse(json: ["lines": context.api.act(action.name, content)])
        }
    }
}
