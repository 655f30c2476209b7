import Foundation

/// Command lines worked out from `jobs.json` by a second, separate method: the facts' own language, read in its own way.
struct FactsEvaluator {
    let job: [String: Any]
    let values: [String: String]
    let isContinue: Bool
    let isTomo: Bool
    let folder: String
    /// The picker's settings; nil: the form was never used.
    var manualPick: [String: String]?
    var bodies = 0
    var radios: [String: [String]] = [:]

    static func radioSets(_ facts: [String: Any]) -> [String: [String]] { facts["radio_choices"] as? [String: [String]] ?? [:] }

    // MARK: Conditions

    func holds(_ condition: Any?) -> Bool {
        guard let text = condition as? String else { return true }
        var words = Self.words(text)[...]
        return either(&words)
    }

    private static func words(_ text: String) -> [String] {
        let pattern = /"[^"]*"|<=|>=|!=|=|<|>|!|\(|\)|[A-Za-z0-9_.\-]+/
        return text.matches(of: pattern).map { String($0.output) }
    }

    private func either(_ words: inout ArraySlice<String>) -> Bool {
        var result = both(&words)
        while words.first == "or" {
            words.removeFirst()
            let next = both(&words)
            result = result || next
        }
        return result
    }

    private func both(_ words: inout ArraySlice<String>) -> Bool {
        var result = one(&words)
        while words.first == "and" {
            words.removeFirst()
            let next = one(&words)
            result = result && next
        }
        return result
    }

    private func one(_ words: inout ArraySlice<String>) -> Bool {
        guard let word = words.popFirst() else { return false }
        if word == "not" || word == "!" { return !one(&words) }
        if word == "(" {
            let inner = either(&words)
            words.removeFirst()
            return inner
        }
        guard let next = words.first, ["=", "!=", "<", ">", "<=", ">=", "contains", "differs"].contains(next) else { return truth(word) }
        words.removeFirst()
        if next == "differs" { words.removeFirst() }
        guard let right = words.popFirst() else { return false }
        if right.hasPrefix("\"") {
            let text = String(right.dropFirst().dropLast())
            switch next {
            case "=": return value(word) == text
            case "!=": return value(word) != text
            default: return value(word).contains(text)
            }
        }
        if next == "differs" { return value(word) != value(right) }
        let (a, b) = (word == "body_rows" ? Float(bodies) : number(value(word)), number(right))
        switch next {
        case "=": return a == b
        case "!=": return a != b
        case "<": return a < b
        case ">": return a > b
        case "<=": return a <= b
        default: return a >= b
        }
    }

    private func truth(_ word: String) -> Bool {
        switch word {
        case "continue": isContinue
        case "new": !isContinue
        case "tomo": isTomo
        case "spa": !isTomo
        case "cif_exists": false
        case "mp_exists": manualPick != nil
        default: value(word) == "Yes"
        }
    }

    private func value(_ key: String) -> String {
        key.hasPrefix("mp.") ? manualPick?[String(key.dropFirst(3))] ?? "" : values[key] ?? ""
    }

    func number(_ text: String) -> Float {
        if text.hasPrefix("$$") { return 0 }
        return strtof(text, nil)
    }

    private func number(of key: String) -> Float { number(value(key)) }

    // MARK: Lines

    /// The lines of programs; lines for the shell are not among the facts.
    func programLines() -> [String] {
        (job["commands"] as? [[String: Any]] ?? []).filter { $0["shell"] == nil && holds($0["when"]) }.flatMap(lines)
    }

    private func lines(_ command: [String: Any]) -> [String] {
        let maps = command["repeat"] == nil ? [""] : ["half1", "half2", "merged"]
        return maps.map { map in
            var line = value(command["program_option"] as? String ?? "")
            if let program = command["program"] as? String {
                line = program
                if let mpi = command["program_mpi"] as? String, number(of: "nr_mpi") > 1 { line = mpi }
                if command["which"] as? Bool == true { line = "`which \(line)`" }
            }
            for argument in command["args"] as? [[String: Any]] ?? [] where holds(argument["when"]) {
                line += " " + text(argument, map: map)
            }
            if command["other_args"] as? Bool == true { line += " " + value("other_args") }
            if line.contains("relion_"), let control = command["control"] as? String { line += " \(control) \(folder)" }
            return line
        }
    }

    private func text(_ argument: [String: Any], map: String) -> String {
        var parts: [String] = []
        if let flag = argument["flag"] as? String { parts.append(flag) }
        if let key = argument["flag_from_option"] as? String { parts.append("--" + value(key)) }
        if let word = argument["word"] as? String { parts.append(word) }
        if let key = argument["word_from_option"] as? String { parts.append(value(key)) }
        var text: String?
        if let key = argument["option"] as? String { text = value(key) }
        if let key = argument["option_of_manualpick"] as? String { text = value("mp." + key) }
        if let fixed = argument["value"] as? String { text = filled(fixed, map: map) }
        if let rule = argument["computed"] as? String { text = computed(rule) }
        if argument["quotes"] as? String == "plain" { text = "\"\(text ?? "")\"" }
        if argument["quotes"] as? String == "padded" { text = "\" \(text ?? "") \"" }
        guard let text else { return parts.joined(separator: " ") }
        if parts.last?.hasSuffix("=") == true { return parts.joined() + text }
        return (parts + [text]).joined(separator: " ")
    }

    private func filled(_ text: String, map: String) -> String {
        text.replacingOccurrences(of: "{outdir}", with: folder).replacingOccurrences(of: "{MAP}", with: map)
            .replacingOccurrences(of: "{nr_iter:3}", with: padded(number(of: "nr_iter")))
    }

    private func padded(_ number: Float) -> String { String(format: "%03d", Int(number)) }

    private func general(_ number: Float) -> String { String(format: "%g", number) }
}

