import Foundation
import Pipeline
import Server
import TestSupport

/// A project with its server in this process; the server can be stopped and started again on its port.
final class ServedProject {
    let folder: TemporaryFolder
    let project: Project
    private(set) var access = Access()
    private(set) var port: UInt16 = 0
    private var server: ProjectServer?
    private var listener: HTTPListener?

    init(inMemory: Bool = false, _ prepare: (Project) throws -> Void = { _ in }) throws {
        folder = try TemporaryFolder(inMemory: inMemory)
        project = Project(root: folder.path)
        try project.initialise()
        try prepare(project)
        try start()
    }

    deinit { stop() }

    /// The address that a user opens.
    var address: String { "http://127.0.0.1:\(port)/?token=\(access.userToken)" }
    var onlookersAddress: String { "http://127.0.0.1:\(port)/?token=\(access.onlookerToken)" }

    /// - Parameter keepsToken: else a new one is made, as another start of `relion` does.
    func start(keepsToken: Bool = false) throws {
        if !keepsToken { access = Access() }
        let server = ProjectServer(project, access: access)
        let known = PortBox(port)
        let listener = try HTTPListener(port: port) { request in server.answer(request, port: known.port) }
        known.port = listener.port
        port = listener.port
        (self.server, self.listener) = (server, listener)
        Thread { listener.run() }.start()
    }

    func stop() {
        listener?.stop()
        server?.stop()
        (listener, server) = (nil, nil)
    }

    /// Set before the address is known to anybody.
    private final class PortBox: @unchecked Sendable {
        var port: UInt16
        init(_ port: UInt16) { self.port = port }
    }
}
