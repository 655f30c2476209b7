import Arrays
import ComplexModule
import Fourier

/// Measures the correlation at one sampling point, and filters the map around it.
struct LocalProbe: Sendable {
    struct Measurement: Sendable {
        let correlation: LocalCorrelation
        /// `SoftSphere.side`³ values of the filtered map, times the sphere's mask.
        let filtered: [Float]
    }

    let maps: LocalMaps
    let sphere: SoftSphere
    /// Extent of the transformed sub-volumes.
    let box: Int
    private let settings: LocalResolutionSettings
    private let pixelSize: Double
    private let edgeWidth: Int
    private let transform: FourierTransform
    private let shells: ShellTable

    init(maps: LocalMaps, sphere: SoftSphere, job: LocalResolution) {
        self.maps = maps
        self.sphere = sphere
        settings = job.settings
        pixelSize = job.postprocessing.pixelSizeInAngstrom
        edgeWidth = job.postprocessing.filterEdgeWidthInShells
        let whole = maps.average.shape.x
        box = job.settings.extent == .whole ? whole : Self.boxSize(whole: whole, side: sphere.side)
        transform = FourierTransform(shape: .cube(box))
        shells = ShellTable(box: box)
    }

    /// One and a half times the sphere: room for the filter to fade out before it wraps around. An even product of small primes, no
    /// larger than the whole.
    static func boxSize(whole: Int, side: Int) -> Int {
        let wanted = max(32, (3 * side + 1) / 2)
        let fast = (wanted...max(wanted, 2 * wanted)).first { candidate in
            var rest = candidate
            for prime in [2, 3, 5] { while rest % prime == 0 { rest /= prime } }
            return rest == 1 && candidate % 2 == 0
        } ?? wanted
        return min(whole, fast)
    }

    func measure(_ centre: (x: Int, y: Int, z: Int)) -> Measurement {
        let masked = correlation(maps.halves, at: centre)
        let randomised = correlation(maps.randomised, at: centre)
        let firstCorrected = Int((maps.correctedFrom * Double(box)).rounded(.up))
        let corrected = SolventCorrection.corrected(masked: masked, randomised: randomised, firstShell: firstCorrected)
        let estimate = ResolutionEstimate(corrected, box: box, pixelSizeInAngstrom: pixelSize)
        let resolution = min(settings.lowestResolution, estimate.interpolatedInAngstrom)
        let correlation = LocalCorrelation(
            x: centre.x, y: centre.y, z: centre.z, masked: masked, randomised: randomised, corrected: corrected,
            resolutionInAngstrom: resolution)
        return Measurement(
            correlation: correlation, filtered: filtered(at: centre, correlation: corrected, resolution: resolution))
    }

    // MARK: Parts

    private func correlation(_ pair: HalfMaps, at centre: (x: Int, y: Int, z: Int)) -> [Double] {
        let first = spectrum(pair.first, at: centre), second = spectrum(pair.second, at: centre)
        return shells.correlation(first, second)
    }

    /// Of the map under the sphere, in the middle of a sub-volume.
    private func spectrum(_ map: RealArray, at centre: (x: Int, y: Int, z: Int)) -> FourierArray {
        var part = RealArray(shape: .cube(box))
        let offset = box / 2 - sphere.reach
        part.values.withUnsafeMutableBufferPointer { target in
            sphere.values.withUnsafeBufferPointer { mask in
                copyRows(of: map, at: centre, reach: sphere.reach) { source, count, x, y, z in
                    let (tx, ty, tz) = (x + offset, y + offset, z + offset)
                    // A sphere larger than the whole box is cut off by it.
                    guard ty >= 0, ty < box, tz >= 0, tz < box else { return }
                    let skipped = max(0, -tx), row = (tz * box + ty) * box + tx
                    let maskRow = (z * sphere.side + y) * sphere.side + x
                    for i in skipped..<max(skipped, min(count, box - tx)) { target[row + i] = source[i] * mask[maskRow + i] }
                }
            }
        }
        return transform.forward(part)
    }

