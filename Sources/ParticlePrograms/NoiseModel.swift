import Metadata
import Reporting
import StarFormat

/// The noise spectra of a refinement's model file: one per optics group, or, in files of RELION 3.0 and older, per group of
/// particles.
struct NoiseModel {
    private let path: String
    /// By optics group.
    private var ofOpticsGroup: [[Double]] = []
    /// By name of the group of particles.
    private var ofGroup: [String: [Double]] = [:]

    /// - Throws: `InputError` naming the file and the table that is missing or wrong.
    init(path: String) throws {
        self.path = path
        let document = try StarDocument(contentsOf: path)
        var number = 1
        while let table = document.firstTable("model_optics_group_\(number)") {
            ofOpticsGroup.append(try Self.spectrum(table))
            number += 1
        }
        if ofOpticsGroup.isEmpty {
            let groups = try document.table("model_groups")
            let names = try groups.strings("rlnGroupName")
            for (index, name) in names.enumerated() {
                ofGroup[name] = try Self.spectrum(document.table("model_group_\(index + 1)"))
            }
        }
        if ofOpticsGroup.isEmpty && ofGroup.isEmpty {
            throw InputError(place: path, found: "there are no noise spectra", expected: "the model file (_model.star) of a refinement")
        }
    }

    private static func spectrum(_ table: StarTable) throws -> [Double] {
        let shells = try table.ints("rlnSpectralIndex"), values = try table.doubles("rlnSigma2Noise")
        var spectrum = [Double](repeating: 0, count: (shells.max() ?? -1) + 1)
        for (row, shell) in shells.enumerated() {
            guard shell >= 0, values[row] >= 0 else {
                throw table.mismatch("rlnSigma2Noise", row, found: "\(values[row]) in shell \(shell)", expected: "a variance, not negative")
            }
            spectrum[shell] = values[row]
        }
        if spectrum.isEmpty { throw InputError(place: table.place, found: "the noise spectrum is empty") }
        return spectrum
    }

    /// The spectrum of each particle's group.
    func variances(for table: ParticleTable) throws -> [[Double]] {
        if !ofOpticsGroup.isEmpty {
            return try table.opticsGroupIndices().map { group in
                guard group < ofOpticsGroup.count else {
                    throw InputError(place: path, found: "noise spectra of \(ofOpticsGroup.count) optics groups",
                                     expected: "one for optics group \(group + 1) of \(table.name)")
                }
                return ofOpticsGroup[group]
            }
        }
        let groups = try table.groups()
        let spectra = try groups.names.map { name in
            guard let spectrum = ofGroup[name] else {
                throw InputError(place: path, found: "there is no group \"\(name)\"", expected: "the groups of \(table.name)")
            }
            return spectrum
        }
        return groups.groupOfParticle.map { spectra[$0] }
    }
}
