import Arrays
import Foundation
import ImageFormats
import ProgramKit
import Reporting
import StarFormat
import TestSupport
import Testing

@testable import UtilityPrograms

private func run(_ program: String, _ arguments: [String]) -> (status: Int32, text: String) {
    let reporter = Reporter.recording(verbosity: .normal)
    guard let entry = UtilityPrograms.programs.first(where: { $0.name == program }) else { return (-1, "no \(program)") }
    let status = entry.run(arguments, reporter)
    return (status, reporter.recordedText)
}

private func image(_ shape: Shape, _ value: (Int) -> Float) -> RealArray {
    RealArray(shape: shape, values: (0..<shape.count).map(value))
}

/// The commands that made the golden files, with our own output.
@Suite("Image programs make RELION's files", .enabled(if: SharedData.isPresent, SharedData.hint))
struct GoldenImageProgramTests {
    static func commands(of program: String) -> [[String]] {
        guard let text = try? String(contentsOf: SharedData.golden("commands.txt"), encoding: .utf8) else { return [] }
        return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
            .filter { $0.count > 2 && $0[1] == program }.map { Array($0.dropFirst(2)) }
    }

    @Test("every golden command", arguments: commands(of: "relion_image_handler") + commands(of: "relion_mask_create"))
    func golden(command: [String]) throws {
        let folder = try TemporaryFolder()
        var arguments = command
        let (input, output) = (arguments.firstIndex(of: "--i")! + 1, arguments.firstIndex(of: "--o")! + 1)
        let name = arguments[output]
        arguments[input] = SharedData.golden(arguments[input]).path
        arguments[output] = folder.file(name)
        let result = run(command.contains("--ini_threshold") ? "relion_mask_create" : "relion_image_handler", arguments)
        try #require(result.status == 0, "\(result.text)")
        let ours = try ImageFile.read(arguments[output]), theirs = try ImageFile.read(SharedData.golden(name).path)
        #expect(ours.image.shape == theirs.image.shape)
        #expect(abs(ours.header.pixelSizeInAngstrom! - theirs.header.pixelSizeInAngstrom!) < 1e-6)
        let range = Float(PixelStatistics(theirs.image).maximum - PixelStatistics(theirs.image).minimum)
        let error = zip(ours.image.values, theirs.image.values).map { abs($0 - $1) }.max() ?? 0
        // Single-precision transforms against double: some units in the last place of the largest value.
        #expect(error <= 1e-6 * range, "\(name): \(error) of \(range)")
    }

    @Test("the line of --stats")
    func statistics() throws {
        let line = try String(contentsOf: SharedData.golden("image_handler/stats.txt"), encoding: .utf8)
        let map = SharedData.golden("map.mrc").path
        #expect(run("relion_image_handler", ["--i", map, "--stats"]).text == line.replacingOccurrences(of: "map.mrc", with: map))
    }
}

@Suite("relion_image_handler")
struct ImageHandlerTests {
    let folder: TemporaryFolder
    let stack: String
    let map: String

    init() throws {
        folder = try TemporaryFolder()
        stack = folder.file("s.mrcs")
        map = folder.file("m.mrc")
        let images = (0..<4).map { n in image(.square(16)) { Float(sin(Double($0) * 0.7 + Double(n)) + Double(n)) } }
        try ImageFile.writeStack(images, to: stack, pixelSizeInAngstrom: 2)
        try ImageFile.write(image(.cube(12)) { Float(cos(Double($0) * 0.31)) + ($0 == 800 ? 20 : 0) }, to: map, pixelSizeInAngstrom: 3)
    }

