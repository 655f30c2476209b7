import Refinement

/// How one option reaches the engine's settings.
struct SettingRule: Sendable {
    /// What the option does to a run that goes on from an optimiser file.
    enum Continuation: Sendable {
        /// The file's value holds; the option has no effect.
        case fixed
        /// The option replaces the file's value where it is given.
        case whenGiven
        /// The file's value is not used: the option counts, given or not.
        case always
    }

    let option: String
    let continuation: Continuation
    let apply: @Sendable (RefineProgram, inout RefinementSettings) -> Void

    init(
        _ option: String, _ continuation: Continuation = .fixed,
        _ apply: @escaping @Sendable (RefineProgram, inout RefinementSettings) -> Void
    ) {
        self.option = option
        self.continuation = continuation
        self.apply = apply
    }
}

extension SettingRule {
    /// Every option that changes the engine's settings.
    static let all = general + orientations + corrections + gradient + expert

    static let general = [
        SettingRule("--o", .whenGiven) { $1.outputRoot = $0.general.output },
        SettingRule("--iter", .whenGiven) { program, settings in
            settings.iterationCount = program.resolvedIterations(isAutoRefine: settings.isAutoRefine)
        },
        SettingRule("--tau2_fudge", .whenGiven) { $1.tau2FudgeArgument = $0.general.tau2Fudge },
        SettingRule("--tau2_fudge_scheme", .whenGiven) { $1.tau2FudgeScheme = $0.general.tau2FudgeScheme },
        SettingRule("--K") { $1.classCount = $0.general.classes },
        SettingRule("--particle_diameter", .whenGiven) { $1.particleDiameter = $0.general.particleDiameter },
        SettingRule("--zero_mask") { $1.fillsMaskWithZeros = $0.general.zeroMask },
        SettingRule("--flatten_solvent", .whenGiven) { $1.flattensSolvent = $0.general.flattenSolvent },
        SettingRule("--split_random_halves") { $1.splitsRandomHalves = $0.general.splitRandomHalves },
        SettingRule("--low_resol_join_halves") { $1.joinsHalvesUntil = $0.general.joinHalvesResolution },
        SettingRule("--center_classes", .always) { $1.centersClasses = $0.general.centerClasses },
        SettingRule("--offset", .whenGiven) { $1.initialOffsetSpread = $0.initialisation.offsetSpread },
        SettingRule("--firstiter_cc") { $1.firstIterationCrossCorrelation = $0.initialisation.firstIterationCC },
        SettingRule("--ini_high") { $1.initialLowPass = $0.initialisation.initialLowpass },
        SettingRule("--fast_subsets", .always) { $1.usesFastSubsets = $0.computation.fastSubsets },
    ]

    static let orientations = [
        SettingRule("--oversampling", .whenGiven) { $1.oversamplingOrder = $0.orientation.oversampling },
        SettingRule("--healpix_order", .whenGiven) { program, settings in
            if program.mayChangeSampling(settings) { settings.healpixOrder = program.orientation.healpixOrder }
        },
        SettingRule("--psi_step", .whenGiven) { program, settings in
            if program.mayChangeSampling(settings) { settings.psiStep = program.orientation.psiStep }
        },
        SettingRule("--offset_range", .whenGiven) { program, settings in
            if program.mayChangeSampling(settings) { settings.offsetRangeInPixels = program.orientation.offsetRange }
        },
        SettingRule("--offset_step", .whenGiven) { program, settings in
            if program.mayChangeSampling(settings) { settings.offsetStepInPixels = program.orientation.offsetStep }
        },
        SettingRule("--limit_tilt") { $1.tiltLimit = $0.orientation.limitTilt },
        SettingRule("--sym") { $1.symmetry = $0.orientation.symmetry },
        SettingRule("--relax_sym", .always) { $1.relaxedSymmetry = $0.orientation.relaxSymmetry },
        SettingRule("--offset_range_x") { $1.offsetRangeX = $0.orientation.offsetRangeX },
        SettingRule("--offset_range_y") { $1.offsetRangeY = $0.orientation.offsetRangeY },
        SettingRule("--perturb", .whenGiven) { $1.perturbation = $0.orientation.perturbation },
        SettingRule("--auto_refine") { $1.isAutoRefine = $0.orientation.autoRefine },
        SettingRule("--auto_sampling") {
            $1.isAutoSampling = $0.orientation.autoSampling || $0.orientation.autoRefine
        },
        SettingRule("--auto_local_healpix_order", .whenGiven) {
            $1.localSearchHealpixOrder = $0.orientation.localSearchOrder
        },
        SettingRule("--sigma_ang", .whenGiven) { program, settings in
            let spread = program.orientation.sigmaAngles
            if spread > 0 { (settings.sigmaRot, settings.sigmaTilt, settings.sigmaPsi) = (spread, spread, spread) }
        },
        SettingRule("--sigma_rot", .whenGiven) { program, settings in
            if program.orientation.sigmaAngles <= 0 { settings.sigmaRot = program.orientation.sigmaRot }
        },
        SettingRule("--sigma_tilt", .whenGiven) { program, settings in
            if program.orientation.sigmaAngles <= 0 { settings.sigmaTilt = program.orientation.sigmaTilt }
        },
        SettingRule("--sigma_psi", .whenGiven) { program, settings in
            if program.orientation.sigmaAngles <= 0 { settings.sigmaPsi = program.orientation.sigmaPsi }
        },
        SettingRule("--skip_align", .always) { $1.skipsAlignment = $0.orientation.skipAlign },
        SettingRule("--skip_rotate", .always) { $1.skipsRotation = $0.orientation.skipRotate },
        SettingRule("--bimodal_psi", .always) { $1.bimodalPsi = $0.orientation.bimodalPsi },
    ]

