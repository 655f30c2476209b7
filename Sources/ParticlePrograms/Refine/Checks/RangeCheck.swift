import ProgramKit

/// Values of options: each within its range, and all of them together possible.
extension RefineProgram {
    func checkRanges(_ check: inout InputCheck) {
        checkGeneral(&check)
        checkOrientations(&check)
        checkGradient(&check)
        checkExpert(&check)
        checkCombinations(&check)
    }

    private func checkGeneral(_ check: inout InputCheck) {
        if !isContinuation {
            check.require(
                !general.particles.isEmpty, "--i", found: "is missing", expected: "a STAR file with particles")
            check.require(!general.output.isEmpty, "--o", found: "is missing", expected: "the root of the output names")
        }
        check.range("--iter", general.iterations, orDefault: -1, expected: "a number of iterations") { $0 >= 0 }
        check.range("--K", general.classes, expected: "a number of classes above 0") { $0 > 0 }
        check.range("--particle_diameter", general.particleDiameter, orDefault: -1, expected: "a diameter in Å") { $0 > 0 }
        check.positive("--tau2_fudge", general.tau2Fudge, expected: "a number above 0")
        check.scheme("--tau2_fudge_scheme", general.tau2FudgeScheme)
        check.positive("--ini_high", initialisation.initialLowpass, expected: "a resolution in Å")
        check.range("--slice_memory", computation.sliceMemory, expected: "a number of GB from 0 to 10000") { (0...10000).contains($0) }
        check.range("--offset", initialisation.offsetSpread, expected: "a spread in Å above 0") { $0 > 0 }
    }

    private func checkOrientations(_ check: inout InputCheck) {
        let o = orientation
        check.range("--oversampling", o.oversampling, expected: "an order from 0 to 4") { (0...4).contains($0) }
        check.range("--healpix_order", o.healpixOrder, expected: "an order from 0 to 9") { (0...9).contains($0) }
        check.range("--psi_step", o.psiStep, orDefault: -1, expected: "an angle in degrees up to 360") {
            $0 > 0 && $0 <= 360
        }
        check.range("--limit_tilt", o.limitTilt, expected: "an angle from -91 to 90 degrees") { $0 >= -91 && $0 <= 90 }
        check.range("--offset_range", o.offsetRange, expected: "a range in pixels of 0 or more") { $0 >= 0 }
        check.range("--offset_step", o.offsetStep, expected: "a step in pixels above 0") { $0 > 0 }
        check.positive("--offset_range_x", o.offsetRangeX, expected: "a range in Å")
        check.positive("--offset_range_y", o.offsetRangeY, expected: "a range in Å")
        check.range("--perturb", o.perturbation, expected: "a fraction from 0 to 1") { $0 >= 0 && $0 <= 1 }
        check.range("--auto_local_healpix_order", o.localSearchOrder, expected: "an order of 0 or more") { $0 >= 0 }
        let spreads = [
            ("--sigma_ang", o.sigmaAngles), ("--sigma_rot", o.sigmaRot), ("--sigma_tilt", o.sigmaTilt),
            ("--sigma_psi", o.sigmaPsi),
        ]
        for (name, value) in spreads { check.positive(name, value, expected: "an angle in degrees") }
    }

    private func checkGradient(_ check: inout InputCheck) {
        let g = gradient
        check.range("--grad_em_iters", g.finalEMIterations, expected: "a number of 0 or more") { $0 >= 0 }
        check.range("--grad_ini_frac", g.initialFraction, expected: "a fraction above 0 and below 1") { $0 > 0 && $0 < 1 }
        check.range("--grad_fin_frac", g.finalFraction, expected: "a fraction above 0 and below 1") { $0 > 0 && $0 < 1 }
        check.range("--grad_min_resol", g.minimumResolution, expected: "a resolution in Å") { $0 > 0 }
        check.positive("--grad_ini_resol", g.initialResolution, expected: "a resolution in Å")
        check.positive("--grad_fin_resol", g.finalResolution, expected: "a resolution in Å")
        check.range("--grad_ini_subset", g.initialSubset, orDefault: -1, expected: "a number of particles") { $0 > 0 }
        check.range("--grad_fin_subset", g.finalSubset, orDefault: -1, expected: "a number of particles") { $0 > 0 }
        check.range("--mu", g.momentum, expected: "a number from 0 to below 1") { $0 >= 0 && $0 < 1 }
        check.positive("--grad_stepsize", g.stepSize, expected: "a number above 0")
        check.scheme("--grad_stepsize_scheme", g.stepSizeScheme)
        check.range("--grad_write_iter", g.writeInterval, expected: "a number above 0") { $0 > 0 }
        check.range("--maxsig", g.maximumSignificant, orDefault: -1, expected: "a number above 0") { $0 > 0 }
        check.range("--class_inactivity_threshold", g.classInactivityThreshold, expected: "a number of 0 or more") {
            $0 >= 0
        }
        checkMap(&check)
    }

