import Foundation

/// The motion that MotionCor2 writes into its output, in pixels of the movie.
struct MotionCor2Log: Sendable {
    /// One for each frame that was used, in their order; empty where the output tells of none.
    private(set) var shifts: [SIMD2<Double>] = []
    private(set) var patches: [Patch] = []

    struct Patch: Sendable, Equatable {
        /// From 1, of the frames that were used.
        var frame: Int
        var place: SIMD2<Double>
        var shift: SIMD2<Double>
        var fitted: SIMD2<Double>
    }

    /// What follows the root in the name of its log of patches, when it is given the root as `-LogFile`.
    static let patchSuffix = "0-Patch-Patch.log"

    init(root: String) {
        self.init(output: Self.text(root + ".out"), patches: Self.text(root + Self.patchSuffix))
    }

    init(output: String, patches: String) {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        shifts = Self.sentences(lines)
        if shifts.isEmpty { shifts = Self.table(lines) }
        self.patches = patches.split(separator: "\n").compactMap { line in
            if line.contains("#") { return nil }
            let values = line.split(whereSeparator: \.isWhitespace).map { Double($0) ?? .nan }
            guard values.count == 7, values.allSatisfy(\.isFinite) else { return nil }
            return Patch(frame: Int(values[0]), place: SIMD2(values[1], values[2]), shift: SIMD2(values[3], values[4]), fitted: SIMD2(values[5], values[6]))
        }
    }

    private static func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Versions up to 1.5: after a heading, lines that end in "shift:" with x and y.
    private static func sentences(_ lines: [Substring]) -> [SIMD2<Double>] {
        guard let heading = lines.firstIndex(where: { $0.contains("Full-frame alignment shift") }) else { return [] }
        return lines[(heading + 1)...].prefix { $0.contains("shift:") }.compactMap { line in
            line.range(of: "shift:").flatMap { pair(line[$0.upperBound...].split(whereSeparator: \.isWhitespace)) }
        }
    }

    /// From version 1.6 on: a table of frame, x and y that ends with an empty line.
    private static func table(_ lines: [Substring]) -> [SIMD2<Double>] {
        guard let heading = lines.firstIndex(where: { $0.contains("Frame") && $0.contains("x Shift") }) else { return [] }
        return lines[(heading + 1)...].prefix { !$0.allSatisfy(\.isWhitespace) }.compactMap {
            pair($0.split(whereSeparator: \.isWhitespace).dropFirst())
        }
    }

    private static func pair(_ words: some Sequence<Substring>) -> SIMD2<Double>? {
        let values = words.prefix(2).compactMap { Double($0) }
        return values.count == 2 && values.allSatisfy(\.isFinite) ? SIMD2(values[0], values[1]) : nil
    }
}