    private func filtered(at centre: (x: Int, y: Int, z: Int), correlation: [Double], resolution: Double) -> [Float] {
        var part = RealArray(shape: .cube(box))
        part.values.withUnsafeMutableBufferPointer { target in
            copyRows(of: maps.average, at: centre, reach: box / 2) { source, count, x, y, z in
                guard y < box, z < box else { return }
                let row = (z * box + y) * box + x
                for i in 0..<min(count, box - x) { target[row + i] = source[i] }
            }
        }
        var spectrum = transform.forward(part)
        shells.filter(
            &spectrum, weights: MapSharpening.weights(correlation),
            shell: Double(box) * pixelSize / resolution, edgeWidth: Double(edgeWidth))
        let smooth = transform.inverse(spectrum)
        let side = sphere.side, offset = box / 2 - sphere.reach
        var result = [Float](repeating: 0, count: side * side * side)
        for z in 0..<side where z + offset >= 0 && z + offset < box {
            for y in 0..<side where y + offset >= 0 && y + offset < box {
                let row = ((z + offset) * box + y + offset) * box + offset, to = (z * side + y) * side
                for x in max(0, -offset)..<min(side, box - offset) {
                    result[to + x] = smooth.values[row + x] * sphere.values[to + x]
                }
            }
        }
        return result
    }

    /// Calls `body` for each row of `map` within `reach` of a point: pointer to its first pixel, number of pixels, and the pixel's
    /// place counted from (centre − reach).
    private func copyRows(
        of map: RealArray, at centre: (x: Int, y: Int, z: Int), reach: Int,
        _ body: (_ source: UnsafePointer<Float>, _ count: Int, _ x: Int, _ y: Int, _ z: Int) -> Void
    ) {
        let n = map.shape.x
        let left = centre.x + n / 2 - reach, top = centre.y + n / 2 - reach, front = centre.z + n / 2 - reach
        let first = max(0, left), last = min(n - 1, left + 2 * reach)
        guard first <= last else { return }
        map.values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            for z in max(0, front)...max(max(0, front), min(n - 1, front + 2 * reach)) {
                for y in max(0, top)...max(max(0, top), min(n - 1, top + 2 * reach)) {
                    body(base + (z * n + y) * n + first, last - first + 1, first - left, y - top, z - front)
                }
            }
        }
    }
}

/// Shell and radius of each coefficient of small cubes, looked up thousands of times.
struct ShellTable: Sendable {
    let box: Int
    /// Shell of each coefficient; `shellCount` for those beyond the last shell.
    private let shell: [Int16]
    let shellCount: Int

    init(box: Int) {
        self.box = box
        shellCount = box / 2 + 1
        var shell = [Int16](repeating: Int16(box / 2 + 1), count: Shape.cube(box).halfPlane.count)
        let shells = RadialShells(realShape: .cube(box))
        for z in 0..<box { shells.forEach(inSection: z) { shell[$1] = Int16($0) } }
        self.shell = shell
    }

    func correlation(_ first: FourierArray, _ second: FourierArray) -> [Double] {
        var sums = [SIMD4<Double>](repeating: .zero, count: shellCount + 1)
        sums.withUnsafeMutableBufferPointer { sums in
            shell.withUnsafeBufferPointer { shell in
                first.values.withUnsafeBufferPointer { a in
                    second.values.withUnsafeBufferPointer { b in
                        for i in shell.indices {
                            let p = a[i], q = b[i]
                            sums[Int(shell[i])] += SIMD4<Double>(
                                Double(p.real * q.real + p.imaginary * q.imaginary), Double(p.power), Double(q.power), 0)
                        }
                    }
                }
            }
        }
        var result = sums.dropLast().map { sum -> Double in
            let denominator = (sum.y * sum.z).squareRoot()
            return denominator > 0 ? sum.x / denominator : 0
        }
        if result[0] <= 0 { result[0] = 1 }
        return result
    }

    /// Multiplies by the weight of each shell (zero beyond the last) and a low-pass with a soft edge.
    func filter(_ spectrum: inout FourierArray, weights: [Float], shell cutoff: Double, edgeWidth: Double) {
        let start = max(0, cutoff.rounded() - (edgeWidth / 2).rounded(.down)), end = cutoff.rounded() + (edgeWidth / 2).rounded(.down)
        let factors = (0...shellCount).map { r in
            r < weights.count ? weights[r] * LowPassEdge.factor(radius: Double(r), start: start, end: end) : 0
        }
        spectrum.values.withUnsafeMutableBufferPointer { values in
            shell.withUnsafeBufferPointer { shell in
                factors.withUnsafeBufferPointer { factors in
                    for i in shell.indices { values[i] = values[i].multiplied(by: factors[Int(shell[i])]) }
                }
            }
        }
    }
}