    private func checkMap(_ check: inout InputCheck) {
        let g = gradient
        check.range("--som_ini_nodes", g.somInitialNodes, expected: "2 nodes or more") { $0 >= 2 }
        check.range("--som_connectivity", g.somConnectivity, expected: "a number of neighbours of 0 or more") { $0 >= 0 }
        check.range("--som_inactivity_threshold", g.somInactivityThreshold, expected: "a fraction from 0 to below 1") {
            $0 >= 0 && $0 < 1
        }
        check.range("--som_neighbour_pull", g.somNeighbourPull, expected: "a fraction from 0 to below 1") { $0 >= 0 && $0 < 1 }
        guard g.selfOrganisingMap, !isContinuation else { return }
        check.require(g.gradient, "--som", found: "is given without --grad", expected: "the gradient method")
        check.require(
            general.classes >= max(3, g.somInitialNodes), "--som", found: "is given with --K \(general.classes)",
            expected: "\(max(3, g.somInitialNodes)) classes or more")
    }

    private func checkExpert(_ check: inout InputCheck) {
        let e = expert
        check.range("--pad", e.padding, expected: "a whole number from 1 to 4") { (1...4).contains($0) }
        check.positive("--ref_angpix", e.referencePixelSize, expected: "a pixel size in Å")
        check.range("--r_min_nn", e.nearestNeighbourRadius, expected: "a number of 0 or more") { $0 >= 0 }
        check.range("--coarse_size", e.coarseSize, orDefault: -1, expected: "a number of pixels") { $0 > 0 }
        check.range("--adaptive_fraction", e.adaptiveFraction, expected: "a fraction above 0 up to 1") {
            $0 > 0 && $0 <= 1
        }
        check.range("--maskedge", e.maskEdge, expected: "a width in pixels of 0 or more") { $0 >= 0 }
        check.range("--incr_size", e.shellIncrement, expected: "a number of 0 or more") { $0 >= 0 }
        check.positive("--strict_highres_exp", e.strictHighResolution, expected: "a resolution in Å")
        check.positive("--strict_lowres_exp", e.strictLowResolution, expected: "a resolution in Å")
        check.range("--failsafe_threshold", e.failsafeThreshold, expected: "a number of 0 or more") { $0 >= 0 }
        check.range("--auto_iter_max", e.autoMaximumIterations, expected: "a number above 0") { $0 > 0 }
        check.range("--nr_parts_sigma2noise", e.noiseParticles, orDefault: -1, expected: "a number of particles") { $0 > 0 }
        check.range("--pool", computation.pool, expected: "a number above 0") { $0 > 0 }
        check.range("--keep_free_scratch", computation.keepFree, expected: "a size in GB of 0 or more") { $0 >= 0 }
        check.range("--free_gpu_memory", computation.freeGPUMemory, expected: "a size in MB of 0 or more") { $0 >= 0 }
    }

    private func checkCombinations(_ check: inout InputCheck) {
        check.require(
            !(general.splitRandomHalves && general.classes > 1), "--split_random_halves",
            found: "is given with --K \(general.classes)", expected: "one class",
            remedy: "Classify first, then refine the particles of each class")
        check.require(
            !(orientation.autoRefine && general.classes > 1), "--auto_refine",
            found: "is given with --K \(general.classes)", expected: "one class")
        check.require(
            !(gradient.gradient && expert.randomSeed == 0), "--random_seed", found: "0",
            expected: "another seed with --grad, which takes random subsets")
        check.require(
            (orientation.offsetRangeX > 0) == (orientation.offsetRangeY > 0), "--offset_range_x",
            found: "is given without its counterpart", expected: "--offset_range_x and --offset_range_y together")
        check.require(
            !computation.reuseScratch || computation.scratch.ifGiven != nil, "--reuse_scratch",
            found: "is given without --scratch_dir", expected: "the folder with the copy")
        check.require(
            !continuation.forceConverge || isContinuation, "--force_converge", found: "is given without --continue")
        check.require(
            !continuation.joinRandomHalves || isContinuation, "--join_random_halves",
            found: "is given without --continue")
        check.require(
            (general.lowpassMask.ifGiven != nil) == (general.lowpass > 0), "--lowpass_mask",
            found: "is given without --lowpass, or the other way round", expected: "the mask and the resolution")
        if computation.fastSubsets {
            check.require(
                general.iterations < 0 || general.iterations >= 20, "--fast_subsets",
                found: "is given with --iter \(general.iterations)", expected: "20 iterations or more")
            check.require(
                !orientation.autoRefine && !gradient.gradient, "--fast_subsets",
                found: "is given with --auto_refine or --grad", expected: "expectation maximisation in classification")
        }
    }
}

extension InputCheck {
    /// Adds a problem unless `isValid` holds or the value is the option's `orDefault`, which means "not given".
    fileprivate mutating func range<Value: Equatable>(
        _ option: String, _ value: Value, orDefault unset: Value? = nil, expected: String, _ isValid: (Value) -> Bool
    ) {
        if value == unset { return }
        require(isValid(value), option, found: "\(value)", expected: expected + (unset == nil ? "" : ", or -1 for the default"))
    }

    /// For options where 0 and values below mean "not given".
    fileprivate mutating func positive(_ option: String, _ value: Double, expected: String) {
        require(value.isFinite, option, found: "\(value)", expected: expected + ", or -1 for the default")
    }

    /// Empty, `plain`, or `F-step` with a factor above 0.
    fileprivate mutating func scheme(_ option: String, _ text: String) {
        let isStep = text.hasSuffix("-step") && (Double(text.dropLast(5)) ?? 0) > 0
        require(text.isEmpty || text == "plain" || isStep, option, found: "\"\(text)\"", expected: "plain, or 3-step with any number")
    }
}
