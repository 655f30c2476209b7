import ImageFormats
import Metadata
import ProgramKit
import Refinement
import Reporting
import StarFormat

/// The particles of a refinement: the file's tables as they are, and what the engine needs of them.
///
/// Rows are in RELION's order: by micrograph name (stable), which fixes the order of groups and of random choices.
struct ParticleInput: Sendable {
    /// All tables of the file, sorted; columns nobody needs are kept for the output.
    let table: ParticleTable
    /// By number of the optics group less one.
    let optics: [OpticsGeometry]
    let groups: ParticleGroups
    /// One for each row of `table`; `index` is the row.
    let particles: [Particle]
    /// Where each particle's image is.
    let images: ImageLocations

    var isCTFCorrected: Bool { table.opticsGroups.contains(where: \.isCTFCorrected) }
    /// The file as the user named it.
    var file: String { table.name }
    /// Box size by particle, in pixels.
    var boxes: [Int] { particles.map { optics[$0.opticsGroup].box } }
}

extension ParticleInput {
    /// Reads a particle file and checks its tables, but not the image files.
    ///
    /// - Parameter needsCTF: whether defocus values are needed.
    /// - Throws: `InputError` with all that is wrong, each problem naming the file.
    static func read(_ file: String, needsCTF: Bool) throws -> ParticleInput {
        let document = try StarDocument(contentsOf: file)
        var table = try ParticleTable(document, content: .particles) { name in
            let shape = try StackReader(path: ImageName(parsing: name).path, layout: .sections).header.shape
            return (size: shape.x, dimensionality: 2)
        }
        var check = InputCheck()
        check.require(table.count > 0, file, found: "data_particles has no rows", expected: "at least one particle")
        let isTomogram = document.firstTable("general")?.string("rlnTomoSubTomosAre2DStacks", row: 0) == "1"
        check.require(!isTomogram, file, found: "has particles of tomograms, which are not available yet")
        if needsCTF, !table.opticsGroups.contains(where: \.isCTFCorrected) {
            check.attempt { try table.rows.require(["rlnDefocusU"], remedy: "Estimate the CTF, or run without --ctf") }
            checkAmplitudeContrast(table, &check)
        }
        check.attempt { try table.checkValues() }
        check.attempt { try checkFinite(table) }
        let optics = geometries(table, &check)
        try check.finish()

        try table.sortForRefinement()
        let groups = try table.groups()
        return ParticleInput(
            table: table, optics: optics, groups: groups, particles: try particles(table, groups: groups),
            images: try table.imageLocations())
    }

    private static func checkAmplitudeContrast(_ table: ParticleTable, _ check: inout InputCheck) {
        check.attempt {
            try table.optics.require(["rlnAmplitudeContrast"], remedy: "Add it: 0.1 for most data in ice")
        }
        for (row, group) in table.opticsGroups.enumerated() {
            check.require(
                (0...1).contains(group.amplitudeContrast), table.optics.place(ofRow: row),
                found: "rlnAmplitudeContrast = \(group.amplitudeContrast)", expected: "a fraction from 0 to 1")
        }
    }

    /// Columns in which infinity or NaN would spread through the whole refinement.
    private static func checkFinite(_ table: ParticleTable) throws {
        let columns: [ParticleColumn] = [
            .defocusU, .defocusV, .defocusAngle, .phaseShift, .bFactor, .ctfScale, .rot, .tilt, .psi, .originX, .originY,
            .rotPrior, .tiltPrior, .psiPrior, .originXPrior, .originYPrior, .normCorrection,
        ]
        for column in columns where table.contains(column) {
            let values = try table.values(column)
            if let row = values.firstIndex(where: { !$0.isFinite }) {
                throw table.rows.mismatch(
                    column.label, row, found: "\(values[row])", expected: LabelTable.expectation(column.label),
                    remedy: "Correct the value or remove the row")
            }
        }
        if table.contains(.randomSubset) {
            let halves = try table.integers(.randomSubset)
            if let row = halves.firstIndex(where: { !(0...2).contains($0) }) {
                throw table.rows.mismatch(
                    ParticleColumn.randomSubset.label, row, found: "\(halves[row])", expected: "1 or 2")
            }
        }
    }

