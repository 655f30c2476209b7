import Arrays
import Foundation
import Fourier
import ImageFormats
import Optics
import TestSupport

/// Small micrographs with strong rings, and the lists that name them.
struct ThonRingImages {
    static let pixelSize = 1.5
    static let side = 512
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// White noise seen at a defocus, and some of the detector's.
    static func micrograph(
        defocus: Double, phaseShift: Double = 0, shape: Shape = .square(side), signal: Float = 1, seed: UInt64
    ) -> RealArray {
        var numbers = TestNumbers(seed: seed)
        func noise() -> Float {
            (0..<6).reduce(Float(0)) { sum, _ in sum + Float(numbers.next(below: 1001)) / 500 - 1 } / 1.4
        }
        var object = RealArray(shape: shape)
        for i in object.values.indices { object.values[i] = noise() }
        let transform = FourierTransform(shape: shape)
        var spectrum = transform.forward(object)
        let transfer = ContrastTransferFunction(
            defocusUInAngstrom: defocus + 150, defocusVInAngstrom: defocus - 150, defocusAngleInDegrees: 30,
            voltageInKilovolts: 300, sphericalAberrationInMillimetres: 2.7, amplitudeContrast: 0.1,
            phaseShiftInDegrees: phaseShift)
        for row in 0..<shape.y {
            for column in 0...shape.x / 2 {
                let kx = Double(column) / (Double(shape.x) * pixelSize)
                let ky = Double(signedFrequency(row, length: shape.y)) / (Double(shape.y) * pixelSize)
                spectrum[column, row] = spectrum[column, row].multiplied(by: Float(transfer.value(x: kx, y: ky)))
            }
        }
        var image = transform.inverse(spectrum)
        for i in image.values.indices { image.values[i] = 5 + signal * image.values[i] + noise() }
        return image
    }

    /// The amplitude spectrum of a micrograph by its definition, as motion correction writes it: zero frequency in the middle.
    static func spectrum(of image: RealArray) -> RealArray {
        let n = image.shape.x, transform = FourierTransform(shape: image.shape).forward(image)
        var result = RealArray(shape: image.shape)
        for y in 0..<n {
            for x in 0..<n {
                let (kx, ky) = x >= n / 2 ? (x - n / 2, y - n / 2) : (n / 2 - x, n / 2 - y)
                result[x, y] = transform[kx, (ky + n) % n].power.squareRoot()
            }
        }
        return result
    }

    static let defocus = [9000.0, 14000, 21000]

    /// Three micrographs with their power spectra, without dose weighting and with optics, as motion correction leaves them.
    func makeMicrographs() throws -> String {
        var rows = ""
        for (index, value) in Self.defocus.enumerated() {
            let image = Self.micrograph(defocus: value, seed: UInt64(index + 1))
            try ImageFile.write(image, to: folder.file("Movies/m\(index).mrc"), pixelSizeInAngstrom: Self.pixelSize)
            let other = Self.micrograph(defocus: value + 2000, seed: UInt64(index + 11))
            try ImageFile.write(
                other, to: folder.file("Movies/m\(index)_noDW.mrc"), pixelSizeInAngstrom: Self.pixelSize)
            let spectrum = Self.spectrum(of: Self.micrograph(defocus: value + 4000, seed: UInt64(index + 21)))
            try ImageFile.write(
                spectrum, to: folder.file("Movies/m\(index)_PS.mrc"), pixelSizeInAngstrom: Self.pixelSize)
            rows += "\(path("m\(index).mrc")) \(path("m\(index)_noDW.mrc")) \(path("m\(index)_PS.mrc")) 1 12.5\n"
        }
        return try folder.write(
            Self.optics + """
                data_micrographs

                loop_
                _rlnMicrographName #1
                _rlnMicrographNameNoDW #2
                _rlnCtfPowerSpectrum #3
                _rlnOpticsGroup #4
                _rlnAccumMotionTotal #5
                \(rows)
                """, to: "corrected_micrographs.star")
    }

    func path(_ name: String) -> String { folder.path + "/Movies/" + name }

    static let optics = """
        # version 50001

        data_optics

        loop_
        _rlnOpticsGroupName #1
        _rlnOpticsGroup #2
        _rlnVoltage #3
        _rlnSphericalAberration #4
        _rlnAmplitudeContrast #5
        _rlnMicrographPixelSize #6
        opticsGroup1 1 300 2.7 0.1 1.5


        """

    /// A tilt series of three images with dose and nominal defocus in µm.
    func makeTiltSeries(nominal: [Double] = [-1.4, -1.4, -1.4]) throws -> String {
        var rows = ""
        for (index, dose) in [0.0, 30, 60].enumerated() {
            let image = Self.micrograph(defocus: 14000, seed: UInt64(index + 31))
            try ImageFile.write(image, to: folder.file("Movies/t\(index).mrc"), pixelSizeInAngstrom: Self.pixelSize)
            rows += "\(path("t\(index).mrc")) \(dose) \(nominal[index])\n"
        }
        let series = try folder.write(
            """
            # version 50001

            data_TS_01

            loop_
            _rlnMicrographName #1
            _rlnMicrographPreExposure #2
            _rlnTomoNominalDefocus #3
            \(rows)
            """, to: "tilt_series/TS_01.star")
        return try folder.write(
            """
            # version 50001

            data_global

            loop_
            _rlnTomoName #1
            _rlnTomoTiltSeriesStarFile #2
            _rlnVoltage #3
            _rlnSphericalAberration #4
            _rlnAmplitudeContrast #5
            _rlnTomoTiltSeriesPixelSize #6
            TS_01 \(series) 300 2.7 0.1 1.5

            """, to: "corrected_tilt_series.star")
    }
}
