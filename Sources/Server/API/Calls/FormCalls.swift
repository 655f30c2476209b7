/// Calls of a job's form.
enum FormCalls {
    static let content: [APICall.Parameter] = [
        .init(name: "type", summary: "job type of a new job", kind: .text), .init(name: "job", summary: "job whose settings are the start", kind: .text),
        .init(name: "isContinue", summary: "go on with that job", kind: .flag), .init(name: "isTomo", summary: "as in tomography", kind: .flag),
        .init(name: "values", summary: "options and their values", kind: .object),
    ]

    static let all: [APICall] = [
        .post("form", "The form's fields with their states, findings and command lines at these values; nothing is written", content, changes: false) {
            (context, content: FormRequest) in try HTTPResponse(json: context.api.form(content))
        },
        .post(
            "run", "Start the job, or enter it as scheduled",
            content + [.init(name: "schedule", summary: "only enter it", kind: .flag), .init(name: "alias", summary: "another name for it", kind: .text)]
        ) { (context, content: FormRequest) in try HTTPResponse(json: context.api.run(content)) },
    ]
}
