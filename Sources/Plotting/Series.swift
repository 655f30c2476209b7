/// Curves, points or bars of one colour with one legend entry.
package struct Series: Sendable, Hashable {
    package enum Marker: Sendable, Hashable { case circle, square, triangle, cross, dot }
    package enum Dash: Sendable, Hashable { case solid, dashed, dotted }

    package enum Style: Sendable, Hashable {
        case line(width: Double, dash: Dash)
        /// `size` in points.
        case points(Marker, size: Double)
        case lineAndPoints(width: Double, Marker, size: Double)
        /// Bars from zero (or the bottom of a logarithmic axis) up to y; `width` in units of x.
        case bars(width: Double)
        /// Horizontal steps centred at the x values.
        case steps(width: Double)
    }

    /// Legend entry; a series without a name has none.
    package var name: String
    package var x: [Double]
    /// As many as `x`. Values that are not finite leave a gap.
    package var y: [Double]
    package var style: Style
    /// The palette's next colour when nil.
    package var colour: Colour?
    /// Half lengths of error bars, as many as `y`, or empty.
    package var errors: [Double] = []

    package init(
        _ name: String = "", x: [Double], y: [Double], style: Style = .line(width: 1.4, dash: .solid), colour: Colour? = nil
    ) {
        precondition(x.count == y.count, "a series has as many x as y")
        self.name = name
        self.x = x
        self.y = y
        self.style = style
        self.colour = colour
    }

    package static func line(
        _ name: String = "", x: [Double], y: [Double], colour: Colour? = nil, width: Double = 1.4, dash: Dash = .solid
    ) -> Series {
        Series(name, x: x, y: y, style: .line(width: width, dash: dash), colour: colour)
    }

    package static func scatter(
        _ name: String = "", x: [Double], y: [Double], colour: Colour? = nil, marker: Marker = .circle, size: Double = 3
    ) -> Series {
        Series(name, x: x, y: y, style: .points(marker, size: size), colour: colour)
    }

    /// Counts of `values` in `bins` equal intervals, as bars. Values that are not finite are left out.
    ///
    /// - Parameter range: what the intervals cover; the extent of the values when nil. Values outside are left out.
    package static func histogram(
        _ name: String = "", values: [Double], bins: Int? = nil, range: ClosedRange<Double>? = nil, colour: Colour? = nil
    ) -> Series {
        let histogram = Histogram(values: values, bins: bins, range: range)
        return Series(
            name, x: histogram.centres, y: histogram.counts.map(Double.init), style: .bars(width: histogram.binWidth),
            colour: colour)
    }
}
