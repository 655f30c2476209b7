import Foundation
import Jobs
import Pipeline
import Reporting

/// The options of one on-the-fly run: those of files, the last one that names a key counting, over defaults.
package struct OnTheFlyOptions: Sendable {
    private var entries: [String: OptionsFile.Entry] = [:]
    private var defaults: [OptionsFile.Entry] = []

    /// - Throws: `InputError` with every key that is unknown and every value that does not fit.
    package init(_ files: [OptionsFile]) throws {
        for entry in files.flatMap(\.entries) { entries[entry.key] = entry }
        var problems: [InputProblem] = []
        for entry in Array(entries.values).sorted(by: { $0.place < $1.place }) {
            if let found = problem(entry) { problems.append(found) }
        }
        // RELION's files name a Topaz model even where particles are picked otherwise.
        if let entry = entries["proc__do_log"], Self.text(entry.value) != "True",
           ["", "None"].contains(entries["proc__templates"].map { Self.text($0.value) } ?? "") {
            problems.append(InputProblem(place: entry.place, found: "proc__do_log is False without proc__templates", expected: "one way to pick",
                                         remedy: "Topaz is not available yet: pick blobs, or give templates"))
        }
        if !problems.isEmpty { throw InputError(problems) }
        for key in OnTheFlyKey.all where entries[key.name] == nil {
            defaults.append(OptionsFile.Entry(key: key.name, value: key.value, place: "default"))
        }
    }

    private static let general = ["do_prep", "do_proc", "do_auto_boxsize"]
    /// In every file that RELION writes, but an option of no job.
    private static let withoutEffect = ["proc__autopick__fn_topaz_exec"]

    package func flag(_ key: String) -> Bool { value(key).map { Self.text($0) } == "True" }

    package func value(_ key: String) -> OptionsFile.Value? { (entries[key] ?? defaults.first { $0.key == key })?.value }

    private func number(_ key: String) -> Double? { value(key).flatMap { Double(Self.text($0)) } }

    private static func text(_ value: OptionsFile.Value) -> String {
        switch value {
        case .text(let text), .number(let text): text
        case .flag(let flag): flag ? "True" : "False"
        case .none: "None"
        }
    }

    // MARK: Checks

    private static func parts(_ key: String) -> [String] { key.components(separatedBy: "__") }

    private func problem(_ entry: OptionsFile.Entry) -> InputProblem? {
        let parts = Self.parts(entry.key)
        if Self.withoutEffect.contains(entry.key) { return nil }
        if Self.general.contains(entry.key) {
            return ["True", "False"].contains(Self.text(entry.value)) ? nil
                : InputProblem(place: entry.place, found: "\(entry.key) = \(entry.value.python)", expected: "True or False")
        }
        guard let template = SchemeTemplate.named(parts[0]) else { return unknown(entry) }
        do {
            switch parts.count {
            case 2:
                guard template.scheme.variable(parts[1]) != nil else { return unknown(entry) }
                var scheme = template.scheme
                try scheme.setVariable(parts[1], text: Self.text(entry.value))
            case 3:
                guard template.scheme.job(parts[1]) != nil else { return unknown(entry) }
                var settings = try template.settings(of: parts[1])
                guard let option = settings.option(parts[2]) else { return unknown(entry) }
                try settings.set(parts[2], to: Self.jobText(entry.value, option))
            default: return unknown(entry)
            }
        } catch {
            let first = (error as? InputError)?.problems.first
            return InputProblem(place: entry.place, found: "\(entry.key) = \(entry.value.python)", expected: first?.expected ?? "\(error)")
        }
        return nil
    }

    private func unknown(_ entry: OptionsFile.Entry) -> InputProblem {
        var known = Self.general
        for template in SchemeTemplate.all {
            known += template.scheme.variables.map { "\(template.name)__\($0.name)" }
            for job in template.scheme.jobs {
                known += ((try? template.settings(of: job.name))?.options ?? []).map { "\(template.name)__\(job.name)__\($0.key)" }
            }
        }
        let nearest = Spelling.nearest(to: entry.key, among: known)
        return InputProblem(place: entry.place, found: "there is no option '\(entry.key)'", remedy: nearest.map { "Did you mean '\($0)'?" } ?? "")
    }

    private static func jobText(_ value: OptionsFile.Value, _ option: JobOption) -> String {
        if case .boolean = option.kind { return ["True": "Yes", "False": "No"][text(value)] ?? text(value) }
        return value == .none ? "" : text(value)
    }

    // MARK: Sizes

    /// Box, scaled box and masks from the longest diameter; keys that a file gives stay as they are.
    private var sizes: [OptionsFile.Entry] {
        guard flag("do_auto_boxsize"), let diameter = number("proc__autopick__log_diam_max"), let pixel = number("prep__importmovies__angpix"),
              pixel > 0, diameter > 0 else { return [] }
        let angpix = pixel * max(1, number("prep__motioncorr__bin_factor") ?? 1), mask = 1.1 * diameter
        let box = 2 * Int((1.1 * mask / angpix / 2).rounded())
        // Scaled to 3.75 Å or finer: 7.5 Å are enough to tell good classes.
        let scaled = [48, 64, 96, 128, 160, 192, 256, 320, 384, 448, 512].first { $0 < box && Double(box) * angpix / Double($0) < 3.75 } ?? box
        var values: [(key: String, value: String)] = [("proc__extract__extract_size", "\(box)"), ("proc__extract__rescale", "\(scaled)")]
        for job in ["class2d", "inimodel3d", "refine3d"] { values.append(("proc__\(job)__particle_diameter", String(format: "%g", mask))) }
        return values.filter { entries[$0.key] == nil }.map {
            OptionsFile.Entry(key: $0.key, value: .number($0.value), place: "do_auto_boxsize")
        }
    }

    // MARK: Into the project

    /// Makes schemes that are missing and puts the options into them. A job whose settings change after it has run is not continued:
    /// it and those after it begin anew.
    /// - Returns: what was done, in lines.
    package func apply(to project: Project) throws -> [String] {
        var lines: [String] = []
        for template in SchemeTemplate.all {
            let folder = SchemeFolder(project: project, name: template.name)
            if !folder.isPresent {
                try template.install(in: project)
                lines.append("scheme \(template.name) is in \(folder.folder)")
            }
            let isNew = try folder.load().jobs.allSatisfy { !$0.hasStarted }
            // Defaults are for new schemes: what somebody has set since stays.
            let derived = sizes
            var chosen: [OptionsFile.Entry] = []
            if isNew { chosen += defaults.filter { entry in !derived.contains(where: { $0.key == entry.key }) } }
            chosen += derived
            chosen += entries.values.sorted { $0.key < $1.key }
            try folder.edit("options of relion it") { scheme in
                for entry in chosen where entry.key.hasPrefix(template.name + "__") && !Self.withoutEffect.contains(entry.key) {
                    try put(entry, into: &scheme, folder, &lines)
                }
            }
        }
        return lines
    }

    private func put(_ entry: OptionsFile.Entry, into scheme: inout Scheme, _ folder: SchemeFolder, _ lines: inout [String]) throws {
        let parts = Self.parts(entry.key)
        if parts.count == 2 {
            let text = Self.text(entry.value)
            return try scheme.setVariable(parts[1], text: text, resetText: text)
        }
        var settings = try folder.settings(of: parts[1])
        guard let option = settings.option(parts[2]) else { throw InputError([unknown(entry)]) }
        let text = Self.jobText(entry.value, option)
        if settings[parts[2]] == text { return }
        try settings.set(parts[2], to: text)
        try folder.save(settings, of: parts[1])
        guard scheme.job(parts[1])?.hasStarted == true, let index = scheme.jobs.firstIndex(where: { $0.name == parts[1] }) else { return }
        for later in scheme.jobs[index...].map(\.name) { scheme.update(later) { $0.hasStarted = false } }
        lines.append("\(entry.key) has changed: \(parts[1]) and what follows begin anew")
    }
}