    @Test("every operation changes the image", arguments: [
        ["--multiply_constant", "2"], ["--divide_constant", "2"], ["--add_constant", "1"], ["--subtract_constant", "1"],
        ["--threshold_above", "0.2"], ["--threshold_below", "0.2"], ["--multiply", "OTHER"], ["--divide", "OTHER"], ["--add", "OTHER"],
        ["--subtract", "OTHER"], ["--subtract", "OTHER", "--optimise_scale_subtract"],
        ["--subtract", "OTHER", "--optimise_scale_subtract", "--optimise_bfactor_subtract", "50"],
        ["--subtract", "OTHER", "--optimise_scale_subtract", "--mask_optimise_subtract", "OTHER"],
        ["--adjust_power", "OTHER"], ["--fourier_filter", "OTHER"], ["--bfactor", "100"], ["--lowpass", "10"],
        ["--lowpass", "10", "--filter_edge_width", "4"], ["--lowpass", "10", "--directional", "x"], ["--lowpass", "10", "--directional", "Z"],
        ["--lowpass", "10", "--angpix", "1.7"], ["--highpass", "10"], ["--LoG", "12"], ["--rescale_angpix", "4.5"], ["--new_box", "8"],
        ["--flipX"], ["--flipY"], ["--flipZ"], ["--invert_hand"], ["--shift_com"], ["--shift_x", "1"], ["--shift_y", "-1.5"],
        ["--shift_z", "2"], ["--phase_randomise", "12"], ["--sym", "C2"], ["--sym", "D3"],
    ])
    func operations(arguments: [String]) throws {
        let other = folder.file("other.mrc")
        try ImageFile.write(image(.cube(12)) { 0.5 + 0.4 * Float(sin(Double($0) * 0.11)) }, to: other, pixelSizeInAngstrom: 3)
        let output = folder.file("out.mrc")
        let plain = arguments.map { $0 == "OTHER" ? other : $0 }
        let result = run("relion_image_handler", ["--i", map, "--o", output] + plain)
        try #require(result.status == 0, "\(result.text)")
        let (before, after) = (try ImageFile.read(map).image, try ImageFile.read(output).image)
        #expect(after.values.allSatisfy { $0.isFinite })
        #expect(before != after)
        // Each further option of the same command matters too.
        if plain.count > 2 {
            let shorter = folder.file("shorter.mrc")
            _ = run("relion_image_handler", ["--i", map, "--o", shorter] + plain[..<2])
            #expect(try ImageFile.read(shorter).image != after)
        }
    }

    @Test("transpositions, edges, NaN and float16 of images")
    func imageOperations() throws {
        let picture = folder.file("p.mrc"), output = folder.file("o.mrc")
        var source = image(.square(16)) { Float($0) }
        source[3, 2] = .nan
        try ImageFile.write(source, to: picture, pixelSizeInAngstrom: 1)
        func result(_ arguments: [String]) throws -> RealArray {
            let outcome = run("relion_image_handler", ["--i", picture, "--o", output] + arguments)
            try #require(outcome.status == 0, "\(outcome.text)")
            return try ImageFile.read(output).image
        }
        #expect(try result(["--remove_nan"])[3, 2] == 0)
        #expect(try result(["--remove_nan", "--replace_nan", "7"])[3, 2] == 7)
        #expect(try result(["--flipXY"])[5, 1] == source[1, 5])
        #expect(try result(["--flipmXY"])[15 - 5, 15 - 1] == source[1, 5])
        let edged = try result(["--add_edge", "--edge_x0", "2", "--edge_xF", "12", "--edge_y0", "1", "--edge_yF", "13"])
        #expect(edged[0, 0] == source[2, 1] && edged[15, 15] == source[12, 13] && edged[5, 5] == source[5, 5])
        _ = try result(["--float16"])
        #expect(try ImageFile.readHeader(output).mode == .float16)
        _ = try result(["--force_header_angpix", "4.25"])
        #expect(try ImageFile.readHeader(output).pixelSizeInAngstrom == 4.25)
    }

