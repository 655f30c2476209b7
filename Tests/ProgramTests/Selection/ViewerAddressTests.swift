import ArgumentParser
import Foundation
import Reporting
import TestSupport
import Testing

@testable import ParticlePrograms

/// The page that relion_display opens, option by option.
@Suite struct ViewerAddressTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("data_optimiser_general\n\n_rlnModelStarFile Class2D/job001/run_model.star\n", to: "run_optimiser.star")
        try folder.write("data_particles\n\nloop_\n_rlnImageName #1\n1@a.mrcs\n", to: "my particles.star")
        for name in ["a.mrcs", "map.mrc"] { try folder.write("", to: name) }
    }

    private func address(_ name: String, _ arguments: [String] = []) throws -> String {
        try ViewerAddress(input: folder.file(name), options: ViewerOptions.parse(arguments), folder: folder.path).fragment
    }

    @Test func eachFileHasItsPage() throws {
        #expect(try address("map.mrc") == "#/file/map.mrc")
        #expect(try address("a.mrcs") == "#/gallery/a.mrcs?sigma=0.0&columns=5")
        #expect(try address("my particles.star").hasPrefix("#/gallery/my%20particles.star?column=rlnImageName&"))
        #expect(try address("run_optimiser.star").hasPrefix("#/gallery/Class2D/job001/run_model.star?block=model_classes&column=rlnReferenceImage&"))
    }

    @Test(arguments: [
        (["--display", "rlnMicrographName"], "column=rlnMicrographName"), (["--text_label", "rlnDefocusU"], "caption=rlnDefocusU"),
        (["--table", "particles"], "block=particles"), (["--scale", "0.5"], "scale=0.5"), (["--black", "-1", "--white", "2"], "black=-1.0&white=2.0"),
        (["--sigma_contrast", "3"], "sigma=3.0"), (["--col", "9"], "columns=9"), (["--sort", "rlnDefocusU"], "sort=rlnDefocusU"),
        (["--reverse"], "descending=1"), (["--class"], "block=model_classes"), (["--lowpass", "20"], "lowpass=20.0"), (["--highpass", "400"], "highpass=400.0"),
    ])
    func optionsReachThePage(arguments: [String], part: String) throws {
        #expect(try !address("my particles.star").contains(part))
        #expect(try address("my particles.star", arguments).contains(part))
    }

    @Test(arguments: [["--scale", "0"], ["--col", "0"], ["--lowpass", "-1"], ["--black", "2", "--white", "1"], ["--sigma_contrast", "nan"]])
    func whatMakesNoPicture(arguments: [String]) { #expect(throws: InputError.self) { try address("a.mrcs", arguments) } }

    @Test func filesElsewhere() throws {
        #expect(throws: InputError.self) { try ViewerAddress(input: "/etc/hostname", options: ViewerOptions.parse([]), folder: folder.path) }
        #expect(throws: InputError.self) { try address("none.mrcs") }
    }
}
