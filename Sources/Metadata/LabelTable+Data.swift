extension LabelTable {
    /// Label, kind of value, unit: the labels of RELION 5.0.1. Data only; see `MetadataLabel` for what they mean.
    static let text = """
        rlnAccumMotionEarly number Å
        rlnAccumMotionLate number Å
        rlnAccumMotionTotal number Å
        rlnAccuracyRotations number degrees
        rlnAccuracyTranslations number
        rlnAccuracyTranslationsAngst number Å
        rlnAdaptiveOversampleFraction number
        rlnAdaptiveOversampleOrder whole
        rlnAmplitudeContrast number
        rlnAmplitudeCorrelationMaskedMaps number
        rlnAmplitudeCorrelationUnmaskedMaps number
        rlnAnglePsi number degrees
        rlnAnglePsiFlip flag
        rlnAnglePsiFlipRatio number
        rlnAnglePsiPrior number degrees
        rlnAngleRot number degrees
        rlnAngleRotFlipRatio number
        rlnAngleRotPrior number degrees
        rlnAngleTilt number degrees
        rlnAngleTiltPrior number degrees
        rlnAngstromResolution number Å
        rlnAreTomoTiltAxisScore number
        rlnAreTomoTiltangleOffset number
        rlnAreaId whole
        rlnAreaName text
        rlnAutoLocalSearchesHealpixOrder whole
        rlnAutopickFigureOfMerit number
        rlnAvailableMemory number
        rlnAverageNrOfFrames whole
        rlnAveragePmax number
        rlnAverageValue number
        rlnBeamTiltClass whole
        rlnBeamTiltX number mrad
        rlnBeamTiltY number mrad
        rlnBestResolutionThusFar number
        rlnBfactorUsedForSharpening number Å²
        rlnBlushNoSpectralTrailing flag
        rlnBodyKeepFixed whole
        rlnBodyMaskName text
        rlnBodyReferenceName text
        rlnBodyRotateDirectionX number
        rlnBodyRotateDirectionY number
        rlnBodyRotateDirectionZ number
        rlnBodyRotateRelativeTo whole
        rlnBodySigmaAngles number degrees
        rlnBodySigmaOffset number pixels
        rlnBodySigmaOffsetAngst number Å
        rlnBodySigmaPsi number degrees
        rlnBodySigmaRot number degrees
        rlnBodySigmaTilt number degrees
        rlnBodyStarFile text
        rlnCenteredCoordinateXAngst number Å
        rlnCenteredCoordinateYAngst number Å
        rlnCenteredCoordinateZAngst number Å
        rlnChangesOptimalClasses number
        rlnChangesOptimalOffsets number Å
        rlnChangesOptimalOrientations number degrees
        rlnChromaticAberration number mm
        rlnCircleMaskedKurt number
        rlnCircleMaskedMean number
        rlnCircleMaskedSkew number
        rlnCircleMaskedStddev number
        rlnClassDistribution number
        rlnClassIndex whole
        rlnClassNumber whole
        rlnClassPriorOffsetX number Å
        rlnClassPriorOffsetY number Å
        rlnClassScore number
        rlnCoarseImageSize whole pixels
        rlnComment text
        rlnConvergenceCone number
        rlnCoordinateX number pixels
        rlnCoordinateY number pixels
        rlnCoordinateZ number pixels
        rlnCorrectedFourierShellCorrelationPhaseRandomizedMaskedMaps number
        rlnCorrelationFitGuinierPlot number
        rlnCtfAstigmatism number Å
        rlnCtfBfactor number Å²
        rlnCtfBfactorPerElectronDose number Å²
        rlnCtfDataAreCtfCorrected flag
        rlnCtfDataAreCtfPremultiplied flag
        rlnCtfDataArePhaseFlipped flag
        rlnCtfFigureOfMerit number
        rlnCtfIceRingDensity number
        rlnCtfImage text
        rlnCtfMaxResolution number Å
        rlnCtfPowerSpectrum text
        rlnCtfScalefactor number
        rlnCtfValidationScore number
        rlnCtfValue number
        rlnCurrentImageSize whole pixels
        rlnCurrentIteration whole
        rlnCurrentResolution number Å
        rlnDataDimensionality whole
        rlnDataType whole
        rlnDefocusAngle number degrees
        rlnDefocusU number Å
        rlnDefocusV number Å
        rlnDetectorPixelSize number µm
        rlnDiff2RandomHalves number
        rlnDifferentialPhaseResidualMaskedMaps number
        rlnDifferentialPhaseResidualUnmaskedMaps number
        rlnDoAutoRefine flag
        rlnDoAutoSampling flag
        rlnDoBlush flag
        rlnDoCenterClasses flag
        rlnDoCorrectCtf flag
        rlnDoCorrectMagnification flag
        rlnDoCorrectNorm flag
        rlnDoCorrectScale flag
        rlnDoExternalReconstruct flag
        rlnDoFastSubsetOptimisation flag
        rlnDoGradientRefine flag
        rlnDoHelicalRefine flag
        rlnDoIgnoreCtfUntilFirstPeak flag
        rlnDoMapEstimation flag
        rlnDoOnlyFlipCtfPhases flag
        rlnDoRealignMovies flag
        rlnDoSkipAlign flag
        rlnDoSkipRotate flag
        rlnDoSolventFlattening flag
        rlnDoSolventFscCorrection flag
        rlnDoSplitRandomHalves flag
        rlnDoStochasticEM flag
        rlnDoStochasticGradientDescent flag
        rlnDoZeroMask flag
        rlnEERGrouping whole
        rlnEERUpsampling whole
        rlnEdgeSignal number
        rlnEnabled flag
        rlnEnergyLoss number
        rlnEstimatedResolution number Å
        rlnEtomoDirectiveFile text
        rlnEvenZernike numbers radians
        rlnExperimentalDataStarFile text
        rlnExtReconsDataImag text
        rlnExtReconsDataReal text
        rlnExtReconsResult text
        rlnExtReconsResultStarfile text
        rlnExtReconsWeight text
        rlnFftKurt number
        rlnFftMean number
        rlnFftSkew number
        rlnFftStddev number
        rlnFinalResolution number Å
        rlnFittedInterceptGuinierPlot number
        rlnFittedSlopeGuinierPlot number
        rlnFixSigmaNoiseEstimates flag
        rlnFixSigmaOffsetEstimates flag
        rlnFixTauEstimates flag
        rlnFourierCompleteness number
        rlnFourierMask text
        rlnFourierShellCorrelation number
        rlnFourierShellCorrelationCorrected number
        rlnFourierShellCorrelationMaskedMaps number
        rlnFourierShellCorrelationParticleMaskFraction number
        rlnFourierShellCorrelationParticleMolWeight number
        rlnFourierShellCorrelationUnmaskedMaps number
        rlnFourierSpaceInterpolator whole
        rlnGoldStandardFsc number
        rlnGradCurrentStepsize number
        rlnGradEmIters whole
        rlnGradHasConverged flag
        rlnGradMoment1 text
        rlnGradMoment2 text
        rlnGradSubsetOrder whole
        rlnGradSuspendFinerSamplingIter whole
        rlnGradSuspendLocalSamplingIter whole
        rlnGranulo numbers
        rlnGroupName text
        rlnGroupNrParticles whole
        rlnGroupNumber whole
        rlnGroupScaleCorrection number
        rlnHasConverged flag
        rlnHasHighFscAtResolLimit flag
        rlnHasLargeSizeIncreaseIterationsAgo whole
        rlnHealpixOrder whole
        rlnHealpixOrderOriginal whole
        rlnHelicalCentralProportion number
        rlnHelicalKeepTiltPriorFixed flag
        rlnHelicalMaskTubeInnerDiameter number Å
        rlnHelicalMaskTubeOuterDiameter number Å
        rlnHelicalOffsetStep number Å
        rlnHelicalRise number Å
        rlnHelicalRiseInitial number Å
        rlnHelicalRiseInitialStep number Å
        rlnHelicalRiseMax number Å
        rlnHelicalRiseMin number Å
        rlnHelicalSigmaDistance number
        rlnHelicalSymmetryLocalRefinement flag
        rlnHelicalTrackLength number
        rlnHelicalTrackLengthAngst number Å
        rlnHelicalTubeID whole
        rlnHelicalTubePitch number Å
        rlnHelicalTwist number degrees
        rlnHelicalTwistInitial number degrees
        rlnHelicalTwistInitialStep number degrees
        rlnHelicalTwistMax number degrees
        rlnHelicalTwistMin number degrees
        rlnHighresLimitExpectation number Å
        rlnHighresLimitSGD number
        rlnIMODLeaveOutError number
        rlnIMODResidualErrorMean number
        rlnIMODResidualErrorStddev number
        rlnIgnoreHelicalSymmetry flag
        rlnImageDimensionality whole
        rlnImageId whole
        rlnImageName text
        rlnImageOriginalName text
        rlnImagePixelSize number Å
        rlnImageSize whole pixels
        rlnImageSizeX whole pixels
        rlnImageSizeY whole pixels
        rlnImageSizeZ whole pixels
        rlnImageWeight number
        rlnIncrementImageSize whole
        rlnInnerCircleKurt number
        rlnInnerCircleMean number
        rlnInnerCircleSkew number
        rlnInnerCircleStddev number
        rlnIs3DSampling flag
        rlnIs3DTranslationalSampling flag
        rlnIsFlip flag
        rlnIsHelix flag
        rlnIsSelected whole
        rlnJobIsContinue flag
        rlnJobIsTomo flag
        rlnJobOptionDefaultValue text
        rlnJobOptionDirectoryDefault text
        rlnJobOptionFilePattern text
        rlnJobOptionGUILabel text
        rlnJobOptionHelpText text
        rlnJobOptionMenuOptions text
        rlnJobOptionSliderMax number
        rlnJobOptionSliderMin number
        rlnJobOptionSliderStep number
        rlnJobOptionValue text
        rlnJobOptionVariable text
        rlnJobScore number
        rlnJobType whole
        rlnJobTypeLabel text
        rlnJoboptionType whole
        rlnJoinHalvesUntilThisResolution number Å
        rlnKullbackLeiblerDivergence number
        rlnKurtosisExcessValue number
        rlnLBP numbers
        rlnLensStability number
        rlnLocalSymmetryFile text
        rlnLogAmplitudesIntercept number
        rlnLogAmplitudesMTFCorrected number
        rlnLogAmplitudesOriginal number
        rlnLogAmplitudesSharpened number
        rlnLogAmplitudesWeighted number
        rlnLogLikeliContribution number
        rlnLogLikelihood number
        rlnLongitudinalDisplacement number
        rlnLowpassFilteredImageMax number
        rlnLowpassFilteredImageMean number
        rlnLowpassFilteredImageMin number
        rlnLowpassFilteredImageStddev number
        rlnLowresLimitExpectation number Å
        rlnMagMat00 number
        rlnMagMat01 number
        rlnMagMat10 number
        rlnMagMat11 number
        rlnMagnification number
        rlnMagnificationCorrection number
        rlnMagnificationSearchRange number
        rlnMagnificationSearchStep number
        rlnMaskName text
        rlnMatrix_1_1 number
        rlnMatrix_1_2 number
        rlnMatrix_1_3 number
        rlnMatrix_2_1 number
        rlnMatrix_2_2 number
        rlnMatrix_2_3 number
        rlnMatrix_3_1 number
        rlnMatrix_3_2 number
        rlnMatrix_3_3 number
        rlnMaxNumberOfPooledParticles whole
        rlnMaxValueProbDistribution number
        rlnMaximumCoarseImageSize whole
        rlnMaximumSignificantPoses whole
        rlnMaximumValue number
        rlnMicrographBinning number
        rlnMicrographCoordinates text
        rlnMicrographDefectFile text
        rlnMicrographDoseRate number e/Å²
        rlnMicrographEndFrame whole
        rlnMicrographFrameNumber whole
        rlnMicrographGainName text
        rlnMicrographIceThickness number
        rlnMicrographId whole
        rlnMicrographMetadata text
        rlnMicrographMovieName text
        rlnMicrographName text
        rlnMicrographNameEven text
        rlnMicrographNameNoDW text
        rlnMicrographNameOdd text
        rlnMicrographOriginalPixelSize number Å
        rlnMicrographPixelSize number Å
        rlnMicrographPreExposure number e/Å²
        rlnMicrographShiftX number pixels
        rlnMicrographShiftY number pixels
        rlnMicrographStartFrame whole
        rlnMicrographTiltAngle number degrees
        rlnMicrographTiltAxisDirection number degrees
        rlnMicrographTiltAxisOutOfPlane number degrees
        rlnMinRadiusNnInterpolation whole
        rlnMinimumValue number
        rlnModelStarFile text
        rlnModelStarFile2 text
        rlnMolecularWeight number
        rlnMotionModelCoeff number
        rlnMotionModelCoeffsIdx whole
        rlnMotionModelVersion whole
        rlnMovieFrameNumber whole
        rlnMovieFramesRunningAverage whole
        rlnMtfFileName text
        rlnMtfValue number
        rlnNormCorrection number
        rlnNormCorrectionAverage number
        rlnNormalizedFeatureVector numbers
        rlnNrBodies whole
        rlnNrClasses whole
        rlnNrGroups whole
        rlnNrHelicalAsymUnits whole
        rlnNrHelicalNStart whole
        rlnNrOfFrames whole
        rlnNrOfSignificantSamples whole
        rlnNrOpticsGroups whole
        rlnNumberOfIterWithoutChangingAssignments whole
        rlnNumberOfIterWithoutResolutionGain whole
        rlnNumberOfIterations whole
        rlnOddZernike numbers radians
        rlnOffsetRange number Å
        rlnOffsetRangeOriginal number Å
        rlnOffsetRangeX number Å
        rlnOffsetRangeY number Å
        rlnOffsetRangeZ number Å
        rlnOffsetStep number Å
        rlnOffsetStepOriginal number Å
        rlnOpticsGroup whole
        rlnOpticsGroupName text
        rlnOpticsGroupNrParticles whole
        rlnOpticsGroupNumber whole
        rlnOpticsStarFile text
        rlnOrientSamplingStarFile text
        rlnOrientationDistribution number
        rlnOrientationalPriorMode whole
        rlnOrientationsID whole
        rlnOriginX number pixels
        rlnOriginXAngst number Å
        rlnOriginXPrior number pixels
        rlnOriginXPriorAngst number Å
        rlnOriginY number pixels
        rlnOriginYAngst number Å
        rlnOriginYPrior number pixels
        rlnOriginYPriorAngst number Å
        rlnOriginZ number pixels
        rlnOriginZAngst number Å
        rlnOriginZPrior number pixels
        rlnOriginZPriorAngst number Å
        rlnOriginalImageSize whole pixels
        rlnOriginalParticleName text
        rlnOutputRootName text
        rlnOverallAccuracyRotations number degrees
        rlnOverallAccuracyTranslations number
        rlnOverallAccuracyTranslationsAngst number Å
        rlnOverallFourierCompleteness number
        rlnPaddingFactor number
        rlnParticleBoxFractionMolecularWeight number
        rlnParticleBoxFractionSolventMask number
        rlnParticleDiameter number Å
        rlnParticleFigureOfMerit number
        rlnParticleId whole
        rlnParticleName text
        rlnParticleNr number
        rlnParticleNumber whole
        rlnParticleSelectZScore number
        rlnParticleSelectionType whole
        rlnPerFrameCumulativeWeight number
        rlnPerFrameRelativeWeight number
        rlnPhaseShift number degrees
        rlnPipeLineEdgeFromNode text
        rlnPipeLineEdgeProcess text
        rlnPipeLineEdgeToNode text
        rlnPipeLineJobCounter whole
        rlnPipeLineNodeName text
        rlnPipeLineNodeType whole
        rlnPipeLineNodeTypeLabel text
        rlnPipeLineNodeTypeLabelDepth whole
        rlnPipeLineProcessAlias text
        rlnPipeLineProcessName text
        rlnPipeLineProcessStatus whole
        rlnPipeLineProcessStatusLabel text
        rlnPipeLineProcessType whole
        rlnPipeLineProcessTypeLabel text
        rlnPixelSize number Å
        rlnPostprocessedMap text
        rlnPostprocessedMapMasked text
        rlnPredictedClassScore number
        rlnProteinArea whole
        rlnProteinCAR number
        rlnProteinEntropy number
        rlnProteinHaralick numbers
        rlnProteinKurt number
        rlnProteinLBP numbers
        rlnProteinMean number
        rlnProteinSkew number
        rlnProteinStddev number
        rlnProteinSum number
        rlnPsiStep number degrees
        rlnPsiStepOriginal number degrees
        rlnRadiusMaskExpImages whole
        rlnRadiusMaskMap whole
        rlnRandomSeed whole
        rlnRandomSubset whole
        rlnRandomiseFrom number
        rlnReconstructImageName text
        rlnReferenceDimensionality whole
        rlnReferenceImage text
        rlnReferenceSigma2 number
        rlnReferenceSpectralPower number
        rlnReferenceTau2 number
        rlnRefsAreCtfCorrected flag
        rlnRelativeResolution number
        rlnRelativeSignalIntensity number
        rlnResolution number 1/Å
        rlnResolutionInversePixel number
        rlnResolutionSquared number
        rlnRingKurt number
        rlnRingMean number
        rlnRingSkew number
        rlnRingStddev number
        rlnSamplingPerturbFactor number
        rlnSamplingPerturbInstance number
        rlnSamplingRate number
        rlnSamplingRateX number
        rlnSamplingRateY number
        rlnSamplingRateZ number
        rlnScatteredSignal number
        rlnSchemeBooleanVariableName text
        rlnSchemeBooleanVariableResetValue flag
        rlnSchemeBooleanVariableValue flag
        rlnSchemeCurrentNodeName text
        rlnSchemeEdgeBooleanVariable text
        rlnSchemeEdgeInputNodeName text
        rlnSchemeEdgeIsFork flag
        rlnSchemeEdgeNumber whole
        rlnSchemeEdgeOutputNodeName text
        rlnSchemeEdgeOutputNodeNameIfTrue text
        rlnSchemeEmailAddress text
        rlnSchemeFloatVariableName text
        rlnSchemeFloatVariableResetValue number
        rlnSchemeFloatVariableValue number
        rlnSchemeJobHasStarted flag
        rlnSchemeJobMode text
        rlnSchemeJobName text
        rlnSchemeJobNameOriginal text
        rlnSchemeName text
        rlnSchemeOperatorInput1 text
        rlnSchemeOperatorInput2 text
        rlnSchemeOperatorName text
        rlnSchemeOperatorOutput text
        rlnSchemeOperatorType text
        rlnSchemeOriginalStartNodeName text
        rlnSchemeStringVariableName text
        rlnSchemeStringVariableResetValue text
        rlnSchemeStringVariableValue text
        rlnSelected whole
        rlnSgdClassInactivityThreshold number
        rlnSgdFinalIterationsFraction number
        rlnSgdFinalResolution number Å
        rlnSgdFinalSubsetSize whole
        rlnSgdInitialIterationsFraction number
        rlnSgdInitialResolution number Å
        rlnSgdInitialSubsetSize whole
        rlnSgdMaxSubsets whole
        rlnSgdMinimumResolution number Å
        rlnSgdMuFactor number
        rlnSgdSigma2FudgeHalflife whole
        rlnSgdSigma2FudgeInitial number
        rlnSgdSkipAnneal flag
        rlnSgdStepsize number
        rlnSgdStepsizeScheme text
        rlnSgdSubsetSize whole
        rlnSgdWriteEverySubset whole
        rlnSigma2Noise number
        rlnSigmaOffsets number pixels
        rlnSigmaOffsetsAngst number Å
        rlnSigmaPriorPsiAngle number degrees
        rlnSigmaPriorRotAngle number degrees
        rlnSigmaPriorTiltAngle number degrees
        rlnSignalToNoiseRatio number
        rlnSkewnessValue number
        rlnSmallestChangesClasses whole
        rlnSmallestChangesOffsets number Å
        rlnSmallestChangesOrientations number degrees
        rlnSolventArea whole
        rlnSolventEntropy number
        rlnSolventHaralick numbers
        rlnSolventKurt number
        rlnSolventLBP numbers
        rlnSolventMask2Name text
        rlnSolventMaskName text
        rlnSolventMean number
        rlnSolventSkew number
        rlnSolventStddev number
        rlnSolventSum number
        rlnSortedIndex whole
        rlnSpectralIndex whole
        rlnSpectralOrientabilityContribution number
        rlnSphericalAberration number mm
        rlnSsnrMap number
        rlnStandardDeviationValue number
        rlnStarFileMovieParticles text
        rlnSubImageStack text
        rlnSubImageStarFile text
        rlnSymmetryGroup text
        rlnTau2FudgeArg number
        rlnTau2FudgeFactor number
        rlnTau2FudgeScheme text
        rlnTauSpectrumName text
        rlnTiltAngleLimit number degrees
        rlnTomoDefocusSlope number
        rlnTomoDeformationCoefficients numbers
        rlnTomoDeformationGridSizeX whole
        rlnTomoDeformationGridSizeY whole
        rlnTomoDeformationType text
        rlnTomoDenoisedTomogram text
        rlnTomoFiducialsStarFile text
        rlnTomoFrameCount whole
        rlnTomoHand number
        rlnTomoIceNormalX number
        rlnTomoIceNormalY number
        rlnTomoIceNormalZ number
        rlnTomoImportCtfFindFile text
        rlnTomoImportCtfPlotterFile text
        rlnTomoImportCulledFile text
        rlnTomoImportFractionalDose number e/Å²
        rlnTomoImportImodDir text
        rlnTomoImportOffsetX number
        rlnTomoImportOffsetY number
        rlnTomoImportOffsetZ number
        rlnTomoImportOrderList text
        rlnTomoImportParticleFile text
        rlnTomoManifoldIndex whole
        rlnTomoManifoldParams numbers
        rlnTomoManifoldType text
        rlnTomoManifoldsFile text
        rlnTomoName text
        rlnTomoNominalDefocus number Å
        rlnTomoNominalStageTiltAngle number degrees
        rlnTomoNominalTiltAxisAngle number degrees
        rlnTomoParticleId whole
        rlnTomoParticleName text
        rlnTomoParticlesFile text
        rlnTomoProjW numbers
        rlnTomoProjX numbers
        rlnTomoProjY numbers
        rlnTomoProjZ numbers
        rlnTomoReconstructedTomogram text
        rlnTomoReconstructedTomogramHalf1 text
        rlnTomoReconstructedTomogramHalf2 text
        rlnTomoReferenceFscFile text
        rlnTomoReferenceMap1File text
        rlnTomoReferenceMap2File text
        rlnTomoReferenceMaskFile text
        rlnTomoRelativeIceThickness number
        rlnTomoRelativeLuminance number
        rlnTomoSizeX whole pixels
        rlnTomoSizeY whole pixels
        rlnTomoSizeZ whole pixels
        rlnTomoSubTomosAre2DStacks flag
        rlnTomoSubtomogramBinning number
        rlnTomoSubtomogramPsi number degrees
        rlnTomoSubtomogramRot number degrees
        rlnTomoSubtomogramTilt number degrees
        rlnTomoTempPredSquared number
        rlnTomoTempPredTimesObs number
        rlnTomoTiltMovieFile text
        rlnTomoTiltMovieFrameCount whole
        rlnTomoTiltMovieIndex whole
        rlnTomoTiltSeriesName text
        rlnTomoTiltSeriesPixelSize number Å
        rlnTomoTiltSeriesStarFile text
        rlnTomoTomogramBinning number
        rlnTomoTomogramThickness number
        rlnTomoTomogramsFile text
        rlnTomoTrajectoriesFile text
        rlnTomoVisibleFrames wholes
        rlnTomoXShiftAngst number Å
        rlnTomoXTilt number degrees
        rlnTomoYShiftAngst number Å
        rlnTomoYTilt number degrees
        rlnTomoZRot number degrees
        rlnTomogramHProjectionalf2 text
        rlnTomogramProjection text
        rlnTomogramProjectionHalf1 text
        rlnTotalEntropy number
        rlnTransversalDisplacement number
        rlnUnfilteredMapHalf1 text
        rlnUnfilteredMapHalf2 text
        rlnUnknownLabel text
        rlnUseTooCoarseSampling flag
        rlnVoltage number kV
        rlnWeightedResolution number
        rlnWidthMaskEdge whole pixels
        rlnZernikeMoments numbers
        """
}
