import Arrays
import ComplexModule
import Foundation
import Fourier
import Geometry
import ImageFormats
import Metadata
import Optics
import Parallel
import Projection
import Randomness
import Reporting

/// A slice with the memory that it points to.
final class PreparedSlice: Sendable {
    // Written before the slice is shared, then only read.
    private let values: AlignedBuffer<ComplexFloat>
    private let weights: AlignedBuffer<Float>
    let slice: InsertedSlice

    init(values: [ComplexFloat], weights: [Float], imageBox: Int, axes: SliceAxes, curvature: EwaldCurvature?) {
        self.values = AlignedBuffer(count: values.count)
        self.weights = AlignedBuffer(count: weights.count)
        self.values.base.update(from: values, count: values.count)
        self.weights.base.update(from: weights, count: weights.count)
        slice = InsertedSlice(values: UnsafePointer(self.values.base), weights: UnsafePointer(self.weights.base), imageBox: imageBox,
                              axes: axes, curvature: curvature)
    }
}

/// The images of a reconstruction, made ready for insertion one by one. Any thread may ask.
struct ReconstructionInput: Sendable {
    let layout: CentredLayout
    let pixelSizeInAngstrom: Double
    let dataDimension: CentredLayout.Dimension

    private let particles: [Particle]
    private let groups: [ImageGroup]
    private let settings: Settings
    private let reader = StackReaderCache()
    private let subtracted: PaddedReference?
    private let noise: [SpectralNoise]?

    /// What one row of the table says.
    private struct Particle: Sendable {
        var row: Int
        var group: Int
        var name: ImageName?
        var angles: EulerAngles
        /// Å.
        var origin: Vector3
        var contrast: ContrastTransferFunction?
        var transferVolume: String?
        var merit: Float
    }

    private struct Settings: Sendable {
        var correctsCTF: Bool
        var reconstructsTransfer: Bool
        var squaresTransfer: Bool
        var form: ContrastTransferFunction.Form
        var intact: ContrastTransferFunction.IntactRange
        var separation: EwaldSeparation?
        var isReversed: Bool
        var weightDiameter: Double?
        var isPlanar: Bool
        var angularError: Double
        var shiftError: Double
        var usesMultiplicity: Bool
        var transferIsSquared: Bool
        var readsWeights: Bool
    }

    var count: Int { particles.count }

    init(_ program: ReconstructProgram, pool: ThreadPool) throws {
        let general = program.general, expert = program.expert
        let all = try ProjectionSeries.readViews(general.input, needsImages: !program.reconstructsTransfer && expert.noiseModel.isEmpty)
        try all.checkValues()
        let rows = try Self.selectedRows(all, subset: general.subset, classNumber: general.classNumber)
        let table = all.selecting(rows: rows)
        dataDimension = expert.usesVolumes || table.opticsGroups.first?.imageDimensionality == 3 ? .three : .two
        let usesCTF = (program.transfer.correctsCTF || program.ewald.correctsCurvature) && !program.reconstructsTransfer
        settings = try Self.settings(program, table: table, usesCTF: usesCTF)
        particles = try Self.particles(table, program, needsCTF: usesCTF || program.reconstructsTransfer, isVolume: dataDimension == .three)
        groups = try Self.groups(table, particles, program, usesCTF: usesCTF, isVolume: dataDimension == .three)
        let box = program.reconstructsTransfer ? expert.transferBox
            : program.ewald.newBox > 0 ? program.ewald.newBox : groups[particles[0].group].box
        pixelSizeInAngstrom = general.pixelSize > 0 ? general.pixelSize : table.opticsGroups[0].pixelSizeInAngstrom
        let size = general.maximalResolution > 0
            ? 2 * Int((Double(box) * pixelSizeInAngstrom / general.maximalResolution).rounded(.up)) : nil
        layout = CentredLayout(dimension: expert.dimension == 2 ? .two : .three, box: box,
                               padding: program.reconstructsTransfer ? 1 : general.padding, currentSize: size)
        subtracted = try Self.subtracted(expert, layout: layout, pool: pool)
        noise = try expert.noiseModel.ifGiven.map { path in
            try NoiseModel(path: path).variances(for: table).map { .coloured(variance: $0) }
        }
    }
}

// MARK: Reading

