import ArgumentParser
import Foundation
import Parallel
import ProgramKit
import Reporting
import StarFormat

/// Brings the motion that was found at one fractionation and rendering of EER movies to another, for polishing.
struct EERTrajectoryProgram: RelionProgram {
    static let programName = "relion_eer_trajectory_handler"
    static let summary =
        "Change fractionation and rendering (4K, 8K) of EER movies after motion correction, for polishing."

    struct Options: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "STAR file of motion-corrected micrographs.")
        var input: String
        @Option(
            name: .customLong("o"), parsing: .unconditional,
            help: "Suffix of the files to write: up2_gr8 makes corrected_micrographs_up2_gr8.star.")
        var suffix: String
        @Option(
            name: .customLong("old_group"), parsing: .unconditional,
            help: "Detector frames in a frame until now; 0: as the files say.")
        var oldGrouping = 0
        @Option(
            name: .customLong("regroup"), parsing: .unconditional,
            help: "Detector frames in a frame from now on; 0: no change.")
        var newGrouping = 0
        @Option(
            name: .customLong("resample"), parsing: .unconditional,
            help: "Rendering from now on: 1: 4K, 2: 8K; 0: no change.")
        var upsampling = 0
    }

    @OptionGroup(title: "Options") var options: Options
    @OptionGroup(title: "Running") var common: CommonOptions

    private static let label = "rlnMicrographMetadata"

    func run(in context: ProgramContext) throws {
        var document = try checkedInput()
        var micrographs = try document.table("micrographs")
        try micrographs.require([Self.label], remedy: "Only RELION's own motion correction writes it")
        let names = try micrographs.strings(Self.label)
        let results = context.pool.map(count: names.count) { index, _ in Result { try changed(names[index]) } }
        var leftOut = LeftOut(), kept: [Int] = [], outputs: [String] = [], files: [StarDocument] = []
        for (index, result) in results.enumerated() {
            do {
                files.append(try result.get())
                outputs.append(Self.withSuffix(names[index], options.suffix))
                kept.append(index)
            } catch {
                leftOut.add(names[index], error, context.reporter)
            }
        }
        guard !kept.isEmpty else { throw InputError(leftOut.problems) }
        context.reporter.info("\(kept.count) of \(names.count) trajectories can be changed")
        if context.isDryRun { return }
        for (file, output) in zip(files, outputs) { try file.write(to: output) }
        micrographs = micrographs.selecting(rows: kept)
        micrographs.set(Self.label, strings: outputs)
        document.set(micrographs)
        let output = Self.withSuffix(options.input, options.suffix)
        try document.write(to: output)
        context.reporter.info("Written: \(output)")
        if !leftOut.isEmpty {
            context.reporter.warning(
                "\(leftOut.count) of \(names.count) micrographs were left out: \(leftOut.problems.map(\.place).joined(separator: ", "))"
            )
        }
    }

    private func checkedInput() throws -> StarDocument {
        var check = InputCheck()
        let document = check.attempt { try StarDocument(contentsOf: options.input) }
        check.require(
            !options.suffix.isEmpty && !options.suffix.contains("/"), "--o", found: "\"\(options.suffix)\"",
            expected: "a suffix for file names, without folders")
        check.require(
            options.newGrouping >= 0, "--regroup", found: "\(options.newGrouping)",
            expected: "1 or more, or 0 for no change")
        check.require(
            options.oldGrouping >= 0, "--old_group", found: "\(options.oldGrouping)",
            expected: "1 or more, or 0 for what the files say")
        check.require(
            (0...2).contains(options.upsampling), "--resample", found: "\(options.upsampling)",
            expected: "1 (4K) or 2 (8K), or 0 for no change")
        check.require(
            options.newGrouping != 0 || options.upsampling != 0, "--regroup --resample", found: "neither is given",
            expected: "at least one of them")
        check.output(Self.withSuffix(options.input, options.suffix), option: "--o")
        try check.finish()
        return document ?? StarDocument()
    }

    private func changed(_ path: String) throws -> StarDocument {
        var trajectory = MotionTrajectory(try StarDocument(contentsOf: path))
        if options.newGrouping > 0 {
            try trajectory.regroup(to: options.newGrouping, from: options.oldGrouping > 0 ? options.oldGrouping : nil)
        }
        if options.upsampling > 0 { try trajectory.resample(to: options.upsampling) }
        return trajectory.document
    }

    /// `a/b.star` with the suffix `x` is `a/b_x.star`.
    private static func withSuffix(_ path: String, _ suffix: String) -> String {
        let name = PathName(path)
        return name.stem + "_" + suffix + (name.pathExtension.isEmpty ? "" : "." + name.pathExtension)
    }
}
