import StarFormat

/// What all images of one optics group have in common: a row of `data_optics`.
package struct OpticsGroup: Sendable, Hashable {
    /// One-based number that particles refer to.
    package var number: Int
    package var name: String
    /// Of the images of this table (particles, micrographs or movies), in Å.
    package var pixelSizeInAngstrom: Double
    /// Of the micrographs that particles were cut from, in Å.
    package var micrographPixelSizeInAngstrom: Double?
    /// Of the movies before binning, in Å.
    package var originalPixelSizeInAngstrom: Double?
    /// Box size of the particles in pixels.
    package var imageSize: Int?
    /// 2 for images and stacks of tilt images, 3 for subtomograms.
    package var imageDimensionality: Int
    package var voltageInKilovolts: Double
    package var sphericalAberrationInMillimetres: Double
    package var amplitudeContrast: Double
    /// In mrad.
    package var beamTiltX: Double
    package var beamTiltY: Double
    /// Coefficients (radians) of the antisymmetric aberrations without the beam tilt.
    package var oddZernike: [Double]
    /// Coefficients (radians) of the symmetric aberrations.
    package var evenZernike: [Double]
    /// Row by row; the identity for undistorted images.
    package var magnificationMatrix: MagnificationMatrix
    /// STAR file of the detector's transfer function.
    package var mtfFile: String?
    /// The images were multiplied by their CTF.
    package var isCTFPremultiplied: Bool
    /// The images need no CTF correction any more.
    package var isCTFCorrected: Bool

    package struct MagnificationMatrix: Sendable, Hashable {
        package var m00 = 1.0, m01 = 0.0, m10 = 0.0, m11 = 1.0
        package static let identity = MagnificationMatrix()
        package init() {}
    }

    package init(
        number: Int = 1, name: String = "opticsGroup1", pixelSizeInAngstrom: Double, imageSize: Int? = nil,
        imageDimensionality: Int = 2, voltageInKilovolts: Double, sphericalAberrationInMillimetres: Double,
        amplitudeContrast: Double
    ) {
        self.number = number
        self.name = name
        self.pixelSizeInAngstrom = pixelSizeInAngstrom
        self.imageSize = imageSize
        self.imageDimensionality = imageDimensionality
        self.voltageInKilovolts = voltageInKilovolts
        self.sphericalAberrationInMillimetres = sphericalAberrationInMillimetres
        self.amplitudeContrast = amplitudeContrast
        (beamTiltX, beamTiltY, oddZernike, evenZernike) = (0, 0, [], [])
        magnificationMatrix = .identity
        (isCTFPremultiplied, isCTFCorrected) = (false, false)
    }
}

extension OpticsGroup {
    /// The labels that may give an image's pixel size, best first.
    static let pixelSizeLabels = [
        "rlnImagePixelSize", "rlnMicrographPixelSize", "rlnMicrographOriginalPixelSize", "rlnTomoTiltSeriesPixelSize",
    ]

    /// Reads all rows of a table `data_optics`.
    ///
    /// - Throws: `InputError` for missing voltage, spherical aberration, group number or pixel size, and for values that
    ///   are no numbers or out of range.
    package static func groups(from table: StarTable) throws -> [OpticsGroup] {
        let remedy = "Convert files of RELION 3.0 and older with relion_convert_star"
        try table.require(["rlnOpticsGroup", "rlnVoltage", "rlnSphericalAberration"], remedy: remedy)
        guard let pixelSizeLabel = pixelSizeLabels.first(where: table.contains) else {
            try table.require([pixelSizeLabels[0]], remedy: remedy)
            return []
        }
        return try (0..<table.rowCount).map { try group(row: $0, of: table, pixelSizeLabel: pixelSizeLabel) }
    }

    private static func group(row: Int, of table: StarTable, pixelSizeLabel: String) throws -> OpticsGroup {
        let cells = OpticsCells(table: table, row: row)
        let number = try table.int("rlnOpticsGroup", row: row)
        var group = OpticsGroup(
            number: number, name: table.string("rlnOpticsGroupName", row: row) ?? "opticsGroup\(number)",
            pixelSizeInAngstrom: try cells.positive(pixelSizeLabel), imageSize: try cells.int("rlnImageSize"),
            imageDimensionality: try cells.int("rlnImageDimensionality") ?? 2,
            voltageInKilovolts: try cells.positive("rlnVoltage"),
            sphericalAberrationInMillimetres: try cells.double("rlnSphericalAberration") ?? 0,
            amplitudeContrast: try cells.double("rlnAmplitudeContrast") ?? 0)
        group.micrographPixelSizeInAngstrom = try cells.double("rlnMicrographPixelSize")
        group.originalPixelSizeInAngstrom = try cells.double("rlnMicrographOriginalPixelSize")
        group.beamTiltX = try cells.double("rlnBeamTiltX") ?? 0
        group.beamTiltY = try cells.double("rlnBeamTiltY") ?? 0
        group.oddZernike = try cells.vector("rlnOddZernike")
        group.evenZernike = try cells.vector("rlnEvenZernike")
        group.magnificationMatrix.m00 = try cells.double("rlnMagMat00") ?? 1
        group.magnificationMatrix.m01 = try cells.double("rlnMagMat01") ?? 0
        group.magnificationMatrix.m10 = try cells.double("rlnMagMat10") ?? 0
        group.magnificationMatrix.m11 = try cells.double("rlnMagMat11") ?? 1
        group.mtfFile = table.string("rlnMtfFileName", row: row).flatMap { $0.isEmpty || $0 == "None" ? nil : $0 }
        group.isCTFPremultiplied = try cells.int("rlnCtfDataAreCtfPremultiplied") ?? 0 != 0
        group.isCTFCorrected = try cells.int("rlnCtfDataAreCtfCorrected") ?? 0 != 0
        return group
    }

