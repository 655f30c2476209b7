/// One axis of a plot.
package struct Axis: Sendable, Hashable {
    package enum Scale: Sendable, Hashable { case linear, logarithmic }

    /// What stands at the ticks.
    package enum TickLabels: Sendable, Hashable {
        case numbers
        /// The axis is in 1/Å; ticks show Å.
        case resolution
        /// Names at positions 0, 1, 2 …, for bars by category.
        case names([String])
        case none
    }

    package var label: String
    package var scale: Scale
    /// Lower and upper end; the data's when nil, widened to tick marks for y.
    package var range: ClosedRange<Double>?
    package var tickLabels: TickLabels
    /// The axis runs downwards (y) or to the left (x).
    package var isReversed: Bool

    package init(
        _ label: String = "", scale: Scale = .linear, range: ClosedRange<Double>? = nil,
        tickLabels: TickLabels = .numbers, isReversed: Bool = false
    ) {
        self.label = label
        self.scale = scale
        self.range = range
        self.tickLabels = tickLabels
        self.isReversed = isReversed
    }
}
