import Foundation
import Reporting

/// `.Nodes`: a tree of empty files, sorted by type, through which file browsers find what fits an option.
///
/// `Class2D/job010/run_it025_data.star` of alias `LoG` and type `ParticleGroupMetadata.star…` stands as
/// `.Nodes/ParticleGroupMetadata/Class2D/LoG/run_it025_data.star`.
extension Project {
    static let nodesFolder = ".Nodes"

    /// The entries of one file: for its general type, and for the deeper one where its type has a depth.
    func nodeEntries(_ node: PipelineNode, maker: PipelineProcess?) -> [String] {
        var name = node.name
        if let alias = maker?.alias, let job = JobName(node.name) { name = alias + job.rest }
        let parts = node.typeLabel.split(separator: ".")
        let depths = node.depth > 1 ? [1, node.depth] : [1]
        return depths.map { "\(Self.nodesFolder)/\(parts.prefix($0).joined(separator: "."))/\(name)" }
    }

    /// Makes the entries of a job's outputs whose files exist; of a scheduled job those of files to come, too.
    /// - Returns: outputs whose files do not exist.
    @discardableResult
    func showNodes(of process: PipelineProcess, in graph: PipelineGraph) -> [String] {
        var missing: [String] = []
        for node in graph.outputs(of: process.name) {
            let isThere = exists(node.name)
            if !isThere { missing.append(node.name) }
            guard isThere || process.status == .scheduled else { continue }
            for entry in nodeEntries(node, maker: process) { try? touch(entry) }
        }
        return missing
    }

    /// Removes the entries of a job's outputs and folders that are empty then.
    func hideNodes(of process: PipelineProcess, in graph: PipelineGraph) {
        for node in graph.outputs(of: process.name) {
            for entry in nodeEntries(node, maker: process) {
                remove(entry)
                var folder = PathName(entry).folder
                while folder.count > Self.nodesFolder.count, rmdir(path(folder)) == 0 { folder = PathName(folder).folder }
            }
        }
    }

    /// Makes the tree anew from the pipeline.
    package func rebuildNodes() throws {
        try change("making .Nodes anew", { _ in }, afterwards: { graph, _ in
            self.remove(Self.nodesFolder)
            try self.makeFolder(Self.nodesFolder)
            for process in graph.processes { self.showNodes(of: process, in: graph) }
            let made = Set(graph.outputEdges.map(\.node))
            for node in graph.nodes where !made.contains(node.name) && self.exists(node.name) {
                for entry in self.nodeEntries(node, maker: nil) { try self.touch(entry) }
            }
        })
    }
}
