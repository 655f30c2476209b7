// The job type relion.motioncorr: Aligns and sums the frames of movies.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let motionCorrection = CataloguePage(
        name: "MotionCorrection",
        text: #"""
            job relion.motioncorr
                number     1
                name       Motion correction
                tomo name  Motion correction
                folder     MotionCorr
                form file  .gui_motioncorrjob.star
                offers     mpi, threads, queue
                continues  flag
                tomo flag  set
                summary    Aligns and sums the frames of movies.

            label relion.motioncorr.own        when do_own_motioncor
            label relion.motioncorr.motioncor2 when !do_own_motioncor

            tab for spa I/O
            node input_star_mics = | Input movies STAR file: | MicrographMovieGroupMetadata.star.relion | STAR files (*.star) | fixed
                Movies or tilt series to work on, from an Import job (CTF estimation: from motion correction).
            slider first_frame_sum = 1 | First frame for corrected sum: | 1 to 32 step 1 | fixed
                First frame of the sum, counted from 1.
            slider last_frame_sum = -1 | Last frame for corrected sum: | 0 to 32 step 1 | fixed
                Last frame of the sum; -1 for all.
            slider dose_per_frame = 1 | Dose per frame (e/A2): | 0 to 5 step 0.2 | fixed
                Electrons per Å² in each frame (for EER: each fraction).
            slider pre_exposure = 0 | Pre-exposure (e/A2): | 0 to 5 step 0.5 | fixed
                Electrons per Å² before the first frame.
            slider eer_grouping = 32 | EER fractionation: | 1 to 100 step 1 | fixed
                Raw EER frames summed into one fraction.
            boolean do_float16 = Yes | Write output in float16? | fixed
                Write half-precision MRC files, half as large. Not all programs read them.
            boolean do_dose_weighting = Yes | Do dose-weighting? | fixed
                Weight frequencies by the radiation damage at each frame's dose.
            boolean do_save_noDW = No | Save non-dose weighted as well? | fixed | if do_dose_weighting
                Write the sum without dose weighting beside the weighted one.
            boolean do_save_ps = Yes | Save sum of power spectra? | fixed
                Write summed power spectra, which speed up CTF estimation.
            slider group_for_ps = 4 | Sum power spectra every e/A2: | 0 to 10 step 0.5 | fixed | if do_save_ps
                Dose over which frames are summed before their power spectra are; in frames for tilt series.

            tab for tomo I/O
            use input_star_mics
            same eer_grouping do_float16
            boolean do_even_odd_split = No | Save images for denoising?
                Write sums of even and of odd frames, which denoising learns from.
            same do_save_ps
            slider group_for_ps = 4 | Sum power spectra every n frames: | 0 to 10 step 0.5 | fixed | if do_save_ps
                Dose over which frames are summed before their power spectra are; in frames for tilt series.

            tab Motion
            slider bfactor = 150 | Bfactor: | 0 to 1500 step 50 | fixed
                Falloff in Å² applied to the images that are aligned; larger for weaker signal.
            text patch_x = 1 | Number of patches X: | fixed | row Number of patches X, Y
                Patches along x for local motion; 1 for none.
            text patch_y = 1 | Number of patches Y: | fixed | row Number of patches X, Y
                Patches along y for local motion; 1 for none.
            slider group_frames = 1 | Group frames: | 1 to 5 step 1 | fixed
                Frames averaged before alignment; more for low dose.
            slider bin_factor = 1 | Binning factor: | 1 to 2 step 1 | fixed
                Factor by which the sums are binned in Fourier space; 2 for super-resolution movies.
            file fn_gain_ref = | Gain-reference image: | *.{mrc,gain} | . | fixed
                Gain reference image; empty if the movies are corrected.
            radio gain_rot = No rotation (0) | Gain rotation: | gain_rotation | fixed
                Rotation that makes the gain reference fit the movies.
            radio gain_flip = No flipping (0) | Gain flip: | gain_flip | fixed
                Flip that makes the gain reference fit the movies, after the rotation.
            file fn_defect = | Defect file: | * | . | fixed
                List or map of bad pixels.
            boolean do_own_motioncor = Yes | Use RELION's own implementation? | fixed
                Use the built-in alignment on the cores; No runs MotionCor2.
            file fn_motioncor2_exe = MotionCor2 | MOTIONCOR2 executable: | *.* | . | fixed | if !do_own_motioncor | environment RELION_MOTIONCOR2_EXECUTABLE
                The MotionCor2 program.
            text gpu_ids = 0 | Which GPUs to use: | if !do_own_motioncor
                Numbers of the GPUs that MotionCor2 uses, with colons between processes.
            text other_motioncor2_args = | Other MOTIONCOR2 arguments | fixed | if !do_own_motioncor
                Options for MotionCor2, as they are.

            require input_star_mics != ""
                No movies are given.
            require do_save_ps when do_own_motioncor and do_float16
                Sums in half precision need the power spectra beside them, for CTF estimation: save the sum of power spectra as well.
            require !do_float16 when !do_own_motioncor
                MotionCor2 cannot write half precision: set "Write output in float16?" to No.
            require !do_save_ps when !do_own_motioncor
                MotionCor2 does not save power spectra: set "Save sum of power spectra?" to No.
            require group_for_ps > 0 and (tomo or dose_per_frame > 0) when do_save_ps
                Power spectra need a dose per frame and a dose to sum over, both above 0.

            command relion_run_motioncorr, relion_run_motioncorr_mpi
                --i                     {input_star_mics}
                --o                     {outdir}
                --first_frame_sum       {first_frame_sum}        when spa
                --last_frame_sum        {last_frame_sum}         when spa
                --even_odd_split                                 when tomo and do_even_odd_split
                --use_own                                        when do_own_motioncor
                --j                     {nr_threads}             when do_own_motioncor
                --float16                                        when do_own_motioncor and do_float16
                --use_motioncor2                                 when !do_own_motioncor
                --motioncor2_exe        {fn_motioncor2_exe}      when !do_own_motioncor
                --other_motioncor2_args " {other_motioncor2_args} " when !do_own_motioncor and other_motioncor2_args != ""
                --gpu                   "{gpu_ids}"              when !do_own_motioncor
                --defect_file           {fn_defect}              when fn_defect != ""
                --bin_factor            {bin_factor}
                --bfactor               {bfactor}
                --dose_per_frame        {dose_per_frame}         when spa
                --preexposure           {pre_exposure}           when spa
                --patch_x               {patch_x}
                --patch_y               {patch_y}
                --eer_grouping          {eer_grouping}
                --group_frames          {group_frames}           when group_frames > 1
                --gainref               {fn_gain_ref}            when fn_gain_ref != ""
                --gain_rot              {choice(gain_rot):1}     when fn_gain_ref != ""
                --gain_flip             {choice(gain_flip):1}    when fn_gain_ref != ""
                --dose_weighting                                 when spa and do_dose_weighting
                --save_noDW                                      when spa and do_dose_weighting and do_save_noDW
                --grouping_for_ps       {max(1, round(group_for_ps / if(tomo, 1, dose_per_frame))):1} when do_save_ps
                --only_do_unfinished                             when continue

            reads {input_star_mics} : MicrographMovieGroupMetadata.star.relion, tomo TomogramGroupMetadata.star.relion

            writes corrected_tilt_series.star : TomogramGroupMetadata.star.relion.tomo.motioncorr when tomo
            writes corrected_micrographs.star : MicrographGroupMetadata.star.relion.motioncorr    when spa
            writes logfile.pdf                : LogFile.pdf.relion.motioncorr
            """#)
}
