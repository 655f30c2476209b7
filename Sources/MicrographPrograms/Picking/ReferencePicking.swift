import Arrays
import Fourier
import Foundation
import ImageFormats
import Imaging
import Optics
import Parallel
import Picking
import ProgramKit
import Reporting

/// Likeness to references, with the files of its maps.
struct ReferencePicking: MicrographPicking {
    private let transform: MicrographTransform
    private let picker: ReferencePicker
    private let grid: PickingGrid
    private let highpass: Double?
    private let keepsFirstPeak: Bool
    private let writesMaps: Bool

    /// - Throws: `InputError` when the circle is larger than the references or nothing is left of it.
    init(_ references: ReferenceImages, _ grid: PickingGrid, _ options: AutopickProgram, _ pool: ThreadPool) throws {
        let pixelSize = grid.pixelSizeInAngstrom
        let (images, diameter) = try references.scaled(to: pixelSize, blobHeight: options.reference.blobHeight)
        let box = images[0].shape.x
        let radius = Int((diameter / (2 * pixelSize)).rounded()) - options.general.maskShrinkage
        guard diameter <= Double(box) * pixelSize * 1.0001, radius > 0, box <= min(grid.shape.x, grid.shape.y) else {
            throw InputError(
                place: "--particle_diameter",
                found: "a circle of \(diameter) Å (radius \(radius) pixels after --shrink_particle_mask) for references of \(box) pixels"
                    + " of \(pixelSize) Å and micrographs of \(grid.shape)",
                expected: "a circle that fits into the references, and references that fit into the micrographs",
                remedy: "Give --particle_diameter, and check --angpix_ref")
        }
        let distance = options.peaks.leastDistance >= 0 ? options.peaks.leastDistance / pixelSize : Double(box) / 2
        var settings = ReferencePicker.Settings(radius: radius, leastDistance: distance)
        settings.angularStep = options.reference.references == ReferenceImages.blob ? 360 : options.reference.angularStep
        settings.lowpassInAngstrom = options.reference.lowpass > 0 ? options.reference.lowpass : nil
        settings.oversampling = 2 * options.expert.padding
        settings.threshold = options.peaks.threshold
        settings.largestNoise = options.peaks.largestNoise > 0 ? options.peaks.largestNoise : nil
        settings.leastBackground = options.peaks.leastBackground > -900 ? options.peaks.leastBackground : nil
        settings.margin = options.peaks.margin
        picker = ReferencePicker(settings, references: images, grid: grid, pool: pool)
        transform = MicrographTransform(grid, outlierLimit: options.general.outlierLimit)
        self.grid = grid
        highpass = options.reference.highpass > 0 ? options.reference.highpass : nil
        keepsFirstPeak = options.reference.keepsFirstPeak
        writesMaps = options.general.writesMaps
    }

    func picks(
        in micrograph: UnsafeBufferPointer<Float>?, transfer: ContrastTransferFunction?, root: String, name: String, seed: Int,
        control: JobControl, pool: ThreadPool
    ) throws -> [Pick] {
        guard let micrograph else { return try picksFromMaps(root) }
        guard let highpass else { return try picks(micrograph, transfer, root, name, seed, control, pool) }
        let pixels = RealArray(shape: grid.shape, values: Array(micrograph))
        let filter = FrequencyFilter.highPass(
            resolutionInAngstrom: highpass, pixelSizeInAngstrom: grid.pixelSizeInAngstrom, box: grid.size)
        let filtered = pixels.filtered(by: filter, pool: pool)
        return try filtered.values.withUnsafeBufferPointer { try picks($0, transfer, root, name, seed, control, pool) }
    }

    private func picks(
        _ micrograph: UnsafeBufferPointer<Float>, _ transfer: ContrastTransferFunction?, _ root: String, _ name: String,
        _ seed: Int, _ control: JobControl, _ pool: ThreadPool
    ) throws -> [Pick] {
        let scratch = transform.makeScratch()
        guard let spectrum = transform.spectrum(of: micrograph, seed: seed, scratch: scratch),
            let squared = transform.spectrum(of: micrograph, power: 2, seed: seed, scratch: scratch)
        else {
            throw InputError(place: name, found: "all pixels have one value, or some are no numbers", expected: "an image")
        }
        let background = picker.background(spectrum, squared: squared)
        let function = transfer?.values(on: grid.frequencies, intact: keepsFirstPeak ? .untilFirstPeak : .none)
        if writesMaps {
            try write(background.deviation, root + "_stddevNoise.mrc")
            try write(background.mean, root + "_avgNoise.mrc")
        }
        let workspace = picker.makeWorkspace(threads: pool.threadCount)
        var peaks: [ReferencePicker.Peak] = []
        for reference in 0..<picker.referenceCount {
            try control.checkForAbort()
            picker.match(reference, spectrum, background, transfer: function, workspace)
            if writesMaps {
                try write(workspace.match.figure, mapRoot(root, reference) + "_bestCCF.mrc")
                try write(workspace.match.psi, mapRoot(root, reference) + "_bestPSI.mrc")
            }
            peaks += picker.peaks(workspace.match, reference, background)
        }
        return picker.picks(from: peaks)
    }

    // MARK: Maps

    private func mapRoot(_ root: String, _ reference: Int) -> String { root + "_ref" + String(format: "%06d", reference) }

    private func write(_ map: RealArray, _ path: String) throws {
        try ImageFile.write(map, to: path, pixelSizeInAngstrom: grid.pixelSizeInAngstrom / grid.scale)
    }

    private func picksFromMaps(_ root: String) throws -> [Pick] {
        func read(_ path: String) throws -> RealArray {
            let (map, _) = try ImageFile.read(path)
            guard map.shape == .square(grid.workSize) else {
                throw InputError(
                    place: path, found: "\(map.shape) pixels", expected: "\(grid.workSize) × \(grid.workSize)",
                    remedy: "Give the --shrink and --lowpass with which the maps were written")
            }
            return map
        }
        let background = ReferencePicker.Background(
            mean: try read(root + "_avgNoise.mrc"), deviation: try read(root + "_stddevNoise.mrc"))
        var peaks: [ReferencePicker.Peak] = []
        for reference in 0..<picker.referenceCount {
            let match = ReferencePicker.Match(
                figure: try read(mapRoot(root, reference) + "_bestCCF.mrc"),
                psi: try read(mapRoot(root, reference) + "_bestPSI.mrc"))
            peaks += picker.peaks(match, reference, background)
        }
        return picker.picks(from: peaks)
    }
}
