/// A plot with axes, as a value: what is drawn, not how.
///
///     var plot = Plot(title: "FSC", x: Axis("Resolution (1/Å)"), y: Axis("FSC", range: -0.1...1))
///     plot.series.append(.line("corrected", x: frequencies, y: fsc))
///     plot.guides.append(.horizontal(0.143, label: "0.143"))
package struct Plot: Sendable, Hashable {
    /// A reference line across the plot.
    package enum Guide: Sendable, Hashable {
        case horizontal(Double, label: String = "", colour: Colour = .guide)
        case vertical(Double, label: String = "", colour: Colour = .guide)
    }

    package enum Legend: Sendable, Hashable {
        /// In the corner that hides the fewest data.
        case automatic
        case topLeft, topRight, bottomLeft, bottomRight
        /// To the right of the plot, for many series.
        case outside
        case none
    }

    package enum Aspect: Sendable, Hashable {
        /// Fills the space given.
        case free
        /// One unit has the same length along x and y, as for positions in an image.
        case equal
    }

    package var title: String
    package var x: Axis
    package var y: Axis
    package var series: [Series]
    package var guides: [Guide] = []
    package var legend: Legend = .automatic
    package var aspect: Aspect = .free
    /// Ticks in Å above an x axis in 1/Å.
    package var showsResolutionOnTop = false
    package var showsGrid = true

    package init(title: String = "", x: Axis = Axis(), y: Axis = Axis(), series: [Series] = []) {
        self.title = title
        self.x = x
        self.y = y
        self.series = series
    }

    /// A histogram of `values`.
    package static func histogram(
        title: String, label: String, values: [Double], bins: Int? = nil, range: ClosedRange<Double>? = nil
    ) -> Plot {
        Plot(title: title, x: Axis(label), y: Axis("Count"), series: [.histogram(values: values, bins: bins, range: range)])
    }
}
