// The job type relion.polish: Follows the motion and fading of single particles in movies.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let polishing = CataloguePage(
        name: "Polishing",
        text: #"""
            job relion.polish
                number     20
                name       Bayesian polishing
                folder     Polish
                form file  .gui_bayespolishjob.star
                offers     mpi, threads, queue
                continues  flag
                summary    Follows the motion and fading of single particles in movies.

            label relion.polish.train when do_param_optim

            tab I/O
            node fn_mic = | Micrographs (from MotionCorr): | MicrographGroupMetadata.star.relion | STAR files (*.star) | fixed
                Micrographs of motion correction, with the tracks.
            node fn_data = | Particles (from Refine3D or CtfRefine): | ParticleGroupMetadata.star.relion | STAR files (*.star) | fixed
                Refined particles.
            node fn_post = | Postprocess STAR file: | ProcessData.star.relion.postprocess | STAR files (postprocess.star) | fixed
                Postprocess STAR file; its half maps, mask and FSC are used.
            slider first_frame = 1 | First movie frame: | 1 to 10 step 1 | fixed
                First frame used.
            slider last_frame = -1 | Last movie frame: | 5 to 50 step 1 | fixed
                Last frame used; -1 for all.
            slider extract_size = -1 | Extraction size (pix in unbinned movie): | 64 to 1024 step 8 | fixed
                Box of the extracted particles in pixels of the micrograph; even. In polishing -1 keeps the input's.
            slider rescale = -1 | Re-scaled size (pixels): | 64 to 1024 step 8 | fixed
                Box in pixels after scaling; even.
            boolean do_float16 = Yes | Write output in float16? | fixed
                Write half-precision MRC files, half as large. Not all programs read them.

            tab Train
            boolean do_param_optim = No | Train optimal parameters?
                Find the best parameters of the motion for this data set.
            slider eval_frac = 0.5 | Fraction of Fourier pixels for testing: | 0 to 1 step 0.01 | if do_param_optim
                Part of the frequencies kept aside to judge parameters.
            slider optim_min_part = 10000 | Use this many particles: | 5000 to 50000 step 1000 | if do_param_optim
                Particles used to find parameters.

            tab Polish
            boolean do_polish = Yes | Perform particle polishing? | fixed
                Make the polished particles.
            node opt_params = | Optimised parameter file: | ParamsData.txt.relion.polish | TXT files (*.txt) | fixed | if do_polish
                Parameter file of a training job.
            boolean do_own_params = No | OR use your own parameters? | fixed | if do_polish
                Use the three parameters below.
            slider sigma_vel = 0.2 | Sigma for velocity (A/dose): | 1 to 10 step 0.1 | fixed | if do_polish and do_own_params
                How fast particles move, in Å per e/Å².
            slider sigma_div = 5000 | Sigma for divergence (A): | 0 to 10000 step 10000 | fixed | if do_polish and do_own_params
                Distance in Å over which neighbours move alike.
            slider sigma_acc = 2 | Sigma for acceleration (A/dose): | -1 to 7 step 0.1 | fixed | if do_polish and do_own_params
                How quickly the motion changes, in Å per e/Å².
            slider minres = 20 | Minimum resolution for B-factor fit (A): | 8 to 40 step 1 | fixed | if do_polish
                Lowest resolution of the falloff fits, in Å.
            slider maxres = -1 | Maximum resolution for B-factor fit (A): | -1 to 15 step 1 | fixed | if do_polish
                Highest resolution of the falloff fits in Å; -1 for the best there is.

            require fn_data != "" and fn_mic != "" and fn_post != ""
                Micrographs, particles and a postprocess STAR file are all needed.
            require count(do_param_optim, do_polish) = 1
                Choose one: train the parameters or polish.
            require variable(eval_frac) or (eval_frac > 0.1 and eval_frac <= 0.9)
                The fraction for testing is {eval_frac}: it must be above 0.1 and at most 0.9.
            require opt_params != "" when do_polish and !do_own_params
                No file of optimised parameters is given.
            require (extract_size > 0 and rescale > 0) or (extract_size < 0 and rescale < 0) when do_polish
                Give both the extracted and the re-scaled size, or leave both at -1.
            require extract_size / 2 = trunc(extract_size / 2) and rescale / 2 = trunc(rescale / 2) and rescale <= extract_size when do_polish and extract_size > 0 and rescale > 0
                The sizes must be even, and the re-scaled one no larger than the extracted one.

            command relion_motion_refine, relion_motion_refine_mpi
                --i            {fn_data}
                --f            {fn_post}
                --corr_mic     {fn_mic}
                --first_frame  {first_frame}
                --last_frame   {last_frame}
                --o            {outdir}
                --float16                       when do_float16
                --min_p        {optim_min_part} when do_param_optim
                --eval_frac    {eval_frac}      when do_param_optim
                --align_frac   {1 - eval_frac}  when do_param_optim
                --params2                       when do_param_optim and sigma_acc < 0
                --params3                       when do_param_optim and sigma_acc >= 0
                --s_vel        {sigma_vel}      when do_polish and do_own_params
                --s_div        {sigma_div}      when do_polish and do_own_params
                --s_acc        {sigma_acc}      when do_polish and do_own_params
                --params_file  {opt_params}     when do_polish and !do_own_params
                --combine_frames                when do_polish
                --bfac_minfreq {minres}         when do_polish
                --bfac_maxfreq {maxres}         when do_polish
                --window       {extract_size}   when do_polish and extract_size > 0 and rescale > 0
                --scale        {rescale}        when do_polish and extract_size > 0 and rescale > 0
                --only_do_unfinished            when continue
                --j            {nr_threads}

            reads {fn_data} : ParticleGroupMetadata.star.relion

            writes opt_params_all_groups.txt : ParamsData.txt.relion.polish               when do_param_optim
            writes logfile.pdf               : LogFile.pdf.relion.polish                  when do_polish
            writes shiny.star                : ParticleGroupMetadata.star.relion.polished when do_polish
            """#)
}
