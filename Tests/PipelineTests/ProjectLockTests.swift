import Foundation
import Reporting
import Testing
import TestSupport

@testable import Pipeline

@Suite(.serialized) struct ProjectLockTests {
    private static func project() throws -> (TemporaryFolder, Project) {
        let folder = try TemporaryFolder(inMemory: true)
        let project = Project(root: folder.path)
        try PipelineGraph().write(to: project.pipelinePath)
        return (folder, project)
    }

    private static func lock(_ folder: TemporaryFolder, patience: ProjectLock.Patience = .init()) throws -> ProjectLock {
        try ProjectLock(folder: folder.path + "/.relion_lock", fileName: "lock_default_pipeline.star", message: "test", patience: patience)
    }

    private static var impatient: ProjectLock.Patience {
        var patience = ProjectLock.Patience()
        patience.total = 0.3
        patience.empty = 0.1
        return patience
    }

    /// Nothing is lost: every change of every process is in the file, under a number of its own.
    @Test func manyProcessesAtOnceLoseNothing() throws {
        let (_folder, project) = try Self.project()
        let count = 25
        let hammers = try (0..<4).map { try Hammer(project: project.root, count: count, name: "h\($0)") }
        var names: [String] = []
        for hammer in hammers {
            let (printed, status) = hammer.finish()
            #expect(status == 0)
            names += printed
        }
        let graph = try project.graph()
        #expect(names.count == 4 * count)
        #expect(Set(graph.processes.map(\.name)) == Set(names))
        #expect(graph.jobCounter == 4 * count + 1)
        #expect(Set(graph.processes.compactMap(\.alias)).count == 4 * count)
        #expect(!project.exists(".relion_lock"))
        withExtendedLifetime(_folder) {}
    }

    /// kill -9 at random instants: the file is whole, what was acknowledged is there, and others go on at once.
    @Test func killedProcessesLoseNothing() throws {
        let (_folder, project) = try Self.project()
        var generator = SystemRandomNumberGenerator()
        let steady = try Hammer(project: project.root, count: 60, name: "steady")
        var acknowledged: [String] = []
        var ended = 0
        for round in 0..<25 {
            let victims = try (0..<2).map { try Hammer(project: project.root, count: 1000, name: "v\(round)_\($0)") }
            for victim in victims {
                Thread.sleep(forTimeInterval: Double.random(in: 0.001...0.06, using: &generator))
                victim.kill()
            }
            for victim in victims { acknowledged += victim.finish().names }
            let graph = try project.graph()
            #expect(graph.jobCounter == graph.processes.count + 1, "round \(round)")
            ended += 2
        }
        let (names, status) = steady.finish()
        #expect(status == 0)
        acknowledged += names
        let graph = try project.graph()
        let present = Set(graph.processes.map(\.name))
        #expect(acknowledged.filter { !present.contains($0) }.isEmpty)
        // Each victim may have died between the change and its acknowledgement, once.
        #expect(graph.processes.count - acknowledged.count <= ended)
        #expect(graph.jobCounter == graph.processes.count + 1)
        let start = ContinuousClock.now
        try project.change("after all") { $0.add(PipelineProcess(name: "Import/job999/", typeLabel: "relion.import", status: .failed)) }
        #expect((ContinuousClock.now - start).inSeconds < 6)
        let left = try FileManager.default.contentsOfDirectory(atPath: project.root).sorted()
        #expect(left.filter { $0.contains(".tmp") || $0.hasPrefix(".relion_lock_s") || $0 == ".relion_lock" }.isEmpty, "\(left)")
        withExtendedLifetime(_folder) {}
    }

    @Test func lockOfRelionIsRespected() throws {
        let folder = try TemporaryFolder()
        try folder.write("runJob: Class2D/job010/\n", to: ".relion_lock/lock_default_pipeline.star")
        let error = #expect(throws: InputError.self) { try Self.lock(folder, patience: Self.impatient) }
        #expect("\(error!)".contains("runJob: Class2D/job010/"))
        #expect(folder.exists(".relion_lock/lock_default_pipeline.star"))
    }

