import Metadata
import Reporting
import StarFormat
import TestSupport
import Testing

@Suite struct ParticleTableTests {
    static let present = """
        # version 50001

        data_optics

        loop_
        _rlnOpticsGroupName #1
        _rlnOpticsGroup #2
        _rlnVoltage #3
        _rlnSphericalAberration #4
        _rlnAmplitudeContrast #5
        _rlnImagePixelSize #6
        _rlnImageSize #7
        _rlnImageDimensionality #8
        _rlnOddZernike #9
        _rlnBeamTiltX #10
        first 3 300 2.7 0.1 1.5 64 2 [0.5,-1] 0.25
        other 7 200 1.4 0.07 3.0 32 2 [] 0

        data_particles

        loop_
        _rlnImageName #1
        _rlnMicrographName #2
        _rlnOpticsGroup #3
        _rlnDefocusU #4
        _mine #5
        000002@b.mrcs MotionCorr/job002/Movies/b.mrc 7 12000 x
        000001@b.mrcs MotionCorr/job002/Movies/b.mrc 7 12100 y
        000001@a.mrcs MotionCorr/job002/Movies/a.mrc 3 13000 z
        000005@b.mrcs Other/job003/Movies/b.mrc 7 12500 w

        """

    private func table(_ text: String = present) throws -> ParticleTable {
        try ParticleTable(StarDocument(text: text, name: "particles.star"), content: .particles)
    }

    @Test func opticsGroupsAreReadAndNumbered() throws {
        let table = try table()
        #expect(table.opticsGroups.map(\.number) == [1, 2])
        #expect(try table.opticsGroupIndices() == [1, 1, 0, 1])
        #expect(table.opticsGroups[0].voltageInKilovolts == 300)
        #expect(table.opticsGroups[0].oddZernike == [0.5, -1])
        #expect(table.opticsGroups[0].beamTiltX == 0.25)
        #expect(table.opticsGroups[1].imageSize == 32)
        #expect(try table.optics.ints("rlnOpticsGroup") == [1, 2])
        #expect(!table.wasUpgraded)
    }

    @Test func missingColumnsHaveStandardValues() throws {
        let table = try table()
        #expect(try table.values(.defocusV) == [12000, 12100, 13000, 12500])
        #expect(try table.values(.ctfScale) == [1, 1, 1, 1])
        #expect(try table.integers(.classNumber) == [0, 0, 0, 0])
        let locations = try table.imageLocations()
        #expect(locations.files == ["b.mrcs", "a.mrcs"])
        #expect(locations.fileOfImage == [0, 0, 1, 0])
        #expect(locations.sliceOfImage == [1, 0, 0, 4])
        #expect(ImageLocations.name(slice: 16, file: "a.mrcs") == "000017@a.mrcs")
    }

