import ArgumentParser
import Foundation
import ProgramKit
import Reporting

/// Brings files into a project: movies or micrographs as a STAR file with their optics group; coordinates, particles,
/// maps and other files as copies.
struct ImportProgram: RelionProgram {
    static let programName = "relion_import"
    static let summary = "Import movies, micrographs, coordinates, particles, maps and other files into a project."

    struct GeneralOptions: ParsableArguments {
        @Option(
            name: .customLong("i"), parsing: .unconditional,
            help: "File to import, or a pattern such as \"Movies/*.tiff\" (in quotes).")
        var input: String
        @Option(
            name: .customLong("odir"), parsing: .unconditional, help: "Folder for the output, such as Import/job001/.")
        var folder: String
        @Option(
            name: .customLong("ofile"), parsing: .unconditional,
            help: "Name of the output file in this folder, such as movies.star.")
        var file: String
        @Flag(name: .customLong("do_movies"), help: "The files are movies.")
        var movies = false
        @Flag(name: .customLong("do_micrographs"), help: "The files are micrographs.")
        var micrographs = false
        @Flag(
            name: .customLong("do_coordinates"),
            help:
                "The files are particle coordinates: STAR, e2boxer's .box, or text as of xmipp 2.4 and ximdisp. The pattern's last * stands for the micrograph's name."
        )
        var coordinates = false
        @Flag(
            name: .customLong("do_halfmaps"),
            help: "The file is an unfiltered half map; the other half is imported with it.")
        var halfMaps = false
        @Flag(name: .customLong("do_particles"), help: "The file is a STAR file of particles.")
        var particles = false
        @Option(
            name: .customLong("particles_optics_group_name"), parsing: .unconditional,
            help: "New name for the one optics group of imported particles.")
        var particlesOpticsGroup = ""
        @Flag(name: .customLong("do_other"), help: "The file is anything else: references, maps, masks, STAR files.")
        var other = false
    }

    struct OpticsOptions: ParsableArguments {
        @Option(
            name: .customLong("optics_group_name"), parsing: .unconditional,
            help: "Name of the optics group of these files: letters, digits and hyphens.")
        var group = "opticsGroup1"
        @Option(
            name: .customLong("optics_group_mtf"), parsing: .unconditional, help: "STAR file with the detector's MTF.")
        var mtf = ""
        @Option(name: .customLong("angpix"), parsing: .unconditional, help: "Pixel size, in Å.")
        var pixelSize = 1.0
        @Option(name: .customLong("kV"), parsing: .unconditional, help: "Voltage, in kV.")
        var voltage = 300.0
        @Option(name: .customLong("Cs"), parsing: .unconditional, help: "Spherical aberration, in mm.")
        var sphericalAberration = 2.7
        @Option(name: .customLong("Q0"), parsing: .unconditional, help: "Amplitude contrast, as a fraction.")
        var amplitudeContrast = 0.1
        @Option(name: .customLong("beamtilt_x"), parsing: .unconditional, help: "Beam tilt in X, in mrad.")
        var beamTiltX = 0.0
        @Option(name: .customLong("beamtilt_y"), parsing: .unconditional, help: "Beam tilt in Y, in mrad.")
        var beamTiltY = 0.0
        @Flag(name: .customLong("continue"), help: "Add to the files that are in the output already.")
        var continues = false
    }

    @OptionGroup(title: "General options") var general: GeneralOptions
    @OptionGroup(title: "Specific options for movies or micrographs") var optics: OpticsOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        let kinds = [
            general.movies, general.micrographs, general.coordinates, general.halfMaps, general.particles,
            general.other,
        ].filter { $0 }
        check.require(
            kinds.count == 1, "--do_movies --do_micrographs --do_coordinates --do_halfmaps --do_particles --do_other",
            found: kinds.isEmpty ? "none of them is given" : "\(kinds.count) of them are given", expected: "one of them"
        )
        check.require(
            general.particlesOpticsGroup.isEmpty || general.particles, "--particles_optics_group_name",
            found: "is given without --do_particles",
            expected: "both", remedy: "For movies and micrographs the option is --optics_group_name")
        check.output(PathName.joined(general.folder, general.file), option: "--odir --ofile")
        check.require(
            !general.file.contains("/"), "--ofile \(general.file)", found: "has a folder in it",
            expected: "a name; the folder is --odir")
        let files = FilePattern.matches(general.input)
        check.require(
            !files.isEmpty, "--i \(general.input)", found: "matches no files", expected: "at least one",
            remedy: "Check the folder it is relative to")
        if general.movies || general.micrographs { OpticsRow.check(optics, &check) }
        try check.finish()
        if general.movies || general.micrographs {
            try MicrographImport(general, optics, files).run(in: context)
        } else if general.coordinates {
            try CoordinateImport(general, files).run(in: context)
        } else {
            try FileImport(general, files).run(in: context)
        }
    }
}
