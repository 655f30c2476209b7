import Foundation
import Glibc

/// Chromium's debugging pipe: JSON messages, each ended by a zero byte, on descriptors 3 and 4 of the browser.
///
/// One thread reads; calls wait for the answer with their number. Dialogs are answered at once, since a page stands still behind them.
final class BrowserPipe: @unchecked Sendable {
    // Everything that changes is touched under the condition's lock only; writing under `writing`.
    private let condition = NSCondition()
    private let writing = NSLock()
    private let input: Int32
    private let output: Int32
    private var number = 0
    private var answers: [Int: [String: Any]] = [:]
    private var isOver = false
    private var told: [String] = []
    private var asked: [String] = []
    /// What `prompt` gets.
    private var dialogText = ""

    /// - Parameters:
    ///   - output: messages to the browser; closed by `close`.
    ///   - input: messages from it; closed when it ends.
    init(output: Int32, input: Int32) {
        (self.output, self.input) = (output, input)
        let thread = Thread { [self] in read() }
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Errors of the pages' scripts and loads so far.
    var problems: [String] { condition.withLock { told } }
    /// Texts of the dialogs so far.
    var dialogs: [String] { condition.withLock { asked } }

    func answerDialogs(with text: String) { condition.withLock { dialogText = text } }

    func call(_ method: String, _ parameters: [String: Any] = [:], session: String? = nil, timeLimitInSeconds: Double = 30) throws -> [String: Any] {
        let mine = try send(method, parameters, session)
        let limit = Date(timeIntervalSinceNow: timeLimitInSeconds)
        return try condition.withLock {
            while answers[mine] == nil {
                guard !isOver else { throw BrowserFailure("\(method): the browser has ended") }
                guard condition.wait(until: limit) else { throw BrowserFailure("\(method): no answer") }
            }
            let answer = answers.removeValue(forKey: mine) ?? [:]
            if let error = answer["error"] as? [String: Any] { throw BrowserFailure("\(method): \(error["message"] ?? error)") }
            return answer["result"] as? [String: Any] ?? [:]
        }
    }

    func close() { Glibc.close(output) }

    private func send(_ method: String, _ parameters: [String: Any], _ session: String?) throws -> Int {
        let mine = condition.withLock { () -> Int in
            number += 1
            return number
        }
        var message: [String: Any] = ["id": mine, "method": method, "params": parameters]
        message["sessionId"] = session
        var bytes = Array(try JSONSerialization.data(withJSONObject: message))
        bytes.append(0)
        try writing.withLock {
            var offset = 0
            while offset < bytes.count {
                let count = bytes.withUnsafeBytes { write(output, $0.baseAddress! + offset, bytes.count - offset) }
                guard count > 0 else { throw BrowserFailure("\(method): the browser does not listen") }
                offset += count
            }
        }
        return mine
    }

    private func read() {
        var rest: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(input, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest += buffer[..<count]
            while let end = rest.firstIndex(of: 0) {
                if let message = try? JSONSerialization.jsonObject(with: Data(rest[..<end])) as? [String: Any] { take(message) }
                rest.removeFirst(end + 1)
            }
        }
        Glibc.close(input)
        condition.withLock {
            isOver = true
            condition.broadcast()
        }
    }

    private func take(_ message: [String: Any]) {
        if let id = message["id"] as? Int {
            condition.withLock {
                answers[id] = message
                condition.broadcast()
            }
            return
        }
        let parameters = message["params"] as? [String: Any] ?? [:]
        switch message["method"] as? String {
        case "Runtime.exceptionThrown":
            let details = parameters["exceptionDetails"] as? [String: Any]
            let exception = details?["exception"] as? [String: Any]
            note("\(exception?["description"] ?? details?["text"] ?? "an exception")")
        case "Log.entryAdded":
            guard let entry = parameters["entry"] as? [String: Any], entry["level"] as? String == "error" else { return }
            note("\(entry["text"] ?? "") \(entry["url"] ?? "")")
        case "Page.javascriptDialogOpening":
            let text = condition.withLock { () -> String in
                asked.append(parameters["message"] as? String ?? "")
                return dialogText
            }
            _ = try? send("Page.handleJavaScriptDialog", ["accept": true, "promptText": text], message["sessionId"] as? String)
        default: break
        }
    }

    private func note(_ text: String) { condition.withLock { told.append(text) } }
}

struct BrowserFailure: Error, CustomStringConvertible {
    let description: String
    init(_ text: String) { description = text }
}
