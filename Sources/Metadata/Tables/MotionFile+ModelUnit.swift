extension MotionFile {
    /// Pixels of the movie.
    func pixelsPerUnit(_ unit: ModelUnit) -> Double { unit == .micrographPixels ? binning : 1 }

    /// The unit in which a model as it stands in the file describes the measured shifts of the patches best, since files do not say.
    ///
    /// Without measured shifts it is that of RELION's default.
    func unit(of stated: LocalMotionModel) -> ModelUnit {
        guard binning != 1, !patchShifts.isEmpty, width > 0, height > 0 else { return .micrographPixels }
        let units: [ModelUnit] = [.micrographPixels, .moviePixels]
        return units.min { misfit(of: pixelsPerUnit($0) * stated) < misfit(of: pixelsPerUnit($1) * stated) } ?? .micrographPixels
    }

    /// Mean square difference of measured and modelled shifts; where a track starts does not count.
    private func misfit(of model: LocalMotionModel) -> Double {
        var sums: [SIMD2<Double>: (count: Double, sum: SIMD2<Double>)] = [:], squares = 0.0
        for row in patchShifts {
            let place = SIMD2(row.place.x / Double(width) - 0.5, row.place.y / Double(height) - 0.5)
            let difference = row.shift - model.shift(frame: Double(row.frame - startFrame), place: place)
            let old = sums[row.place] ?? (0, .zero)
            sums[row.place] = (old.count + 1, old.sum + difference)
            squares += difference.x * difference.x + difference.y * difference.y
        }
        // Summed in an order that does not change from run to run.
        let means = sums.sorted { ($0.key.y, $0.key.x) < ($1.key.y, $1.key.x) }
        return means.reduce(squares) { $0 - ($1.value.sum.x * $1.value.sum.x + $1.value.sum.y * $1.value.sum.y) / $1.value.count }
    }
}
