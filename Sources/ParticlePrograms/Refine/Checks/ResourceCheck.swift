import Foundation
import Geometry
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
        let plan = memoryPlan(particles, classes: classes, isThreeD: dimensionality == .threeD)
        if let available = MachineMemory.availableBytes() {
            if let problem = plan.problem(availableBytes: available) {
                check.add(problem)
            } else if plan.total > available / 10 * 9 {
                reporter.warning("this run will take nearly all of the memory that is free.")
            }
        }
        if let folder = computation.scratch.ifGiven { checkScratch(folder, &check) }
    }

    func resourceNeeds(_ particles: ParticleInput, classes: Int, isThreeD: Bool) -> ResourceNeeds {
        ResourceNeeds(
            particleCount: particles.particles.count, box: particles.optics[0].box, classes: classes, isThreeD: isThreeD,
            padding: expert.padding, halves: general.splitRandomHalves ? 2 : 1, isGradient: gradient.gradient)
    }

    func memoryPlan(_ particles: ParticleInput, classes: Int, isThreeD: Bool) -> MemoryPlan {
        let round = RoundMemory(isVolume: isThreeD), box = particles.optics[0].box
        return MemoryPlan(
            images: computation.preread ? MemoryImageSource.bytes(boxes: particles.boxes) : 0,
            references: resourceNeeds(particles, classes: classes, isThreeD: isThreeD).referenceBytes,
            slices: min(
                Int(computation.sliceMemory * 1e9), sliceRows(classes: classes, isThreeD: isThreeD) * MemoryPlan.sliceBytes(box: box)),
            round: round.samples + round.slices,
            thread: workerBytes(particles, classes: classes, isThreeD: isThreeD),
            threads: common.threads > 0 ? common.threads : ProcessInfo.processInfo.activeProcessorCount,
            canUseLessPadding: expert.padding > 1)
    }

    /// At the sampling of the first iteration; later ones are finer, but local.
    private func workerBytes(_ particles: ParticleInput, classes: Int, isThreeD: Bool) -> Int {
        let optics = particles.optics[0], extent = Double(optics.box) * optics.pixelSize
        let step = isThreeD ? 60 / Double(1 << orientation.healpixOrder) : inPlaneStep
        let diameter = general.particleDiameter > 0 ? general.particleDiameter : extent
        // What moves at the particle's rim from one orientation to the next limits the coarse pass.
        let radius = (extent * (isThreeD ? 1.2 : 1.5) / (step / 360 * .pi * diameter)).rounded(.up)
        // Shifts within a circle, and its rim.
        let reach = orientation.offsetRange / max(0.1, orientation.offsetStep) + 0.5
        let children = 1 << (orientation.oversampling * (isThreeD ? 3 : 1))
        let shifts = max(1, min(100_000, Double.pi * reach * reach))
        let coarseRadius = orientation.oversampling > 0 ? Int(min(Double(optics.box / 2), radius)) : optics.box / 2
        let rows = coarseRows(classes: classes, isThreeD: isThreeD)
        return WorkerMemory(
            box: optics.box, coarseRadius: coarseRadius,
            orientations: startsWithLocalSearch ? min(rows, classes * WorkerMemory.localOrientations) : rows, children: children,
            shifts: Int(shifts), shiftChildren: 1 << (2 * orientation.oversampling)).bytes
    }

    private var startsWithLocalSearch: Bool {
        orientation.sigmaAngles > 0 || orientation.sigmaRot > 0 || orientation.sigmaTilt > 0 || orientation.sigmaPsi > 0
            || orientation.skipAlign || orientation.skipRotate
            || orientation.autoRefine && orientation.healpixOrder >= orientation.localSearchOrder
    }

    private var inPlaneStep: Double { orientation.psiStep > 0 ? orientation.psiStep : 10 }

    /// Slices of all orientations of the first iteration, coarse and fine; later samplings are local or stay within --slice_memory.
    private func sliceRows(classes: Int, isThreeD: Bool) -> Int {
        coarseRows(classes: classes, isThreeD: isThreeD) * (1 + 1 << (orientation.oversampling * (isThreeD ? 3 : 1)))
    }

    private func coarseRows(classes: Int, isThreeD: Bool) -> Int {
        guard isThreeD else { return classes * Int(360 / inPlaneStep) }
        let operators = (try? SymmetryGroup(name: orientation.symmetry))?.operators.count ?? 1
        let directions = 12 << (2 * orientation.healpixOrder), psis = 6 << orientation.healpixOrder
        return classes * directions / operators * psis
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
