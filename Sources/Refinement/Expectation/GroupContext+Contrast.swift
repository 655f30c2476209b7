import Arrays
import Optics

extension GroupContext {
    /// The CTF of a particle on the fine layout, `fine.stride` values, zero beyond `fine.count`.
    func contrastTransfer(_ particle: Particle, settings: RefinementSettings, into values: UnsafeMutablePointer<Float>) {
        let function = ContrastTransferFunction(
            defocusUInAngstrom: particle.defocusU, defocusVInAngstrom: particle.defocusV,
            defocusAngleInDegrees: particle.defocusAngle, voltageInKilovolts: optics.voltageInKilovolts,
            sphericalAberrationInMillimetres: optics.sphericalAberrationInMillimetres,
            amplitudeContrast: optics.amplitudeContrast, phaseShiftInDegrees: particle.phaseShift,
            bFactorInSquareAngstrom: particle.ctfBFactor, scale: particle.ctfScale, magnification: optics.magnificationMatrix)
        let form: ContrastTransferFunction.Form =
            settings.dataArePhaseFlipped ? .magnitude : settings.onlyFlipsPhases ? .signOnly : .signed
        withUnsafeTemporaryAllocation(of: Float.self, capacity: grid.count) { buffer in
            function.evaluate(on: grid, form: form, intact: settings.leavesCTFIntactToFirstPeak ? .untilFirstPeak : .none,
                              phaseOffset: aberrationPhase, into: buffer)
            for pixel in 0..<fine.count { values[pixel] = buffer[Int(gridPositions[pixel])] }
        }
        for pixel in fine.count..<fine.stride { values[pixel] = 0 }
    }
}

extension OpticsGeometry {
    var magnificationMatrix: Magnification {
        Magnification(xx: magnification[0], xy: magnification[1], yx: magnification[2], yy: magnification[3])
    }

    /// All aberrations: Zernike coefficients and the coma of the beam tilt.
    var aberrations: Aberrations {
        var all = Aberrations(even: evenZernike, odd: oddZernike)
        if beamTiltX != 0 || beamTiltY != 0 {
            all.addBeamTilt(
                x: beamTiltX, y: beamTiltY, sphericalAberrationInMillimetres: sphericalAberrationInMillimetres,
                wavelengthInAngstrom: ElectronBeam.wavelengthInAngstrom(voltageInKilovolts: voltageInKilovolts))
        }
        return all
    }

    /// The factor that undoes antisymmetric aberrations and the difference of this group's MTF from the mean, on a layout.
    func imageCorrection(layout: PixelLayout, meanTransfer: [Float]?, transfer: [Float]?) -> (re: [Float], im: [Float])? {
        let grid = FrequencyGrid(box: box, pixelSizeInAngstrom: pixelSize, croppedTo: 2 * layout.radius)
        let factors = aberrations.phaseFactors(on: grid, magnification: magnificationMatrix)
        guard factors != nil || transfer != nil else { return nil }
        let positions = layout.positions(inBox: 2 * layout.radius)
        var re = [Float](repeating: 0, count: layout.stride), im = re
        for pixel in 0..<layout.count {
            let at = Int(positions[pixel])
            var ratio: Float = 1
            if let transfer, let meanTransfer { ratio = meanTransfer[at] / max(1e-3, transfer[at]) }
            re[pixel] = (factors?[at].real ?? 1) * ratio
            im[pixel] = -(factors?[at].imaginary ?? 0) * ratio
        }
        return (re, im)
    }
}
