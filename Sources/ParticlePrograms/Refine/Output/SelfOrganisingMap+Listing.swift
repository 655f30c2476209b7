import Foundation
import Refinement

extension SelfOrganisingMap {
    /// The map as text: the threshold that makes neighbours, active nodes (counted from 0) with age and activity, and the activity of
    /// the edges between them, row after row.
    var listing: String {
        let active = activeNodes
        var lines = ["", String(format: "_edge_activity_threshold %4.4f", edgeThreshold), "", "_nodes [index age activity]"]
        lines += active.map { String(format: "%3d %4.4f %4.4f", $0, nodes[$0].age, nodes[$0].activity) }
        lines += ["", "_edge_activities"]
        lines += active.map { a in active.map { String(format: "%4.4f", edge(a, $0)) }.joined(separator: " ") }
        return lines.joined(separator: "\n") + "\n"
    }
}