    private static func geometries(_ table: ParticleTable, _ check: inout InputCheck) -> [OpticsGeometry] {
        let hasSeveralMTFs = Set(table.opticsGroups.map { $0.mtfFile ?? "" }).count > 1
        return table.opticsGroups.enumerated().map { row, group in
            let place = table.optics.place(ofRow: row)
            check.require(
                group.imageDimensionality == 2, place, found: "rlnImageDimensionality = \(group.imageDimensionality)",
                expected: "2D images; subtomograms are not available yet")
            if let box = group.imageSize {
                check.require(
                    box > 0 && box % 2 == 0, place, found: "rlnImageSize = \(box)", expected: "an even box size in pixels",
                    remedy: "Extract the particles again in an even box")
            } else {
                check.add(place, found: "rlnImageSize is missing", expected: "the box size in pixels")
            }
            var geometry = OpticsGeometry(group)
            if let file = group.mtfFile {
                do {
                    geometry.modulationTransfer = try ModulationTransferFile.read(file)
                } catch where hasSeveralMTFs { check.add(error) } catch {
                    // The transfer function of a single detector changes nothing before postprocessing.
                }
            }
            return geometry
        }
    }

    private static func particles(_ table: ParticleTable, groups: ParticleGroups) throws -> [Particle] {
        let optics = try table.opticsGroupIndices()
        var particles = (0..<table.count).map {
            Particle(index: $0, opticsGroup: optics[$0], group: groups.groupOfParticle[$0])
        }
        func fill(_ column: ParticleColumn, _ set: (inout Particle, Double) -> Void) throws {
            guard table.contains(column) else { return }
            for (row, value) in try table.values(column).enumerated() { set(&particles[row], value) }
        }
        try fill(.defocusU) { ($0.defocusU, $0.defocusV) = ($1, $1) }
        try fill(.defocusV) { $0.defocusV = $1 }
        try fill(.defocusAngle) { $0.defocusAngle = $1 }
        try fill(.phaseShift) { $0.phaseShift = $1 }
        try fill(.bFactor) { $0.ctfBFactor = $1 }
        try fill(.ctfScale) { $0.ctfScale = $1 }
        try fill(.rot) { $0.rot = $1 }
        try fill(.tilt) { $0.tilt = $1 }
        try fill(.psi) { $0.psi = $1 }
        try fill(.originX) { $0.offsetX = $1 }
        try fill(.originY) { $0.offsetY = $1 }
        try fill(.rotPrior) { $0.priorRot = $1 }
        try fill(.tiltPrior) { $0.priorTilt = $1 }
        try fill(.psiPrior) { $0.priorPsi = $1 }
        try fill(.originXPrior) { $0.priorOffsetX = $1 }
        try fill(.originYPrior) { $0.priorOffsetY = $1 }
        try fill(.normCorrection) { $0.normCorrection = $1 }
        try fill(.logLikelihood) { $0.logLikelihoodContribution = $1 }
        try fill(.maximalProbability) { $0.maximumProbability = $1 }
        try fill(.significantSamples) { $0.significantSampleCount = Int($1) }
        try fill(.classNumber) { $0.classIndex = Int($1) - 1 }
        try fill(.randomSubset) { $0.halfSet = Int($1) }
        return particles
    }
}

extension OpticsGeometry {
    init(_ group: OpticsGroup) {
        self.init(
            box: group.imageSize ?? 0, pixelSize: group.pixelSizeInAngstrom,
            micrographPixelSize: group.originalPixelSizeInAngstrom)
        voltageInKilovolts = group.voltageInKilovolts
        sphericalAberrationInMillimetres = group.sphericalAberrationInMillimetres
        amplitudeContrast = group.amplitudeContrast
        isPremultiplied = group.isCTFPremultiplied
        let matrix = group.magnificationMatrix
        magnification = [matrix.m00, matrix.m01, matrix.m10, matrix.m11]
        evenZernike = group.evenZernike
        oddZernike = group.oddZernike
        beamTiltX = group.beamTiltX
        beamTiltY = group.beamTiltY
    }
}

/// The modulation transfer function of a detector as a STAR file.
enum ModulationTransferFile {
    static func read(_ file: String) throws -> [(frequency: Double, value: Double)] {
        let document = try StarDocument(contentsOf: file)
        guard let table = document.tables.first(where: { $0.contains("rlnMtfValue") }) else {
            throw InputError(place: file, found: "has no column rlnMtfValue", expected: "a modulation transfer function")
        }
        let frequencies = try table.doubles("rlnResolutionInversePixel", expected: "a frequency in 1/pixel")
        return Array(zip(frequencies, try table.doubles("rlnMtfValue")).map { (frequency: $0, value: $1) })
    }
}

extension ImageLocations {
    /// The image as STAR files name it.
    func name(_ particle: Int) -> ImageName {
        ImageName(path: files[fileOfImage[particle]], index: sliceOfImage[particle])
    }

    /// Lets the given particles, in order, be the images of another stack.
    mutating func redirect(_ rows: some Sequence<Int>, to stack: String) {
        files.append(stack)
        for (slice, row) in rows.enumerated() {
            fileOfImage[row] = files.count - 1
            sliceOfImage[row] = slice
        }
    }
}
