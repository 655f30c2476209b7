import StarFormat

/// The STAR file of one movie that motion correction leaves and polishing reads: what was corrected, and how it moved.
///
/// Shifts are pixels of the movie that a frame is moved by; frames are counted from 1; places in pixels from the corner.
package struct MotionFile: Sendable {
    package var width = 0, height = 0, frameCount = 0
    package var movie = ""
    package var gain: String?
    package var defects: String?
    package var binning = 1.0
    /// Å, of the movie.
    package var pixelSizeInAngstrom = 1.0
    /// e/Å² a frame, and before the first.
    package var doseRate = 0.0
    package var preExposure = 0.0
    package var voltage = 0.0
    package var startFrame = 1
    package var eerUpsampling: Int?
    package var eerGrouping: Int?
    /// One for each frame of the movie; nil for frames that were not used.
    package var shifts: [SIMD2<Double>?] = []
    /// In pixels of the movie, whatever the file has; nil without a local model.
    package var model: LocalMotionModel?
    /// What the file states the model's coefficients in.
    package var modelUnit = ModelUnit.micrographPixels
    package var hotPixels: [SIMD2<Double>] = []
    package var patchShifts: [PatchRow] = []

    package struct PatchRow: Sendable, Equatable {
        package var frame: Int
        package var place: SIMD2<Double>
        package var shift: SIMD2<Double>

        package init(frame: Int, place: SIMD2<Double>, shift: SIMD2<Double>) {
            (self.frame, self.place, self.shift) = (frame, place, shift)
        }
    }

    /// Pixels of the coefficients in the file, which RELION writes as it fits them: in those of the binned frames, or with
    /// `--no_early_binning` in those of the movie. All other shifts are pixels of the movie in either case.
    package enum ModelUnit: Sendable { case moviePixels, micrographPixels }

    package init() {}

    /// RELION's mark of a frame without a shift.
    private static let notObserved = -9999.0

    // MARK: Writing

    package func write(to path: String) throws { try document.write(to: path) }

    package var document: StarDocument {
        var tables = [general, globalShift]
        if let model = model.map({ 1 / pixelsPerUnit(modelUnit) * $0 }) {
            var table = StarTable(name: "local_motion_model")
            table.set("rlnMotionModelCoeffsIdx", ints: Array((model.x + model.y).indices))
            table.set("rlnMotionModelCoeff", doubles: model.x + model.y)
            tables.append(table)
        }
        var hot = StarTable(name: "hot_pixels")
        hot.set("rlnCoordinateX", doubles: hotPixels.map(\.x))
        hot.set("rlnCoordinateY", doubles: hotPixels.map(\.y))
        tables.append(hot)
        var local = StarTable(name: "local_shift")
        local.set("rlnMicrographFrameNumber", ints: patchShifts.map(\.frame))
        local.set("rlnCoordinateX", doubles: patchShifts.map(\.place.x))
        local.set("rlnCoordinateY", doubles: patchShifts.map(\.place.y))
        local.set("rlnMicrographShiftX", doubles: patchShifts.map(\.shift.x))
        local.set("rlnMicrographShiftY", doubles: patchShifts.map(\.shift.y))
        tables.append(local)
        return StarDocument(tables: tables)
    }

    private var general: StarTable {
        var table = StarTable(name: "general", kind: .list)
        table.setValue("rlnImageSizeX", width)
        table.setValue("rlnImageSizeY", height)
        table.setValue("rlnImageSizeZ", frameCount)
        table.setValue("rlnMicrographMovieName", movie)
        if let gain { table.setValue("rlnMicrographGainName", gain) }
        if let defects { table.setValue("rlnMicrographDefectFile", defects) }
        table.setValue("rlnMicrographBinning", binning)
        table.setValue("rlnMicrographOriginalPixelSize", pixelSizeInAngstrom)
        table.setValue("rlnMicrographDoseRate", doseRate)
        table.setValue("rlnMicrographPreExposure", preExposure)
        table.setValue("rlnVoltage", voltage)
        table.setValue("rlnMicrographStartFrame", startFrame)
        if let eerUpsampling { table.setValue("rlnEERUpsampling", eerUpsampling) }
        if let eerGrouping { table.setValue("rlnEERGrouping", eerGrouping) }
        table.setValue("rlnMotionModelVersion", model == nil ? 0 : 1)
        return table
    }

    private var globalShift: StarTable {
        var table = StarTable(name: "global_shift")
        table.set("rlnMicrographFrameNumber", ints: shifts.indices.map { $0 + 1 })
        table.set("rlnMicrographShiftX", doubles: shifts.map { $0?.x ?? Self.notObserved })
        table.set("rlnMicrographShiftY", doubles: shifts.map { $0?.y ?? Self.notObserved })
        return table
    }

    // MARK: Reading

    /// - Throws: `InputError` naming the table, row and label that is missing or wrong.
    package init(contentsOf path: String) throws {
        let document = try StarDocument(contentsOf: path)
        let general = try document.table("general")
        width = try general.int("rlnImageSizeX")
        height = try general.int("rlnImageSizeY")
        frameCount = try general.int("rlnImageSizeZ")
        movie = try general.strings("rlnMicrographMovieName").first ?? ""
        gain = general.contains("rlnMicrographGainName") ? try general.strings("rlnMicrographGainName").first : nil
        defects = general.contains("rlnMicrographDefectFile") ? try general.strings("rlnMicrographDefectFile").first : nil
        binning = try general.double("rlnMicrographBinning")
        pixelSizeInAngstrom = try general.double("rlnMicrographOriginalPixelSize")
        doseRate = try general.double("rlnMicrographDoseRate")
        preExposure = try general.double("rlnMicrographPreExposure")
        voltage = try general.double("rlnVoltage")
        startFrame = try general.int("rlnMicrographStartFrame")
        eerUpsampling = general.contains("rlnEERUpsampling") ? try general.int("rlnEERUpsampling") : nil
        eerGrouping = general.contains("rlnEERGrouping") ? try general.int("rlnEERGrouping") : nil
        let global = try document.table("global_shift")
        let frames = try global.ints("rlnMicrographFrameNumber")
        let x = try global.doubles("rlnMicrographShiftX"), y = try global.doubles("rlnMicrographShiftY")
        shifts = [SIMD2<Double>?](repeating: nil, count: max(0, frameCount))
        for (row, frame) in frames.enumerated() {
            guard shifts.indices.contains(frame - 1) else {
                throw global.mismatch("rlnMicrographFrameNumber", row, found: "\(frame)", expected: "a frame from 1 to \(frameCount)")
            }
            shifts[frame - 1] = x[row] == Self.notObserved || y[row] == Self.notObserved ? nil : SIMD2(x[row], y[row])
        }
        if let table = document.firstTable("local_motion_model"), !table.isEmpty {
            let values = try table.doubles("rlnMotionModelCoeff"), n = LocalMotionModel.coefficientsPerAxis
            guard values.count == 2 * n else {
                throw table.mismatch("rlnMotionModelCoeff", 0, found: "\(values.count) coefficients", expected: "\(2 * n)")
            }
            model = LocalMotionModel(x: Array(values.prefix(n)), y: Array(values.suffix(n)))
        }
        if let table = document.firstTable("hot_pixels"), !table.isEmpty {
            hotPixels = zip(try table.doubles("rlnCoordinateX"), try table.doubles("rlnCoordinateY")).map { SIMD2($0, $1) }
        }
        if let table = document.firstTable("local_shift"), !table.isEmpty {
            let frame = try table.ints("rlnMicrographFrameNumber")
            let px = try table.doubles("rlnCoordinateX"), py = try table.doubles("rlnCoordinateY")
            let sx = try table.doubles("rlnMicrographShiftX"), sy = try table.doubles("rlnMicrographShiftY")
            patchShifts = frame.indices.map { PatchRow(frame: frame[$0], place: SIMD2(px[$0], py[$0]), shift: SIMD2(sx[$0], sy[$0])) }
        }
        if let stated = model {
            modelUnit = unit(of: stated)
            model = pixelsPerUnit(modelUnit) * stated
        }
    }
}
