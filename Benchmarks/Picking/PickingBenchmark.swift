import Arrays
import Foundation
import Fourier
import Parallel
import Picking

/// Picking in one micrograph of 3840², once it is in memory. The bounds are what the transforms alone would take.
enum PickingBenchmark {
    static let benchmark = Benchmark(name: "pick", summary: "blobs and references in a micrograph, one thread") { _, _ in
        let (small, full) = (PickingGrid.benchmark(384), PickingGrid.benchmark(3840))
        return try [small, full].map(blobs) + [small, full].map(references)
    }

    private static let pixelSize = 0.885
    private static let lowpass = 20.0

    private static let micrograph: RealArray = {
        var image = RealArray(shape: .square(3840)), state: UInt64 = 1
        for i in image.values.indices {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            image.values[i] = Float(state >> 40) * 0x1p-24
        }
        return image
    }()

    private static func spectrum(_ transform: MicrographTransform, power: Int = 1) -> FourierArray {
        let scratch = transform.makeScratch()
        return micrograph.values.withUnsafeBufferPointer {
            transform.spectrum(of: $0, power: power, seed: 1, scratch: scratch) ?? FourierArray(realShape: .square(transform.grid.workSize))
        }
    }

    private static func line(_ name: String, _ seconds: Double, floor: Double, _ by: String) -> Measurement {
        let pixels = Double(micrograph.values.count) * 1e-6
        return Measurement(name: name, seconds: seconds, work: pixels, unit: "M pixels", bound: (pixels / floor, by))
    }

    /// The micrograph's transform and one back for each filter.
    private static func blobs(_ grid: PickingGrid) throws -> Measurement {
        let picker = LaplacianPicker(.init(minimumDiameter: 120, maximumDiameter: 190), grid), transform = MicrographTransform(grid)
        let seconds = try shortestTime { _ = picker.picks(from: try picker.bestScale(of: spectrum(transform))) }
        let floor = forwardTime(grid) + Double(picker.diameters.count) * inverseTime(grid, radius: grid.workSize / 2)
        return line("blobs at \(grid.workSize)², \(picker.diameters.count) filters", seconds, floor: floor, "whole transforms")
    }

    /// The transforms of the micrograph and of its square, and one back for each angle of each reference.
    private static func references(_ grid: PickingGrid) throws -> Measurement {
        let box = 256, count = 4
        let images = (1...count).map { number in
            var image = RealArray(shape: .square(box))
            for y in 0..<box {
                for x in 0..<box {
                    let (dx, dy) = (Double(x - box / 2), Double(y - box / 2) * Double(number))
                    image.values[y * box + x] = Float(0.1 * exp(-(dx * dx + dy * dy) / 4000))
                }
            }
            return image
        }
        var settings = ReferencePicker.Settings(radius: 110, leastDistance: 128)
        (settings.lowpassInAngstrom, settings.angularStep) = (lowpass, 15)
        let picker = ReferencePicker(settings, references: images, grid: grid, pool: ThreadPool(threads: 1))
        let transform = MicrographTransform(grid), workspace = picker.makeWorkspace(threads: 1)
        let seconds = shortestTime {
            let image = spectrum(transform)
            let background = picker.background(image, squared: spectrum(transform, power: 2))
            let peaks = (0..<count).flatMap { reference in
                picker.match(reference, image, background, transfer: nil, workspace)
                return picker.peaks(workspace.match, reference, background)
            }
            _ = picker.picks(from: peaks)
        }
        let radius = Int((Double(grid.size) * pixelSize / lowpass).rounded()), angles = settings.angleCount * count
        let floor = 2 * forwardTime(grid) + Double(angles) * inverseTime(grid, radius: radius)
        return line("\(count) references, \(settings.angleCount) angles, at \(grid.workSize)²", seconds, floor: floor, "transforms to \(Int(lowpass)) Å")
    }

    private static func forwardTime(_ grid: PickingGrid) -> Double {
        let transform = CroppingTransform(size: grid.size, newSize: grid.workSize), scratch = transform.makeScratch()
        let result = AlignedBuffer<ComplexFloat>(count: grid.workSize * (grid.workSize / 2 + 1))
        return shortestTime {
            transform.forward(into: result.base, filledRows: 0..<grid.size, scratch: scratch) { _, row in row[0] = 1 }
        }
    }

    /// Of an image in memory where the spectrum goes up to the highest frequency, else of rows that nobody keeps.
    private static func inverseTime(_ grid: PickingGrid, radius: Int) -> Double {
        if radius < grid.workSize / 2 {
            let transform = BandLimitedInverse(size: grid.workSize, radius: radius), scratch = transform.makeScratch()
            return shortestTime {
                transform.inverse(scratch: scratch) { _, row in row[0] = ComplexFloat(1, 0) } take: { _, _ in }
            }
        }
        let transform = FourierTransform(shape: .square(grid.workSize)), buffer = AlignedBuffer<Float>(count: transform.inPlaceCount)
        return shortestTime { transform.inverseInPlace(buffer.base) }
    }
}

extension PickingGrid {
    /// The benchmark's micrograph, worked on at `workSize` pixels.
    fileprivate static func benchmark(_ workSize: Int) -> PickingGrid {
        PickingGrid(shape: .square(3840), pixelSizeInAngstrom: 0.885, workSize: workSize)
    }
}
