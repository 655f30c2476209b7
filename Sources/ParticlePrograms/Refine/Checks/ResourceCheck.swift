import Foundation
import ProgramKit
import Refinement
import Reporting

/// Whether memory and disc suffice for a refinement.
extension RefineProgram {
    func checkResources(
        _ particles: ParticleInput, classes: Int, dimensionality: RefinementSettings.Dimensionality, reporter: Reporter,
        _ check: inout InputCheck
    ) {
        let needs = resourceNeeds(particles, classes: classes, isThreeD: dimensionality == .threeD)
        if !general.output.isEmpty {
            // Classification writes every iteration; auto-refinement rarely has more than 25.
            let iterations = min(25, resolvedIterations(isAutoRefine: orientation.autoRefine))
            OutputCheck.check(root: general.output, bytes: needs.outputBytesPerIteration * max(1, iterations), into: &check)
        }
        let prereadBytes = computation.preread ? MemoryImageSource.bytes(boxes: particles.boxes) : 0
        guard let available = MachineMemory.availableBytes else { return }
        check.require(
            prereadBytes < available, "--preread_images", found: "\(OutputCheck.gigabytes(prereadBytes)) GB of images",
            expected: "less than the \(OutputCheck.gigabytes(available)) GB of memory that are free",
            remedy: "Run without --preread_images; --scratch_dir with a local disc is nearly as fast")
        check.require(
            needs.referenceBytes < available, "--ref",
            found: "\(classes) classes of box \(particles.optics[0].box) take \(OutputCheck.gigabytes(needs.referenceBytes)) GB",
            expected: "less than the \(OutputCheck.gigabytes(available)) GB of memory that are free",
            remedy: "Use --pad 1, fewer classes or a smaller box")
        if prereadBytes + needs.referenceBytes > available * 9 / 10 {
            reporter.warning("images and references will take nearly all of the memory that is free.")
        }
        if let folder = computation.scratch.ifGiven { checkScratch(folder, &check) }
    }

    func resourceNeeds(_ particles: ParticleInput, classes: Int, isThreeD: Bool) -> ResourceNeeds {
        ResourceNeeds(
            particleCount: particles.particles.count, box: particles.optics[0].box, classes: classes, isThreeD: isThreeD,
            padding: expert.padding, halves: general.splitRandomHalves ? 2 : 1, isGradient: gradient.gradient)
    }

    private func checkScratch(_ folder: String, _ check: inout InputCheck) {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) && isFolder.boolValue
        check.require(exists, "--scratch_dir", found: "there is no folder \(folder)")
        check.require(
            !exists || access(folder, W_OK) == 0, "--scratch_dir", found: "no permission to write in \(folder)")
    }
}

/// Lower bounds of what a refinement takes, in bytes.
struct ResourceNeeds {
    var particleCount: Int
    var box: Int
    var classes: Int
    var isThreeD: Bool
    var padding: Int
    var halves: Int
    var isGradient = false

    /// While the last half is compared, its padded transforms (8 bytes a value) and sums (16) stand beside the sums of the
    /// half before (12), and the maps of all beside these; the gradient method has two sets of sums and three of moments
    /// (8, 8 and 4). At the full image size; refinements start smaller.
    var referenceBytes: Int {
        let radius = Double(box * padding) / 2
        // Half a ball, or a disc in its rectangle.
        let values = isThreeD ? 2 * Double.pi / 3 * radius * radius * radius : 2 * radius * radius
        let bytes = isGradient ? 8 + 2 * 16 + 20 : 24 + 12 * (halves - 1)
        let map = box * box * (isThreeD ? box : 1) * MemoryLayout<Float>.size
        return classes * (Int(values) * bytes + halves * map)
    }

    /// Maps and STAR files.
    var outputBytesPerIteration: Int {
        classes * halves * box * box * (isThreeD ? box : 1) * 4 + particleCount * 300
    }
}
