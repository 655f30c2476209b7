import Arrays
import CKernels
import COpenBLAS
import Geometry

extension ExpectationWorker {
    /// Fills `scores` for every particle of the batch: log(prior) − ½‖X − CTF·P‖²/σ² up to a constant of the particle, or
    /// the correlation coefficient. Particle i's samples start at `scoreStart(i)`.
    ///
    /// Global searches are one matrix product of a tile of slices with all shifted images of the batch:
    /// 2 · rows · (batch · shifts) · 2 pixels flops, the floor of this pass at the machine's SGEMM rate.
    /// - Returns: number of samples of each particle.
    func coarsePass(_ batch: [Particle]) -> [Int] {
        let counts = candidates.map {
            context.classCount * $0.directions.count * $0.psis.count * shiftCount
        }
        let total = counts.reduce(0, +)
        if scores.count < total { scores = AlignedBuffer(count: total) }
        scoreStarts = counts.indices.map { counts[..<$0].reduce(0, +) }
        let isGlobal = context.localSearch == nil && candidates.allSatisfy { $0.fixedRotation == nil }
        if isGlobal, let scout, context.comparison == .likelihood {
            prepareScout(batch.count, scout)
            searchGrid(batch, layout: scout.slices.layout, images: shiftedScout, norms: normScout,
                       short: scout.shortSlices) { scout.slices.row($0.lowerBound) }
            for index in batch.indices { refineScores(index, scout: scout) }
        } else if isGlobal {
            searchGrid(batch, layout: group.coarse, images: shiftedCoarse, norms: normCoarse) { tile($0) }
        } else {
            for index in batch.indices { searchCandidates(index) }
        }
        return counts
    }

    // MARK: The whole grid

    private func searchGrid(_ batch: [Particle], layout: PixelLayout, images: AlignedBuffer<Float>,
                            norms: AlignedBuffer<Float>, short: AlignedBuffer<UInt16>? = nil, slices rowsOf: (Range<Int>) -> UnsafePointer<Float>) {
        let grid = context.grid
        let rows = context.classCount * grid.directionCount * grid.psiCount
        let columns = batch.count * shiftCount, length = layout.planarCount
        tally.count(.coarse, products: rows * columns, length: length)
        if short != nil { bfloat_from_float(images.base, columns * length, shortImages.base) }
        var first = 0
        while first < rows {
            let count = min(Self.tileRows, rows - first)
            let slices = rowsOf(first..<first + count)
            if let short {
                bfloat_dot_block(short.base + first * length, length, Int32(count), shortImages.base, length, Int32(columns), length,
                                 products.base, columns)
            } else {
                cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, Int32(count), Int32(columns), Int32(length), 1,
                            slices, Int32(length), images.base, Int32(length), 0, products.base, Int32(columns))
            }
            for row in 0..<count {
                let slice = slices + row * length
                squared_modulus(slice, slice + layout.stride, layout.stride, tilePowers.base + row * layout.stride)
            }
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, Int32(count), Int32(batch.count), Int32(layout.stride), 1,
                        tilePowers.base, Int32(layout.stride), norms.base, Int32(layout.stride), 0, tileNorms.base,
                        Int32(batch.count))
            score(first: first, count: count, batchCount: batch.count, rows: rows)
            first += count
        }
    }

    /// Rows of the shared table, or slices made for this tile where the table does not fit in memory.
    private func tile(_ range: Range<Int>) -> UnsafePointer<Float> {
        if let table { return table.row(range.lowerBound) }
        let grid = context.grid
        for row in 0..<range.count {
            let number = range.lowerBound + row
            let psi = number % grid.psiCount, item = number / grid.psiCount
            context.references.extract(item / grid.directionCount,
                                       grid.coarse(direction: item % grid.directionCount, psi: psi), group.geometry,
                                       group.coarse, into: tileSlices.base + row * group.coarse.planarCount)
        }
        return UnsafePointer(tileSlices.base)
    }

    private func score(first: Int, count: Int, batchCount: Int, rows: Int) {
        let grid = context.grid, columns = batchCount * shiftCount
        for row in 0..<count {
            let item = (first + row) / grid.psiCount
            let classIndex = item / grid.directionCount, direction = item % grid.directionCount
            let prior = context.logDirectionPrior[classIndex][direction]
            for particle in 0..<batchCount {
                let cross = products.base + row * columns + particle * shiftCount
                let norm = tileNorms[row * batchCount + particle]
                let target = scores.base + scoreStarts[particle] + (first + row) * shiftCount
                writeScores(cross, norm: norm, prior: prior, particle: particle, classIndex: classIndex, into: target)
            }
        }
    }

    @inline(__always)
    private func writeScores(_ cross: UnsafePointer<Float>, norm: Float, prior: Float, particle: Int, classIndex: Int,
                             into target: UnsafeMutablePointer<Float>) {
        if context.comparison == .likelihood {
            offsetPriors[particle][classIndex].withUnsafeBufferPointer {
                _ = scores_from_products(cross, $0.baseAddress, prior - norm, shiftCount, target)
            }
        } else {
            let scale = 1 / max(1e-30, norm.squareRoot() * imageNorms[particle])
            for shift in 0..<shiftCount { target[shift] = cross[shift] * scale }
        }
    }

    // MARK: A particle's own orientations

    private func searchCandidates(_ index: Int) {
        let list = candidates[index], coarse = group.coarse, grid = context.grid, length = coarse.planarCount
        let table = list.fixedRotation == nil ? table : nil
        let psiCount = list.psis.count
        let meanPrior = list.logDirectionPriors == nil
        let images = shiftedCoarse.base + index * shiftCount * length
        let norms = normCoarse.base + index * coarse.stride
        tally.count(.coarse, products: context.classCount * list.directions.count * psiCount * shiftCount, length: length)
        var rows = [UnsafePointer<Float>?](repeating: nil, count: psiCount)
        for classIndex in 0..<context.classCount {
            for (place, direction) in list.directions.enumerated() {
                for (psiPlace, psi) in list.psis.enumerated() {
                    if let table {
                        rows[psiPlace] = table.row((classIndex * grid.directionCount + direction) * grid.psiCount + psi)
                    } else {
                        let rotation = list.fixedRotation ?? grid.coarse(direction: direction, psi: psi)
                        let slice = tileSlices.base + psiPlace * length
                        context.references.extract(classIndex, rotation, group.geometry, coarse, into: slice)
                        rows[psiPlace] = UnsafePointer(slice)
                    }
                }
                // products[shift][psi]
                dot_block_rows(images, length, Int32(shiftCount), rows, Int32(psiCount), length, products.base, psiCount)
                for psiPlace in 0..<psiCount {
                    guard let slice = rows[psiPlace] else { continue }
                    let norm = weighted_norm(norms, slice, slice + coarse.stride, coarse.stride)
                    let prior = list.fixedRotation != nil ? 0
                        : meanPrior ? context.logDirectionPrior[classIndex][direction]
                        : (list.logDirectionPriors?[place] ?? 0) + (list.logPsiPriors?[psiPlace] ?? 0)
                    for shift in 0..<shiftCount { tileNorms[shift] = products[shift * psiCount + psiPlace] }
                    let row = (classIndex * list.directions.count + place) * psiCount + psiPlace
                    writeScores(tileNorms.base, norm: norm,
                                prior: list.fixedRotation == nil ? prior : context.logClassPrior[classIndex], particle: index,
                                classIndex: classIndex, into: scores.base + scoreStarts[index] + row * shiftCount)
                }
            }
        }
    }
}
