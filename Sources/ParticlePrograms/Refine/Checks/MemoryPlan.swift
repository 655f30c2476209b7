import Reporting

/// What a refinement will take at most, by part, in bytes.
struct MemoryPlan: Equatable, CustomStringConvertible {
    /// Of all particles, with `--preread_images`.
    var images: Int
    /// Padded references, sums and maps at the full image size.
    var references: Int
    /// Slices shared by all particles.
    var slices: Int
    /// Samples of a round of particles.
    var round: Int
    /// Scores and images of a batch, for each thread.
    var thread = 0
    var threads = 1
    var canUseLessPadding: Bool

    var total: Int { images + references + slices + round + threads * thread }

    /// Half a plane of complex numbers within the circle that fits the box.
    static func sliceBytes(box: Int) -> Int { Int(Double.pi / 2 * Double(box * box) / 4) * 8 }

    static func megabytes(_ bytes: Int) -> Int { (bytes + 500_000) / 1_000_000 }

    var description: String {
        let parts = [
            images > 0 ? "images \(Self.megabytes(images))" : nil, "references and sums \(Self.megabytes(references))",
            "slices shared by all particles up to \(Self.megabytes(slices))", "samples of a round up to \(Self.megabytes(round))",
            thread > 0 ? "\(threads) thread(s) up to \(Self.megabytes(threads * thread))" : nil,
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    /// Nil when the plan fits; else what does not, and what would.
    func problem(availableBytes: Int) -> InputProblem? {
        guard total > availableBytes else { return nil }
        return InputProblem(
            place: "memory", found: "this run may take \(Self.megabytes(total)) MB (\(description))",
            expected: "at most the \(Self.megabytes(availableBytes)) MB that are free", remedy: remedy(availableBytes))
    }

    /// The mildest change that makes it fit: smaller tables cost some time, images from disc a little, less padding accuracy.
    private func remedy(_ available: Int) -> String {
        let rest = available - images - references - round - threads * thread
        if rest >= 0 {
            // Rounded down, so that it does fit.
            let tenths = rest / 100_000_000
            return "Give --slice_memory \(tenths / 10).\(tenths % 10): slower, the same result but for the last bits"
        }
        if images > 0, rest + images >= 0 {
            return "Run without --preread_images; --scratch_dir with a local disc is nearly as fast"
                + (slices > rest + images ? ". Add --slice_memory 0" : "")
        }
        // Fewer threads take longer, so that at least half of them should stay.
        if thread > 0, rest < 0, (threads * thread + rest + images) / thread >= (threads + 1) / 2 {
            return "Run with --j \((threads * thread + rest + images) / thread) and --slice_memory 0"
                + (images > 0 ? " and without --preread_images" : "")
        }
        // With padding 1 references take an eighth in 3D, a quarter in 2D.
        if canUseLessPadding, round + threads * thread + references / 4 < available {
            return "Try --pad 1 with --slice_memory 0" + (images > 0 ? " and without --preread_images" : "")
        }
        return "Use fewer classes, or particles in a smaller box; the references alone take \(Self.megabytes(references)) MB"
    }
}
