import Jobs
import Pipeline
import Reporting

/// Calls for settings that are kept under names.
enum TemplateCalls {
    private struct Answer: Codable {
        struct Template: Codable {
            var name: String
            var isTomo: Bool
            var values: [String: String]
        }

        var templates: [Template]
        /// Those that cannot be read, with the reason.
        var problems: [ProblemAnswer]
    }

    private struct Removal: Codable { var type: String; var name: String }

    private static let name = APICall.Parameter(name: "name", summary: "name of the template", isRequired: true, kind: .text)
    private static let type = APICall.Parameter(name: "type", summary: "job type, such as relion.class2d", isRequired: true, kind: .text)

    static let all: [APICall] = [
        .get("templates", "Templates of a job type: name, isTomo and values", [type]) { context, request in
            try HTTPResponse(json: templates(of: request.query["type"] ?? "", in: context.project))
        },
        .post(
            "templates/save", "Keep a form's settings under a name", [name] + FormCalls.content
        ) { (context, content: FormRequest) in
            try SettingsTemplates(context.project).save(context.api.settings(content), as: content.name ?? "")
            return try HTTPResponse(json: templates(of: context.api.settings(content).type.label, in: context.project))
        },
        .post("templates/delete", "Remove a template", [name, type]) { (context, content: Removal) in
            try SettingsTemplates(context.project).remove(content.name, of: JobCatalogue.standard.requireType(label: content.type, place: content.type))
            return try HTTPResponse(json: templates(of: content.type, in: context.project))
        },
    ]

    private static func templates(of label: String, in project: Project) throws -> Answer {
        let type = try JobCatalogue.standard.requireType(label: label, place: label), templates = SettingsTemplates(project)
        var answer = Answer(templates: [], problems: [])
        for name in templates.names(of: type) {
            do {
                let settings = try templates.settings(name, of: type)
                answer.templates.append(.init(name: name, isTomo: settings.isTomo, values: settings.values))
            } catch let error as InputError { answer.problems += error.problems.map(ProblemAnswer.init) }
        }
        return answer
    }
}
