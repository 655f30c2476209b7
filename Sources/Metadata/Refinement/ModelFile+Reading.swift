import Reporting
import StarFormat

extension ModelFile {
    /// Reads a model file of RELION 3.0 or later.
    ///
    /// - Parameter opticsGroupCount: of the particles; files before RELION 4 have one noise spectrum, which all groups get.
    /// - Throws: `InputError` naming the file for a missing table or value, or tables that do not agree in size.
    package init(contentsOf path: String, opticsGroupCount: Int = 1) throws {
        let document = try StarDocument(contentsOf: path)
        let general = try document.table("model_general")
        try ListField.read(Self.fields, of: general, into: &self)
        if !general.contains("rlnSigmaOffsetsAngst") {
            offsetSpread = try general.double("rlnSigmaOffsets", expected: "a number in pixels") * pixelSizeInAngstrom
        }
        let largestImage = 1 << 16
        guard (1...largestImage).contains(imageSize), pixelSizeInAngstrom > 0 else {
            throw InputError(
                place: general.place, found: "image size \(imageSize), pixel size \(pixelSizeInAngstrom) Å", expected: "both above zero")
        }
        try readClasses(document, count: Self.count("rlnNrClasses", in: general))
        try readGroups(document.table("model_groups"), count: Self.count("rlnNrGroups", in: general))
        if general.contains("rlnNrOpticsGroups") {
            for index in 0..<(try Self.count("rlnNrOpticsGroups", in: general)) {
                noiseSpectra.append(try noise(document.firstTable("model_optics_group_\(index + 1)")))
            }
        } else {
            let spectrum = try noise(document.table("model_group_1"))
            noiseSpectra = Array(repeating: spectrum, count: opticsGroupCount)
        }
    }

    /// The classes of a file that has no other table, such as the ranker's; all else, columns that are not there included, has its
    /// standard value.
    package init(classesOf document: StarDocument) throws {
        referenceDimensionality = 2
        let table = try document.table("model_classes")
        for row in 0..<table.rowCount { classes.append(try classModel(table, row: row, isPartial: true)) }
    }

    /// A number of things, each of which has a row or a table: what a damaged file says must not be allocated blindly.
    private static func count(_ label: String, in general: StarTable) throws -> Int {
        let count = try general.int(label), most = 1 << 24
        guard (0...most).contains(count) else {
            throw general.mismatch(label, 0, found: "\(count)", expected: "a number from 0 to \(most)", remedy: "Correct the value")
        }
        return count
    }

    private mutating func readClasses(_ document: StarDocument, count: Int) throws {
        let word = isMultiBody ? "body" : "class"
        let table = try document.table(isMultiBody ? "model_bodies" : "model_classes")
        let expected = isMultiBody ? bodyCount : count
        guard table.rowCount == expected else {
            throw InputError(place: table.place, found: "\(table.rowCount) rows", expected: "\(expected), as data_model_general says")
        }
        for row in 0..<table.rowCount {
            var model = try classModel(table, row: row)
            model.spectra = try Self.spectra(document.table("model_\(word)_\(row + 1)"))
            if referenceDimensionality == 3 {
                model.orientationDistribution = try document.table("model_pdf_orient_\(word)_\(row + 1)")
                    .doubles("rlnOrientationDistribution")
            }
            classes.append(model)
        }
    }

