import Foundation

/// What a job will take, from the numbers of its input and rates that were measured (docs/performance.md): good to a factor of
/// two or three on other machines and data.
package struct JobEstimate: Sendable {
    /// An amount and the formula behind it.
    package struct Amount: Sendable {
        /// Seconds or bytes.
        package let value: Double
        package let formula: String
    }

    package var time: Amount?
    package var memory: Amount?
    package var disk: Amount?

    package init() {}

    /// For people, one a line.
    package var lines: [String] {
        var lines: [String] = []
        if let time { lines.append("time    about \(Self.duration(time.value)): \(time.formula)") }
        if let memory { lines.append("memory  about \(Self.bytes(memory.value)): \(memory.formula)") }
        if let disk { lines.append("disk    about \(Self.bytes(disk.value)): \(disk.formula)") }
        return lines
    }

    static func bytes(_ count: Double) -> String { ByteText.text(Int(min(max(0, count), 1e18))) }

    static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<90: "\(max(1, Int(seconds.rounded()))) s"
        case ..<5400: "\(Int((seconds / 60).rounded())) min"
        case ..<172_800: String(format: "%.1f h", seconds / 3600)
        default: String(format: "%.1f days", seconds / 86400)
        }
    }
}

/// Seconds of one core that work takes, measured on AMD Zen 4 with AVX-512; docs/performance.md tells the runs.
enum MeasuredRate {
    /// A particle, iteration and class of 2D classification at 12° before oversampling: 32 s on 2 cores for 2374 particles, 50
    /// classes and 25 iterations at box 64.
    static let classification2D = 32.0 * 2 / (2374 * 50 * 25)
    /// A particle, iteration and class of 3D classification, C1, 7.5°: 46 s on 2 cores for 1984 particles and 3 classes.
    static let classification3D = 46.0 * 2 / (1984 * 3)
    /// A particle of an auto-refinement to convergence, C1, box 64: 56 s on 2 cores for 1984 particles in D2.
    static let autoRefinement = 56.0 * 2 * 4 / 1984
    /// A mini-batch of an initial model, one class: 864 s on 2 cores for 100.
    static let gradientBatch3D = 864.0 * 2 / 100
    /// A pixel of a movie: 104 s of one core for 11520 × 8184 × 40, 12 s for 3838² × 24.
    static let moviePixel = 30e-9
    /// A pixel of a micrograph whose spectrum is computed and fitted: 0.37 s for 3838².
    static let spectrumPixel = 0.37 / (3838 * 3838)
    /// A fit alone.
    static let fit = 0.06
    /// A pixel of a micrograph searched for blobs: 0.35 s for 3838².
    static let blobPixel = 0.35 / (3838 * 3838)
    /// A pixel of a micrograph, reference and angle: 2 s for 3838², 12 views and 72 angles.
    static let templatePixel = 2.0 / (3838 * 3838 * 12 * 72)
    /// A pixel of a micrograph that is read for extraction: 30 ms for 3838²; and of a particle's box: 35 ms for 220 of 256².
    static let micrographPixel = 0.030 / (3838 * 3838)
    static let boxPixel = 0.035 / (220 * 256 * 256)
}
