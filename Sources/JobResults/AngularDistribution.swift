import Foundation
import Tables

/// From where the particles are seen: counts in boxes of equal area on the sphere of directions.
struct AngularDistribution {
    let rows: Int
    var columns: Int { 2 * rows }
    let counts: [Int]

    /// Nil without angles.
    init?(_ data: TableRows) {
        guard let rot = data.numbers("rlnAngleRot"), let tilt = data.numbers("rlnAngleTilt") else { return nil }
        // A box has ten particles and more on the average, if there are enough of them.
        self.init(rot: rot, tilt: tilt, rows: data.count < 3000 ? 12 : data.count < 15_000 ? 18 : 36)
    }

    /// Degrees. Tilts beyond 180° and below 0° are the same directions seen with another rot.
    init(rot: [Double], tilt: [Double], rows: Int) {
        let columns = 2 * rows
        var counts = [Int](repeating: 0, count: columns * rows)
        for (rot, tilt) in zip(rot, tilt) where rot.isFinite && tilt.isFinite && abs(rot) < 1e6 && abs(tilt) < 1e6 {
            let cosine = cos(tilt * .pi / 180), isTurned = sin(tilt * .pi / 180) < 0
            var turn = (rot + (isTurned ? 180 : 0) + 180).truncatingRemainder(dividingBy: 360)
            if turn < 0 { turn += 360 }
            let column = min(columns - 1, Int(turn / 360 * Double(columns)))
            let row = min(rows - 1, Int((cosine + 1) / 2 * Double(rows)))
            counts[row * columns + column] += 1
        }
        (self.rows, self.counts) = (rows, counts)
    }

    /// Not all in one box, as for two-dimensional classes.
    var isSpread: Bool { counts.filter { $0 > 0 }.count > 1 }

    var plot: HeatPlot {
        HeatPlot(
            title: "Particles by direction, in boxes of equal area", x: PlotAxis("Rot", "°", low: -180, high: 180),
            y: PlotAxis("Tilt", "°", scale: .cosine, low: -1, high: 1), columns: columns, rows: rows, counts: counts)
    }
}
