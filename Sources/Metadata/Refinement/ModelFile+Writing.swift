import StarFormat

extension ModelFile {
    /// The tables of the file in RELION's order: general, classes, spectra of each class, groups, noise of each optics
    /// group, distribution of orientations of each class.
    package var document: StarDocument {
        var tables = [ListField.table(named: "model_general", from: self, fields: Self.fields), classTable]
        tables += classes.indices.map(spectraTable)
        tables.append(groupTable)
        tables += noiseSpectra.indices.map(noiseTable)
        if referenceDimensionality == 3 { tables += classes.indices.map(distributionTable) }
        return StarDocument(tables: tables)
    }

    package func write(to path: String) throws { try document.write(to: path) }

    var isMultiBody: Bool { bodyCount > 1 }
    private var word: String { isMultiBody ? "body" : "class" }

    private var classTable: StarTable {
        var table = StarTable(name: isMultiBody ? "model_bodies" : "model_classes")
        table.set("rlnReferenceImage", strings: classes.map(\.referenceImage))
        if classes.contains(where: { $0.firstMomentImage != nil }) {
            table.set("rlnGradMoment1", strings: classes.map { $0.firstMomentImage ?? "" })
            table.set("rlnGradMoment2", strings: classes.map { $0.secondMomentImage ?? "" })
        }
        table.set("rlnClassDistribution", doubles: classes.map(\.distribution))
        table.set("rlnAccuracyRotations", doubles: classes.map(\.rotationAccuracy))
        table.set("rlnAccuracyTranslationsAngst", doubles: classes.map(\.translationAccuracy))
        table.set("rlnEstimatedResolution", doubles: classes.map(\.estimatedResolution))
        table.set("rlnOverallFourierCompleteness", doubles: classes.map(\.overallFourierCompleteness))
        if isMultiBody {
            let directions = classes.map { $0.bodyDirection ?? BodyDirection() }
            table.set("rlnBodyRotateDirectionX", doubles: directions.map(\.x))
            table.set("rlnBodyRotateDirectionY", doubles: directions.map(\.y))
            table.set("rlnBodyRotateDirectionZ", doubles: directions.map(\.z))
            table.set("rlnBodyKeepFixed", ints: directions.map { $0.isKeptFixed ? 1 : 0 })
        }
        if referenceDimensionality == 2 {
            table.set("rlnClassPriorOffsetX", doubles: classes.map(\.offsetPrior.x))
            table.set("rlnClassPriorOffsetY", doubles: classes.map(\.offsetPrior.y))
        }
        if isHelix {
            table.set("rlnHelicalRise", doubles: classes.map(\.helicalRise))
            table.set("rlnHelicalTwist", doubles: classes.map(\.helicalTwist))
        }
        return table
    }

    private func spectraTable(of index: Int) -> StarTable {
        let spectra = classes[index].spectra
        var table = StarTable(name: "model_\(word)_\(index + 1)")
        let shells = Array(spectra.tau2.indices)
        table.set("rlnSpectralIndex", ints: shells)
        table.set("rlnResolution", doubles: shells.map(resolution))
        table.set("rlnAngstromResolution", doubles: shells.map(resolutionInAngstrom))
        table.set("rlnSsnrMap", doubles: spectra.signalToNoise)
        table.set("rlnGoldStandardFsc", doubles: spectra.halfMapFSC)
        table.set("rlnFourierCompleteness", doubles: spectra.fourierCompleteness)
        table.set("rlnReferenceSigma2", doubles: spectra.sigma2)
        table.set("rlnReferenceTau2", doubles: spectra.tau2)
        if spectra.orientability.count == shells.count {
            table.set("rlnSpectralOrientabilityContribution", doubles: spectra.orientability)
        }
        return table
    }

    private var groupTable: StarTable {
        var table = StarTable(name: "model_groups")
        table.set("rlnGroupNumber", ints: groups.indices.map { $0 + 1 })
        table.set("rlnGroupName", strings: groups.map(\.name))
        table.set("rlnGroupNrParticles", ints: groups.map(\.particleCount))
        table.set("rlnGroupScaleCorrection", doubles: groups.map(\.scale))
        return table
    }

    /// Shells without an estimate are left out.
    private func noiseTable(of index: Int) -> StarTable {
        let spectrum = noiseSpectra[index]
        let shells = spectrum.indices.filter { spectrum[$0] > 0 }
        var table = StarTable(name: "model_optics_group_\(index + 1)")
        table.set("rlnSpectralIndex", ints: shells)
        table.set("rlnResolution", doubles: shells.map(resolution))
        table.set("rlnSigma2Noise", doubles: shells.map { spectrum[$0] })
        return table
    }

    private func distributionTable(of index: Int) -> StarTable {
        var table = StarTable(name: "model_pdf_orient_\(word)_\(index + 1)")
        table.set("rlnOrientationDistribution", doubles: classes[index].orientationDistribution)
        return table
    }
}
