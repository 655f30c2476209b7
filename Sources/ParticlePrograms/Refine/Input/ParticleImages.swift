import Foundation
import ProgramKit
import Refinement
import Reporting

/// Where a run reads its images from, as the options say: stacks, a scratch copy of them, memory.
struct ParticleImages: Sendable {
    let source: any ImageSource
    private let scratch: ScratchCopy?

    init(_ input: ParticleInput, options: ComputationOptions, context: ProgramContext) throws {
        let reporter = context.reporter
        // Images that all fit into memory gain nothing from a copy.
        let folder = options.preread ? nil : options.scratch.ifGiven
        scratch = try folder.map { folder in
            try ScratchCopy(
                of: input, in: folder, reuses: options.reuseScratch, keepsFiles: options.keepScratch,
                freeBytes: Int(options.keepFree * 1e9), pool: context.pool, reporter: reporter)
        }
        let disc = StackImageSource(locations: scratch?.images ?? input.images, isSerial: options.noParallelDisc)
        if options.preread {
            do {
                source = try reporter.timed("reading particles") {
                    try MemoryImageSource(reading: disc, boxes: input.boxes, pool: context.pool, reporter: reporter)
                }
            } catch {
                scratch?.cleanUp()
                throw error
            }
        } else {
            source = disc
        }
    }

    func cleanUp() { scratch?.cleanUp() }
}
