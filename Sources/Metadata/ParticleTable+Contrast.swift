import Optics

extension OpticsGroup {
    package var magnification: Magnification {
        let m = magnificationMatrix
        return Magnification(xx: m.m00, xy: m.m01, yx: m.m10, yy: m.m11)
    }

    /// All aberrations of the group: Zernike coefficients and the coma of its beam tilt.
    package var aberrations: Aberrations {
        var all = Aberrations(even: evenZernike, odd: oddZernike)
        if beamTiltX != 0 || beamTiltY != 0 {
            all.addBeamTilt(
                x: beamTiltX, y: beamTiltY, sphericalAberrationInMillimetres: sphericalAberrationInMillimetres,
                wavelengthInAngstrom: ElectronBeam.wavelengthInAngstrom(voltageInKilovolts: voltageInKilovolts))
        }
        return all
    }
}

extension ParticleTable {
    /// The transfer function of each particle: defocus, phase shift, B factor and scale from its row, the rest from its group.
    ///
    /// - Throws: `InputError` naming file and particle for values that are no numbers or make no transfer function.
    package func contrastTransferFunctions() throws -> [ContrastTransferFunction] {
        try rows.require([ParticleColumn.defocusU.label])
        let defocusU = try values(.defocusU), defocusV = try values(.defocusV), angle = try values(.defocusAngle)
        let phaseShift = try values(.phaseShift), bFactor = try values(.bFactor), scale = try values(.ctfScale)
        let groups = try opticsGroupIndices()
        return try (0..<count).map { i in
            let optics = opticsGroups[groups[i]]
            let function = ContrastTransferFunction(
                defocusUInAngstrom: defocusU[i], defocusVInAngstrom: defocusV[i], defocusAngleInDegrees: angle[i],
                voltageInKilovolts: optics.voltageInKilovolts,
                sphericalAberrationInMillimetres: optics.sphericalAberrationInMillimetres,
                amplitudeContrast: optics.amplitudeContrast, phaseShiftInDegrees: phaseShift[i],
                bFactorInSquareAngstrom: bFactor[i], scale: scale[i], magnification: optics.magnification)
            if let fault = function.fault {
                throw rows.mismatch(ParticleColumn.defocusU.label, i, found: fault.found, expected: fault.expected)
            }
            return function
        }
    }
}
