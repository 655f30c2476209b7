import Arrays
import CKernels
import Geometry

/// The significant shifts of one coarse orientation.
struct SignificantOrientation {
    var classIndex: Int
    /// Places in the particle's candidate lists.
    var directionPlace: Int
    var psiPlace: Int
    /// Coarse shifts, ascending.
    var shifts: Range<Int>
    /// Start of this orientation's scores: [child][place of shift · shift children + shift child].
    var scoreStart: Int
}

extension ExpectationWorker {
    /// From coarse scores to the outcome of one particle.
    func finish(_ particle: Particle, at index: Int, position: Int, sampleCount: Int) -> ParticleOutcome {
        let settings = context.settings
        currentIndex = index
        let limit = context.comparison == .crossCorrelation ? 1 : context.maximumSignificant
        guard selection.select(scores.base + scoreStarts[index], count: sampleCount, fraction: settings.adaptiveFraction,
                               limit: limit) else {
            return leftOut(particle)
        }
        groupSignificantSamples(index)
        prepareFine(particle, at: index)
        scoreFineSamples(index)
        // Without oversampling the first selection is final.
        let fraction = context.grid.oversampling == 0 ? 1 : settings.adaptiveFraction
        let selected = fineScores.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map {
                fineSelection.select($0, count: buffer.count, fraction: fraction,
                                     limit: context.comparison == .crossCorrelation ? 1 : -1)
            } ?? false
        }
        tally.end(.fine)
        guard selected else { return leftOut(particle) }
        defer { tally.end(.sums) }
        return weightedSums(particle, at: index, position: position)
    }

    private func groupSignificantSamples(_ index: Int) {
        orientations.removeAll(keepingCapacity: true)
        significantShifts.removeAll(keepingCapacity: true)
        let list = candidates[index]
        let psis = list.psis.count, directions = list.directions.count
        let children = context.grid.childCount * context.translationChildCount
        var last = -1, scoreCount = 0
        for sample in selection.positions {
            let row = Int(sample) / shiftCount
            if row != last {
                last = row
                orientations.append(SignificantOrientation(
                    classIndex: row / (psis * directions), directionPlace: row / psis % directions, psiPlace: row % psis,
                    shifts: significantShifts.count..<significantShifts.count, scoreStart: scoreCount))
            }
            significantShifts.append(Int(sample) % shiftCount)
            let current = orientations.count - 1
            orientations[current].shifts = orientations[current].shifts.lowerBound..<significantShifts.count
            scoreCount += children
        }
        if fineScores.count != scoreCount { fineScores = [Float](repeating: 0, count: scoreCount) }
    }

    /// Weighted image on the fine shifts that are needed, and the weights of the reference norm.
    private func prepareFine(_ particle: Particle, at index: Int) {
        let fine = group.fine, image = images[index], signal = signal[index].base, stride = fine.stride
        let isCorrelation = context.comparison == .crossCorrelation
        let re = weightedImage.base, im = re + stride, norm = normFine.base
        let masked = image.masked.base
        var constant = 0.0, power: Float = 0
        group.inverseNoiseFine.withUnsafeBufferPointer { inverseNoise in
            for pixel in 0..<fine.count {
                let c = signal[pixel], a = masked[pixel], b = masked[pixel + stride]
                let weight = isCorrelation ? correlationWeight(fine, pixel) : inverseNoise[pixel]
                re[pixel] = c * weight * a
                im[pixel] = c * weight * b
                norm[pixel] = (isCorrelation ? 1 : 0.5) * c * c * weight
                power += weight * (a * a + b * b)
                constant += 0.5 * Double(weight * (a * a + b * b))
            }
        }
        imageConstant = constant + image.unmodelledConstant + 0.5 * image.highResolutionPower
        imageNorms[index] = power.squareRoot()
        let children = context.translationChildCount
        var isNeeded = [Bool](repeating: false, count: shiftCount)
        for shift in significantShifts { isNeeded[shift] = true }
        for shift in 0..<shiftCount where isNeeded[shift] {
            for child in 0..<children {
                let number = shift * children + child
                let phases = group.finePhases[number], row = shiftedFine.base + number * fine.planarCount
                complex_multiply(re, im, phases, phases + stride, stride, row, row + stride)
            }
        }
    }

    /// The rotation of a fine sample.
    func fineRotation(_ orientation: SignificantOrientation, child: Int, list: CandidateOrientations) -> RotationMatrix {
        list.fixedRotation ?? context.grid.fine(direction: list.directions[orientation.directionPlace],
                                                psi: list.psis[orientation.psiPlace], child: child)
    }

    /// The number of a fine orientation in the grid; nil for a particle's own orientation.
    func fineIndex(_ orientation: SignificantOrientation, child: Int, list: CandidateOrientations) -> Int? {
        guard list.fixedRotation == nil else { return nil }
        let grid = context.grid
        let item = orientation.classIndex * grid.directionCount + list.directions[orientation.directionPlace]
        return (item * grid.psiCount + list.psis[orientation.psiPlace]) * grid.childCount + child
    }

    /// The slice of a fine sample: a row of the shared table, or made into `scratch`.
    func fineSlice(_ orientation: SignificantOrientation, child: Int, list: CandidateOrientations,
                   scratch: UnsafeMutablePointer<Float>) -> UnsafePointer<Float> {
        if let fineTable, let index = fineIndex(orientation, child: child, list: list) { return fineTable.row(index) }
        context.references.extract(orientation.classIndex, fineRotation(orientation, child: child, list: list), group.geometry,
                                   group.fine, into: scratch)
        return UnsafePointer(scratch)
    }

    private func scoreFineSamples(_ index: Int) {
        let fine = group.fine, length = fine.planarCount
        let children = context.grid.childCount, shiftChildren = context.translationChildCount
        let list = candidates[index]
        for orientation in orientations {
            let columns = orientation.shifts.count * shiftChildren
            fineRows.removeAll(keepingCapacity: true)
            for place in orientation.shifts {
                for child in 0..<shiftChildren {
                    fineRows.append(shiftedFine.base + (significantShifts[place] * shiftChildren + child) * length)
                }
            }
            var slices = UnsafePointer(childSlices.base)
            for child in 0..<children {
                let slice = fineSlice(orientation, child: child, list: list, scratch: childSlices.base + child * length)
                if child == 0 { slices = slice }  // Children follow each other in either memory.
            }
            tally.count(.fine, products: children * columns, length: length)
            dot_block_rows(slices, length, Int32(children), fineRows, Int32(columns), length, childProducts.base,
                           columns)
            scoreChildren(orientation, slices: slices, columns: columns, index: index, list: list)
        }
    }

    private func scoreChildren(_ orientation: SignificantOrientation, slices: UnsafePointer<Float>, columns: Int, index: Int,
                               list: CandidateOrientations) {
        let fine = group.fine, shiftChildren = context.translationChildCount
        let prior = orientationPrior(orientation, list: list)
        let offsetPrior = offsetPriors[index][orientation.classIndex]
        for child in 0..<context.grid.childCount {
            let slice = slices + child * fine.planarCount
            let norm = weighted_norm(normFine.base, slice, slice + fine.stride, fine.stride)
            let cross = childProducts.base + child * columns
            let start = orientation.scoreStart + child * columns
            if context.comparison == .likelihood {
                for (place, shift) in orientation.shifts.enumerated() {
                    let base = prior + offsetPrior[significantShifts[shift]] - norm
                    for c in 0..<shiftChildren {
                        fineScores[start + place * shiftChildren + c] = base + cross[place * shiftChildren + c]
                    }
                }
            } else {
                let scale = 1 / max(1e-30, norm.squareRoot() * imageNorms[index])
                for column in 0..<columns { fineScores[start + column] = cross[column] * scale }
            }
        }
    }

    private func orientationPrior(_ orientation: SignificantOrientation, list: CandidateOrientations) -> Float {
        if list.fixedRotation != nil { return context.logClassPrior[orientation.classIndex] }
        if let directions = list.logDirectionPriors {
            return directions[orientation.directionPlace] + (list.logPsiPriors?[orientation.psiPlace] ?? 0)
        }
        return context.logDirectionPrior[orientation.classIndex][list.directions[orientation.directionPlace]]
    }
}