extension ReconstructionInput {
    private static func selectedRows(_ table: ParticleTable, subset: Int, classNumber: Int) throws -> [Int] {
        var rows = Array(0..<table.count)
        if subset == 1 || subset == 2 {
            try table.rows.require([ParticleColumn.randomSubset.label], remedy: "Leave out --subset")
            let subsets = try table.integers(.randomSubset)
            rows = rows.filter { subsets[$0] == subset }
        }
        if classNumber >= 0 {
            try table.rows.require([ParticleColumn.classNumber.label], remedy: "Leave out --class")
            let classes = try table.integers(.classNumber)
            rows = rows.filter { classes[$0] == classNumber }
        }
        if rows.isEmpty {
            throw InputError(place: table.name, found: "no image is left after --subset and --class", expected: "at least one")
        }
        return rows
    }

    private static func settings(_ program: ReconstructProgram, table: ParticleTable, usesCTF: Bool) throws -> Settings {
        let ewald = program.ewald, transfer = program.transfer, subtomograms = program.subtomograms
        let pixelSize = program.general.pixelSize > 0 ? program.general.pixelSize : table.opticsGroups[0].pixelSizeInAngstrom
        var separation: EwaldSeparation?
        if ewald.correctsCurvature {
            let radius = (ewald.maskDiameter / (2 * pixelSize)).rounded()
            separation = EwaldSeparation(
                sectors: ewald.sectors, isReversed: ewald.isReversed,
                mask: ewald.skipsMask ? nil : .init(radius: radius, edge: Double(ewald.maskEdge)))
            if let group = table.opticsGroups.first(where: \.isCTFPremultiplied) {
                throw InputError(place: "--ewald", found: "the images of optics group \(group.name) were multiplied by their CTF",
                                 expected: "images as recorded")
            }
        }
        return Settings(
            correctsCTF: usesCTF, reconstructsTransfer: program.reconstructsTransfer, squaresTransfer: program.expert.squaresTransfer,
            form: transfer.areFlipped ? .magnitude : transfer.onlyFlips ? .signOnly : .signed,
            intact: transfer.leavesFirstPeak ? .untilFirstPeak : .none, separation: separation, isReversed: ewald.isReversed,
            weightDiameter: ewald.skipsWeighting ? nil : ewald.maskDiameter, isPlanar: program.expert.dimension == 2,
            angularError: program.expert.angularError, shiftError: program.expert.shiftError,
            usesMultiplicity: subtomograms.areNormalised && !subtomograms.skipsMultiplicity,
            transferIsSquared: !subtomograms.transferIsNotSquared, readsWeights: program.expert.readsWeights)
    }

    private static func particles(_ table: ParticleTable, _ program: ReconstructProgram, needsCTF: Bool,
                                  isVolume: Bool) throws -> [Particle] {
        let rot = try table.values(.rot), tilt = try table.values(.tilt), psi = try table.values(.psi)
        let x = try table.values(.originX), y = try table.values(.originY), z = try table.values(.originZ)
        let groups = try table.opticsGroupIndices()
        let functions = needsCTF && !isVolume ? try table.contrastTransferFunctions() : nil
        if needsCTF && isVolume { try table.rows.require(["rlnCtfImage"]) }
        let volumes = needsCTF && isVolume ? try table.rows.strings("rlnCtfImage") : nil
        if program.expert.weightsByMerit { try table.rows.require(["rlnParticleFigureOfMerit"]) }
        let merits = program.expert.weightsByMerit ? try table.rows.doubles("rlnParticleFigureOfMerit") : nil
        let needsImages = !program.reconstructsTransfer && program.expert.noiseModel.isEmpty
        let names = needsImages ? try table.strings(.imageName).map { try imageName($0, folder: program.general.imageFolder) } : nil
        let isPlanar = program.expert.dimension == 2
        return (0..<table.count).map { i in
            Particle(row: i, group: groups[i], name: names?[i],
                     angles: EulerAngles(rot: isPlanar ? 0 : rot[i], tilt: isPlanar ? 0 : tilt[i], psi: psi[i]),
                     origin: Vector3(x[i], y[i], isVolume ? z[i] : 0), contrast: functions?[i], transferVolume: volumes?[i],
                     merit: Float(merits?[i] ?? 1))
        }
    }

    private static func imageName(_ text: String, folder: String) throws -> ImageName {
        var name = try ImageName(parsing: text)
        if !folder.isEmpty { name.path = PathName.joined(folder, PathName(name.path).name) }
        return name
    }