    /// - Parameter isPartial: columns other than the reference's name may be missing.
    private func classModel(_ table: StarTable, row: Int, isPartial: Bool = false) throws -> ClassModel {
        try table.require(["rlnReferenceImage"])
        func required(_ label: String, else standard: Double) throws -> Double {
            isPartial && !table.contains(label) ? standard : try table.double(label, row: row)
        }
        func optional(_ label: String) throws -> Double? {
            table.contains(label) ? try table.double(label, row: row, expected: LabelTable.expectation(label)) : nil
        }
        var model = ClassModel(referenceImage: table.string("rlnReferenceImage", row: row) ?? "")
        model.firstMomentImage = table.string("rlnGradMoment1", row: row)
        model.secondMomentImage = table.string("rlnGradMoment2", row: row)
        model.distribution = try required("rlnClassDistribution", else: 0)
        model.rotationAccuracy = try required("rlnAccuracyRotations", else: model.rotationAccuracy)
        model.translationAccuracy = try optional("rlnAccuracyTranslationsAngst")
            ?? required("rlnAccuracyTranslations", else: model.translationAccuracy / pixelSizeInAngstrom) * pixelSizeInAngstrom
        model.estimatedResolution = try optional("rlnEstimatedResolution") ?? 0
        model.overallFourierCompleteness = try optional("rlnOverallFourierCompleteness") ?? 0
        if referenceDimensionality == 2 {
            model.offsetPrior.x = try required("rlnClassPriorOffsetX", else: 0)
            model.offsetPrior.y = try required("rlnClassPriorOffsetY", else: 0)
        }
        if isHelix {
            model.helicalRise = try table.double("rlnHelicalRise", row: row)
            model.helicalTwist = try table.double("rlnHelicalTwist", row: row)
        }
        if isMultiBody {
            var direction = BodyDirection()
            direction.x = try optional("rlnBodyRotateDirectionX") ?? 0
            direction.y = try optional("rlnBodyRotateDirectionY") ?? 0
            direction.z = try optional("rlnBodyRotateDirectionZ") ?? 0
            direction.isKeptFixed = try optional("rlnBodyKeepFixed") ?? 0 != 0
            model.bodyDirection = direction
        }
        return model
    }

    private static func spectra(_ table: StarTable) throws -> Spectra {
        let shells = try table.ints("rlnSpectralIndex")
        func spectrum(_ label: String) throws -> [Double] { try inShellOrder(table, shells: shells, label: label) }
        var spectra = Spectra()
        spectra.signalToNoise = try spectrum("rlnSsnrMap")
        spectra.halfMapFSC = try spectrum("rlnGoldStandardFsc")
        spectra.sigma2 = try spectrum("rlnReferenceSigma2")
        spectra.tau2 = try spectrum("rlnReferenceTau2")
        let hasCompleteness = table.contains("rlnFourierCompleteness")
        spectra.fourierCompleteness =
            hasCompleteness ? try spectrum("rlnFourierCompleteness") : Array(repeating: 0, count: spectra.tau2.count)
        if table.contains("rlnSpectralOrientabilityContribution") {
            spectra.orientability = try spectrum("rlnSpectralOrientabilityContribution")
        }
        return spectra
    }

    private static func inShellOrder(_ table: StarTable, shells: [Int], label: String, count: Int? = nil) throws -> [Double] {
        let values = try table.doubles(label)
        // Without a stated number of shells there is one a row.
        let count = count ?? shells.count
        var spectrum = Array(repeating: 0.0, count: count)
        for (row, shell) in shells.enumerated() {
            guard spectrum.indices.contains(shell) else {
                throw table.mismatch("rlnSpectralIndex", row, found: "\(shell)", expected: "a shell from 0 to \(count - 1)")
            }
            spectrum[shell] = values[row]
        }
        return spectrum
    }

    /// Groups stand in the order of their numbers whatever the order of rows.
    private mutating func readGroups(_ table: StarTable, count: Int) throws {
        let numbers = try table.ints("rlnGroupNumber")
        let names = try table.strings("rlnGroupName")
        let counts = try table.ints("rlnGroupNrParticles")
        let scales = try table.doubles("rlnGroupScaleCorrection")
        groups = Array(repeating: GroupModel(name: "", particleCount: 0), count: count)
        for (row, number) in numbers.enumerated() {
            guard (1...max(1, count)).contains(number), count > 0 else {
                throw table.mismatch("rlnGroupNumber", row, found: "\(number)", expected: "a number from 1 to \(count)")
            }
            groups[number - 1] = GroupModel(name: names[row], particleCount: counts[row], scale: scales[row])
        }
    }

    /// Zeros for an optics group without particles, which has no table.
    private func noise(_ table: StarTable?) throws -> [Double] {
        let shellCount = imageSize / 2 + 1
        guard let table, !table.isEmpty else { return Array(repeating: 0, count: shellCount) }
        let shells = try table.ints("rlnSpectralIndex")
        // A group of larger images has more shells than the references.
        let count = max(shellCount, shells.count)
        return try Self.inShellOrder(table, shells: shells, label: "rlnSigma2Noise", count: count)
    }
}
