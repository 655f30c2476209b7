import Foundation
import Reporting
import TestSupport
import Testing

@Suite struct OutputFolderTests {
    private let temporary: TemporaryFolder
    private var folder: String { temporary.path }

    init() throws { temporary = try TemporaryFolder() }

    @Test func obstaclesAreFoundBeforeWork() throws {
        #expect(OutputFolder.obstacle(to: folder + "/a.mrc") == nil)
        #expect(OutputFolder.obstacle(to: folder + "/new/deep/a.mrc") == nil)
        #expect(OutputFolder.obstacle(to: "a.mrc") == nil)
        #expect(OutputFolder.obstacle(to: folder) != nil)
        #expect(OutputFolder.obstacle(to: folder + "/sub/") != nil)
        try Data().write(to: URL(fileURLWithPath: folder + "/file"))
        #expect(OutputFolder.obstacle(to: folder + "/file/a.mrc")?.contains("not a folder") == true)
    }

    @Test func foldersAreMade() {
        OutputFolder.make(for: folder + "/x/y/a.mrc")
        #expect(FileManager.default.fileExists(atPath: folder + "/x/y"))
        #expect(!FileManager.default.fileExists(atPath: folder + "/x/y/a.mrc"))
    }
}
