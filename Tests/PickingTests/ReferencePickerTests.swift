import Arrays
import Foundation
import Parallel
import TestSupport
import Testing

@testable import Picking

/// References of known angle in noise.
@Suite struct ReferencePickerTests {
    /// An L of two bars: no angle looks like another.
    private func reference(_ box: Int, psi: Double = 0) -> RealArray {
        var image = RealArray(shape: .square(box))
        let (cosine, sine) = (cos(psi * .pi / 180), sin(psi * .pi / 180))
        for y in 0..<box {
            for x in 0..<box {
                let (dx, dy) = (Double(x - box / 2), Double(y - box / 2))
                let (u, v) = (cosine * dx - sine * dy, sine * dx + cosine * dy)
                let bars = exp(-pow(u / 14, 4) - pow((v + 8) / 4, 4)) + exp(-pow((u + 10) / 4, 4) - pow((v - 4) / 10, 4))
                image.values[y * box + x] = Float(2 * bars)
            }
        }
        return image
    }

    /// A turned reference in the working image is the image of the turned L. Bilinear interpolation of four samples per
    /// coefficient leaves aliases of a percent.
    @Test func rotationsAreThoseOfTheImage() {
        let grid = PickingGrid(shape: .square(128), pixelSizeInAngstrom: 1, workSize: 128)
        let rotatable = RotatableReference(reference(64), grid: grid, radius: 63, oversampling: 4)
        for psi in [0.0, 37, 120, 300] {
            let radius = rotatable.radius
            var band = [ComplexFloat](repeating: ComplexFloat(0, 0), count: (radius + 1) * (2 * radius + 1))
            band.withUnsafeMutableBufferPointer { rotatable.rotated(psiInDegrees: psi, into: $0.baseAddress!) }
            var spectrum = [ComplexFloat](repeating: ComplexFloat(0, 0), count: 65 * 128)
            for ky in -radius...radius {
                for kx in 0...radius {
                    spectrum[frequencyIndex(ky, length: 128) * 65 + kx] = band[frequencyIndex(ky, length: 2 * radius + 1) * (radius + 1) + kx]
                }
            }
            let image = inverse(spectrum, 128)
            let expected = reference(64, psi: psi)
            var (error, total) = (0.0, 0.0)
            for y in 0..<64 {
                for x in 0..<64 {
                    let found = image.values[(y - 32 + 128) % 128 * 128 + (x - 32 + 128) % 128]
                    error += pow(Double(found - expected.values[y * 64 + x]), 2)
                    total += pow(Double(expected.values[y * 64 + x]), 2)
                }
            }
            #expect(error < 1e-4 * total, "\(psi)°: \((error / total).squareRoot())")
        }
    }

    private func inverse(_ spectrum: [ComplexFloat], _ size: Int) -> RealArray {
        // Slow and independent of the transforms in use: only the low frequencies of a row-column sum.
        let table = (0..<size).map { (cos(2 * .pi * Double($0) / Double(size)), sin(2 * .pi * Double($0) / Double(size))) }
        var rows = [(Double, Double)](repeating: (0, 0), count: size * (size / 2 + 1))
        for kx in 0...size / 2 {
            for y in 0..<size {
                var sum = (0.0, 0.0)
                for ky in 0..<size {
                    let c = spectrum[ky * (size / 2 + 1) + kx], t = table[ky * y % size]
                    sum.0 += Double(c.real) * t.0 - Double(c.imaginary) * t.1
                    sum.1 += Double(c.real) * t.1 + Double(c.imaginary) * t.0
                }
                rows[y * (size / 2 + 1) + kx] = sum
            }
        }
        var image = RealArray(shape: .square(size))
        for y in 0..<size {
            for x in 0..<size {
                var sum = rows[y * (size / 2 + 1)].0
                for kx in 1..<size / 2 {
                    let c = rows[y * (size / 2 + 1) + kx], t = table[kx * x % size]
                    sum += 2 * (c.0 * t.0 - c.1 * t.1)
                }
                image.values[y * size + x] = Float(sum)
            }
        }
        return image
    }

    @Test func findsPositionsAnglesAndReferences() throws {
        let places = [(70, 80, 30.0), (180, 60, 150.0), (110, 190, 270.0), (200, 180, 0.0)]
        var image = RealArray(shape: .square(256)), state: UInt64 = 3
        for index in image.values.indices {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            image.values[index] = (Float(state >> 40) / Float(1 << 24) - 0.5) * 3.46
        }
        for (x, y, psi) in places {
            let particle = reference(64, psi: psi)
            for row in 0..<64 { for column in 0..<64 { image.values[(y + row - 32) * 256 + x + column - 32] += particle.values[row * 64 + column] } }
        }
        let grid = PickingGrid(shape: image.shape, pixelSizeInAngstrom: 1, workSize: 256)
        var settings = ReferencePicker.Settings(radius: 28, leastDistance: 32)
        (settings.angularStep, settings.lowpassInAngstrom, settings.threshold) = (10, 4, 0.4)
        let disc = RealArray(shape: .square(64), values: reference(64).values.indices.map { hypot(Double($0 % 64 - 32), Double($0 / 64 - 32)) < 20 ? 1 : 0 })
        let results = try [1, 3].map { threads -> [Pick] in
            let pool = ThreadPool(threads: threads)
            let picker = ReferencePicker(settings, references: [disc, reference(64)], grid: grid, pool: pool)
            let transform = MicrographTransform(grid), scratch = transform.makeScratch()
            let spectra = image.values.withUnsafeBufferPointer { pixels in
                (1...2).map { transform.spectrum(of: pixels, power: $0, seed: 1, scratch: scratch) }
            }
            let (first, second) = (try #require(spectra[0]), try #require(spectra[1]))
            let background = picker.background(first, squared: second)
            let workspace = picker.makeWorkspace(threads: threads)
            let peaks = (0..<2).flatMap { reference in
                picker.match(reference, first, background, transfer: nil, workspace)
                return picker.peaks(workspace.match, reference, background)
            }
            return picker.picks(from: peaks)
        }
        #expect(results[0] == results[1])
        #expect(results[0].count == 4)
        for (x, y, psi) in places {
            let pick = try #require(results[0].first { hypot($0.x - Double(x), $0.y - Double(y)) <= 1.5 })
            #expect(pick.psiInDegrees == psi && pick.reference == 2)
        }
    }
}
