// The job type relion.polish
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
                summary    TODO

            label relion.polish.train when do_param_optim

            tab I/O
            node fn_mic = | Micrographs (from MotionCorr): | MicrographGroupMetadata.star.relion | STAR files (*.star) | fixed
            node fn_data = | Particles (from Refine3D or CtfRefine): | ParticleGroupMetadata.star.relion | STAR files (*.star) | fixed
            node fn_post = | Postprocess STAR file: | ProcessData.star.relion.postprocess | STAR files (postprocess.star) | fixed
            slider first_frame = 1 | First movie frame: | 1 to 10 step 1 | fixed
            slider last_frame = -1 | Last movie frame: | 5 to 50 step 1 | fixed
            slider extract_size = -1 | Extraction size (pix in unbinned movie): | 64 to 1024 step 8 | fixed
            slider rescale = -1 | Re-scaled size (pixels): | 64 to 1024 step 8 | fixed
            boolean do_float16 = Yes | Write output in float16? | fixed

            tab Train
            boolean do_param_optim = No | Train optimal parameters?
            slider eval_frac = 0.5 | Fraction of Fourier pixels for testing: | 0 to 1 step 0.01 | if do_param_optim
            slider optim_min_part = 10000 | Use this many particles: | 5000 to 50000 step 1000 | if do_param_optim

            tab Polish
            boolean do_polish = Yes | Perform particle polishing? | fixed
            node opt_params = | Optimised parameter file: | ParamsData.txt.relion.polish | TXT files (*.txt) | fixed | if do_polish
            boolean do_own_params = No | OR use your own parameters? | fixed | if do_polish
            slider sigma_vel = 0.2 | Sigma for velocity (A/dose): | 1 to 10 step 0.1 | fixed | if do_polish and do_own_params
            slider sigma_div = 5000 | Sigma for divergence (A): | 0 to 10000 step 10000 | fixed | if do_polish and do_own_params
            slider sigma_acc = 2 | Sigma for acceleration (A/dose): | -1 to 7 step 0.1 | fixed | if do_polish and do_own_params
            slider minres = 20 | Minimum resolution for B-factor fit (A): | 8 to 40 step 1 | fixed | if do_polish
            slider maxres = -1 | Maximum resolution for B-factor fit (A): | -1 to 15 step 1 | fixed | if do_polish


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
