import CTFEstimation
import Foundation
import Reporting
import StarFormat

/// What is known of the CTF of one image, as it goes into the list of results.
struct CTFRecord: Sendable {
    var defocusU: Double
    var defocusV: Double
    var angle: Double
    /// Degrees; nil where none was fitted.
    var phaseShift: Double?
    var figureOfMerit: Double
    var resolution: Double
    var iceRingDensity: Double?
    /// 0: not to be trusted, else how clearly the fit stands out from all others, to 1; nil where another program fitted.
    var validation: Double?
    var doubts: [String] = []
}

extension CTFRecord {
    /// Resolution in Å that is written at most.
    static let coarsestResolution = 25.0

    init(_ fit: CTFFit, fitsPhaseShift: Bool) {
        let transfer = fit.transfer
        self.init(
            defocusU: transfer.defocusUInAngstrom, defocusV: transfer.defocusVInAngstrom,
            angle: transfer.defocusAngleInDegrees,
            phaseShift: fitsPhaseShift ? transfer.phaseShiftInDegrees : nil, figureOfMerit: fit.figureOfMerit,
            resolution: min(fit.fitResolutionInAngstrom, Self.coarsestResolution), iceRingDensity: fit.iceRingDensity,
            validation: fit.isTrusted ? fit.distinctness : 0, doubts: fit.doubts.map(\.description))
    }

    // MARK: Files of one image

    static func path(_ root: String) -> String { root + "_ctf.star" }

    /// The record and the curves behind it, for whoever wants to look closer. Written last: it marks the image as finished.
    func write(to root: String, profile: RingProfile) throws {
        var table = StarTable(name: "ctf", kind: .list)
        table.setValue("rlnDefocusU", defocusU)
        table.setValue("rlnDefocusV", defocusV)
        table.setValue("rlnDefocusAngle", angle)
        if let phaseShift { table.setValue("rlnPhaseShift", phaseShift) }
        table.setValue("rlnCtfFigureOfMerit", figureOfMerit)
        table.setValue("rlnCtfMaxResolution", resolution)
        if let iceRingDensity { table.setValue("rlnCtfIceRingDensity", iceRingDensity) }
        if let validation { table.setValue("rlnCtfValidationScore", validation) }
        if !doubts.isEmpty { table.setValue("ctfDoubts", doubts.joined(separator: "; ")) }
        var curves = StarTable(name: "profile")
        curves.set("rlnResolution", doubles: profile.frequency)
        curves.set("ctfMeasuredRings", doubles: profile.measured)
        curves.set("ctfFittedRings", doubles: profile.fitted)
        curves.set("ctfAgreement", doubles: profile.agreement)
        try StarDocument(tables: [table, curves]).write(to: Self.path(root))
    }

    /// What an earlier run left; nil where it left nothing that can be read.
    static func read(_ root: String) -> CTFRecord? {
        if FileManager.default.fileExists(atPath: path(root)),
            let table = try? StarDocument(contentsOf: path(root)).table("ctf"), let record = try? CTFRecord(table)
        {
            return record
        }
        return try? CTFFINDResult.read(root)
    }

    private init(_ table: StarTable) throws {
        func optional(_ label: String) throws -> Double? { table.contains(label) ? try table.double(label) : nil }
        self.init(
            defocusU: try table.double("rlnDefocusU"), defocusV: try table.double("rlnDefocusV"),
            angle: try table.double("rlnDefocusAngle"), phaseShift: try optional("rlnPhaseShift"),
            figureOfMerit: try table.double("rlnCtfFigureOfMerit"), resolution: try table.double("rlnCtfMaxResolution"),
            iceRingDensity: try optional("rlnCtfIceRingDensity"), validation: try optional("rlnCtfValidationScore"),
            doubts: table.string("ctfDoubts", row: 0)?.components(separatedBy: "; ") ?? [])
    }
}
