import Tables

/// What a job has found, in parts that a page draws in their order.
package struct ResultSection: Encodable, Sendable {
    package var title: String
    package var items: [ResultItem]

    package init(_ title: String, _ items: [ResultItem]) { (self.title, self.items) = (title, items) }
}

/// One thing to draw. As JSON: the members of its content, and `kind`.
package enum ResultItem: Encodable, Sendable {
    case facts(FactList)
    case curves(CurvePlot)
    case histogram(HistogramPlot)
    case heat(HeatPlot)
    case scatter(ScatterPlot)
    case classes(ClassGallery)
    case tracks(TrackPlot)

    private enum Key: String, CodingKey { case kind }

    package func encode(to encoder: Encoder) throws {
        let (kind, content): (String, any Encodable) =
            switch self {
            case .facts(let content): ("facts", content)
            case .curves(let content): ("curves", content)
            case .histogram(let content): ("histogram", content)
            case .heat(let content): ("heat", content)
            case .scatter(let content): ("scatter", content)
            case .classes(let content): ("classes", content)
            case .tracks(let content): ("tracks", content)
            }
        try content.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(kind, forKey: .kind)
    }
}

package struct PlotAxis: Codable, Sendable, Equatable {
    package enum Scale: String, Codable, Sendable {
        case linear
        case logarithmic
        /// Values are 1/Å and are told as their inverse in Å.
        case resolution
        /// Values are cosines and are told as angles in degrees.
        case cosine
    }

    package var label: String
    package var unit: String?
    package var scale = Scale.linear
    /// Shown at least.
    package var low: Double?
    package var high: Double?

    package init(_ label: String, _ unit: String? = nil, scale: Scale = .linear, low: Double? = nil, high: Double? = nil) {
        (self.label, self.unit, self.scale, self.low, self.high) = (label, unit, scale, low, high)
    }

    static let resolution = PlotAxis("Resolution", "Å", scale: .resolution)
}

package struct FactList: Codable, Sendable {
    package struct Fact: Codable, Sendable, Equatable {
        package var label: String
        package var value: String
        package var unit: String?
    }

    package var facts: [Fact] = []

    package init() {}

    package mutating func add(_ label: String, _ value: String, _ unit: String? = nil) { facts.append(Fact(label: label, value: value, unit: unit)) }

    package mutating func add(_ label: String, _ value: Int?) { if let value { add(label, String(value)) } }

    /// - Parameter digits: behind the point.
    package mutating func add(_ label: String, _ value: Double?, _ unit: String? = nil, digits: Int) {
        guard let value, value.isFinite else { return }
        add(label, Decimal(value, digits: digits).text, unit)
    }
}

/// Lines or points; nil stands for a gap.
package struct CurvePlot: Codable, Sendable {
    package struct Curve: Codable, Sendable {
        package var name: String
        package var x: [Float]
        package var y: [Float?]
        package var isPoints = false
        package var isDashed = false

        package init(_ name: String, x: [Double], y: [Double], isPoints: Bool = false, isDashed: Bool = false) {
            self.name = name
            self.x = x.map { $0.isFinite ? Float($0) : 0 }
            self.y = zip(x, y).map { $0.isFinite && $1.isFinite ? Float($1) : nil }
            (self.isPoints, self.isDashed) = (isPoints, isDashed)
        }
    }

    /// A line across the plot.
    package struct Mark: Codable, Sendable {
        package enum Direction: String, Codable, Sendable { case x, y }

        /// Of the axis that `value` belongs to.
        package var axis: Direction
        package var value: Double
        package var label: String
    }

    package var title: String
    package var x: PlotAxis
    package var y: PlotAxis
    package var curves: [Curve]
    package var marks: [Mark] = []
    /// Where the points come from, one row each from the first on.
    package var source: TableSource?
}

/// A block of a STAR file of the project.
package struct TableSource: Codable, Sendable, Equatable {
    package var path: String
    package var block: String
    package var column: String?
}

package struct HistogramPlot: Codable, Sendable {
    package var title: String
    package var x: PlotAxis
    /// What is counted.
    package var counted: String
    package var histogram: ColumnHistogram
    package var source: TableSource?
}

/// Counts in boxes; row after row, x fastest.
package struct HeatPlot: Codable, Sendable {
    package var title: String
    package var x: PlotAxis
    package var y: PlotAxis
    package var columns: Int
    package var rows: Int
    package var counts: [Int]
}

package struct ScatterPlot: Codable, Sendable {
    package var title: String
    package var x: PlotAxis
    package var y: PlotAxis
    package var points: ScatterSample
    package var source: TableSource?
}

package struct ClassGallery: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        /// From 1, as in the files.
        package var number: Int
        /// Stack or map.
        package var path: String
        /// In the stack, or of the section in the middle of the map, from 0.
        package var index: Int
        package var isMap: Bool
        /// Of all particles, from 0 to 1.
        package var share: Double
        /// Assigned to it; nil while that is not known.
        package var particles: Int?
        package var resolutionInAngstrom: Double?
        package var accuracyInDegrees: Double?
        package var accuracyInAngstrom: Double?
    }

    package var title: String
    /// Largest first.
    package var classes: [Entry]
}

/// How one movie moved: in Å from its first frame.
package struct TrackPlot: Codable, Sendable {
    package struct Track: Codable, Sendable {
        /// In Å from the lower left corner of the micrograph; nil for the movie as a whole.
        package var place: [Double]?
        package var x: [Float]
        package var y: [Float]
    }

    package var title: String
    /// In Å.
    package var size: [Double]
    package var whole: Track
    package var patches: [Track]
    /// Number of the movie from 0, and how many there are.
    package var index: Int
    package var count: Int
}

/// A number with so many digits behind the point.
struct Decimal {
    let text: String

    init(_ value: Double, digits: Int) {
        let scale = (0..<digits).reduce(1.0) { factor, _ in factor * 10 }
        guard abs(value) * scale < 1e15 else {
            text = "\(value)"
            return
        }
        let scaled = Int((abs(value) * scale).rounded()), whole = scaled / Int(scale), rest = scaled % Int(scale)
        let fraction = digits > 0 ? "." + String(repeating: "0", count: digits - String(rest).count) + String(rest) : ""
        text = (value < 0 && scaled > 0 ? "-" : "") + String(whole) + fraction
    }
}
