import Foundation
import Tables

/// From where the particles are seen: counts in boxes of equal area on the sphere of directions.
struct AngularDistribution {
    static let columns = 72, rows = 36
    let counts: [Int]

    /// Nil without angles.
    init?(_ data: TableRows) {
        guard let rot = data.numbers("rlnAngleRot"), let tilt = data.numbers("rlnAngleTilt") else { return nil }
        self.init(rot: rot, tilt: tilt)
    }

    /// Degrees. Tilts beyond 180° and below 0° are the same directions seen with another rot.
    init(rot: [Double], tilt: [Double]) {
        var counts = [Int](repeating: 0, count: Self.columns * Self.rows)
        for (rot, tilt) in zip(rot, tilt) where rot.isFinite && tilt.isFinite && abs(rot) < 1e6 && abs(tilt) < 1e6 {
            let cosine = cos(tilt * .pi / 180), isTurned = sin(tilt * .pi / 180) < 0
            var turn = (rot + (isTurned ? 180 : 0) + 180).truncatingRemainder(dividingBy: 360)
            if turn < 0 { turn += 360 }
            let column = min(Self.columns - 1, Int(turn / 360 * Double(Self.columns)))
            let row = min(Self.rows - 1, Int((cosine + 1) / 2 * Double(Self.rows)))
            counts[row * Self.columns + column] += 1
        }
        self.counts = counts
    }

    /// Not all in one box, as for two-dimensional classes.
    var isSpread: Bool { counts.filter { $0 > 0 }.count > 1 }

    var plot: HeatPlot {
        HeatPlot(
            title: "Particles by direction, in boxes of equal area", x: PlotAxis("Rot", "°", low: -180, high: 180),
            y: PlotAxis("Tilt", "°", scale: .cosine, low: -1, high: 1), columns: Self.columns, rows: Self.rows, counts: counts)
    }
}