    @Test("stacks: one output, inserted names, replaced images, averages, frames")
    func stacks() throws {
        let output = folder.file("out.mrcs")
        #expect(run("relion_image_handler", ["--i", stack, "--o", output, "--add_constant", "5"]).status == 0)
        let reader = try StackReader(path: output), source = try StackReader(path: stack)
        #expect(reader.count == 4)
        for i in 0..<4 { #expect(try reader.image(i).values == source.image(i).values.map { $0 + 5 }) }

        #expect(run("relion_image_handler", ["--i", stack, "--o", "plus", "--add_constant", "5"]).status == 0)
        #expect(try StackReader(path: folder.file("s_plus.mrcs")).all() == reader.all())

        #expect(run("relion_image_handler", ["--i", "2@" + stack, "--o", "5@" + output, "--multiply_constant", "3"]).status == 0)
        #expect(try StackReader(path: output).count == 5)
        #expect(run("relion_image_handler", ["--i", "2@" + stack, "--o", "7@" + output, "--multiply_constant", "3"]).status == 1)

        let mean = folder.file("mean.mrc")
        #expect(run("relion_image_handler", ["--i", stack, "--o", mean, "--average"]).status == 0)
        let expected = try (0..<256).map { pixel in try (0..<4).map { try source.image($0).values[pixel] }.reduce(0, +) / 4 }
        let average = try ImageFile.read(mean).image.values
        #expect(zip(average, expected).allSatisfy { abs($0 - $1) < 1e-6 })

        let amplitude = folder.file("ampl.mrc"), power = folder.file("power.mrc")
        #expect(run("relion_image_handler", ["--i", stack, "--o", amplitude, "--avg_ampl"]).status == 0)
        #expect(run("relion_image_handler", ["--i", stack, "--o", power, "--avg_ampl2"]).status == 0)
        #expect(try ImageFile.read(amplitude).image.shape == Shape(x: 9, y: 16))
        #expect(try ImageFile.read(amplitude).image != ImageFile.read(power).image)
        for minimum in ["0", "3"] {
            let corrected = folder.file("corrected\(minimum).mrcs")
            let arguments = ["--i", stack, "--o", corrected, "--correct_avg_ampl", amplitude, "--minr_ampl_corr", minimum]
            #expect(run("relion_image_handler", arguments).status == 0)
        }
        #expect(try StackReader(path: folder.file("corrected0.mrcs")).all() != StackReader(path: folder.file("corrected3.mrcs")).all())

        let frames = folder.file("frames.mrcs"), part = folder.file("part.mrcs")
        #expect(run("relion_image_handler", ["--i", stack, "--o", frames, "--avg_bin", "2"]).status == 0)
        #expect(try StackReader(path: frames).count == 2)
        #expect(run("relion_image_handler", ["--i", stack, "--o", part, "--avg_first", "2", "--avg_last", "3"]).status == 0)
        #expect(try StackReader(path: part).image(0).values == zip(source.image(1).values, source.image(2).values).map(+))
    }

    @Test("STAR files: names and optics follow")
    func starFiles() throws {
        let star = try folder.write("""
            data_optics
            loop_
            _rlnOpticsGroup #1
            _rlnOpticsGroupName #2
            _rlnImagePixelSize #3
            _rlnImageSize #4
            1 a 2.0 16
            data_particles
            loop_
            _rlnImageName #1
            _rlnOpticsGroup #2
            _rlnAnglePsi #3
            _rlnOriginXAngst #4
            _rlnOriginYAngst #5
            3@\(stack) 1 30 2 0
            1@\(stack) 1 60 0 2

            """, to: "in.star")
        let output = folder.file("half.mrcs")
        let result = run("relion_image_handler", ["--i", star, "--o", output, "--rescale_angpix", "4"])
        try #require(result.status == 0, "\(result.text)")
        let document = try StarDocument(contentsOf: folder.file("half.star"))
        #expect(try document.table("particles").strings("rlnImageName") == ["000001@" + output, "000002@" + output])
        #expect(try document.table("optics").doubles("rlnImagePixelSize") == [4])
        #expect(try document.table("optics").ints("rlnImageSize") == [8])

        try #require(run("relion_image_handler", ["--i", star, "--o", "twice", "--multiply_constant", "2"]).status == 0)
        let names = try StarDocument(contentsOf: folder.file("in_twice.star")).table("particles").strings("rlnImageName")
        #expect(names == ["000001@" + folder.file("s_twice.mrcs"), "000002@" + folder.file("s_twice.mrcs")])
        #expect(try ImageFile.read(names[0]).image.values == ImageFile.read("3@" + stack).image.values.map { 2 * $0 })

        // The filter turns with the particle's psi.
        let filter = folder.file("filter.mrc"), turned = folder.file("turned.mrcs")
        try ImageFile.write(image(.square(16)) { $0 % 16 > 8 ? 1 : 0.2 }, to: filter, pixelSizeInAngstrom: 2)
        #expect(run("relion_image_handler", ["--i", star, "--o", turned, "--fourier_filter", filter]).status == 0)
        let aligned = folder.file("aligned.mrc"), power = folder.file("power.mrc")
        #expect(run("relion_image_handler", ["--i", star, "--o", aligned, "--avg_ampl2_ali"]).status == 0)
        #expect(run("relion_image_handler", ["--i", star, "--o", power, "--avg_ampl2"]).status == 0)
        #expect(try ImageFile.read(aligned).image != ImageFile.read(power).image)
        let movies = try folder.write("data_\nloop_\n_rlnMicrographMovieName #1\n\(stack)\n", to: "movies.star")
        let all = folder.file("all.mrc"), average = folder.file("average.mrc")
        #expect(run("relion_image_handler", ["--i", movies, "--o", all, "--average_all_movie_frames"]).status == 0)
        #expect(run("relion_image_handler", ["--i", stack, "--o", average, "--average"]).status == 0)
        #expect(try ImageFile.read(all).image == ImageFile.read(average).image)
    }

    @Test("reports: statistics, centre of mass, correlation, power, Guinier")
    func reports() throws {
        #expect(run("relion_image_handler", ["--i", stack, "--stats"]).text.split(separator: "\n").count == 4)
        #expect(run("relion_image_handler", ["--i", map, "--com"]).text.contains(" z "))
        let correlation = run("relion_image_handler", ["--i", map, "--fsc", map]).text
        let table = try StarDocument(text: correlation, name: "fsc").table("fsc")
        #expect(try table.doubles("rlnFourierShellCorrelation").allSatisfy { abs($0 - 1) < 1e-5 })
        let power = try StarDocument(text: run("relion_image_handler", ["--i", map, "--power"]).text, name: "power").table("power")
        #expect(try power.doubles("rlnReferenceSpectralPower")[1] > 0)
        let wide = run("relion_image_handler", ["--i", map, "--guinier", "--guinier_minres", "20"]).text
        let narrow = run("relion_image_handler", ["--i", map, "--guinier", "--guinier_minres", "20", "--guinier_maxres", "8"]).text
        #expect(wide.contains("bfactor") && wide != narrow)
        #expect(run("relion_image_handler", ["--i", map, "--guinier", "--guinier_minres", "5"]).status == 1)
    }

    @Test("pictures differ by contrast and colour")
    func pictures() throws {
        var seen: [[UInt8]] = []
        for arguments in [[], ["--black", "0", "--white", "0.5"], ["--sigma_contrast", "1"], ["--colour_fire"], ["--colour_ice"],
                          ["--colour_fire-n-ice"], ["--colour_rainbow"], ["--colour_difference"]] {
            let output = folder.file("p.png")
            #expect(run("relion_image_handler", ["--i", "1@" + stack, "--o", output] + arguments).status == 0)
            let pixels = try PNGFile.read(output, channels: .rgb).pixels
            #expect(!seen.contains(pixels), "\(arguments)")
            seen.append(pixels)
        }
        #expect(run("relion_image_handler", ["--i", map, "--o", folder.file("p.png")]).status == 1)
    }

    @Test("what is wrong is said before anything is written", arguments: [
        ["--o", "OUT", "--lowpass", "10", "--directional", "w"], ["--o", "OUT", "--sym", "Q7"], ["--o", "OUT", "--multiply", "absent.mrc"],
        ["--o", "OUT", "--multiply", "STACK"], ["--lowpass", "10"], ["--o", "OUT", "--add_edge"], ["--o", "OUT", "--flipXY", "--flipmXY", "--add_edge"],
        ["--stats", "--com"], ["--o", "OUT", "--avg_first", "2"], ["--o", "OUT", "--divide_constant", "0"], ["--o", "OUT", "--optimise_scale_subtract"],
    ])
    func problems(arguments: [String]) {
        let output = folder.file("none/out.mrc")
        let plain = arguments.map { $0 == "OUT" ? output : $0 == "STACK" ? stack : $0 }
        let result = run("relion_image_handler", ["--i", map] + plain)
        #expect(result.status == 1 && result.text.contains("ERROR"), "\(result.text)")
        #expect(!folder.exists("none/out.mrc"))
    }

    @Test("a dry run writes nothing")
    func dryRun() {
        #expect(run("relion_image_handler", ["--i", map, "--o", folder.file("dry.mrc"), "--flipX", "--dry_run"]).status == 0)
        #expect(!folder.exists("dry.mrc"))
    }
}

@Suite("relion_mask_create")
struct MaskCreateTests {
    let folder: TemporaryFolder
    let map: String

