import Arrays
import Foundation
import Fourier
import Geometry

/// Projects a model's atoms along any direction: the transform of the projected potential, in one non-uniform FFT.
///
/// Chosen over slices of an oversampled 3D transform: no volume to keep, no interpolation in three dimensions, and an error that is
/// known (`SpreadingKernel`, `FormFactorBasis`: together below 2·10⁻⁴ of the largest coefficient). The cost is some tens of nanoseconds an
/// atom plus one transform of (5/4 box)² for each basis curve.
package final class AtomProjector: Sendable {
    package let model: AtomicModel
    package let box: Int
    package let pixelSizeInAngstrom: Double
    package let basis: FormFactorBasis
    private let transform: FourierTransform
    private let kernel: SpreadingKernel
    private let gridLength: Int
    /// For each basis curve: curve over the kernel's transform and the pixel's area, on the half plane of the image.
    private let filters: [[Float]]
    private let weights: [[Float]]

    /// Grid and spectrum of one projection; one for each thread.
    package final class Scratch {
        let grids: [AlignedBuffer<Float>]
        let spectrum: AlignedBuffer<ComplexFloat>

        fileprivate init(grids: Int, length: Int) {
            self.grids = (0..<grids).map { _ in AlignedBuffer<Float>(count: length * length) }
            spectrum = AlignedBuffer<ComplexFloat>(count: (length / 2 + 1) * length)
        }
    }

    /// - Precondition: `box` is a multiple of 8; the model, wherever it is projected, stays away from the edge by the kernel's half width.
    package init(model: AtomicModel, box: Int, pixelSizeInAngstrom: Double) {
        precondition(box % 8 == 0, "the box must be a multiple of 8")
        self.model = model
        self.box = box
        self.pixelSizeInAngstrom = pixelSizeInAngstrom
        let grid = SpreadingKernel.gridLength(for: box), kernel = SpreadingKernel()
        gridLength = grid
        self.kernel = kernel
        transform = FourierTransform(shape: .square(grid))
        // The corner of the half plane is the highest frequency.
        let corner = 0.5 * 2.0.squareRoot() / pixelSizeInAngstrom
        let basis = FormFactorBasis(kinds: model.potentials, largestFrequency: corner)
        self.basis = basis
        weights = (0..<basis.rank).map { r in
            model.kinds.indices.map { basis.weights[model.kinds[$0]][r] * model.occupancies[$0] }
        }
        filters = (0..<basis.rank).map { r in
            Self.filter(curve: r, basis: basis, box: box, grid: grid, pixelSize: pixelSizeInAngstrom, kernel: kernel)
        }
    }

    package func makeScratch() -> Scratch { Scratch(grids: basis.rank, length: gridLength) }

    /// The transform of the projected potential in V·Å, with the origin of the transform in the corner: after an inverse
    /// transform the model's origin stands at pixel (box/2, box/2) + shift.
    ///
    /// - Parameters:
    ///   - orientation: turns the model into the frame of the image.
    ///   - shift: Å, in the image.
    ///   - result: `realShape` box × box; overwritten. Scaled so that an unscaled inverse transform gives V·Å.
    package func project(_ orientation: RotationMatrix, shift: SIMD2<Double>, into result: inout FourierArray, scratch: Scratch) {
        precondition(result.realShape == .square(box))
        spread(orientation, shift: shift, scratch: scratch)
        let half = box / 2 + 1, gridHalf = gridLength / 2 + 1
        result.values.withUnsafeMutableBufferPointer { output in
            for r in 0..<basis.rank {
                transform.forward(scratch.grids[r].base, into: scratch.spectrum.base)
                filters[r].withUnsafeBufferPointer { filter in
                    for y in 0..<box {
                        let row = scratch.spectrum.base + frequencyIndex(signedFrequency(y, length: box), length: gridLength) * gridHalf
                        for x in 0..<half {
                            let term = row[x].multiplied(by: filter[y * half + x])
                            output[y * half + x] = r == 0 ? term : output[y * half + x] + term
                        }
                    }
                }
            }
        }
    }

    private func spread(_ orientation: RotationMatrix, shift: SIMD2<Double>, scratch: Scratch) {
        let scale = Double(gridLength) / Double(box) / pixelSizeInAngstrom
        let centre = Double(gridLength) / 2
        let n = gridLength
        for grid in scratch.grids { grid.clear() }
        model.positions.withUnsafeBufferPointer { positions in
            for i in positions.indices {
                let p = positions[i]
                let (x, wx) = kernel.weights(at: (orientation.row0.dot(p) + shift.x) * scale + centre)
                let (y, wy) = kernel.weights(at: (orientation.row1.dot(p) + shift.y) * scale + centre)
                // A store outside the grid would damage memory: worth its test in release builds.
                precondition(x >= 0 && y >= 0 && x + 8 <= n && y + 8 <= n, "an atom left the box")
                for r in 0..<scratch.grids.count {
                    let weighted = wx * weights[r][i]
                    let corner = UnsafeMutableRawPointer(scratch.grids[r].base + y * n + x)
                    for j in 0..<SpreadingKernel.width {
                        let at = corner + j * n * 4
                        let sum = at.loadUnaligned(as: SIMD8<Float>.self) + weighted * wy[j]
                        at.storeBytes(of: sum, as: SIMD8<Float>.self)
                    }
                }
            }
        }
    }

    /// The curve, over the kernel's transform; the box has an even length, so that its centre is box/2 exactly.
    private static func filter(
        curve r: Int, basis: FormFactorBasis, box: Int, grid: Int, pixelSize: Double, kernel: SpreadingKernel
    ) -> [Float] {
        let correction = (0...box / 2).map { 1 / kernel.transform(atFrequency: Double($0) / Double(grid)) }
        // The grid's forward transform is scaled by 1/grid²; the density of points an Å² of a box of (box·pixel)² Å² is wanted.
        let scale = Double(grid) * Double(grid) / (Double(box) * pixelSize * Double(box) * pixelSize)
        var values = [Float](repeating: 0, count: (box / 2 + 1) * box)
        for y in 0..<box {
            let ky = signedFrequency(y, length: box)
            for x in 0...box / 2 {
                let k = Double(x * x + ky * ky).squareRoot() / (Double(box) * pixelSize)
                values[y * (box / 2 + 1) + x] =
                    basis.value(r, atFrequency: k) * Float(scale * correction[x] * correction[abs(ky)])
            }
        }
        return values
    }
}
