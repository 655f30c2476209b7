import ArgumentParser
import Foundation
import ProgramKit
import Reporting

/// Symmetry between parts of a map: applied, searched for, or used to make copies of a domain.
struct LocalSymmetryProgram: RelionProgram {
    static let programName = "relion_localsym"
    static let summary = "Local symmetry of a map: apply it, find its motions, copy domains, or move a map."

    struct UsageOptions: ParsableArguments {
        @Flag(name: .customLong("function_help"), help: "Show an example of the chosen function and stop.")
        var showsUsage = false
    }

    struct FunctionOptions: ParsableArguments {
        @Flag(name: .customLong("apply"), help: "Average the copies of all domains of a map.")
        var applies = false
        @Flag(name: .customLong("duplicate"), help: "Make copies of the masks, or of the masked density of --i_map.")
        var duplicates = false
        @Flag(name: .customLong("search"), help: "Find or refine the motions that take domains to their copies.")
        var searches = false
        @Flag(name: .customLong("transform"), help: "Turn a map by --rot, --tilt, --psi and move it by --xoff, --yoff, --zoff.")
        var transforms = false
        @Flag(name: .customLong("txt2rln"), help: "Write motions that are in a text file (as of DM) as a STAR file.")
        var converts = false
        @Flag(name: .customLong("debug"), help: "Separate a map into masks (not available yet).")
        var debugs = false
    }

    struct ParameterOptions: ParsableArguments {
        @Option(name: .customLong("angpix"), parsing: .unconditional, help: "Pixel size, in Å.") var pixelSize = 1.0
        @Option(
            name: .customLong("ang_range"), parsing: .unconditional,
            help: "Search rot, tilt and psi this far to both sides, in degrees; goes before the three ranges below.")
        var angleRange = 0.0
        @Option(name: .customLong("ang_rot_range"), parsing: .unconditional, help: "The same for rot alone.") var rotRange = 0.0
        @Option(name: .customLong("ang_tilt_range"), parsing: .unconditional, help: "For tilt alone.") var tiltRange = 0.0
        @Option(name: .customLong("ang_psi_range"), parsing: .unconditional, help: "For psi alone.") var psiRange = 0.0
        @Option(name: .customLong("ang_step"), parsing: .unconditional, help: "Step of the angles, in degrees.") var angleStep = 1.0
        @Option(name: .customLong("bin"), parsing: .unconditional, help: "Search in a map with pixels this much larger; -1: no.")
        var binning = -1.0
        @Option(name: .customLong("ini_threshold"), parsing: .unconditional, help: "Threshold for --debug (not available yet).")
        var threshold = 0.01
        @Option(name: .customLong("i_map"), parsing: .unconditional, help: "Map.") var map = ""
        @Option(
            name: .customLong("i_mask_info"), parsing: .unconditional,
            help: "Masks of the domains and the motions to their copies: a STAR file or text.")
        var symmetry = "maskinfo.txt"
        @Option(
            name: .customLong("i_op_mask_info"), parsing: .unconditional,
            help: "For searches without first motions: STAR file with the masks of all copies (rlnMaskName), numbered by domain (rlnAreaId).")
        var copies = "None"
        @Option(name: .customLong("n"), parsing: .unconditional, help: "Number of masks for --debug (not available yet).")
        var maskCount = 2
        @Option(
            name: .customLong("offset_range"), parsing: .unconditional,
            help: "Search shifts this far along x, y and z, in Å; goes before the three ranges below.")
        var shiftRange = 0.0
        @Option(name: .customLong("offset_x_range"), parsing: .unconditional, help: "The same for x alone.") var xRange = 0.0
        @Option(name: .customLong("offset_y_range"), parsing: .unconditional, help: "For y alone.") var yRange = 0.0
        @Option(name: .customLong("offset_z_range"), parsing: .unconditional, help: "For z alone.") var zRange = 0.0
        @Option(name: .customLong("offset_step"), parsing: .unconditional, help: "Step of the shifts, in Å.") var shiftStep = 1.0
        @Option(name: .customLong("o_map"), parsing: .unconditional, help: "Map to write.") var outputMap = ""
        @Option(
            name: .customLong("o_mask_info"), parsing: .unconditional, help: "Masks and motions to write: a STAR file or text.")
        var outputSymmetry = "maskinfo_refined.txt"
        @Option(name: .customLong("psi"), parsing: .unconditional, help: "For --transform: third Euler angle, in degrees.") var psi = 0.0
        @Option(name: .customLong("rot"), parsing: .unconditional, help: "First Euler angle.") var rot = 0.0
        @Option(
            name: .customLong("sphere_percentage"), parsing: .unconditional,
            help: "For --apply: set the map to 0 outside a sphere with this fraction of the box as its diameter; -1: no.")
        var sphereFraction = -1.0
        @Option(name: .customLong("tilt"), parsing: .unconditional, help: "Second Euler angle.") var tilt = 0.0
        @Option(name: .customLong("xoff"), parsing: .unconditional, help: "For --transform: shift along x, in Å.") var x = 0.0
        @Option(name: .customLong("yoff"), parsing: .unconditional, help: "Along y.") var y = 0.0
        @Option(name: .customLong("zoff"), parsing: .unconditional, help: "Along z.") var z = 0.0
        @Flag(name: .customLong("verb"), help: "Say more.") var isVerbose = false
    }