// MARK: Computed values, rule by rule as the facts word them

extension FactsEvaluator {
    private func name(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }

    private func order(_ key: String) -> Int {
        ["30", "15", "7.5", "3.7", "1.8", "0.9", "0.5", "0.2", "0.1"].firstIndex { "\($0) degrees" == value(key) }.map { $0 + 1 } ?? -1
    }

    private func swapped(_ path: String) -> String {
        let file = name(path)
        let other = file.contains("half1") ? file.replacingOccurrences(of: "half1", with: "half2")
            : file.replacingOccurrences(of: "half2", with: "half1")
        return String(path.dropLast(file.count)) + other
    }

    func computed(_ rule: String) -> String {
        switch rule {
        case "1 - eval_frac": return general(Float(1.0 - Double(number(of: "eval_frac"))))
        case "2 * offset_step", "2 * psi_sampling": return general(2 * number(of: String(rule.dropFirst(4))))
        case "healpix order of ref3d_sampling (1 for 30 degrees up to 9 for 0.1)": return "\(order("ref3d_sampling"))"
        case "healpix order of sampling minus 1": return "\(order("sampling") - 1)"
        case "healpix order of auto_local_sampling minus 1": return "\(order("auto_local_sampling") - 1)"
        case "helical_nr_asu * helical_rise": return general(number(of: "helical_nr_asu") * number(of: "helical_rise"))
        case "helical_z_percentage / 100": return general(Float(Double(number(of: "helical_z_percentage")) / 100))
        case "helical_range_distance / 3", "sigma_angles / 3":
            return general(Float(Double(number(of: String(rule.dropLast(4)))) / 3))
        case "range_psi clamped to 0..90, divided by 3", "range_tilt clamped to 0..90, divided by 3",
             "range_rot clamped to 0..90, divided by 3":
            return general(Float(Double(min(max(number(of: String(rule.prefix { $0 != " " })), 0), 90)) / 3))
        case "in_halfmaps with half1 and half2 swapped in the file name": return swapped(value("in_halfmaps"))
        case "minus focus_range": return "-" + value("focus_range")
        case "ntiles_x ntiles_y ntiles_z as three words": return ["ntiles_x", "ntiles_y", "ntiles_z"].map(value).joined(separator: " ")
        case "fn_mic when filled, else fn_data": return value("fn_mic").isEmpty ? value("fn_data") : value("fn_mic")
        case "first filled of fn_model, fn_mic, fn_data":
            return ["fn_model", "fn_mic", "fn_data"].map(value).first { !$0.isEmpty } ?? ""
        case "{outdir}micrographs.star when fn_mic is filled, else {outdir}particles.star":
            return folder + (value("fn_mic").isEmpty ? "particles.star" : "micrographs.star")
        default: return computedFiles(rule)
        }
    }

