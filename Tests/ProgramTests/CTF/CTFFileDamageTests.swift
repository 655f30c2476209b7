import Foundation
import ImageFormats
import ProgramKit
import Reporting
import StarFormat
import TestSupport
import Testing

@testable import MicrographPrograms

/// Readers of CTF estimation fed with damaged files: a result or an error, never a crash.
@Suite struct CTFFileDamageTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder(inMemory: true) }

    private func feed(_ original: String, to path: String, count: Int = 10_000, _ read: () throws -> Void) throws -> Int
    {
        var failures = 0
        for seed in 0..<count {
            try Data(Damage.damaged(Array(original.utf8), seed: seed)).write(to: URL(fileURLWithPath: path))
            do { try read() } catch let error as InputError {
                #expect(!error.problems.isEmpty)
                failures += 1
            }
        }
        return failures
    }

    @Test func records() throws {
        let text = """
            # version 50001

            data_ctf

            _rlnDefocusU 10825.77
            _rlnDefocusV 10586.97
            _rlnDefocusAngle 78.5
            _rlnCtfFigureOfMerit 0.29
            _rlnCtfMaxResolution 4.8
            _rlnCtfIceRingDensity 0.01
            _rlnCtfValidationScore 0.97
            _ctfDoubts "one; two"

            data_profile

            loop_
            _rlnResolution #1
            _ctfAgreement #2
            0.1 0.2
            0.2 0.3

            """
        let path = CTFRecord.path(folder.file("m"))
        var missing = 0
        _ = try feed(text, to: path) { if CTFRecord.read(folder.path + "/m") == nil { missing += 1 } }
        #expect(missing > 0 && missing < 10_000)
        try folder.write(text, to: "m_ctf.star")
        #expect(CTFRecord.read(folder.path + "/m")?.doubts == ["one", "two"])
    }

    @Test func logsOfCTFFIND() throws {
        let table = folder.file("n.txt")
        try folder.write("Summary of results                : \(table)\n", to: "n_ctffind4.log")
        let text =
            "# Output from CTFFind\n# Columns: #1 - micrograph number\n1.0 37034.9 35846.5 -14.8 0.1 0.017 9.55\n"
        let failures = try feed(text, to: table) { _ = try CTFFINDResult.read(folder.path + "/n") }
        #expect(failures > 0 && failures < 10_000)
        try folder.write(text, to: "n.txt")
        let log = "Summary of results                : \(table)\n"
        #expect(
            try feed(log, to: CTFFINDResult.logPath(folder.path + "/n")) {
                _ = try CTFFINDResult.read(folder.path + "/n")
            } > 0)
    }

    @Test func listsOfMicrographsAndTiltSeries() throws {
        let micrographs =
            ThonRingImages.optics + """
                data_micrographs

                loop_
                _rlnMicrographName #1
                _rlnOpticsGroup #2
                a.mrc 1
                b.mrc 1

                """
        let path = folder.file("list.star")
        let input = try CTFOptions.Input.parse(["--i", path]), version = try CTFOptions.Version4.parse([])
        let microscopy = try CTFOptions.Microscopy.parse([]), tomography = try CTFOptions.Tomography.parse([])
        var check = InputCheck()
        let plan = CTFPlan(input, try CTFOptions.Search.parse([]), version, tomography, &check)
        func read() throws {
            let list = try CTFImageList(input, version, microscopy, tomography)
            // Settings follow from what was read.
            for image in list.images { _ = try plan.settings(image, list.groups[image.group]) }
        }
        #expect(try feed(micrographs, to: path, read) > 0)
        let series = """
            data_TS_01

            loop_
            _rlnMicrographName #1
            _rlnMicrographPreExposure #2
            _rlnTomoNominalDefocus #3
            a.mrc 0 -1.5
            b.mrc 3 -1.5

            """
        let global = """
            data_global

            loop_
            _rlnTomoName #1
            _rlnTomoTiltSeriesStarFile #2
            _rlnVoltage #3
            _rlnSphericalAberration #4
            _rlnAmplitudeContrast #5
            _rlnTomoTiltSeriesPixelSize #6
            TS_01 \(folder.path)/series.star 300 2.7 0.1 1.5

            """
        try folder.write(global, to: "list.star")
        #expect(try feed(series, to: folder.path + "/series.star", read) > 0)
        try folder.write(series, to: "series.star")
        #expect(try feed(global, to: path, read) > 0)
    }

    @Test func spectra() throws {
        let path = folder.file("a_PS.mrc")
        try ImageFile.write(
            ThonRingImages.micrograph(defocus: 12000, shape: .square(64), seed: 1), to: path, pixelSizeInAngstrom: 1.5)
        let original = Array(try #require(FileManager.default.contents(atPath: path)))
        let reader = CTFImageReader(.spectrum, box: 64)
        var failures = 0
        for seed in 0..<10_000 {
            try Data(Damage.damaged(original, seed: seed)).write(to: URL(fileURLWithPath: path))
            do {
                try reader.requireUsable(path)
                _ = try reader.spectrum(path, pixelSize: 1.5, finest: 5)
            } catch is InputError { failures += 1 }
        }
        #expect(failures > 1000 && failures < 10_000)
    }
}