    init() throws {
        folder = try TemporaryFolder()
        map = folder.file("ball.mrc")
        try ImageFile.write(Self.ball(20, radius: 5, centre: (10, 10, 10)), to: map, pixelSizeInAngstrom: 2)
    }

    static func ball(_ n: Int, radius: Double, centre: (Int, Int, Int)) -> RealArray {
        image(.cube(n)) { i in
            let (x, y, z) = (i % n - centre.0, i / n % n - centre.1, i / (n * n) - centre.2)
            return max(0, Float(radius - Double(x * x + y * y + z * z).squareRoot()))
        }
    }

    private func volume(_ arguments: [String]) throws -> Double {
        let output = folder.file("mask.mrc")
        let result = run("relion_mask_create", ["--o", output] + arguments)
        try #require(result.status == 0, "\(result.text)")
        return try ImageFile.read(output).image.values.reduce(0.0) { $0 + Double($1) }
    }

    @Test("each option changes the mask in its direction")
    func options() throws {
        let plain = try volume(["--i", map])
        #expect(try volume(["--i", map, "--ini_threshold", "2"]) < plain)
        #expect(try volume(["--i", map, "--extend_inimask", "2"]) > plain)
        #expect(try volume(["--i", map, "--extend_inimask", "-2"]) < plain)
        #expect(try volume(["--i", map, "--width_soft_edge", "3"]) > plain)
        #expect(try volume(["--i", map, "--invert"]) == 8000 - plain)
        #expect(try volume(["--i", map, "--lowpass", "20"]) != plain)
        #expect(try volume(["--i", map, "--lowpass", "20"]) != volume(["--i", map, "--lowpass", "20", "--angpix", "4"]))
        let helix = try volume(["--i", map, "--helix", "--width_soft_edge", "1"])
        #expect(try helix < volume(["--i", map, "--width_soft_edge", "1"]))
        #expect(try helix > volume(["--i", map, "--helix", "--width_soft_edge", "1", "--z_percentage", "0.1"]))
    }