    private func computedFiles(_ rule: String) -> String {
        if rule.hasPrefix("index (0-3)") { return "\(radios["gain_rotation"]?.firstIndex(of: value("gain_rot")) ?? -1)" }
        if rule.hasPrefix("index (0-2)") { return "\(radios["gain_flip"]?.firstIndex(of: value("gain_flip")) ?? -1)" }
        if rule.hasPrefix("max(1, round(group_for_ps") {
            let dose = isTomo ? 1 : number(of: "dose_per_frame")
            return "\(max(1, Int((Double(number(of: "group_for_ps")) / Double(dose)).rounded())))"
        }
        if rule.hasPrefix("directory part of coords_suffix") {
            return String(value("coords_suffix").dropLast(name(value("coords_suffix")).count))
        }
        if rule.hasPrefix("file name of coords_suffix") {
            return name(value("coords_suffix")).replacingOccurrences(of: "coords_suffix", with: "")
        }
        if rule.hasPrefix("five letters") {
            let letter = { (key: String) in ["No": "f", "Per-micrograph": "m", "Per-particle": "p"][value(key)] ?? "" }
            return letter("do_phase") + letter("do_defocus") + letter("do_astig") + "f" + letter("do_bfactor")
        }
        if rule.hasPrefix("fn_in_raw if do_raw") { return "\"" + value(holds("do_raw") ? "fn_in_raw" : "fn_in_other") + "\"" }
        if rule.hasPrefix("movies.star | micrographs.star") { return importedFile() }
        if rule.hasPrefix("one double-quoted") {
            let stem = rule.contains("fn_mic1") ? "fn_mic" : rule.contains("fn_mov1") ? "fn_mov" : "fn_part"
            return "\"" + (1...4).map { value("\(stem)\($0)") }.filter { !$0.isEmpty }.joined(separator: " ") + "\""
        }
        if rule.hasPrefix("whole-number part of D/2") {
            let box = Double(number(of: "extract_size"))
            var radius = number(of: "bg_diameter") < 0 ? 0.75 * box : Double(number(of: "bg_diameter"))
            radius /= 2
            if holds("do_rescale") { radius = radius * Double(number(of: "rescale")) / box }
            return general(Float(Int(radius)))
        }
        if rule.hasPrefix("{outdir}run_ctN") || rule.hasPrefix("{root}") {
            let text = name(value("fn_cont"))
            let digits = text.range(of: "_it", options: .backwards).map { text[$0.upperBound...].prefix { $0.isNumber } } ?? ""
            let root = folder + (isContinue ? "run_ct\(Int(digits) ?? -1)" : "run")
            return rule.hasPrefix("{root}") ? rule.replacingOccurrences(of: "{root}", with: root) : root
        }
        return "unknown rule: \(rule)"
    }

    func importedFile() -> String {
        if holds("do_raw") { return holds("is_multiframe") ? "movies.star" : "micrographs.star" }
        let file = value("fn_in_other")
        guard value("node_type").hasPrefix("Particle coordinates") else { return name(file) }
        return "coords_suffix" + (file.contains("*") ? String(file.split(separator: "*", omittingEmptySubsequences: false).last ?? "") : "")
    }
}