    @Test func lockOfTheLivingIsRespected() throws {
        let folder = try TemporaryFolder()
        let first = try Self.lock(folder)
        let error = #expect(throws: InputError.self) { try Self.lock(folder, patience: Self.impatient) }
        #expect("\(error!)".contains("process \(getpid())"))
        #expect(first.isHeld)
        first.release()
        #expect(!folder.exists(".relion_lock"))
        try Self.lock(folder, patience: Self.impatient).release()
    }

    @Test func locksOfTheDeadAreTakenOver() throws {
        let folder = try TemporaryFolder()
        let sleeper = Process()
        sleeper.executableURL = URL(fileURLWithPath: "/bin/sleep")
        sleeper.arguments = ["60"]
        try sleeper.run()
        let owner = ProcessOwner.ofProcess(sleeper.processIdentifier)
        #expect(owner.state == .running)
        try folder.write("work\n\(owner.line)\n", to: ".relion_lock/lock_default_pipeline.star")
        #expect(throws: InputError.self) { try Self.lock(folder, patience: Self.impatient) }
        kill(sleeper.processIdentifier, SIGKILL)
        sleeper.waitUntilExit()
        #expect(owner.state == .dead)
        let start = ContinuousClock.now
        try Self.lock(folder).release()
        #expect((ContinuousClock.now - start).inSeconds < 1)
        // The same number, another start: not the process that took the lock.
        var reused = ProcessOwner.current()
        reused.startTime -= 1
        #expect(reused.state == .dead)
        // Before the machine was started anew.
        var earlier = ProcessOwner.current()
        earlier.bootIdentity = "another"
        #expect(earlier.state == .dead)
        var foreign = ProcessOwner.current()
        foreign.host = "elsewhere"
        #expect(foreign.state == .unknown)
        try folder.write("work\n\(foreign.line)\n", to: ".relion_lock/lock_default_pipeline.star")
        #expect(throws: InputError.self) { try Self.lock(folder, patience: Self.impatient) }
        var patience = Self.impatient
        patience.foreign = 0.1
        try Self.lock(folder, patience: patience).release()
    }

    @Test func emptyLocksAreBrokenAfterAWhile() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/.relion_lock", withIntermediateDirectories: true)
        try Self.lock(folder, patience: Self.impatient).release()
        try folder.write("", to: ".relion_lock/lock_default_pipeline.star")
        try Self.lock(folder, patience: Self.impatient).release()
    }

    @Test func ownersSurviveTheirText() {
        let owner = ProcessOwner.current()
        #expect(ProcessOwner(in: "message\nmore\n" + owner.line + "\n") == owner)
        #expect(ProcessOwner(in: "runJob: Class2D/job010/\n") == nil)
        #expect(ProcessOwner(in: "owner: host=a process=x start=1 time=2") == nil)
    }

    @Test func failedChangesChangeNothing() throws {
        let (_folder, project) = try Self.project()
        let before = try Data(contentsOf: URL(fileURLWithPath: project.pipelinePath))
        #expect(throws: InputError.self) {
            try project.change("failing") { graph in
                graph.jobCounter = 100
                throw InputError(place: "here", found: "nothing")
            }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: project.pipelinePath)) == before)
        #expect(!project.exists(".relion_lock"))
        // Somebody removes the lock by hand while work goes on: nothing is written.
        #expect(throws: InputError.self) {
            try project.change("interrupted") { graph in
                graph.jobCounter = 100
                try FileManager.default.removeItem(atPath: project.path(".relion_lock"))
            }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: project.pipelinePath)) == before)
        withExtendedLifetime(_folder) {}
    }

    /// A project without a root is the current folder, which exists and needs no making.
    @Test func theCurrentFolderNeedsNoMaking() throws {
        try Project(root: "").makeFolder("")
    }
}