    @Test("two maps combine as sets")
    func combinations() throws {
        let other = folder.file("other.mrc")
        try ImageFile.write(Self.ball(20, radius: 5, centre: (13, 10, 10)), to: other, pixelSizeInAngstrom: 2)
        let (a, b) = (try volume(["--i", map]), try volume(["--i", other]))
        let both = try volume(["--i", map, "--and", other])
        #expect(both < a && both > 0)
        #expect(try volume(["--i", map, "--or", other]) == a + b - both)
        #expect(try volume(["--i", map, "--and_not", other]) == a - both)
        #expect(try volume(["--i", map, "--or_not", other]) == 8000 - b + both)
    }

    @Test("spheres and shells")
    func spheres() throws {
        let ball = try volume(["--denovo", "--box_size", "24", "--outer_radius", "8"])
        // Voxels within a radius of 8: 4/3·π·8³ up to the surface.
        #expect(abs(ball - 2145) < 60)
        #expect(try volume(["--denovo", "--box_size", "24", "--outer_radius", "8", "--inner_radius", "5"]) < ball)
        #expect(try volume(["--denovo", "--box_size", "24", "--outer_radius", "8", "--width_soft_edge", "2"]) > ball)
        for axis in ["x", "y", "z"] { #expect(try volume(["--denovo", "--box_size", "24", "--outer_radius", "8", "--center_\(axis)", "8"]) < ball) }
    }

    @Test("wrong options", arguments: [
        [], ["--denovo"], ["--denovo", "--box_size", "20", "--inner_radius", "9", "--outer_radius", "3"], ["--i", "none.mrc"],
        ["--i", "MAP", "--helix"], ["--i", "MAP", "--helix", "--width_soft_edge", "2", "--z_percentage", "0.95"],
        ["--i", "MAP", "--and", "MAP", "--or", "MAP"], ["--i", "MAP", "--width_soft_edge", "-1"],
    ])
    func problems(arguments: [String]) {
        let result = run("relion_mask_create", arguments.map { $0 == "MAP" ? map : $0 } + ["--o", folder.file("no.mrc")])
        #expect(result.status == 1 && !folder.exists("no.mrc"), "\(result.text)")
    }
}

@Suite("relion_stack_create")
struct StackCreateTests {
    let folder: TemporaryFolder
    let star: String

    init() throws {
        folder = try TemporaryFolder()
        let images = (0..<3).map { n in image(.square(12)) { Float($0 * (n + 1) % 17) } }
        try ImageFile.writeStack(images, to: folder.file("a.mrcs"), pixelSizeInAngstrom: 2)
        try ImageFile.writeStack(images.map { RealArray(shape: $0.shape, values: $0.values.map { -$0 }) }, to: folder.file("b.mrcs"),
                                 pixelSizeInAngstrom: 2, mode: .float16)
        let optics = "data_optics\nloop_\n_rlnOpticsGroup #1\n_rlnOpticsGroupName #2\n_rlnImagePixelSize #3\n_rlnVoltage #4\n_rlnSphericalAberration #5\n1 g 2.0 300 2.7\n\n"
        star = try folder.write(optics + """
            data_particles
            loop_
            _rlnImageName #1
            _rlnMicrographName #2
            _rlnOpticsGroup #3
            _rlnOriginXAngst #4
            _rlnOriginYAngst #5
            _rlnAnglePsi #6
            2@\(folder.file("a.mrcs")) mics/m1.mrc 1 4.6 -2 90
            1@\(folder.file("b.mrcs")) mics/m2.mrc 1 0 0 0
            3@\(folder.file("a.mrcs")) mics/m1.mrc 1 0 0 0

            """, to: "in.star")
    }