    /// A table `data_optics` of particles with all columns that any of the groups needs.
    package static func table(of groups: [OpticsGroup]) -> StarTable {
        var table = StarTable(name: "optics")
        table.set("rlnOpticsGroupName", strings: groups.map(\.name))
        table.set("rlnOpticsGroup", ints: groups.map(\.number))
        func optional(_ label: String, _ path: KeyPath<OpticsGroup, Double?>) {
            if groups.contains(where: { $0[keyPath: path] != nil }) {
                table.set(label, doubles: groups.map { $0[keyPath: path] ?? $0.pixelSizeInAngstrom })
            }
        }
        func unless(_ standard: Double, _ label: String, _ path: KeyPath<OpticsGroup, Double>) {
            if groups.contains(where: { $0[keyPath: path] != standard }) {
                table.set(label, doubles: groups.map { $0[keyPath: path] })
            }
        }
        optional("rlnMicrographOriginalPixelSize", \.originalPixelSizeInAngstrom)
        optional("rlnMicrographPixelSize", \.micrographPixelSizeInAngstrom)
        table.set("rlnVoltage", doubles: groups.map(\.voltageInKilovolts))
        table.set("rlnSphericalAberration", doubles: groups.map(\.sphericalAberrationInMillimetres))
        table.set("rlnAmplitudeContrast", doubles: groups.map(\.amplitudeContrast))
        table.set("rlnImagePixelSize", doubles: groups.map(\.pixelSizeInAngstrom))
        if groups.allSatisfy({ $0.imageSize != nil }) { table.set("rlnImageSize", ints: groups.compactMap(\.imageSize)) }
        table.set("rlnImageDimensionality", ints: groups.map(\.imageDimensionality))
        table.set("rlnCtfDataAreCtfPremultiplied", ints: groups.map { $0.isCTFPremultiplied ? 1 : 0 })
        if groups.contains(where: \.isCTFCorrected) {
            table.set("rlnCtfDataAreCtfCorrected", ints: groups.map { $0.isCTFCorrected ? 1 : 0 })
        }
        unless(0, "rlnBeamTiltX", \.beamTiltX)
        unless(0, "rlnBeamTiltY", \.beamTiltY)
        if groups.contains(where: { !$0.oddZernike.isEmpty }) {
            table.set("rlnOddZernike", strings: groups.map { NumberText.vector($0.oddZernike) })
        }
        if groups.contains(where: { !$0.evenZernike.isEmpty }) {
            table.set("rlnEvenZernike", strings: groups.map { NumberText.vector($0.evenZernike) })
        }
        if groups.contains(where: { $0.magnificationMatrix != .identity }) {
            table.set("rlnMagMat00", doubles: groups.map(\.magnificationMatrix.m00))
            table.set("rlnMagMat01", doubles: groups.map(\.magnificationMatrix.m01))
            table.set("rlnMagMat10", doubles: groups.map(\.magnificationMatrix.m10))
            table.set("rlnMagMat11", doubles: groups.map(\.magnificationMatrix.m11))
        }
        if groups.contains(where: { $0.mtfFile != nil }) { table.set("rlnMtfFileName", strings: groups.map { $0.mtfFile ?? "" }) }
        return table
    }
}

/// Optional cells of one row of an optics table.
private struct OpticsCells {
    let table: StarTable
    let row: Int

    func double(_ label: String) throws -> Double? {
        table.contains(label) ? try table.double(label, row: row, expected: LabelTable.expectation(label)) : nil
    }

    func int(_ label: String) throws -> Int? {
        table.contains(label) ? try table.int(label, row: row, expected: LabelTable.expectation(label)) : nil
    }

    func positive(_ label: String) throws -> Double {
        let value = try table.double(label, row: row, expected: LabelTable.expectation(label))
        guard value > 0, value.isFinite else {
            throw table.mismatch(
                label, row, found: table.string(label, row: row) ?? "",
                expected: LabelTable.expectation(label) + " above zero", remedy: "Correct the value")
        }
        return value
    }

    func vector(_ label: String) throws -> [Double] {
        guard let text = table.string(label, row: row) else { return [] }
        guard let values = NumberText.vector(text) else {
            throw table.mismatch(label, row, found: text, expected: "numbers such as [0.1,-2]", remedy: "Correct the value")
        }
        return values
    }
}
