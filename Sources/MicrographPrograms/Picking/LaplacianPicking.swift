import Arrays
import Foundation
import ImageFormats
import Optics
import Parallel
import Picking
import ProgramKit
import Reporting

/// A way to pick in the micrographs of one grid. Used by several threads at a time.
protocol MicrographPicking: Sendable {
    /// - Parameters:
    ///   - micrograph: its pixels; nil when maps of figures of merit are read instead.
    ///   - transfer: of the micrograph, where the method uses it.
    ///   - root: what the names of maps begin with.
    ///   - control: is asked between two references whether to stop.
    func picks(
        in micrograph: UnsafeBufferPointer<Float>?, transfer: ContrastTransferFunction?, root: String, name: String, seed: Int,
        control: JobControl, pool: ThreadPool
    ) throws -> [Pick]
}

/// Blobs, with the files of their maps.
struct LaplacianPicking: MicrographPicking {
    private let transform: MicrographTransform
    private let picker: LaplacianPicker
    private let isWhite: Bool
    private let writesMaps: Bool

    init(_ settings: LaplacianPicker.Settings, _ grid: PickingGrid, _ options: AutopickProgram) {
        transform = MicrographTransform(grid, outlierLimit: options.general.outlierLimit)
        picker = LaplacianPicker(settings, grid)
        isWhite = options.laplacian.isWhite
        writesMaps = options.general.writesMaps
    }

    func picks(
        in micrograph: UnsafeBufferPointer<Float>?, transfer: ContrastTransferFunction?, root: String, name: String, seed: Int,
        control: JobControl, pool: ThreadPool
    ) throws -> [Pick] {
        guard let micrograph else { return picker.picks(from: try readMaps(root)) }
        let spectrum = transform.spectrum(
            of: micrograph, inverts: !isWhite, seed: seed, scratch: transform.makeScratch())
        guard var spectrum else {
            throw InputError(place: name, found: "all pixels have one value, or some are no numbers", expected: "an image")
        }
        if let transfer { divide(&spectrum, by: transfer) }
        guard writesMaps else { return picker.picks(from: try picker.bestScale(of: spectrum)) }
        let best = try picker.bestScale(of: spectrum) { try write($1, mapPath(root, $0)) }
        try write(best.answer, root + "_bestLoG.mrc")
        try write(best.diameter, root + "_bestSize.mrc")
        return picker.picks(from: best)
    }

    /// The transfer function is at least 1e-8 in magnitude, and only its part before the first peak is used.
    private func divide(_ spectrum: inout FourierArray, by transfer: ContrastTransferFunction) {
        let values = transfer.values(on: picker.grid.frequencies, intact: .afterFirstPeak, isDamped: false)
        for index in spectrum.values.indices { spectrum.values[index] = spectrum.values[index].multiplied(by: 1 / values[index]) }
    }

    // MARK: Maps

    private func mapPath(_ root: String, _ diameter: Double) -> String { root + "_LoG" + String(format: "%g", diameter) + ".mrc" }

    private func write(_ map: RealArray, _ path: String) throws {
        try ImageFile.write(map, to: path, pixelSizeInAngstrom: picker.grid.pixelSizeInAngstrom / picker.grid.scale)
    }

    private func readMaps(_ root: String) throws -> LaplacianPicker.BestScale {
        var best = LaplacianPicker.BestScale(size: picker.grid.workSize)
        for diameter in picker.diameters {
            let path = mapPath(root, diameter)
            let (map, _) = try ImageFile.read(path)
            guard map.shape == .square(picker.grid.workSize) else {
                throw InputError(
                    place: path, found: "\(map.shape) pixels", expected: "\(picker.grid.workSize) × \(picker.grid.workSize)",
                    remedy: "Give the --shrink and --lowpass with which the maps were written")
            }
            best.add(map, diameter: diameter)
        }
        return best
    }
}
