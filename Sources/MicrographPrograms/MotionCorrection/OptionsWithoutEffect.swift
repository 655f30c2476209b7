import Reporting

extension MotionCorrectionProgram {
    /// What is given but changes nothing under the other options, a sentence each.
    var optionsWithoutEffect: [String] {
        var result: [String] = []
        func tell(_ option: String, _ isGiven: Bool, _ reason: String) {
            if isGiven { result.append("\(option) has no effect: \(reason)") }
        }
        if alignment.usesMotionCor2 {
            if alignment.otherArguments.contains("Mag") {
                result.append("-Mag in --other_motioncor2_args: polishing goes back to the movies and does not correct their magnification")
            }
            let reason = "MotionCor2 aligns by itself"
            tell("--skip_defect", own.skipsDefects, reason)
            tell("--interpolate_shifts", own.interpolatesShifts, reason)
            tell("--ccf_downsample", own.correlationScale > 0, reason)
            tell("--early_binning", own.earlyBinning, reason)
            tell("--no_early_binning", own.noEarlyBinning, reason)
        } else {
            for (option, value) in [("--motioncor2_exe", alignment.motionCor2), ("--other_motioncor2_args", alignment.otherArguments), ("--gpu", alignment.gpu)] {
                tell(option, value.ifGiven != nil, "the alignment of this suite runs on the processor's cores and does not call MotionCor2")
            }
            tell("--archive", alignment.archive.ifGiven != nil, "only MotionCor2 archives movies; convert them with relion_convert_to_tiff")
            tell("--interpolate_shifts", own.interpolatesShifts && (alignment.groupSize == 1 || alignment.patchesX < 3 || alignment.patchesY < 3),
                 "it is about the patches of groups of frames, see --group_frames, --patch_x and --patch_y")
            tell("--no_early_binning", own.noEarlyBinning && abs(alignment.binning - 1) < 0.01, "--bin_factor is 1")
            tell("--early_binning", own.earlyBinning, "it is the default; --no_early_binning turns it off")
        }
        tell("--save_noDW", own.savesUnweighted && !dose.weightsDose, "without --dose_weighting the micrograph is the unweighted sum")
        return result
    }
}