    static let corrections = [
        SettingRule("--ctf") { $1.correctsCTF = $0.correction.ctf },
        SettingRule("--ctf_intact_first_peak") { $1.leavesCTFIntactToFirstPeak = $0.correction.intactFirstPeak },
        SettingRule("--ctf_uncorrected_ref") { $1.referencesAreCTFCorrected = !$0.correction.uncorrectedReference },
        SettingRule("--ctf_phase_flipped") { $1.dataArePhaseFlipped = $0.correction.phaseFlipped },
        SettingRule("--only_flip_phases") { $1.onlyFlipsPhases = $0.correction.onlyFlipPhases },
        SettingRule("--norm", .whenGiven) { $1.correctsNorm = $0.correction.norm },
        SettingRule("--scale", .whenGiven) { $1.correctsScale = $0.correction.scale },
        // After the two above, which they overrule.
        SettingRule("--no_norm", .whenGiven) { if $0.correction.noNorm { $1.correctsNorm = false } },
        SettingRule("--no_scale", .whenGiven) { if $0.correction.noScale { $1.correctsScale = false } },
    ]

    static let gradient = [
        SettingRule("--grad") { $1.gradient.isEnabled = $0.gradient.gradient },
        SettingRule("--grad_em_iters", .whenGiven) { $1.gradient.emIterations = $0.gradient.finalEMIterations },
        SettingRule("--grad_ini_frac", .whenGiven) { $1.gradient.initialFraction = $0.gradient.initialFraction },
        SettingRule("--grad_fin_frac", .whenGiven) { $1.gradient.finalFraction = $0.gradient.finalFraction },
        SettingRule("--grad_min_resol") { $1.gradient.minimumResolution = $0.gradient.minimumResolution },
        SettingRule("--grad_ini_resol", .whenGiven) { $1.gradient.initialResolution = $0.gradient.initialResolution },
        SettingRule("--grad_fin_resol", .whenGiven) { $1.gradient.finalResolution = $0.gradient.finalResolution },
        SettingRule("--grad_ini_subset", .whenGiven) { $1.gradient.initialSubsetSize = $0.gradient.initialSubset },
        SettingRule("--grad_fin_subset", .whenGiven) { $1.gradient.finalSubsetSize = $0.gradient.finalSubset },
        SettingRule("--mu", .whenGiven) { $1.gradient.mu = $0.gradient.momentum },
        SettingRule("--grad_stepsize", .whenGiven) { $1.gradient.stepSize = $0.gradient.stepSize },
        SettingRule("--grad_stepsize_scheme", .whenGiven) { $1.gradient.stepSizeScheme = $0.gradient.stepSizeScheme },
        SettingRule("--grad_write_iter", .whenGiven) { $1.gradient.writeInterval = $0.gradient.writeInterval },
        SettingRule("--maxsig", .whenGiven) { $1.maximumSignificantPoses = $0.gradient.maximumSignificant },
        SettingRule("--no_init_blobs") { $1.gradient.startsFromBlobs = !$0.gradient.noInitialBlobs },
        SettingRule("--som") { $1.gradient.map = $0.gradient.selfOrganisingMap ? SelfOrganisingMap.Settings() : nil },
        // After the one above, without which they have no effect.
        SettingRule("--som_ini_nodes") { $1.gradient.map?.initialNodes = $0.gradient.somInitialNodes },
        SettingRule("--som_connectivity") { $1.gradient.map?.connectivity = $0.gradient.somConnectivity },
        SettingRule("--som_inactivity_threshold") { $1.gradient.map?.inactivityThreshold = $0.gradient.somInactivityThreshold },
        SettingRule("--som_neighbour_pull") { $1.gradient.map?.neighbourPull = $0.gradient.somNeighbourPull },
        SettingRule("--class_inactivity_threshold", .whenGiven) {
            $1.gradient.classInactivityThreshold = $0.gradient.classInactivityThreshold
        },
    ]

