import Foundation
import ProgramKit
import Testing
import TestSupport

@Suite struct MachineMemoryTests {
    private func machine(_ files: [String: String]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for (name, text) in files {
            let path = folder.path + "/" + name
            try FileManager.default.createDirectory(
                at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        return folder
    }

    private let information = "MemTotal:  4000 kB\nMemAvailable:    3000 kB\n"

    @Test func noLimit() throws {
        let folder = try machine(["proc/meminfo": information])
        #expect(MachineMemory.availableBytes(root: folder.path) == 3_072_000)
        let open = try machine([
            "proc/meminfo": information, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "max\n",
            "sys/fs/cgroup/memory.current": "5000\n",
        ])
        #expect(MachineMemory.availableBytes(root: open.path) == 3_072_000)
        #expect(MachineMemory.availableBytes(root: folder.path + "/nowhere") == nil)
    }

    /// The narrowest of the groups around the process counts; pages of files give way.
    @Test func unifiedGroups() throws {
        let folder = try machine([
            "proc/meminfo": information, "proc/self/cgroup": "0::/jobs/one\n",
            "sys/fs/cgroup/jobs/one/memory.max": "2000000\n", "sys/fs/cgroup/jobs/one/memory.current": "700000\n",
            "sys/fs/cgroup/jobs/one/memory.stat": "anon 1\ninactive_file 300000\n",
            "sys/fs/cgroup/jobs/memory.max": "1500000\n", "sys/fs/cgroup/jobs/memory.current": "100000\n",
        ])
        #expect(MachineMemory.availableBytes(root: folder.path) == 1_400_000)
    }

    @Test func firstVersionOfGroups() throws {
        let folder = try machine([
            "proc/meminfo": information, "proc/self/cgroup": "5:cpu:/a\n4:memory:/docker/12ab\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "1000000\n", "sys/fs/cgroup/memory/memory.usage_in_bytes": "1200000\n",
        ])
        #expect(MachineMemory.availableBytes(root: folder.path) == 0)
    }
}
