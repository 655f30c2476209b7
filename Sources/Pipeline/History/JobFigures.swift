import Foundation
import Reporting
import StarFormat

/// Numbers that jobs left in their output files; nil wherever a file is missing, damaged or says nothing.
struct JobFigures {
    let project: Project

    /// The first file of a job whose type has this part, such as `ParticleGroupMetadata`.
    func output(_ part: String, of job: JobRecord) -> String? { job.outputs.last { $0.type.contains(part) && $0.exists }?.name }

    func document(_ name: String?) -> StarDocument? {
        guard let name, name.hasSuffix(".star"), project.exists(name) else { return nil }
        return try? StarDocument(contentsOf: project.path(name))
    }

    /// Rows of the table of items: movies, micrographs, particles.
    func items(_ document: StarDocument?) -> StarTable? {
        ["particles", "micrographs", "movies"].lazy.compactMap { document?.firstTable($0) }.first
            ?? document?.tables.first { $0.contains("rlnImageName") || $0.contains("rlnMicrographName") }
    }

    func value(_ label: String, in table: StarTable?) -> Double? {
        guard let table, !table.isEmpty, table.contains(label), let value = try? table.double(label), value.isFinite else { return nil }
        return value
    }

    /// Distinct values of an optics table, in order of size.
    func values(_ label: String, in document: StarDocument?) -> [Double] {
        guard let table = document?.firstTable("optics"), let values = try? table.doublesIfPresent(label) else { return [] }
        return Set(values).sorted()
    }

    /// Number of frames and the dose of all of them in e/Å², from the first micrograph that tells.
    func exposure(ofMicrographs document: StarDocument?) -> (frames: Int, dose: Double?)? {
        guard let names = try? items(document)?.stringsIfPresent("rlnMicrographMetadata"), let name = names.first,
            let general = self.document(name)?.firstTable("general"), let frames = value("rlnImageSizeZ", in: general)
        else { return nil }
        let first = value("rlnMicrographStartFrame", in: general) ?? 1
        // EER fractions count as frames there; the dose rate is that of a fraction, too.
        let dose = value("rlnMicrographDoseRate", in: general).map { $0 * (frames - first + 1) }
        return (Int(frames), dose.flatMap { $0 > 0 ? $0 : nil })
    }

    /// From the least to the greatest mean of both defocus values, µm.
    func defocusRange(_ document: StarDocument?) -> ClosedRange<Double>? {
        guard let table = items(document), let u = try? table.doublesIfPresent("rlnDefocusU"),
            let v = try? table.doublesIfPresent("rlnDefocusV"), !u.isEmpty
        else { return nil }
        let means = zip(u, v).map { ($0 + $1) / 20000 }.filter(\.isFinite)
        guard let least = means.min(), let greatest = means.max() else { return nil }
        return least...greatest
    }

    /// Resolution, B factor and mask of a post-processing job.
    func postprocessing(_ job: JobRecord) -> (resolution: Double, bfactor: Double?, masked: Bool, randomisedFrom: Double?)? {
        guard let general = document(job.name + "postprocess.star")?.firstTable("general"),
            let resolution = value("rlnFinalResolution", in: general)
        else { return nil }
        let mask = general.string("rlnMaskName", row: 0) ?? ""
        return (resolution, value("rlnBfactorUsedForSharpening", in: general), !mask.isEmpty && mask != "None",
                value("rlnRandomiseFrom", in: general))
    }

    /// The model file that belongs to a refinement's particles.
    func model(of job: JobRecord) -> StarDocument? {
        if project.exists(job.name + "run_model.star") { return document(job.name + "run_model.star") }
        return RefinementFiles(project: project, job: job.name).lastIteration.flatMap { document($0.stem + "_model.star") }
            ?? RefinementFiles(project: project, job: job.name).iterations(with: "_model.star").last.flatMap { document($0.stem + "_model.star") }
    }

    /// Fractions of the particles in each class, greatest first; none for a single class.
    func classShares(_ model: StarDocument?) -> [Double] {
        guard let table = model?.firstTable("model_classes"), table.rowCount > 1,
            let shares = try? table.doublesIfPresent("rlnClassDistribution")
        else { return [] }
        return shares.sorted(by: >)
    }
}

/// Numbers as a text has them.
enum FigureText {
    /// With this many significant digits, without zeros at the end.
    static func number(_ value: Double, digits: Int = 3) -> String {
        guard value != 0, value.isFinite else { return "0" }
        let places = max(0, digits - 1 - Int(log10(abs(value)).rounded(.down)))
        var text = String(format: "%.\(places)f", value)
        if text.contains(".") { while text.hasSuffix("0") { text.removeLast() } }
        if text.hasSuffix(".") { text.removeLast() }
        return text.replacingOccurrences(of: "-", with: "−")
    }

    /// The text of a setting as a number where it is one: `1.2770` is 1.277.
    static func number(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        guard let value = Double(text) else { return text }
        return number(value, digits: 6)
    }

    /// 1 234 567 as `1,234,567`.
    static func count(_ value: Int) -> String {
        var groups: [String] = []
        var rest = String(value)
        while rest.count > 3 {
            groups.insert(String(rest.suffix(3)), at: 0)
            rest.removeLast(3)
        }
        return ([rest] + groups).joined(separator: ",")
    }

    static func plural(_ value: Int, _ word: String) -> String {
        let plural = word.hasSuffix("s") ? word + "es" : word + "s"
        return "\(count(value)) \(value == 1 ? word : plural)"
    }

    /// `a`, `a and b`, `a, b and c`.
    static func list(_ parts: [String]) -> String {
        parts.count < 2 ? parts.first ?? "" : parts.dropLast().joined(separator: ", ") + " and " + (parts.last ?? "")
    }
}
