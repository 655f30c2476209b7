import Arrays
import Fourier
import Foundation
import Parallel

extension ReferencePicker {
    /// - Parameters:
    ///   - transfer: on the grid's frequencies, that references are multiplied with; nil: none.
    ///   - pool: threads over the angles; the result does not depend on their number.
    package func match(
        _ reference: Int, _ spectrum: FourierArray, _ background: Background, transfer: [Float]?, pool: ThreadPool
    ) -> Match {
        let transfer = transfer.map(band)
        var seen = band(spectrum.values)
        if let transfer { for index in seen.indices { seen[index] = seen[index].multiplied(by: transfer[index]) } }
        let best = bestCorrelation(references[reference], seen, pool)
        let (mean, square) = moments(references[reference], transfer)
        let likeness = Likeness(
            factor: Float(grid.size * grid.size) / Float(discCount), mean: mean, square: square,
            step: Float(360) / Float(settings.angleCount))
        return likeness.match(best.correlation, best.angle, background, pool)
    }

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

    private struct Best: @unchecked Sendable {
        // Written by one search, read when all have ended.
        var correlation: AlignedBuffer<Float>
        var angle: AlignedBuffer<Float>
    }

    private func bestCorrelation(_ reference: RotatableReference, _ seen: [ComplexFloat], _ pool: ThreadPool) -> Best {
        let count = settings.angleCount, transform = correlation
        // A real image turned by 180° has the conjugate transform: one interpolation serves two angles.
        let pairs = count % 2 == 0 ? count / 2 : count, workers = max(1, min(pool.threadCount, pairs))
        let parts: [Best] = ThreadPool(threads: workers).map(count: workers) { worker, _ in
            let search = AngleSearch(transform, micrograph: seen)
            for angle in stride(from: worker, to: pairs, by: workers) {
                reference.rotated(psiInDegrees: 360 * Double(angle) / Double(count), into: search.rotated.base)
                search.correlate(angle, isTurned: false)
                if pairs < count { search.correlate(angle + pairs, isTurned: true) }
            }
            return Best(correlation: search.best, angle: search.angle)
        }
        let best = parts[0], pixels = transform.size * transform.size
        for part in parts.dropFirst() {
            for index in 0..<pixels {
                let (new, old) = (part.correlation.base[index], best.correlation.base[index])
                guard new > old || (new == old && part.angle.base[index] < best.angle.base[index]) else { continue }
                (best.correlation.base[index], best.angle.base[index]) = (new, part.angle.base[index])
            }
        }
        return best
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

    func match(
        _ correlation: AlignedBuffer<Float>, _ angle: AlignedBuffer<Float>, _ background: ReferencePicker.Background, _ pool: ThreadPool
    ) -> ReferencePicker.Match {
        var figure = RealArray(shape: background.mean.shape), psi = RealArray(shape: background.mean.shape)
        let expected = Float(exp(Double(square) / 2) - 1), count = figure.values.count
        figure.values.withUnsafeMutableBufferPointer { figure in
            psi.values.withUnsafeMutableBufferPointer { psi in
                nonisolated(unsafe) let (figure, psi) = (figure, psi)  // Chunks are disjoint.
                pool.forEachChunk(count: count, chunk: 1 << 16) { range, _ in
                    for index in range {
                        let likeness = factor * correlation.base[index] - background.mean.values[index] * mean
                        let exponent = likeness / background.deviation.values[index] - square / 2
                        figure[index] = (exp(exponent) - 1) / expected
                        psi[index] = angle.base[index] * step
                    }
                }
            }
        }
        return ReferencePicker.Match(figure: figure, psi: psi)
    }
}
