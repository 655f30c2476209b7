import Foundation

extension FactsEvaluator {
    func label() -> String {
        let base = job["label"] as? String ?? ""
        for entry in job["labels"] as? [[String: Any]] ?? [] where holds(entry["when"]) { return entry["label"] as? String ?? base }
        return base
    }

    func inputs() -> [String] {
        (job["inputs"] as? [[String: Any]] ?? []).filter { holds($0["when"]) }.compactMap { entry in
            let path = values[entry["option"] as? String ?? ""] ?? ""
            let type = (isTomo ? entry["type_tomo"] as? String : nil) ?? entry["type"] as? String ?? ""
            return path.isEmpty ? nil : "\(path) \(type)"
        }
    }

    func outputs() -> [String] {
        (job["outputs"] as? [[String: Any]] ?? []).filter { holds($0["when"]) }.flatMap { entry -> [String] in
            let file = entry["file"] as? String ?? ""
            let type = entry["type"] as? String ?? ""
            let count = file.contains("{k:3}") ? Int(number(values["nr_classes"] ?? "")) : file.contains("{b:3}") ? bodies : 1
            return (0..<max(0, count)).map { "\(path(file, number: $0 + 1)) \(type)" }
        }
    }

    private func path(_ file: String, number index: Int) -> String {
        if file.contains("{basename of fn_in_other with half1") { return folder + otherHalfOfImport() }
        if file.contains("fn_in_other") { return folder + importedFile() }
        if file.hasPrefix("{root}") { return computed("{root}") + file.dropFirst(6).replacingOccurrences(of: "{b:3}", with: digits(index)) }
        if file.hasPrefix("analyse_eval") { return folder + eigenFile() }
        let iteration = values[holds("do_em") ? "nr_iter_em" : "nr_iter_grad"] ?? ""
        return folder + file.replacingOccurrences(of: "{k:3}", with: digits(index))
            .replacingOccurrences(of: "{iter:3}", with: digits(Int(number(iteration))))
            .replacingOccurrences(of: "{nr_iter:3}", with: digits(Int(number(values["nr_iter"] ?? ""))))
            .replacingOccurrences(of: "{jobNNN}", with: "job012")
    }

    private func digits(_ number: Int) -> String { (number < 0 ? "-" : "") + String(format: "%03d", abs(number)) }

    private func otherHalfOfImport() -> String {
        let file = importedFile()
        return file.contains("half1") ? file.replacingOccurrences(of: "half1", with: "half2")
            : file.replacingOccurrences(of: "half2", with: "half1")
    }

    private func eigenFile() -> String {
        let (low, high) = (number(values["eigenval_min"] ?? "").rounded(), number(values["eigenval_max"] ?? "").rounded())
        let limits = (low > -99998 ? "_min\(Int(low))" : "") + (high < 99998 ? "_max\(Int(high))" : "")
        return "analyse_eval\(digits(Int(number(values["select_eigenval"] ?? ""))))_select\(limits).star"
    }
}
