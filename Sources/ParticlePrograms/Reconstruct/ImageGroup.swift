import Arrays
import ComplexModule
import Fourier
import Metadata
import Optics
import Reporting
import StarFormat

/// What the images of one optics group have in common when they are back-projected.
struct ImageGroup: Sendable {
    let box: Int
    /// Å.
    let pixelSize: Double
    let isVolume: Bool
    let isPremultiplied: Bool
    let magnification: Magnification
    let transform: FourierTransform
    let grid: FrequencyGrid
    /// Symmetric aberrations, radians.
    let phaseOffset: [Float]?
    /// Undoes antisymmetric aberrations and the detector's transfer.
    private let correction: [ComplexFloat]?

    var shape: Shape { isVolume ? .cube(box) : .square(box) }

    /// - Parameter usesTransfer: prepares the corrections, reading the MTF's file.
    init(_ optics: OpticsGroup, box: Int, usesTransfer: Bool, isVolume: Bool) throws {
        self.box = box
        self.isVolume = isVolume
        pixelSize = optics.pixelSizeInAngstrom
        isPremultiplied = optics.isCTFPremultiplied
        magnification = optics.magnification
        transform = FourierTransform(shape: isVolume ? .cube(box) : .square(box))
        let grid = FrequencyGrid(box: box, pixelSizeInAngstrom: optics.pixelSizeInAngstrom)
        self.grid = grid
        guard !isVolume else {
            (phaseOffset, correction) = (nil, nil)
            return
        }
        let aberrations = optics.aberrations
        phaseOffset = aberrations.phaseOffset(on: grid, magnification: optics.magnification)
        guard usesTransfer else {
            correction = nil
            return
        }
        var factors = aberrations.phaseFactors(on: grid, magnification: optics.magnification).map { $0.map(\.conjugate) }
        if let path = optics.mtfFile {
            guard let table = try StarDocument(contentsOf: path).tables.first(where: { $0.contains("rlnMtfValue") }) else {
                throw InputError(place: path, found: "there is no column rlnMtfValue", expected: "the detector's MTF as a STAR file")
            }
            let transfer = try DetectorTransfer(
                frequenciesPerPixel: table.doubles("rlnResolutionInversePixel"), values: table.doubles("rlnMtfValue"), name: path)
            let values = transfer.values(on: grid, detectorPixelSizeInAngstrom: optics.originalPixelSizeInAngstrom ?? optics.pixelSizeInAngstrom)
            let start = factors ?? [ComplexFloat](repeating: .one, count: grid.count)
            factors = zip(start, values).map { $0.multiplied(by: 1 / $1) }
        }
        correction = factors
    }

    func undoAberrations(_ spectrum: inout FourierArray) {
        guard let correction else { return }
        for k in correction.indices { spectrum.values[k] = spectrum.values[k].times(correction[k]) }
    }
}
