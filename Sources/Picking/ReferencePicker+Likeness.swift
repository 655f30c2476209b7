import Arrays
import Fourier
import Foundation
import Parallel

extension ReferencePicker {
    /// Memory for the comparison with one reference after the other; one micrograph at a time.
    package final class Workspace {
        /// With the reference that was compared last.
        package fileprivate(set) var match: Match
        fileprivate let searches: [AngleSearch]

        fileprivate init(_ transform: BandLimitedInverse, threads: Int) {
            let shape = Shape.square(transform.size)
            match = Match(figure: RealArray(shape: shape), psi: RealArray(shape: shape))
            searches = (0..<threads).map { _ in AngleSearch(transform) }
        }
    }

    /// - Parameter threads: over the angles.
    package func makeWorkspace(threads: Int) -> Workspace {
        Workspace(correlation, threads: max(1, min(threads, pairsOfAngles)))
    }

    /// Compares with one reference; the result, in the workspace, does not depend on its number of threads.
    ///
    /// - Parameter transfer: on the grid's frequencies, that references are multiplied with; nil: none.
    package func match(
        _ reference: Int, _ spectrum: FourierArray, _ background: Background, transfer: [Float]?, _ workspace: Workspace
    ) {
        let transfer = transfer.map(band), pool = ThreadPool(threads: workspace.searches.count)
        var seen = band(spectrum.values)
        if let transfer { for index in seen.indices { seen[index] = seen[index].multiplied(by: transfer[index]) } }
        findBestCorrelation(references[reference], seen, workspace.searches, pool)
        let (mean, square) = moments(references[reference], transfer)
        let likeness = Likeness(
            factor: Float(grid.size * grid.size) / Float(discCount), mean: mean, square: square,
            step: Float(360) / Float(settings.angleCount))
        likeness.fill(&workspace.match, from: workspace.searches[0], background, pool)
    }

    /// A real image turned by 180° has the conjugate transform: one interpolation serves two angles.
    private var pairsOfAngles: Int { settings.angleCount % 2 == 0 ? settings.angleCount / 2 : settings.angleCount }

    /// The rows and columns of a half plane that references have coefficients in.
    private func band<Value>(_ values: [Value]) -> [Value] {
        let length = grid.workSize / 2 + 1
        var result: [Value] = []
        result.reserveCapacity(correlation.rows * correlation.columns)
        for row in 0..<correlation.rows {
            let first = correlation.halfPlaneRow(row) * length
            result.append(contentsOf: values[first..<first + correlation.columns])
        }
        return result
    }

    /// Mean and mean square of the reference, as the microscope shows it, in its circle.
    private func moments(_ reference: RotatableReference, _ transfer: [Float]?) -> (mean: Float, square: Float) {
        var product = [ComplexFloat](repeating: ComplexFloat(0, 0), count: fine.rows * fine.columns)
        product.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { reference.rotated(psiInDegrees: 0, into: base) } }
        if let transfer { for index in product.indices { product[index] = product[index].multiplied(by: transfer[index]) } }
        let size = fine.size, columns = fine.columns, image = product
        // Interpolated in real space by zeros beyond the highest frequency: a circle of few pixels has a ragged edge.
        let radius = Double(settings.radius) * Double(size) / Double(grid.size), reach = Int(radius)
        var (sum, square, count) = (0.0, 0.0, 0.0)
        fine.inverse(scratch: fine.makeScratch(), imageRows: (-reach...reach).map { frequencyIndex($0, length: size) }) { row, target in
            for column in 0..<columns { target[column] = image[row * columns + column] }
        } take: { row, pixels in
            let y = signedFrequency(row, length: size)
            for x in -reach...reach where Double(x * x + y * y) < radius * radius {
                let value = Double(pixels[frequencyIndex(x, length: size)])
                (sum, square, count) = (sum + value, square + value * value, count + 1)
            }
        }
        return (Float(sum / max(1, count)), Float(square / max(1, count)))
    }

    /// In the first of the searches.
    private func findBestCorrelation(
        _ reference: RotatableReference, _ seen: [ComplexFloat], _ searches: [AngleSearch], _ pool: ThreadPool
    ) {
        let count = settings.angleCount, pairs = pairsOfAngles, workers = searches.count
        nonisolated(unsafe) let searches = searches  // Each is used by one item.
        pool.forEach(count: workers) { worker, _ in
            let search = searches[worker]
            search.begin(seen)
            for angle in stride(from: worker, to: pairs, by: workers) {
                reference.rotated(psiInDegrees: 360 * Double(angle) / Double(count), into: search.rotated.base)
                search.correlate(angle, isTurned: false)
                if pairs < count { search.correlate(angle + pairs, isTurned: true) }
            }
        }
        for other in searches.dropFirst() { searches[0].merge(other) }
    }
}

/// From the best correlation to the figure of merit.
private struct Likeness: Sendable {
    /// Pixels of the square in a pixel of the circle: correlations become means over the circle.
    let factor: Float
    /// Of the reference in its circle.
    let mean: Float
    let square: Float
    /// Degrees from one angle to the next.
    let step: Float

    func fill(
        _ match: inout ReferencePicker.Match, from search: AngleSearch, _ background: ReferencePicker.Background, _ pool: ThreadPool
    ) {
        let expected = Float(exp(Double(square) / 2) - 1), count = match.figure.values.count
        nonisolated(unsafe) let (correlation, angle) = (search.best.base, search.angle.base)  // Only read here.
        match.figure.values.withUnsafeMutableBufferPointer { figure in
            match.psi.values.withUnsafeMutableBufferPointer { psi in
                nonisolated(unsafe) let (figure, psi) = (figure, psi)  // Chunks are disjoint.
                pool.forEachChunk(count: count, chunk: 1 << 16) { range, _ in
                    for index in range {
                        let likeness = factor * correlation[index] - background.mean.values[index] * mean
                        let exponent = likeness / background.deviation.values[index] - square / 2
                        figure[index] = (exp(exponent) - 1) / expected
                        psi[index] = angle[index] * step
                    }
                }
            }
        }
    }
}
