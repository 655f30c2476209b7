import ArgumentParser
import Foundation
import Pipeline
import Reporting
import Server

/// `relion gui`, or `relion` in a project's folder: the page in the browser.
package struct GuiCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "relion gui", abstract: "Show the project in the browser: run jobs, follow them, look at their results.",
        discussion: "Listens on this machine only. Ctrl-C ends it; jobs go on.")
    @Option(name: .customLong("project"), help: "The project's folder; without, the current one.") var folder = ""
    @Option(help: "Port; 0 takes a free one.") var port: UInt16 = 0
    @Flag(name: .customLong("no_browser"), help: "Only print the address.") var noBrowser = false
    @Flag(name: .customLong("read_only"), help: "Nobody can change anything.") var readOnly = false
    @Option(name: .customLong("show"), parsing: .unconditional, help: "Page to open first, such as #/file/Class2D/job010/run_it025_classes.mrcs, or a file's name.") var show = ""
    @Option(name: .customLong("page"), help: "Folder with the page's files, for work on the page; without, those in the executable.") var page: String?
    @Flag(name: .customLong("describe_api"), help: "Print the manual of the HTTP API and end.") var describesAPI = false
    package init() {}

    package func run() throws {
        if describesAPI { return print(APIManual.markdown, terminator: "") }
        do { try serve() } catch let error as InputError {
            try? FileHandle.standardError.write(contentsOf: Data("ERROR: \(error)\n".utf8))
            throw ExitCode(1)
        }
    }

    private func serve() throws {
        let project = Project(root: folder)
        _ = try project.graph()
        let server = ProjectServer(project, isReadOnly: readOnly, pageFolder: page)
        let box = PortBox()
        let listener = try HTTPListener(port: port) { request in server.answer(request, port: box.port) }
        box.port = listener.port
        let address = "http://127.0.0.1:\(listener.port)/?token="
        let place = show.isEmpty || show.hasPrefix("#") ? show : "#/file/" + (show.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? show)
        // The part behind # stays while the browser follows the answer that takes the token out of the address.
        let own = address + (readOnly ? server.access.onlookerToken : server.access.userToken) + place
        var text = "\(own)\n"
        if !readOnly { text += "For onlookers: \(address)\(server.access.onlookerToken)\n" }
        text += "From another computer: ssh -L \(listener.port):127.0.0.1:\(listener.port) \(ProcessInfo.processInfo.hostName), then open the address there.\n"
        try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        if !noBrowser { open(own) }
        listener.run()
    }

    /// Where there is a desktop.
    private func open(_ address: String) {
        let environment = ProcessInfo.processInfo.environment
        guard environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil else { return }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["xdg-open", address]
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try? process.run()
    }
}

/// The port is known only once the listener, which needs the handler, exists; set before the first request is accepted.
private final class PortBox: @unchecked Sendable {
    var port: UInt16 = 0
}
