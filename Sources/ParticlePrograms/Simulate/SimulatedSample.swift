import ProgramKit
import Reporting
import Simulation
import TextFormats

extension SimulatedModelOptions {
    func check(_ check: inout InputCheck) {
        check.require((0...1).contains(secondFraction), "--fraction2", found: "\(secondFraction)", expected: "a fraction between 0 and 1")
        check.require(bFactor >= 0 && bFactor.isFinite, "--bfactor", found: "\(bFactor)", expected: "0 or more")
        check.require(!keepsOrigin || !turnsToPrincipalAxes, "--keep_origin", found: "is given with --principal_axes", expected: "one of them")
    }

    /// The species, each checked to fit into images of the given width.
    func read(widthInAngstrom width: Double) throws -> [AtomicModel] {
        var check = InputCheck()
        let names = [("--model", model)] + (secondModel.ifGiven.map { [("--model2", $0)] } ?? [])
        let selection = AtomSelection(chains: Set(chains.split(separator: ",").map(String.init)))
        let models = names.enumerated().compactMap { index, name in
            check.attempt { () throws -> AtomicModel in
                let isBuiltIn = name.1 == "built-in"
                let atoms = isBuiltIn ? BuiltInMolecule.atoms(index == 0 ? .whole : .withoutSandwich)
                    : try AtomFile.read(name.1, selecting: selection)
                let result = try AtomicModel(
                    atoms: atoms, blur: usesModelBFactors ? .ownPlus(bFactor) : .uniform(bFactor),
                    origin: isBuiltIn || keepsOrigin ? .kept : turnsToPrincipalAxes ? .principalAxes : .centred, source: name.1)
                guard 2 * result.radius < width else {
                    throw InputError(place: "\(name.0) \(name.1)",
                                     found: "is \(Int(2 * result.radius)) Å across, the box \(Int(width)) Å",
                                     expected: "a box that holds the model", remedy: "Raise --box or --angpix")
                }
                return result
            }
        }
        try check.finish()
        return models
    }
}

extension SimulatedOpticsOptions {
    func check(_ check: inout InputCheck) {
        check.require((10...2000).contains(voltage), "--voltage", found: "\(voltage)", expected: "a voltage in kV, from 10 to 2000")
        check.require((0..<1).contains(amplitudeContrast), "--ac", found: "\(amplitudeContrast)", expected: "a fraction from 0 to below 1")
        check.require(defocusMin <= defocusMax, "--defocus_min", found: "\(defocusMin) is above --defocus_max \(defocusMax)")
        for (value, option) in [(defocusSpread, "--defocus_spread"), (astigmatism, "--astigmatism"), (envelope, "--ctf_bfactor"),
                                (sphericalAberration, "--cs")] {
            check.require(value >= 0 && value.isFinite, option, found: "\(value)", expected: "0 or more")
        }
    }

    var microscope: Microscope {
        var result = Microscope(voltageInKilovolts: voltage, sphericalAberrationInMillimetres: sphericalAberration,
                                amplitudeContrast: amplitudeContrast)
        result.envelopeBFactor = envelope
        result.beamTilt = SIMD2(beamTiltX, beamTiltY)
        result.phaseShiftInDegrees = phaseShift
        return result
    }
}
