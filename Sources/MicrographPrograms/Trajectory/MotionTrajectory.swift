import Reporting
import StarFormat

/// The STAR file of one micrograph's motion, changed to another fractionation or rendering of its EER movie.
///
/// Shifts are in pixels of the rendered movie; frame numbers count from 1. The local motion is a polynomial in the time
/// z = frame - 1 of third order without constant term; its coefficients come as z, z², z³ for each term in x and y.
/// Shifts of single patches are dropped: polishing does not use them, and they would no longer fit.
struct MotionTrajectory {
    private(set) var document: StarDocument

    init(_ document: StarDocument) {
        self.document = document
        self.document.remove("local_shift")
    }

    /// Changes the number of detector frames in a frame.
    ///
    /// The global shift is interpolated between frames and constant behind the last. Frame i of the new movie begins
    /// where frame i × new / old of the old one does.
    /// - Parameter from: the old number where the file does not say it.
    mutating func regroup(to newGrouping: Int, from oldGrouping: Int?) throws {
        var general = try document.table("general")
        let label = "rlnEERGrouping"
        guard let old = try oldGrouping ?? general.intsIfPresent(label)?.first, old > 0 else {
            throw InputError(
                place: document.name, found: "does not say how many detector frames are in a frame (_\(label))",
                expected: "this number",
                remedy: "Give it as --old_group")
        }
        let scale = Double(newGrouping) / Double(old)
        let oldCount = try general.int("rlnImageSizeZ")
        let newCount = oldCount * old / newGrouping
        guard newCount > 0 else {
            throw InputError(
                place: document.name, found: "\(oldCount * old) detector frames", expected: "at least \(newGrouping)",
                remedy: "Give a smaller --regroup")
        }
        general.setValue("rlnImageSizeZ", newCount)
        if general.contains("rlnMicrographDoseRate") {
            general.setValue("rlnMicrographDoseRate", try general.double("rlnMicrographDoseRate") * scale)
        }
        general.setValue(label, newGrouping)
        document.set(general)
        try interpolateGlobalShift(count: newCount, scale: scale)
        try scaleLocalMotion { order in (0...order).reduce(1) { product, _ in product * scale } }
    }

    private mutating func interpolateGlobalShift(count: Int, scale: Double) throws {
        let old = try document.table("global_shift")
        var new = StarTable(name: old.name)
        new.set("rlnMicrographFrameNumber", ints: Array(1...count))
        for label in Self.shiftLabels {
            let values = try old.doubles(label, expected: "a number in pixels")
            guard let last = values.last else {
                throw InputError(place: old.place, found: "has no frames", expected: "a shift for each")
            }
            new.set(
                label,
                doubles: (0..<count).map { frame in
                    let position = Double(frame) * scale
                    let before = Int(position)
                    guard before + 1 < values.count else { return last }
                    let fraction = position - Double(before)
                    return values[before] * (1 - fraction) + values[before + 1] * fraction
                })
        }
        document.set(new)
    }

    private static let shiftLabels = ["rlnMicrographShiftX", "rlnMicrographShiftY"]

    /// Multiplies the coefficients of each power of the time, z (0), z² (1) and z³ (2).
    private mutating func scaleLocalMotion(_ factor: (_ order: Int) -> Double) throws {
        guard var table = document.firstTable("local_motion_model"), table.contains("rlnMotionModelCoeff") else {
            return
        }
        let values = try table.doubles("rlnMotionModelCoeff")
        table.set("rlnMotionModelCoeff", doubles: values.enumerated().map { $1 * factor($0 % 3) })
        document.set(table)
    }

    /// Sizes of the two renderings of a detector with 4096 pixels.
    private static let sizes = [1: 4096, 2: 8192]

    /// Changes the grid that electrons are drawn on: 1: 4K, 2: 8K.
    mutating func resample(to upsampling: Int) throws {
        var general = try document.table("general")
        let oldSize = try general.int("rlnImageSizeX")
        guard try general.int("rlnImageSizeY") == oldSize, let newSize = Self.sizes[upsampling],
            let other = Self.sizes[3 - upsampling], oldSize == other
        else {
            throw InputError(
                place: document.name, found: "frames of \(oldSize) × \(try general.int("rlnImageSizeY")) pixels",
                expected: "\(Self.sizes[3 - upsampling] ?? 0) pixels in both directions for --resample \(upsampling)")
        }
        let scale = Double(newSize) / Double(oldSize)
        general.setValue("rlnImageSizeX", newSize)
        general.setValue("rlnImageSizeY", newSize)
        // 8K is binned by two: the size of the corrected micrograph does not change.
        general.setValue("rlnMicrographBinning", Double(upsampling))
        general.setValue("rlnEERUpsampling", upsampling)
        general.setValue("rlnMicrographOriginalPixelSize", try general.double("rlnMicrographOriginalPixelSize") / scale)
        document.set(general)
        var shifts = try document.table("global_shift")
        for label in Self.shiftLabels {
            shifts.set(label, doubles: try shifts.doubles(label, expected: "a number in pixels").map { $0 * scale })
        }
        document.set(shifts)
        try scaleLocalMotion { _ in scale }
        try resampleHotPixels(isFiner: scale > 1)
    }

    /// A hot pixel becomes four, or is a part of one.
    private mutating func resampleHotPixels(isFiner: Bool) throws {
        guard let old = document.firstTable("hot_pixels"), !old.isEmpty else { return }
        let xs = try old.doubles("rlnCoordinateX"), ys = try old.doubles("rlnCoordinateY")
        var pixels: [SIMD2<Double>] = []
        for (x, y) in zip(xs, ys) {
            if isFiner {
                for (dx, dy) in [(0.0, 0.0), (0, 1), (1, 0), (1, 1)] { pixels.append(SIMD2(2 * x + dx, 2 * y + dy)) }
            } else {
                pixels.append(SIMD2((x / 2).rounded(.down), (y / 2).rounded(.down)))
            }
        }
        var seen: Set<SIMD2<Double>> = []
        pixels = pixels.filter { seen.insert($0).inserted }
        var new = StarTable(name: old.name)
        new.set("rlnCoordinateX", doubles: pixels.map(\.x))
        new.set("rlnCoordinateY", doubles: pixels.map(\.y))
        document.set(new)
    }
}