    @Test func refinementSortsByMicrographAndNumbersGroups() throws {
        var table = try table()
        try table.sortForRefinement()
        #expect(try table.rows.strings("mine") == ["z", "x", "y", "w"])
        let groups = try table.groups()
        #expect(groups.names == ["Movies/a.mrc", "Movies/b.mrc"])
        #expect(groups.groupOfParticle == [0, 1, 1, 1])
        #expect(groups.counts == [1, 3])
        table.addRefinementColumns(groups)
        #expect(table.rows.labels.suffix(8) == [
            "rlnGroupNumber", "rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi", "rlnOriginXAngst", "rlnOriginYAngst",
            "rlnClassNumber", "rlnNormCorrection",
        ])
        #expect(try table.integers(.groupNumber) == [1, 2, 2, 2])
        table.set(.groupName, ["p", "q", "p", "q"])
        #expect(try table.groups().names == ["p", "q"])
    }

    /// The order of particles and the groups in RELION's own output.
    @Test(.enabled(if: SharedData.isPresent, SharedData.hint)) func sortingAgreesWithGoldenData() throws {
        var table = try ParticleTable(contentsOf: SharedData.golden("noisy/particles.star").path)
        try table.sortForRefinement()
        table.addRefinementColumns(try table.groups())
        let expected = try ParticleTable(contentsOf: SharedData.golden("refine3d/run_it000_data.star").path)
        #expect(table.rows.labels == expected.rows.labels)
        for label in table.rows.labels { #expect(try table.rows.strings(label) == expected.rows.strings(label), "\(label)") }
        #expect(try table.document.serialized() == expected.document.serialized())
    }

    @Test func unusedOpticsGroupsAreRemoved() throws {
        var table = try table().selecting(rows: [0, 1])
        try table.removeUnusedOpticsGroups()
        #expect(table.opticsGroups.map(\.name) == ["other"])
        #expect(try table.integers(.opticsGroup) == [1, 1])
    }

    @Test func damagedTablesAreRefusedByName() throws {
        let cases: [(String, String, String)] = [
            ("_rlnImageName", "_rlnOtherName", "_rlnImageName"),
            (" 7 12000", " 5 12000", "_rlnOpticsGroup = \"5\""),
            ("300 2.7", "abc 2.7", "_rlnVoltage = \"abc\""),
            ("300 2.7", "0 2.7", "_rlnVoltage = \"0\""),
            ("other 7", "other 3", "_rlnOpticsGroup = \"3\""),
            ("[0.5,-1]", "[0.5;-1]", "_rlnOddZernike"),
            ("_rlnVoltage", "_rlnVolts", "_rlnVoltage"),
        ]
        for (old, new, says) in cases {
            let error = #expect(throws: InputError.self) { try table(Self.present.replacingOccurrences(of: old, with: new)) }
            let message = error?.description ?? ""
            #expect(message.contains("particles.star") && message.contains(says), "\(message)")
        }
        let wrong = try table(Self.present.replacingOccurrences(of: "12100", with: "zero"))
        let error = #expect(throws: InputError.self) { try wrong.checkValues() }
        #expect(error?.description.contains("particles.star:28  _rlnDefocusU = \"zero\" (row 2 of data_particles): expected a number in Å") == true)
    }

    static let old = """
        data_images

        loop_
        _rlnMicrographName #1
        _rlnImageName #2
        _rlnVoltage #3
        _rlnSphericalAberration #4
        _rlnAmplitudeContrast #5
        _rlnDetectorPixelSize #6
        _rlnMagnification #7
        _rlnOriginX #8
        _rlnOriginYPrior #9
        _rlnHelicalTrackLength #10
        a.mrc 1@a.mrcs 300 2.7 0.1 5.0 50000 2 -4 10
        b.mrc 1@b.mrcs 300 2.7 0.1 5.0 25000 1 3 20
        a.mrc 2@a.mrcs 300 2.7 0.1 5.0 50000 0 0 30

        """

    @Test func oldFilesAreUpgraded() throws {
        let document = try StarDocument(text: Self.old, name: "old.star")
        let table = try ParticleTable(document, content: .particles) { name in (name.hasSuffix("a.mrcs") ? 64 : 32, 2) }
        #expect(table.wasUpgraded)
        #expect(table.opticsGroups.map(\.pixelSizeInAngstrom) == [1, 2])
        #expect(table.opticsGroups.map(\.imageSize) == [64, 32])
        #expect(table.opticsGroups.map(\.name) == ["opticsGroup1", "opticsGroup2"])
        #expect(try table.integers(.opticsGroup) == [1, 2, 1])
        #expect(try table.values(.originX) == [2, 2, 0])
        #expect(try table.values(.originYPrior) == [-4, 6, 0])
        #expect(try table.values(.helicalTrackLength) == [10, 40, 30])
        #expect(table.rows.labels == ["rlnMicrographName", "rlnImageName", "rlnOpticsGroup", "rlnOriginXAngst",
                                      "rlnOriginYPriorAngst", "rlnHelicalTrackLengthAngst"])
        let withoutSizes = try ParticleTable(document, content: .particles)
        #expect(withoutSizes.opticsGroups.map(\.imageSize) == [nil, nil])
    }

    @Test func opticsTablesRoundTrip() throws {
        let groups = try table().opticsGroups
        #expect(try OpticsGroup.groups(from: OpticsGroup.table(of: groups)) == groups)
    }

    @Test func labelsHaveTypesAndUnits() {
        #expect(LabelTable.labels.count > 600)
        #expect(LabelTable.label("rlnDefocusU")?.expectation == "a number in Å")
        #expect(LabelTable.label("rlnOddZernike")?.value == .numbers)
        #expect(LabelTable.label("rlnVoltage")?.unit == "kV")
        #expect(LabelTable.label("mine") == nil)
    }
}
