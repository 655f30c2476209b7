import Arrays
import CKernels

extension ExpectationWorker {
    /// Shifted images and norm weights on the scout's pixels.
    func prepareScout(_ count: Int, _ scout: ScoutTable) {
        let small = scout.slices.layout, coarse = group.coarse
        group.scoutInCoarse.withUnsafeBufferPointer { positions in
            for row in 0..<count * shiftCount {
                let source = shiftedCoarse.base + row * coarse.planarCount
                let target = shiftedScout.base + row * small.planarCount
                for pixel in 0..<small.count {
                    target[pixel] = source[Int(positions[pixel])]
                    target[small.stride + pixel] = source[coarse.stride + Int(positions[pixel])]
                }
            }
            for index in 0..<count {
                for pixel in 0..<small.count {
                    normScout[index * small.stride + pixel] = normCoarse[index * coarse.stride + Int(positions[pixel])]
                }
            }
        }
    }

    /// Replaces the scores of the scout by full ones where they can matter, and rules out the other samples.
    func refineScores(_ index: Int, scout: ScoutTable) {
        let rows = scout.slices.rowCount, shifts = shiftCount
        let scores = self.scores.base + scoreStarts[index]
        let scale = squaredScale(index)
        var bar = fullScoreOfBest(scores, rows: rows, index: index, scout: scout, scale: scale)
        for row in 0..<rows {
            let line = scores + row * shifts
            let threshold = bar.threshold(reach: scout.reach(row, scale: scale))
            if maximum_of(line, shifts) < threshold {
                line.update(repeating: -.infinity, count: shifts)
                continue
            }
            fineRows.removeAll(keepingCapacity: true)
            significantShifts.removeAll(keepingCapacity: true)
            for shift in 0..<shifts {
                if line[shift] < threshold {
                    line[shift] = -.infinity
                } else {
                    significantShifts.append(shift)
                }
            }
            bar.raise(to: scoreRow(row, shifts: significantShifts, index: index, into: line))
        }
    }

    /// The bar that the sample sets which scored best at low resolution.
    private func fullScoreOfBest(_ scores: UnsafeMutablePointer<Float>, rows: Int, index: Int, scout: ScoutTable,
                                 scale: Float) -> ScoutBar {
        let maximum = maximum_of(scores, rows * shiftCount)
        guard maximum.isFinite else { return ScoutBar(full: -.infinity, first: -.infinity, reach: 0) }
        var place: UInt32 = 0
        _ = positions_above(scores, rows * shiftCount, maximum.nextDown, &place, 1)
        let row = Int(place) / shiftCount
        significantShifts.removeAll(keepingCapacity: true)
        significantShifts.append(Int(place) % shiftCount)
        // Scored again in its turn, from the same pixels.
        let full = scoreRow(row, shifts: significantShifts, index: index, into: childProducts.base)
        return ScoutBar(full: full, first: maximum, reach: scout.reach(row, scale: scale))
    }

    /// Full scores of some shifts of one orientation, written at their places of `line`; the best of them.
    private func scoreRow(_ row: Int, shifts: [Int], index: Int, into line: UnsafeMutablePointer<Float>) -> Float {
        guard let table else { return -.infinity }
        let coarse = group.coarse, grid = context.grid, length = coarse.planarCount
        let slice = table.row(row)
        let images = shiftedCoarse.base + index * shiftCount * length
        fineRows.removeAll(keepingCapacity: true)
        for shift in shifts { fineRows.append(UnsafePointer(images + shift * length)) }
        dot_block_rows(slice, length, 1, fineRows, Int32(shifts.count), length, products.base, shifts.count)
        tally.count(.coarse, products: shifts.count, length: length)
        let norm = weighted_norm(normCoarse.base + index * coarse.stride, slice, slice + coarse.stride, coarse.stride)
        let item = row / grid.psiCount
        let classIndex = item / grid.directionCount
        let base = context.logDirectionPrior[classIndex][item % grid.directionCount] - norm
        var best = -Float.infinity
        for (place, shift) in shifts.enumerated() {
            let score = base + offsetPriors[index][classIndex][shift] + products[place]
            line[shift] = score
            best = max(best, score)
        }
        return best
    }

    /// Mean (CTF · scale)² of the pixels beyond the scout's, weighted by how much the references' spectra make them count.
    private func squaredScale(_ index: Int) -> Float {
        let coarse = group.coarse, signal = signal[index].base
        guard let scout else { return 1 }
        let radius = scout.slices.layout.radius
        let tau2 = context.model.tau2[0]
        var sum = 0.0, weight = 0.0
        for pixel in 0..<coarse.count where Int(coarse.shell[pixel]) > radius {
            let c = Double(signal[Int(group.coarseInFine[pixel])])
            let shell = min(tau2.count - 1, Int((group.shellRatio * Double(coarse.shell[pixel])).rounded()))
            let w = tau2[shell] * Double(group.inverseNoiseCoarse[pixel])
            sum += c * c * w
            weight += w
        }
        return weight > 0 ? Float(sum / weight) : 1
    }
}