    static let expert = [
        SettingRule("--pad", .whenGiven) { $1.paddingFactor = $0.expert.padding },
        SettingRule("--NN") { $1.usesNearestNeighbour = $0.expert.nearestNeighbour },
        SettingRule("--r_min_nn") { $1.minimumRadiusNearestNeighbour = $0.expert.nearestNeighbourRadius },
        SettingRule("--random_seed") { $1.randomSeed = $0.resolvedSeed },
        SettingRule("--coarse_size") { $1.coarseSizeInPixels = $0.expert.coarseSize },
        SettingRule("--adaptive_fraction") { $1.adaptiveFraction = $0.expert.adaptiveFraction },
        SettingRule("--maskedge") { $1.maskEdgeInPixels = $0.expert.maskEdge },
        SettingRule("--fix_sigma_noise") { $1.fixesNoise = $0.expert.fixNoise },
        SettingRule("--fix_sigma_offset") { $1.fixesOffsetSpread = $0.expert.fixOffsetSpread },
        SettingRule("--incr_size") { $1.incrementOfShells = $0.expert.shellIncrement },
        SettingRule("--strict_highres_exp", .whenGiven) { $1.strictHighResolution = $0.expert.strictHighResolution },
        SettingRule("--strict_lowres_exp") { $1.strictLowResolution = $0.expert.strictLowResolution },
        SettingRule("--dont_check_norm", .always) { $1.checksNormalisation = !$0.expert.skipNormCheck },
        SettingRule("--always_cc", .always) { $1.alwaysCrossCorrelation = $0.expert.alwaysCC },
        SettingRule("--solvent_correct_fsc", .whenGiven) { $1.correctsFSCForSolvent = $0.expert.solventCorrectFSC },
        SettingRule("--skip_maximize", .always) { $1.skipsMaximisation = $0.expert.skipMaximisation },
        SettingRule("--failsafe_threshold", .always) { $1.failsafeThreshold = $0.expert.failsafeThreshold },
        SettingRule("--auto_iter_max", .always) { program, settings in
            if settings.isAutoRefine { settings.iterationCount = program.expert.autoMaximumIterations }
        },
        SettingRule("--auto_ignore_angles", .always) { $1.ignoresAngularChanges = $0.expert.autoIgnoreAngles },
        SettingRule("--auto_resol_angles", .always) { $1.usesResolutionBasedAngles = $0.expert.autoResolutionAngles },
        SettingRule("--allow_coarser_sampling", .always) { $1.allowsCoarserSampling = $0.expert.allowCoarserSampling },
        SettingRule("--nr_parts_sigma2noise") { program, settings in
            if program.expert.noiseParticles > 0 { settings.particlesForNoiseEstimate = program.expert.noiseParticles }
        },
        SettingRule("--dont_skip_gridding", .always) { $1.skipsGridding = !$0.expert.gridding },
        SettingRule("--exact", .always) { $1.isExact = $0.expert.exact },
        SettingRule("--slice_memory", .always) { $1.sliceMemoryInBytes = Int($0.computation.sliceMemory * 1e9) },
    ]
}
