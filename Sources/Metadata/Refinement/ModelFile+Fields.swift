extension ModelFile {
    /// The table `model_general`, in order. Counts are derived; see `write`.
    static let fields: [ListField<ModelFile>] = [
        .init("rlnReferenceDimensionality", .int(\.referenceDimensionality), required: true),
        .init("rlnDataDimensionality", .int(\.dataDimensionality)),
        .init("rlnOriginalImageSize", .int(\.imageSize), required: true),
        .init("rlnCurrentResolution", .double(\.currentResolutionInAngstrom), required: true),
        .init("rlnCurrentImageSize", .int(\.currentImageSize), required: true),
        .init("rlnPaddingFactor", .double(\.paddingFactor), required: true),
        .init("rlnIsHelix", .bool(\.isHelix)),
        .init("rlnNrHelicalAsymUnits", .int(\.helix.asymmetricalUnitCount), when: { $0.isHelix }),
        .init("rlnHelicalTwistMin", .double(\.helix.minimalTwist), when: { $0.isHelix }),
        .init("rlnHelicalTwistMax", .double(\.helix.maximalTwist), when: { $0.isHelix }),
        .init("rlnHelicalTwistInitialStep", .double(\.helix.initialTwistStep), when: { $0.isHelix }),
        .init("rlnHelicalRiseMin", .double(\.helix.minimalRise), when: { $0.isHelix }),
        .init("rlnHelicalRiseMax", .double(\.helix.maximalRise), when: { $0.isHelix }),
        .init("rlnHelicalRiseInitialStep", .double(\.helix.initialRiseStep), when: { $0.isHelix }),
        .init("rlnFourierSpaceInterpolator", .int(\.interpolator), required: true),
        .init("rlnMinRadiusNnInterpolation", .int(\.minimalRadiusForInterpolation), required: true),
        .init("rlnPixelSize", .double(\.pixelSizeInAngstrom), required: true),
        .init("rlnNrClasses", .int(\.derivedClassCount), required: true),
        .init("rlnNrBodies", .int(\.bodyCount)),
        .init("rlnNrGroups", .int(\.derivedGroupCount), required: true),
        .init("rlnNrOpticsGroups", .int(\.derivedOpticsGroupCount)),
        .init("rlnTau2FudgeFactor", .double(\.tau2Fudge), required: true),
        .init("rlnNormCorrectionAverage", .double(\.averageNormCorrection), required: true),
        .init("rlnSigmaOffsetsAngst", .double(\.offsetSpread)),
        .init("rlnOrientationalPriorMode", .int(\.orientationalPriorMode), required: true),
        .init("rlnSigmaPriorRotAngle", .double(\.rotPriorSpread), required: true),
        .init("rlnSigmaPriorTiltAngle", .double(\.tiltPriorSpread), required: true),
        .init("rlnSigmaPriorPsiAngle", .double(\.psiPriorSpread), required: true),
        .init("rlnLogLikelihood", .double(\.logLikelihood), required: true),
        .init("rlnAveragePmax", .double(\.averageMaximalProbability), required: true),
    ]

    // Written from the arrays' sizes; what a file says is compared with its tables when it is read.
    private var derivedClassCount: Int {
        get { bodyCount > 1 ? 1 : classes.count }
        set {}
    }
    private var derivedGroupCount: Int {
        get { groups.count }
        set {}
    }
    private var derivedOpticsGroupCount: Int {
        get { noiseSpectra.count }
        set {}
    }
}
