import Foundation
import Reporting

/// Small files beside a scheme in which a run notes what must outlive it: a run that was killed goes on where it was, and does
/// nothing twice.
protocol RunState: Codable {
    static var fileName: String { get }
}

extension SchemeFolder {
    /// Nil without the file, or when it cannot be read.
    func read<State: RunState>(_ type: State.Type) -> State? {
        (try? Data(contentsOf: URL(fileURLWithPath: project.path(folder + State.fileName)))).flatMap { try? JSONDecoder().decode(State.self, from: $0) }
    }

    func write<State: RunState>(_ state: State) throws {
        do {
            try JSONEncoder().encode(state).write(to: URL(fileURLWithPath: project.path(folder + State.fileName)), options: .atomic)
        } catch {
            throw InputError(place: project.path(folder + State.fileName), found: "the file cannot be written (\(error.localizedDescription))",
                             remedy: "Check permissions and space")
        }
    }
}

/// The step that a run has begun.
struct StepRecord: RunState {
    static let fileName = ".step"

    var node: String
    /// Counts steps: the scheme's file notes nothing of the kind.
    var begun: Date
    /// What `scheme.star` holds while the step is not finished: the step's last act is to write another.
    var contents: Set<String>
    /// The job's folder in the project, from before it is made.
    var job: String?
    /// The job is run again in its folder.
    var isAgain = false
}

/// What `wait` goes by, in one run after the other.
struct SchemeClock: RunState {
    static let fileName = ".clock"

    var lastWait: Date?
}

/// There while a run has not come to an end: a run that finds one goes on with a run that was killed, and with its time.
struct RunRecord: RunState {
    static let fileName = ".run"

    var begun: Date
    /// When `exit_maxtime` ends the run; nil before it has been passed.
    var end: Date?
}

/// What a `pause` asks a person, and where the answer lies.
package struct Question: RunState {
    package static let fileName = ".question"
    static let answerName = ".answer"

    package var node: String
    package var text: String
    package var asked: Date
}

extension SchemeFolder {
    /// What a person is asked at the moment.
    package var question: Question? { read(Question.self) }

    /// Lets a pause end; `answer` goes into its output variable.
    package func answer(_ answer: Bool) throws {
        guard question != nil else {
            throw InputError(place: file, found: "the scheme does not ask anything", remedy: "relion scheme show \(name) tells where it is")
        }
        let path = project.path(folder + Question.answerName)
        do { try Data((answer ? "yes" : "no").utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw InputError(place: path, found: "the file cannot be written (\(error.localizedDescription))")
        }
    }

    var givenAnswer: Bool? {
        (try? String(contentsOfFile: project.path(folder + Question.answerName), encoding: .utf8)).map { $0.hasPrefix("yes") }
    }
}