    private static func groups(_ table: ParticleTable, _ particles: [Particle], _ program: ReconstructProgram, usesCTF: Bool,
                               isVolume: Bool) throws -> [ImageGroup] {
        try table.opticsGroups.enumerated().map { index, optics in
            var box = optics.imageSize
            if let name = particles.first(where: { $0.group == index })?.name {
                box = try StackReaderCache(capacity: 1).shape(of: name).x
            }
            if program.reconstructsTransfer { box = box ?? program.expert.transferBox }
            guard let box else {
                throw InputError(place: table.name, found: "optics group \(optics.name) has no rlnImageSize", expected: "the box in pixels")
            }
            return try ImageGroup(optics, box: box, usesTransfer: usesCTF && !isVolume, isVolume: isVolume)
        }
    }

    private static func subtracted(_ expert: ReconstructExpertOptions, layout: CentredLayout, pool: ThreadPool) throws -> PaddedReference? {
        guard let path = expert.subtractedMap.ifGiven else { return nil }
        let map = try ImageFile.read(path).image
        guard map.shape == (layout.dimension == .three ? .cube(layout.box) : .square(layout.box)) else {
            throw InputError(place: path, found: "a map of \(map.shape)", expected: "the box of the reconstruction, \(layout.box)")
        }
        return PaddedReference(map: map, padding: layout.padding, currentSize: 2 * layout.maximumRadius, pool: pool)
    }
}

// MARK: Slices

extension ReconstructionInput {
    /// Image `i` as one slice, or two for the sides of the Ewald sphere.
    func slices(_ i: Int) throws -> [PreparedSlice] {
        let particle = particles[i], group = groups[particle.group]
        let pose = pose(particle)
        var axes = SliceAxes(orientation: pose.angles.matrix,
                             scale: layout.padding * Double(layout.box) * pixelSizeInAngstrom / (Double(group.box) * group.pixelSize))
        axes.magnify(by: group.magnification)
        var spectrum = try image(particle, group: group, origin: pose.origin)
        var transfer = try transfer(particle, group: group)
        if settings.reconstructsTransfer {
            for k in transfer.values.indices {
                let value = transfer.values[k]
                spectrum.values[k] = Complex(settings.squaresTransfer ? value * value : value, 0)
                transfer.values[k] = 1
            }
        } else if settings.correctsCTF && group.isVolume == false {
            group.undoAberrations(&spectrum)
        }
        if let subtracted { subtract(subtracted, axes: axes, transfer: transfer.values, from: &spectrum) }
        if let separation = settings.separation, let contrast = particle.contrast {
            return separated(spectrum, particle, group, separation, contrast, axes, transfer.values)
        }
        weight(&spectrum, &transfer, group: group)
        if settings.readsWeights { try multiplyByStoredWeights(&transfer.values, particle) }
        if particle.merit != 1 {
            for k in transfer.values.indices {
                spectrum.values[k] = spectrum.values[k].multiplied(by: particle.merit)
                transfer.values[k] *= particle.merit
            }
        }
        if !settings.reconstructsTransfer { spectrum.values[0] = .zero }
        return [PreparedSlice(values: spectrum.values, weights: transfer.values, imageBox: group.box, axes: axes, curvature: nil)]
    }

    /// Angles and origin, with random errors where wanted; the same for the same row.
    private func pose(_ particle: Particle) -> (angles: EulerAngles, origin: Vector3) {
        var generator = CounterGenerator(seed: 1, stream: particle.row)
        var angles = particle.angles, origin = particle.origin
        if settings.angularError > 0 {
            if !settings.isPlanar {
                angles.rot += settings.angularError * generator.standardNormal()
                angles.tilt += settings.angularError * generator.standardNormal()
            }
            angles.psi += settings.angularError * generator.standardNormal()
        }
        if settings.shiftError > 0 {
            origin.x += settings.shiftError * generator.standardNormal()
            origin.y += settings.shiftError * generator.standardNormal()
            if dataDimension == .three { origin.z += settings.shiftError * generator.standardNormal() }
        }
        return (angles, origin)
    }

