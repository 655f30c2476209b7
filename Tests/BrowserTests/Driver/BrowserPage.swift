import Foundation

/// A page in the browser, used as a person does: clicks are real clicks at the middle of what is seen, text is typed.
final class BrowserPage {
    private let pipe: BrowserPipe
    private let session: String
    private let target: String

    /// Where pictures of pages go: `RELION_SCREENSHOTS`, else nowhere that lasts.
    static let pictureFolder = ProcessInfo.processInfo.environment["RELION_SCREENSHOTS"]

    init(_ pipe: BrowserPipe, width: Int, height: Int) throws {
        self.pipe = pipe
        guard let target = try pipe.call("Target.createTarget", ["url": "about:blank"])["targetId"] as? String,
            let session = try pipe.call("Target.attachToTarget", ["targetId": target, "flatten": true])["sessionId"] as? String
        else { throw BrowserFailure("the browser gave no page") }
        (self.target, self.session) = (target, session)
        for domain in ["Page", "Runtime", "Log", "Network"] { try call(domain + ".enable") }
        try resize(width: width, height: height)
    }

    @discardableResult
    func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] { try pipe.call(method, parameters, session: session) }

    func close() throws { _ = try pipe.call("Target.closeTarget", ["targetId": target]) }

    func resize(width: Int, height: Int) throws {
        try call("Emulation.setDeviceMetricsOverride", ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": false])
    }

    func setColours(dark: Bool) throws {
        try call("Emulation.setEmulatedMedia", ["features": [["name": "prefers-color-scheme", "value": dark ? "dark" : "light"]]])
    }

    func open(_ address: String) throws {
        let answer = try call("Page.navigate", ["url": address])
        if let error = answer["errorText"] as? String { throw BrowserFailure("\(address): \(error)") }
    }

    /// The value of a JavaScript expression, promises waited for.
    @discardableResult
    func evaluate(_ expression: String) throws -> Any? {
        let answer = try call("Runtime.evaluate", ["expression": expression, "returnByValue": true, "awaitPromise": true])
        if let details = answer["exceptionDetails"] as? [String: Any] {
            throw BrowserFailure("\(expression): \((details["exception"] as? [String: Any])?["description"] ?? details["text"] ?? "failed")")
        }
        return (answer["result"] as? [String: Any])?["value"]
    }

    func text(_ selector: String = "body") throws -> String {
        try evaluate("document.querySelector(\(Self.quoted(selector)))?.innerText ?? ''") as? String ?? ""
    }

    func number(_ expression: String) throws -> Double { (try evaluate(expression) as? NSNumber)?.doubleValue ?? .nan }

    // MARK: Waiting

    /// Until the expression is true.
    func wait(for expression: String, timeLimitInSeconds: Double = 20) throws {
        let limit = Date(timeIntervalSinceNow: timeLimitInSeconds)
        while true {
            // While the page changes there may be nothing to ask.
            if (try? evaluate("Boolean(\(expression))")) as? Bool == true { return }
            guard Date() < limit else { throw BrowserFailure("waited for \(expression); the page shows: \(try text().prefix(600))") }
            Thread.sleep(forTimeInterval: 0.05)
        }
    }

    func wait(forText text: String, in selector: String = "body", timeLimitInSeconds: Double = 20) throws {
        try wait(for: "document.querySelector(\(Self.quoted(selector)))?.innerText.includes(\(Self.quoted(text)))", timeLimitInSeconds: timeLimitInSeconds)
    }

    // MARK: Hands

    func click(_ selector: String) throws { try click(element: "document.querySelector(\(Self.quoted(selector)))", name: selector) }

    /// A link, button, tab or entry with this text.
    func click(text: String, in selector: String = "body") throws {
        let candidates = "\(Self.quoted(selector))) ?? document.body).querySelectorAll('a, button, summary, label, option, [role=tab], [role=option], li, td')]"
        let element = "[...(document.querySelector(\(candidates).find(e => e.getClientRects().length && e.innerText.trim() === \(Self.quoted(text)))"
        try click(element: element, name: "“\(text)”")
    }

    private func click(element: String, name: String) throws {
        try wait(for: "(() => { const e = \(element); return e && e.getClientRects().length && !e.disabled; })()")
        let place = """
            (() => { const e = \(element); e.scrollIntoView({ block: 'center', inline: 'nearest' }); const r = e.getClientRects()[0];
              const x = r.x + r.width / 2, y = r.y + r.height / 2, top = document.elementFromPoint(x, y);
              return [x, y, e === top || e.contains(top) || (top !== null && top.contains(e))]; })()
            """
        guard let found = try evaluate(place) as? [Any], let x = found[0] as? NSNumber, let y = found[1] as? NSNumber, (found[2] as? Bool) == true else {
            throw BrowserFailure("\(name) is covered by something else")
        }
        for (kind, buttons) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)] {
            try call("Input.dispatchMouseEvent", [
                "type": kind, "x": x, "y": y, "button": kind == "mouseMoved" ? "none" : "left", "buttons": buttons, "clickCount": kind == "mouseMoved" ? 0 : 1,
            ])
        }
    }

    /// Replaces what stands in an input field.
    func type(_ text: String, into selector: String) throws {
        try wait(for: "document.querySelector(\(Self.quoted(selector))) && !document.querySelector(\(Self.quoted(selector))).disabled")
        try evaluate("(() => { const e = document.querySelector(\(Self.quoted(selector))); e.scrollIntoView({ block: 'center' }); e.focus(); e.select?.(); })()")
        try call("Input.insertText", ["text": text])
    }

    func press(_ key: String, code: Int) throws {
        for kind in ["keyDown", "keyUp"] {
            var event: [String: Any] = ["type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code]
            // Forms are sent for the character that the key makes.
            if key == "Enter", kind == "keyDown" { event["text"] = "\r" }
            try call("Input.dispatchKeyEvent", event)
        }
    }

    /// Keeps a picture of what is seen, where pictures are wanted.
    func picture(_ name: String) throws {
        guard let folder = Self.pictureFolder else { return }
        guard let text = try call("Page.captureScreenshot", ["format": "png"])["data"] as? String, let data = Data(base64Encoded: text) else {
            throw BrowserFailure("no picture of the page")
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try data.write(to: URL(fileURLWithPath: folder).appendingPathComponent(name + ".png"))
    }

    /// As a JavaScript literal.
    static func quoted(_ text: String) -> String {
        guard let data = try? JSONSerialization.data(withJSONObject: [text]) else { return "''" }
        return String(String(decoding: data, as: UTF8.self).dropFirst().dropLast())
    }
}
