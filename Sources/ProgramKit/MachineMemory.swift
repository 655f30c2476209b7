import Foundation

/// Memory that this process may still take.
package enum MachineMemory {
    /// Bytes that new allocations can have without swapping and within the limits of the control groups that this process is in
    /// (containers and queues set those); nil when the system does not say.
    ///
    /// - Parameter root: where `/proc` and `/sys` are; another folder in tests.
    package static func availableBytes(root: String = "") -> Int? {
        let free = read("\(root)/proc/meminfo").flatMap { field("MemAvailable:", of: $0) }.map { $0 * 1024 }
        return ([free].compactMap { $0 } + controlGroupRooms(root)).min()
    }

    /// What is left of each limit, of this process's control group and of the groups around it.
    private static func controlGroupRooms(_ root: String) -> [Int] {
        guard let membership = read("\(root)/proc/self/cgroup") else { return [] }
        var rooms: [Int] = []
        for line in membership.split(separator: "\n") {
            // Number : controllers : path; version 2 has the number 0 and no controllers.
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3 else { continue }
            let isUnified = parts[0] == "0" && parts[1].isEmpty
            guard isUnified || parts[1].split(separator: ",").contains("memory") else { continue }
            let base = root + (isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory")
            // In a container the path may not exist below the mounted folder; the mounted folder itself is then the group.
            var folder = parts[2].hasSuffix("/") ? String(parts[2].dropLast()) : parts[2]
            while true {
                if let room = room(in: base + folder, isUnified: isUnified) { rooms.append(room) }
                guard let slash = folder.lastIndex(of: "/") else { break }
                folder = String(folder[..<slash])
            }
        }
        return rooms
    }

    private static func room(in folder: String, isUnified: Bool) -> Int? {
        let names = isUnified ? ("memory.max", "memory.current") : ("memory.limit_in_bytes", "memory.usage_in_bytes")
        guard let limit = number(folder + "/" + names.0), let used = number(folder + "/" + names.1) else { return nil }
        // Pages of files that were read count as used, but give way.
        let statistics = read(folder + "/memory.stat")
        let reclaimable = statistics.flatMap { field(isUnified ? "inactive_file" : "total_inactive_file", of: $0) } ?? 0
        return max(0, limit - max(0, used - reclaimable))
    }

    private static func read(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    /// Nil for `max`, which is no number, and without the file.
    private static func number(_ path: String) -> Int? {
        read(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// The number after a name that starts a line.
    private static func field(_ name: String, of text: String) -> Int? {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count > 1, words[0] == name { return Int(words[1]) }
        }
        return nil
    }
}
