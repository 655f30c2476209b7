import ArgumentParser
import Arrays
import Foundation
import Geometry
import ImageFormats
import Imaging
import Parallel
import ProgramKit
import Projection
import Reporting
import StarFormat

/// Turns a map so that its symmetry axes lie as the convention of its point group wants; as relion_align_symmetry.
struct AlignSymmetryProgram: RelionProgram {
    static let programName = "relion_align_symmetry"
    static let summary = "Find the symmetry axes of a map and turn it onto the convention of a point group."

    struct Options: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "Map, or model STAR file of a classification whose best map is taken.")
        var input: String
        @Option(name: .customLong("sym"), parsing: .unconditional, help: "Point group that the map should have; auto: find it among C2-C8, D2-D8, T, O and I.")
        var symmetry: String
        @Flag(name: .customLong("select_largest_class"), help: "Of a model file take the class with most particles, not the one that fits the symmetry best.")
        var selectsLargest = false
        @Flag(name: .customLong("select_highest_resol"), help: "Of a model file take the class of highest resolution.")
        var selectsHighestResolution = false
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Map to be written.")
        var output = "aligned.mrc"
        @Option(name: .customLong("box_size"), parsing: .unconditional, help: "Box to which the map is scaled for the search (in pixels, even).")
        var workingBox = 64
        @Flag(name: .customLong("keep_centre"), help: "Do not move the centre of mass to the centre of the box.")
        var keepsCentre = false
        @Option(name: .customLong("angpix"), parsing: .unconditional, help: "Pixel size (in Å); -1: that of the map's header.")
        var pixelSize = -1.0
        @Flag(name: .customLong("only_rot"), help: "Only turn about z.")
        var onlyRot = false
        @Option(name: .customLong("nr_uniform"), parsing: .unconditional, help: "Number of orientations from which the search starts.")
        var startCount = 400
        @Option(name: .customLong("maxres"), parsing: .unconditional, help: "Highest resolution used (in Å); -1: that of the working box.")
        var highestResolution = -1.0
        @Option(name: .customLong("local_search_range"), parsing: .unconditional, help: "Steps on either side in the final local search.")
        var localRange = 2
        @Option(name: .customLong("local_search_step"), parsing: .unconditional, help: "Step of the final local search (in degrees).")
        var localStep = 2.0
        @Option(name: .customLong("pad"), parsing: .unconditional, help: "Factor by which maps are padded before their transform is interpolated.")
        var padding = 2
        @Flag(name: .customLong("apply_sym"), help: "Also average the turned map over the point group.")
        var appliesSymmetry = false
        @Flag(name: .customLong("NN"), help: "Take the nearest point of the transform instead of interpolating linearly.")
        var usesNearestNeighbour = false
    }

    @OptionGroup(title: "Options") var options: Options
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        let named = try checkOptions()
        let candidates = try candidateMaps(symmetry: named)
        let maps = try checkMaps(candidates)
        if context.isDryRun {
            context.reporter.info("Maps to be tried: \(candidates.joined(separator: ", ")); output: \(options.output)")
            return
        }
        if findsSymmetry {
            if let found = try findSymmetry(maps[0], context) {
                try writeAligned(maps[0], found.solution.rotation, found.group, context)
            } else {
                try copy(maps[0])
            }
            return
        }
        let group = named ?? .none
        if group.isTrivial {
            try copy(candidates[0])
            context.reporter.info("\(group.name) has no axes to align; \(candidates[0]) was copied to \(options.output)")
            return
        }
        var best: (path: String, solution: SymmetryAlignment.Solution)?
        for path in maps {
            try context.jobControl.checkForAbort()
            let solution = try search(path, group, context)
            if solution.correlation > best?.solution.correlation ?? -.infinity { best = (path, solution) }
        }
        guard let best else { return }
        try writeAligned(best.path, best.solution.rotation, group, context)
    }

    private var findsSymmetry: Bool { options.symmetry == "auto" }

    /// - Returns: the group asked for; nil where it is to be found.
    private func checkOptions() throws -> SymmetryGroup? {
        var check = InputCheck()
        let group = findsSymmetry ? nil : check.attempt { try SymmetryGroup(name: options.symmetry) }
        check.require(
            options.workingBox >= 8 && options.workingBox % 2 == 0, "--box_size", found: "\(options.workingBox)",
            expected: "an even number of pixels, 8 or more")
        check.require(options.startCount >= 0, "--nr_uniform", found: "\(options.startCount)", expected: "0 or more")
        check.require((0...20).contains(options.localRange), "--local_search_range", found: "\(options.localRange)", expected: "from 0 to 20")
        check.require(options.localStep > 0, "--local_search_step", found: "\(options.localStep)", expected: "an angle above 0")
        check.require((1...8).contains(options.padding), "--pad", found: "\(options.padding)", expected: "from 1 to 8")
        check.require(
            !(options.selectsLargest && options.selectsHighestResolution), "--select_largest_class, --select_highest_resol",
            found: "name two classes", expected: "one of them")
        check.output(options.output, option: "--o")
        try check.finish()
        return group
    }

    /// The map itself, or the maps of a model file that come into question.
    private func candidateMaps(symmetry: SymmetryGroup?) throws -> [String] {
        guard options.input.hasSuffix(".star") else { return [options.input] }
        let classes = try StarDocument(contentsOf: options.input).table("model_classes")
        let maps = try classes.strings("rlnReferenceImage")
        func position(ofLargest values: [Double]) -> Int { values.indices.max { (values[$0], -$0) < (values[$1], -$1) } ?? 0 }
        if maps.isEmpty { throw InputError(place: options.input, found: "there are no classes", expected: "maps of classes") }
        if options.selectsLargest {
            return [maps[position(ofLargest: try classes.doubles("rlnClassDistribution"))]]
        }
        if options.selectsHighestResolution {
            return [maps[position(ofLargest: try classes.doubles("rlnEstimatedResolution").map { -$0 })]]
        }
        if symmetry?.isTrivial ?? true, maps.count > 1 {
            throw InputError(
                place: "--sym \(options.symmetry)", found: "does not tell which map of \(options.input) to take",
                expected: "--select_largest_class or --select_highest_resol")
        }
        return maps
    }

    private func checkMaps(_ paths: [String]) throws -> [String] {
        var check = InputCheck()
        for path in paths {
            guard let header = check.attempt({ try ImageFile.readVolume(path).header }) else { continue }
            check.require(
                header.shape.isCube && header.shape.x % 2 == 0, path, found: "a map of \(header.shape) voxels",
                expected: "a cube with an even number of voxels on a side")
            check.require(
                pixelSize(header) > 0, "--angpix", found: "neither this option nor the header of \(path) gives a pixel size",
                expected: "a size in Å above 0")
        }
        try check.finish()
        return paths
    }

    private func pixelSize(_ header: ImageHeader) -> Double {
        options.pixelSize > 0 ? options.pixelSize : header.pixelSizeInAngstrom ?? 0
    }

    private var interpolation: Interpolation {
        options.usesNearestNeighbour ? .nearestNeighbour(minimumRadius: 10) : .trilinear
    }

    private func centredMap(_ path: String, _ context: ProgramContext) throws -> (map: RealArray, pixelSize: Double) {
        let (map, header) = try ImageFile.readVolume(path)
        if options.keepsCentre { return (map, pixelSize(header)) }
        let centre = map.centreOfMass()
        context.reporter.detail("Centre of mass of \(path): \(centre) pixels from the centre")
        return (map.translated(by: -centre, pool: context.pool), pixelSize(header))
    }

    private func reference(_ map: RealArray, _ context: ProgramContext) -> PaddedReference {
        PaddedReference(
            map: map, padding: Double(options.padding), interpolation: interpolation, dataDimension: .three, pool: context.pool)
    }

    /// The map in the small box of the search, and the highest shell to use.
    private func searchReference(
        _ path: String, highestResolution: Double, _ context: ProgramContext
    ) throws -> (reference: PaddedReference, shells: Int) {
        let (map, pixel) = try centredMap(path, context)
        let box = min(options.workingBox, map.shape.x)
        let extent = Double(map.shape.x) * pixel
        let shells = highestResolution > 0 ? Int((extent / highestResolution).rounded(.up)) : box / 2 - 1
        return (reference(map.rescaled(toBox: box, pool: context.pool), context), min(shells, box / 2 - 1))
    }

    private func solve(
        _ group: SymmetryGroup, _ reference: PaddedReference, _ highestShell: Int, _ context: ProgramContext
    ) -> SymmetryAlignment.Solution {
        var alignment = SymmetryAlignment(symmetry: group)
        alignment.startCount = options.startCount
        alignment.onlyAboutZ = options.onlyRot
        alignment.localRange = options.localRange
        alignment.localStepInDegrees = options.localStep
        return context.reporter.timed("search") {
            alignment.solve(reference, highestShell: highestShell, pool: context.pool)
        }
    }

    /// Tries all usual groups on frequencies where even early models show their symmetry.
    private func findSymmetry(_ path: String, _ context: ProgramContext) throws -> SymmetrySearch.Trial? {
        let resolution = options.highestResolution > 0 ? options.highestResolution : 20
        let (reference, shells) = try searchReference(path, highestResolution: resolution, context)
        let groups = try SymmetrySearch.usualGroups.map { try SymmetryGroup(name: $0) }
        context.reporter.info(String(format: "Correlation of symmetry mates of %@ to %.0f Å:", path, resolution))
        var trials: [SymmetrySearch.Trial] = []
        for group in groups {
            try context.jobControl.checkForAbort()
            let solution = solve(group, reference, shells, context)
            trials.append(SymmetrySearch.Trial(group: group, solution: solution))
            context.reporter.info(" \(group.name.padding(toLength: 3, withPad: " ", startingAt: 0)) "
                + String(format: "%.3f", solution.correlation))
        }
        let found = SymmetrySearch().choose(trials)
        context.reporter.info("Symmetry found: \(found?.trial.group.name ?? "C1")")
        if let found, !found.isClear {
            context.reporter.warning(
                String(
                    format: "%@ stands out little: groups that it does not imply reach nearly as much (contrast %.1f; clear from %.1f). ",
                    found.trial.group.name, found.contrast, SymmetrySearch().clearContrast)
                    + "Look at the map; if it is not yet a good model, run more iterations or use more particles, or refine with --sym C1 first")
        } else if found == nil, let best = trials.max(by: { $0.solution.correlation < $1.solution.correlation }) {
            context.reporter.info(
                "No group stands out from what any map of so little detail gives (best: \(best.group.name)); a poor model looks like that too")
        }
        return found?.trial
    }

    private func search(_ path: String, _ group: SymmetryGroup, _ context: ProgramContext) throws -> SymmetryAlignment.Solution {
        let (reference, shells) = try searchReference(path, highestResolution: options.highestResolution, context)
        let solution = solve(group, reference, shells, context)
        let angles = EulerAngles(solution.rotation)
        context.reporter.info(
            String(
                format: "%@: rot %.2f, tilt %.2f, psi %.2f degrees bring the axes of %@ into place; correlation of symmetry mates %.4f",
                path, angles.rot, angles.tilt, angles.psi, group.name, solution.correlation))
        return solution
    }

    private func writeAligned(
        _ path: String, _ rotation: RotationMatrix, _ group: SymmetryGroup, _ context: ProgramContext
    ) throws {
        let (map, pixel) = try centredMap(path, context)
        let aligned = context.reporter.timed("rotation") {
            MapRotation.rotate(
                reference(map, context), by: rotation, averagedOver: options.appliesSymmetry ? group : .none, pool: context.pool)
        }
        try write(aligned, pixelSize: pixel)
        context.reporter.info("Written: \(options.output)")
    }

    private func copy(_ path: String) throws {
        let (map, header) = try ImageFile.readVolume(path)
        try write(map, pixelSize: pixelSize(header))
    }

    private func write(_ map: RealArray, pixelSize: Double) throws {
        try ImageFile.write(map, to: options.output, pixelSizeInAngstrom: pixelSize)
    }
}