    /// The image's transform, phase origin in the centre, moved onto the reference.
    private func image(_ particle: Particle, group: ImageGroup, origin: Vector3) throws -> FourierArray {
        guard let name = particle.name else {
            var spectrum = FourierArray(realShape: group.shape)
            if let noise { spectrum.values = noise[particle.row].draw(shape: group.shape, stream: particle.row) }
            return spectrum
        }
        let image = try reader.image(name)
        if image.shape != group.shape {
            throw InputError(place: name.description, found: "an image of \(image.shape)", expected: "\(group.shape), as the group's others")
        }
        var spectrum = group.transform.forward(image)
        let shift = origin / group.pixelSize, half = Double(group.box / 2)
        spectrum.translate(by: shift.x - half, shift.y - half, group.isVolume ? shift.z - half : 0)
        return spectrum
    }

    private func transfer(_ particle: Particle, group: ImageGroup) throws -> (values: [Float], multiplicity: [Float]?) {
        if let path = particle.transferVolume {
            let volume = try TransferVolume.read(path, box: group.box)
            return (volume.transfer, settings.usesMultiplicity ? volume.multiplicity : nil)
        }
        guard let contrast = particle.contrast else { return ([Float](repeating: 1, count: group.shape.halfPlane.count), nil) }
        return (contrast.values(on: group.grid, form: settings.form, intact: settings.intact, phaseOffset: group.phaseOffset), nil)
    }

    /// Values times CTF, and weights CTF², where the data are not like that already.
    private func weight(_ spectrum: inout FourierArray, _ transfer: inout (values: [Float], multiplicity: [Float]?), group: ImageGroup) {
        guard settings.correctsCTF else { return }
        let isSquared = group.isVolume && settings.transferIsSquared
        for k in transfer.values.indices {
            let value = transfer.values[k]
            if !group.isPremultiplied { spectrum.values[k] = spectrum.values[k].multiplied(by: value) }
            if !isSquared { transfer.values[k] = value * value }
            if let multiplicity = transfer.multiplicity?[k] {
                spectrum.values[k] = spectrum.values[k].multiplied(by: multiplicity)
                transfer.values[k] *= multiplicity
            }
        }
    }

    private func subtract(_ reference: PaddedReference, axes: SliceAxes, transfer: [Float], from spectrum: inout FourierArray) {
        let box = spectrum.realShape.x
        var projection = FourierArray(realShape: spectrum.realShape)
        projection.values.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            if spectrum.realShape.isCube {
                SliceExtraction.extractVolume(reference, axes: axes, imageBox: box, into: base)
            } else {
                SliceExtraction.extract(reference, axes: axes, imageBox: box, into: base)
            }
        }
        for k in spectrum.values.indices { spectrum.values[k] -= projection.values[k].multiplied(by: transfer[k]) }
    }

    private func separated(_ spectrum: FourierArray, _ particle: Particle, _ group: ImageGroup, _ separation: EwaldSeparation,
                           _ contrast: ContrastTransferFunction, _ axes: SliceAxes, _ transfer: [Float]) -> [PreparedSlice] {
        var weights = settings.weightDiameter.map { contrast.ewaldWeights(on: group.grid, particleDiameterInAngstrom: $0) } ?? transfer
        for k in weights.indices { weights[k] *= weights[k] * particle.merit }
        let sides = separation.separate(spectrum, contrast: contrast, grid: group.grid, phaseOffset: group.phaseOffset,
                                        transform: group.transform)
        let inverse = contrast.wavelengthInAngstrom / (2 * Double(group.box) * group.pixelSize)
        return [(sides.p, inverse), (sides.q, -inverse)].map { side, diameter in
            var values = side.values
            if particle.merit != 1 { for k in values.indices { values[k] = values[k].multiplied(by: particle.merit) } }
            return PreparedSlice(values: values, weights: weights, imageBox: group.box, axes: axes,
                                 curvature: EwaldCurvature(inverseDiameter: diameter, magnification: group.magnification))
        }
    }

    private func multiplyByStoredWeights(_ weights: inout [Float], _ particle: Particle) throws {
        guard let name = particle.name else { return }
        let path = PathName(name.path).stem + "_weight.mrc"
        let stored = try ImageFile.read(path).image
        if stored.shape.count != weights.count {
            throw InputError(place: path, found: "weights of \(stored.shape)", expected: "\(weights.count) values, half a transform of \(name)")
        }
        for k in weights.indices { weights[k] *= stored.values[k] }
    }
}
