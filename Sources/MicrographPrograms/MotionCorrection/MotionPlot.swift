import MotionCorrection
import Plotting

/// The tracks of a movie, drawn where they belong and much enlarged.
enum MotionPlot {
    /// Pixels of the plot to a pixel of motion.
    private static let enlargement = 40.0

    static func figure(_ motion: MovieMotion, title: String) -> Figure {
        let shape = motion.frameShape
        let middle = SIMD2(Double(shape.x), Double(shape.y)) / 2
        var plot = Plot(title: title, x: Axis("x (pixels; tracks \(Int(enlargement)) times enlarged)", range: 0...Double(shape.x)),
                        y: Axis("y (pixels)", range: 0...Double(shape.y)))
        plot.aspect = .equal
        plot.legend = .outside
        func points(_ shifts: [SIMD2<Double>], at place: SIMD2<Double>) -> (x: [Double], y: [Double]) {
            (shifts.map { place.x + enlargement * $0.x }, shifts.map { place.y + enlargement * $0.y })
        }
        let whole = points(motion.shifts, at: middle)
        plot.series.append(.line("whole frame", x: whole.x, y: whole.y, colour: Colour(hex: 0x2563EB), width: 1.6))
        var starts = [middle], first = 0
        var isFirst = true
        while first < motion.patchShifts.count {
            let place = motion.patchShifts[first].place
            let end = motion.patchShifts[first...].firstIndex { $0.place != place } ?? motion.patchShifts.count
            let rows = motion.patchShifts[first..<end]
            let observed = points(rows.map(\.observed), at: place), fitted = points(rows.map(\.fitted), at: place)
            plot.series.append(.line(isFirst ? "patches, measured" : "", x: observed.x, y: observed.y, colour: Colour(grey: 0.65), width: 0.8))
            // Files keep no fitted shifts of MotionCor2's.
            if rows.contains(where: { $0.fitted != .zero }) {
                plot.series.append(.line(isFirst ? "patches, model" : "", x: fitted.x, y: fitted.y, colour: Colour(grey: 0), width: 1.2))
            }
            isFirst = false
            starts.append(place)
            first = end
        }
        plot.series.append(.scatter("first frame", x: starts.map(\.x), y: starts.map(\.y), colour: Colour(hex: 0xDC2626), size: 3))
        return Figure(plot)
    }
}