    private func create(_ arguments: [String]) throws -> StarTable {
        let result = run("relion_stack_create", ["--i", star, "--o", folder.file("out")] + arguments)
        try #require(result.status == 0, "\(result.text)")
        return try StarDocument(contentsOf: folder.file("out.star")).table("particles")
    }

    @Test("images in the order of the rows")
    func plain() throws {
        let table = try create([])
        #expect(try table.strings("rlnImageName") == (1...3).map { "00000\($0)@" + folder.file("out.mrcs") })
        let stack = try StackReader(path: folder.file("out.mrcs"))
        #expect(try stack.image(0) == ImageFile.read("2@" + folder.file("a.mrcs")).image)
        #expect(try stack.image(1) == ImageFile.read("1@" + folder.file("b.mrcs")).image)
        #expect(stack.header.pixelSizeInAngstrom == 2 && stack.header.mode == .float32)
        _ = try create(["--float16", "--one_by_one"])
        #expect(try ImageFile.readHeader(folder.file("out.mrcs")).mode == .float16)
    }

    @Test("one stack a micrograph")
    func split() throws {
        let names = try create(["--split_per_micrograph"]).strings("rlnImageName")
        #expect(names[0] == "000001@" + folder.file("out_mics/m1.mrcs") && names[2] == "000002@" + folder.file("out_mics/m1.mrcs"))
        #expect(try ImageFile.read(names[1]).image == ImageFile.read("1@" + folder.file("b.mrcs")).image)
    }

    @Test("whole-pixel re-centring keeps the rest in the STAR file")
    func recentring() throws {
        let table = try create(["--apply_rounded_offsets_only"])
        // 4.6 Å are 2.3 pixels: 2 are applied.
        let (x, y) = (try table.doubles("rlnOriginXAngst")[0], try table.doubles("rlnOriginYAngst")[0])
        #expect(abs(x - 0.6) < 1e-6 && abs(y) < 1e-6)
        let (before, after) = (try ImageFile.read("2@" + folder.file("a.mrcs")).image, try StackReader(path: folder.file("out.mrcs")).image(0))
        for row in 0..<11 { for column in 2..<12 { #expect(after[column, row] == before[column - 2, row + 1]) } }
        #expect(after[0, 0] == 0)
    }

    @Test("full transformation clears angle and origins")
    func transformation() throws {
        let table = try create(["--apply_transformation"])
        #expect(try table.doubles("rlnAnglePsi") == [0, 0, 0])
        #expect(try table.doubles("rlnOriginXAngst") == [0, 0, 0])
        #expect(try StackReader(path: folder.file("out.mrcs")).image(0) != ImageFile.read("2@" + folder.file("a.mrcs")).image)
    }

    @Test("files without optics, and what is refused")
    func withoutOptics() throws {
        let old = try folder.write("data_images\nloop_\n_rlnImageName #1\n1@\(folder.file("a.mrcs"))\n", to: "old.star")
        let result = run("relion_stack_create", ["--i", old, "--o", folder.file("old_out"), "--ignore_optics"])
        #expect(result.status == 0, "\(result.text)")
        #expect(try StarDocument(contentsOf: folder.file("old_out.star")).table("images").rowCount == 1)
        #expect(run("relion_stack_create", ["--i", star, "--o", folder.file("x"), "--ignore_optics", "--apply_transformation"]).status == 1)
        let beyond = try folder.write("data_\nloop_\n_rlnImageName #1\n9@\(folder.file("a.mrcs"))\n", to: "beyond.star")
        #expect(run("relion_stack_create", ["--i", beyond, "--o", folder.file("x"), "--ignore_optics"]).status == 1)
        try ImageFile.writeStack([RealArray(shape: .square(8))], to: folder.file("small.mrcs"), pixelSizeInAngstrom: 2)
        let mixed = try folder.write("data_\nloop_\n_rlnImageName #1\n1@\(folder.file("a.mrcs"))\n1@\(folder.file("small.mrcs"))\n", to: "mixed.star")
        #expect(run("relion_stack_create", ["--i", mixed, "--o", folder.file("x"), "--ignore_optics"]).text.contains("8 × 8"))
        #expect(!folder.exists("x.mrcs"))
    }
}
