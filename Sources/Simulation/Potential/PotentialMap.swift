import Arrays
import Foundation
import Fourier
import Parallel

/// The electrostatic potential of a model on a grid, in V: what a perfect reconstruction would show.
package enum PotentialMap {
    /// Spreads the atoms with the kernel of `AtomProjector` in three dimensions.
    ///
    /// Memory: two volumes of (5/4 box)³ floats.
    /// - Parameters:
    ///   - box: voxels an axis, a multiple of 8; the model's origin comes to stand at voxel box/2.
    ///   - pixelSizeInAngstrom: of the map.
    package static func make(_ model: AtomicModel, box: Int, pixelSizeInAngstrom: Double, pool: ThreadPool) -> RealArray {
        precondition(box % 8 == 0)
        let kernel = SpreadingKernel()
        let grid = SpreadingKernel.gridLength(for: box)
        let corner = 0.5 * 3.0.squareRoot() / pixelSizeInAngstrom
        let basis = FormFactorBasis(kinds: model.potentials, largestFrequency: corner)
        let transform = FourierTransform(shape: .cube(grid))
        let points = AlignedBuffer<Float>(count: grid * grid * grid)
        let spectrum = AlignedBuffer<ComplexFloat>(count: Shape.cube(grid).halfPlane.count)
        var result = FourierArray(realShape: .cube(box))
        for r in 0..<basis.rank {
            points.clear()
            spread(model, weights: model.kinds.indices.map { basis.weights[model.kinds[$0]][r] * model.occupancies[$0] },
                   onto: points, grid: grid, scale: Double(grid) / Double(box) / pixelSizeInAngstrom, kernel: kernel)
            transform.forward(points.base, into: spectrum.base, pool: pool)
            add(spectrum, grid: grid, curve: r, basis: basis, kernel: kernel, pixelSize: pixelSizeInAngstrom, to: &result)
        }
        return FourierTransform(shape: .cube(box)).inverse(result, pool: pool)
    }

    private static func spread(
        _ model: AtomicModel, weights: [Float], onto points: AlignedBuffer<Float>, grid n: Int, scale: Double, kernel: SpreadingKernel
    ) {
        let centre = Double(n) / 2
        let inside = 0...n - SpreadingKernel.width
        for (p, weight) in zip(model.positions, weights) {
            let (x, wx) = kernel.weights(at: p.x * scale + centre)
            let (y, wy) = kernel.weights(at: p.y * scale + centre)
            let (z, wz) = kernel.weights(at: p.z * scale + centre)
            guard inside ~= x, inside ~= y, inside ~= z else { continue }
            for k in 0..<SpreadingKernel.width {
                for j in 0..<SpreadingKernel.width {
                    let at = UnsafeMutableRawPointer(points.base + ((z + k) * n + y + j) * n + x)
                    let sum = at.loadUnaligned(as: SIMD8<Float>.self) + wx * (weight * wy[j] * wz[k])
                    at.storeBytes(of: sum, as: SIMD8<Float>.self)
                }
            }
        }
    }

    private static func add(
        _ spectrum: AlignedBuffer<ComplexFloat>, grid: Int, curve r: Int, basis: FormFactorBasis, kernel: SpreadingKernel,
        pixelSize: Double, to result: inout FourierArray
    ) {
        let box = result.realShape.x
        let length = Double(box) * pixelSize
        let correction = (0...box / 2).map { 1 / kernel.transform(atFrequency: Double($0) / Double(grid)) }
        let scale = pow(Double(grid) / length, 3)
        for z in 0..<box {
            let kz = signedFrequency(z, length: box)
            for y in 0..<box {
                let ky = signedFrequency(y, length: box)
                let row = spectrum.base + (frequencyIndex(kz, length: grid) * grid + frequencyIndex(ky, length: grid)) * (grid / 2 + 1)
                let rowScale = scale * correction[abs(kz)] * correction[abs(ky)]
                for x in 0...box / 2 {
                    let k = Double(x * x + ky * ky + kz * kz).squareRoot() / length
                    let factor = basis.value(r, atFrequency: k) * Float(rowScale * correction[x])
                    result[x, y, z] += row[x].multiplied(by: factor)
                }
            }
        }
    }
}
