import ProgramKit

/// Options whose effect does not exist yet are refused; they are never ignored.
extension RefineProgram {
    func refuseUnavailable(_ check: inout InputCheck, context: ProgramContext) {
        refuseHelices(&check, context: context)
        refuseTomography(&check, context: context)
        refuseMultibody(&check)
        check.require(
            !correction.padCTF, "--pad_ctf", found: "is switched off in this version of RELION's programs, and not available here",
            remedy: "Extract the particles in a larger box if the CTF aliases")
        check.refuse("--blush", given: expert.blush, remedy: "Refine without it")
        check.refuse("--blush_skip_spectral_trailing", given: expert.blushSkipTrailing)
        check.refuse("--external_reconstruct", given: expert.externalReconstruct)
    }

    private func refuseHelices(_ check: inout InputCheck, context: ProgramContext) {
        let options = [
            "--helix", "--ignore_helical_symmetry", "--helical_nr_asu", "--helical_twist_initial", "--helical_twist_min",
            "--helical_twist_max", "--helical_twist_inistep", "--helical_rise_initial", "--helical_rise_min",
            "--helical_rise_max", "--helical_rise_inistep", "--helical_nstart", "--helical_z_percentage",
            "--helical_inner_diameter", "--helical_outer_diameter", "--helical_symmetry_search",
            "--helical_sigma_distance", "--helical_keep_tilt_prior_fixed", "--helical_exclude_resols", "--fourier_mask",
            "--helical_offset_step",
        ]
        for option in options { check.refuse(option, given: context.isGiven(option)) }
    }

    private func refuseTomography(_ check: inout InputCheck, context: ProgramContext) {
        check.refuse("--tomograms", given: general.tomograms.ifGiven != nil)
        check.refuse("--trajectories", given: general.trajectories.ifGiven != nil)
        check.refuse("--ios", given: general.optimisationSet.ifGiven != nil)
        check.refuse("--offset_range_z", given: orientation.offsetRangeZ > 0)
        for option in ["--normalised_subtomo", "--skip_subtomo_multi", "--ctf3d_not_squared", "--subtomo_multi_thr"] {
            check.refuse(option, given: context.isGiven(option))
        }
    }

    private func refuseMultibody(_ check: inout InputCheck) {
        check.refuse("--multibody_masks", given: continuation.multibodyMasks.ifGiven != nil)
        check.refuse("--multibody_norm_overlap", given: continuation.multibodyNormOverlap)
        check.refuse("--reconstruct_subtracted_bodies", given: continuation.reconstructSubtracted)
    }
}