    struct ExpertOptions: ParsableArguments {
        @Option(name: .customLong("i_mask"), parsing: .unconditional, help: "Mask for --debug (not available yet).")
        var mask = "mask.mrc"
        @Option(
            name: .customLong("i_mask_info_parsed_ext"), parsing: .unconditional,
            help: "Extension of a working copy of text files; none is made here.")
        var parsedExtension = "parsed"
        @Flag(name: .customLong("use_healpix"), help: "Search directions that are spread evenly over the sphere (HEALPix).")
        var usesHEALPix = false
        @Option(name: .customLong("width"), parsing: .unconditional, help: "Width of the sphere's soft edge, in pixels.")
        var edgeWidth = 5.0
    }

    @OptionGroup(title: "Show usage") var usage: UsageOptions
    @OptionGroup(title: "Options") var function: FunctionOptions
    @OptionGroup(title: "Parameters (alphabetically ordered)") var parameters: ParameterOptions
    @OptionGroup(title: "Parameters (expert options - alphabetically ordered)") var expert: ExpertOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        let chosen = [
            function.applies, function.duplicates, function.searches, function.transforms, function.converts, function.debugs,
        ].count { $0 }
        check.require(
            chosen == 1, "--apply --duplicate --search --transform --txt2rln",
            found: chosen == 0 ? "none of them is given" : "\(chosen) of them are given", expected: "one of them")
        check.refuse("--debug", given: function.debugs, remedy: "Masks are made with relion_mask_create")
        check.refuse("--n", given: parameters.maskCount != 2)
        check.refuse("--ini_threshold", given: parameters.threshold != 0.01)
        check.refuse("--i_mask", given: expert.mask != "mask.mrc")
        check.require(
            parameters.pixelSize > 0.001 && parameters.pixelSize.isFinite, "--angpix", found: "\(parameters.pixelSize)",
            expected: "a pixel size in Å")
        try check.finish()
        if usage.showsUsage { return context.reporter.answer(example) }
        if parameters.isVerbose { context.reporter.setVerbosity(.detailed) }
        if function.searches { return try LocalSymmetrySearch(self).run(in: context) }
        if function.converts { return try convert(context) }
        try LocalSymmetryMap(self).run(in: context)
    }

    private var example: String {
        let base = "relion_localsym "
        if function.applies { return base + "--apply --angpix 1.34 --i_map map.mrc --i_mask_info symmetry.star --o_map averaged.mrc" }
        if function.duplicates {
            return base + "--duplicate --angpix 1.34 --i_mask_info symmetry.star --o_map copies.mrc (--i_map map.mrc)"
        }
        if function.transforms {
            return base + "--transform --angpix 1.34 --i_map map.mrc --o_map moved.mrc --rot 10 --tilt 20 --psi 30 --xoff 5"
        }
        if function.converts { return base + "--txt2rln --i_mask_info symmetry.txt --o_mask_info symmetry.star" }
        return base + "--search --angpix 1.34 --i_map map.mrc --i_op_mask_info masks.star --o_mask_info found.star --ang_step 5"
            + " --offset_range 2 --bin 2\n" + base
            + "--search --angpix 1.34 --i_map map.mrc --i_mask_info found.star --o_mask_info refined.star --ang_range 2 --ang_step 0.5"
            + " --offset_range 2 --offset_step 0.5"
    }

    private func convert(_ context: ProgramContext) throws {
        var check = InputCheck()
        let isStar = { (path: String) in PathName(path).pathExtension == "star" }
        check.require(
            !isStar(parameters.symmetry), "--i_mask_info \(parameters.symmetry)", found: "is a STAR file", expected: "a text file")
        check.require(
            isStar(parameters.outputSymmetry), "--o_mask_info \(parameters.outputSymmetry)", found: "is no STAR file by its name",
            expected: "a name ending in .star")
        try LocalSymmetryInput.convert(parameters, &check, context)
    }
}
