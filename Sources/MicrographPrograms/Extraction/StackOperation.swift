import Arrays
import Extraction
import Foundation
import ImageFormats
import ProgramKit
import Reporting

/// Rescales, cuts, normalises and inverts the images of a stack (`--operate_on`).
struct StackOperation {
    private let reader: StackReader
    private let finish: ParticleFinish
    private let output: String
    private let mode: PixelMode

    init(_ program: ExtractionProgram, _ context: ProgramContext) throws {
        var check = InputCheck()
        program.checkOptions(&check)
        let input = program.operations.inputStack
        check.require(
            PathName(input).pathExtension.lowercased() != "star", "--operate_on \(input)", found: "is a STAR file",
            expected: "an image stack", remedy: "Join its images into a stack with relion_stack_create")
        try check.finish()
        let reader = try StackReader(path: input, layout: .sections)
        let shape = reader.header.shape
        check.require(
            shape.x == shape.y && shape.x % 2 == 0, "--operate_on \(input)", found: "images of \(shape) pixels",
            expected: "square images of an even size")
        self.reader = reader
        finish = program.finish(size: max(2, shape.x), &check, context.reporter)
        // The result is always a stack.
        output = PathName(program.operations.outputStack).stem + ".mrcs"
        mode = program.general.float16 ? .float16 : .float32
        check.output(output, option: "--operate_out")
        try check.finish()
    }

    /// Images that are worked on at once.
    private static let batch = 256

    func run(in context: ProgramContext) throws {
        context.reporter.info("\(reader.count) images of \(reader.header.shape) pixels")
        if context.isDryRun { return }
        let size = reader.header.shape.x
        let plan = FinishingPlan(finish, size: size)
        let pixelSize = reader.header.pixelSizeInAngstrom.map { $0 * finish.pixelSizeFactor(for: size) }
        let writer = try StackWriter(
            path: output, shape: .square(plan.outputSize), mode: mode, pixelSizeInAngstrom: pixelSize)
        let progress = context.reporter.progress("Processing", total: reader.count)
        var flat = 0
        for first in stride(from: 0, to: reader.count, by: Self.batch) {
            try context.jobControl.checkForAbort()
            let count = min(Self.batch, reader.count - first)
            let batch = try context.pool.tryMap(count: count) { index, _ in try image(first + index, plan) }
            flat += batch.count { $0.isFlat }
            for (index, item) in batch.enumerated() { try writer.write(item.image, at: first + index) }
            progress.advance(by: count)
        }
        progress.finish()
        try writer.finish()
        if flat > 0 { context.reporter.warning("\(flat) images have a background of one value and are not normalised") }
        context.reporter.info("Written: \(output)")
    }

    private func image(_ index: Int, _ plan: FinishingPlan) throws -> (image: RealArray, isFlat: Bool) {
        let input = try reader.image(index)
        var result = RealArray(shape: .square(plan.outputSize))
        let outcome = result.values.withUnsafeMutableBufferPointer { output in
            input.values.withUnsafeBufferPointer { pixels in
                plan.run(
                    .rows { y, row in
                        if let base = pixels.baseAddress { row.update(from: base + y * plan.size, count: plan.size) }
                    }, into: output, seed: index, scratch: plan.makeScratch())
            }
        }
        return (result, outcome == .flatBackground || outcome == .noBackground)
    }
}
