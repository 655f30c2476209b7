import Reporting
import StarFormat

extension ParticleTable {
    /// Rows of particles that were picked more than once: for each pair in one micrograph (or tomogram) at most
    /// `distance` apart the earlier row.
    ///
    /// A particle's place is its coordinate minus its origin.
    /// - Parameters:
    ///   - distance: in Å.
    ///   - coordinatePixelSize: of `rlnCoordinateX` and `Y`, in Å; not used for tomograms, whose coordinates are in Å.
    package func duplicateRows(within distance: Double, coordinatePixelSize: Double) throws -> [Int] {
        let inMicrographs = contains(.micrographName)
        guard inMicrographs || contains(.tomogramName) else {
            throw InputError(
                place: rows.place, found: "there is no column _rlnMicrographName or _rlnTomoName",
                expected: "one of them, to know which particles are neighbours")
        }
        let points = try inMicrographs ? placesInMicrographs(coordinatePixelSize) : placesInTomograms()
        let image = try rows.distinctStrings((inMicrographs ? ParticleColumn.micrographName : .tomogramName).label)
        var rowsOfImage = Array(repeating: [Int](), count: image.values.count)
        for (row, index) in image.indexOfRow.enumerated() { rowsOfImage[index].append(row) }
        var duplicates: [Int] = []
        for members in rowsOfImage {
            let places = members.map { points[$0] }
            let grid = PointGrid(places, cellSize: distance)
            for (index, place) in places.enumerated() {
                let hasLaterTwin = grid.indices(near: place).contains {
                    $0 > index && PointGrid.squaredDistance(places[$0], place) <= distance * distance
                }
                if hasLaterTwin { duplicates.append(members[index]) }
            }
        }
        return duplicates.sorted()
    }

    /// In Å.
    private func placesInMicrographs(_ pixelSize: Double) throws -> [SIMD3<Double>] {
        // Particles that have not been refined have no origins: these are 0.
        try rows.require([ParticleColumn.coordinateX, .coordinateY].map(\.label))
        let (x, y) = (try values(.coordinateX), try values(.coordinateY))
        let (originX, originY) = (try values(.originX), try values(.originY))
        return (0..<count).map { SIMD3(x[$0] * pixelSize - originX[$0], y[$0] * pixelSize - originY[$0], 0) }
    }

    private func placesInTomograms() throws -> [SIMD3<Double>] {
        var points = Array(repeating: SIMD3<Double>.zero, count: count)
        let hasDepth = rows.contains("rlnCenteredCoordinateZAngst")
        let labels = [("rlnCenteredCoordinateXAngst", ParticleColumn.originX), ("rlnCenteredCoordinateYAngst", .originY)]
            + (hasDepth ? [("rlnCenteredCoordinateZAngst", .originZ)] : [])
        try rows.require(labels.flatMap { [$0.0, $0.1.label] })
        for (axis, (label, origin)) in labels.enumerated() {
            let (place, shift) = (try rows.doubles(label, expected: "a number in Å"), try values(origin))
            for row in points.indices { points[row][axis] = place[row] - shift[row] }
        }
        return points
    }
}
