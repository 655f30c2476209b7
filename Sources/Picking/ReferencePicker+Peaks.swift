import Arrays

extension ReferencePicker {
    /// A working pixel at which a reference fits better than around it.
    package struct Peak: Sendable {
        fileprivate var column: Int
        fileprivate var row: Int
        fileprivate var figure: Float
        fileprivate var psi: Float
        fileprivate var reference: Int
    }

    /// The particles among the peaks of all references, best first: of two that are closer than the least distance the better one.
    package func picks(from peaks: [Peak]) -> [Pick] {
        var all = peaks
        all.sort {
            if $0.figure != $1.figure { return $0.figure > $1.figure }
            return ($0.reference, $0.row, $0.column) < ($1.reference, $1.row, $1.column)
        }
        let distance = settings.leastDistance * grid.scale
        var kept: [Peak] = []
        for peak in all {
            let isFree = kept.allSatisfy {
                let (dx, dy) = (Double($0.column - peak.column), Double($0.row - peak.row))
                return dx * dx + dy * dy >= distance * distance
            }
            if isFree { kept.append(peak) }
        }
        return kept.map { peak in
            let (x, y) = grid.position(column: peak.column, row: peak.row)
            return Pick(
                x: x, y: y, figureOfMerit: Double(peak.figure), reference: peak.reference + 1, psiInDegrees: Double(peak.psi))
        }
    }

    /// Pixels above the threshold that none of their four neighbours exceeds.
    package func peaks(_ match: Match, _ reference: Int, _ background: Background) -> [Peak] {
        let margin = settings.margin + box / 2, size = grid.workSize, figure = match.figure.values
        let columns = grid.columns(margin: margin).clamped(to: 1..<size - 1)
        let rows = grid.rows(margin: margin).clamped(to: 1..<size - 1)
        var peaks: [Peak] = []
        for row in rows {
            for column in columns {
                let index = row * size + column, value = figure[index]
                guard Double(value) >= settings.threshold, value.isFinite else { continue }
                if let limit = settings.largestNoise, Double(background.deviation.values[index]) > limit { continue }
                if let limit = settings.leastBackground, Double(background.mean.values[index]) < limit { continue }
                let neighbours = [figure[index - 1], figure[index + 1], figure[index - size], figure[index + size]]
                guard neighbours.allSatisfy({ $0 <= value }) else { continue }
                peaks.append(
                    Peak(column: column, row: row, figure: value, psi: match.psi.values[index], reference: reference))
            }
        }
        return peaks
    }
}
