import Pipeline

/// Where a scheme is, in words.
package struct SchemeStanding {
    package let folder: SchemeFolder
    package let scheme: Scheme
    private let lock: ProjectLock.State

    package init(_ folder: SchemeFolder, _ scheme: Scheme) {
        (self.folder, self.scheme, lock) = (folder, scheme, folder.lockState)
    }

    /// `runs at WAIT`
    package var text: String {
        let place = "at \(scheme.current ?? "its beginning")"
        switch lock {
        case .free: return "stands \(place)"
        case .held(let owner): return "\(folder.question == nil ? "runs" : "waits for an answer") \(place) (\(owner))"
        case .stale(let owner): return "was left \(place) by \(owner), which has died; its lock is stale"
        }
    }

    package var isRunning: Bool { if case .held = lock { true } else { false } }
    package var isStale: Bool { if case .stale = lock { true } else { false } }

    /// What a person may do about it, in lines.
    package var advice: [String] {
        var lines: [String] = []
        if case .stale = lock {
            lines.append("relion scheme run \(folder.name) goes on where it was; relion scheme unlock \(folder.name) only removes the lock")
        }
        if let question = folder.question {
            lines.append("asks: \(question.text) (relion scheme answer \(folder.name) yes|no)")
        }
        return lines
    }
}
