import Foundation
import Reporting

/// Boxes joined by arrows that run from top to bottom.
package struct FlowChart: Sendable {
    package struct Node: Sendable {
        package var title: String
        /// Smaller lines below the title.
        package var lines: [String]
        package var fill: Colour

        package init(title: String, lines: [String] = [], fill: Colour = .white) {
            self.title = title
            self.lines = lines
            self.fill = fill
        }
    }

    package struct Edge: Sendable {
        /// Indices of nodes.
        package var from, to: Int
        /// Lines beside the arrow.
        package var labels: [String]

        package init(from: Int, to: Int, labels: [String] = []) {
            self.from = from
            self.to = to
            self.labels = labels
        }
    }

    package var title: String
    package var nodes: [Node]
    package var edges: [Edge]
    /// What the colours mean.
    package var legend: [(text: String, colour: Colour)]

    package init(title: String = "", nodes: [Node], edges: [Edge], legend: [(text: String, colour: Colour)] = []) {
        self.title = title
        self.nodes = nodes
        self.edges = edges.filter { nodes.indices.contains($0.from) && nodes.indices.contains($0.to) && $0.from != $0.to }
        self.legend = legend
    }

    /// Writes one page as large as the chart: SVG, PDF or PNG by the name's extension.
    ///
    /// - Throws: `InputError` for other extensions and when the file cannot be written.
    package func write(to path: String) throws {
        let format: Canvas.Format
        switch PathName(path).pathExtension.lowercased() {
        case "svg": format = .svg
        case "pdf": format = .pdf
        case "png": format = .png(pixelsPerPoint: 1.5)
        default: throw InputError(place: path, found: "the name of the picture", expected: "a name ending in .svg, .pdf or .png")
        }
        if let obstacle = OutputFolder.obstacle(to: path) {
            throw InputError(place: path, found: obstacle, remedy: "Choose another name")
        }
        OutputFolder.make(for: path)
        let temporary = PathName(path).sibling(".\(PathName(path).name).tmp\(getpid())")
        do {
            try FlowChartRenderer(self).draw(format: format, path: temporary)
            guard rename(temporary, path) == 0 else {
                throw InputError(place: path, found: "the file cannot be written (\(String(cString: strerror(errno))))")
            }
        } catch {
            unlink(temporary)
            throw error
        }
    }
}
