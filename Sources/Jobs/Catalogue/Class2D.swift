// The job type relion.class2d: Sorts particles into 2D class averages.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let class2D = CataloguePage(
        name: "Class2D",
        text: #"""
            job relion.class2d
                number     8
                name       2D classification
                folder     Class2D
                form file  .gui_class2djob.star
                offers     mpi, threads, queue
                continues  optimiser
                summary    Sorts particles into 2D class averages.

            label relion.class2d.helical when do_helix

            tab I/O
            node fn_img = | Input images STAR file: | ParticleGroupMetadata.star.relion | STAR files (*.star) 	 Image stacks (not recommended, read help!) (*.{spi,mrcs}) | fixed
                Particles, from extraction, selection or import.
            use fn_cont

            tab CTF
            use do_ctf_correction ctf_intact_first_peak

            tab Optimisation
            use nr_classes
            slider tau_fudge = 2 | Regularisation parameter T: | 0.1 to 10 step 0.1
                Weight of the data against the prior: higher lets more resolution through, and more noise. 2D about 2, 3D about 4.
            boolean do_em = No | Use EM algorithm? | fixed
                Expectation-maximisation over all particles in each iteration.
            slider nr_iter_em = 25 | Number of EM iterations: | 1 to 50 step 1 | if do_em
                Iterations of expectation-maximisation; 25 is usual.
            boolean do_grad = Yes | Use VDAM algorithm? | fixed
                Gradient descent on small batches: faster, for large sets.
            slider nr_iter_grad = 200 | Number of VDAM mini-batches: | 50 to 500 step 10 | if do_grad
                Number of batches; 100-200 are usual.
            use particle_diameter do_zero_mask highres_limit
            boolean do_center = Yes | Center class averages?
                Shift class averages to their centre of mass after each iteration.

            tab Sampling
            use dont_skip_align
            slider psi_sampling = 6 | In-plane angular sampling: | 0.5 to 20 step 0.5 | if dont_skip_align
                Step of the in-plane angle, in degrees; refined further by oversampling.
            use offset_range offset_step allow_coarser

            tab Helix
            boolean do_helix = No | Classify 2D helical segments? | fixed
                Treat the particles as segments of helices.
            slider helical_tube_outer_diameter = 200 | Tube diameter (A): | 100 to 1000 step 10 | if do_helix
                Outer diameter of the helix in Å.
            boolean do_bimodal_psi = Yes | Do bimodal angular searches? | if do_helix
                Also search the in-plane angle turned by 180 degrees.
            slider range_psi = 6 | Angular search range - psi (deg): | 3 to 30 step 1 | if do_helix
                Range around the prior searched for the in-plane angle, in degrees.
            boolean do_restrict_xoff = Yes | Restrict helical offsets to rise: | if do_helix
                Search shifts along the helix only within its rise.
            slider helical_rise = 4.75 | Helical rise (A): | -1 to 100 step 1 | if do_helix and do_restrict_xoff
                Distance along the helix between neighbouring units, in Å.

            tab Compute
            use do_parallel_discio nr_pool do_preread_images scratch_dir do_combine_thru_disc use_gpu gpu_ids

            require count(do_em, do_grad) = 1
                Choose one algorithm: EM or VDAM.
            require nr_mpi <= 1 when do_grad
                VDAM runs in one process: set the number of MPI processes to 1, or use EM.
            require fn_img != "" when new
                No particles are given.
            require fn_cont contains "_it" and fn_cont contains "_optimiser" when continue
                A continued job needs the optimiser file of an iteration (run_it012_optimiser.star) in "Continue from here".

            let iter = {nr_iter_em}   when do_em
            let iter = {nr_iter_grad}

            command relion_refine, relion_refine_mpi
                --continue                   {fn_cont}           when continue
                --o                          {outdir}run
                --iter                       {nr_iter_em}        when do_em
                --grad                                           when do_grad
                --class_inactivity_threshold 0.1                 when do_grad
                --grad_write_iter            10                  when do_grad
                --iter                       {nr_iter_grad}      when do_grad
                --i                          {fn_img}            when new
                --dont_combine_weights_via_disc                  when !do_combine_thru_disc
                --no_parallel_disc_io                            when !do_parallel_discio
                --preread_images                                 when do_preread_images
                --scratch_dir                {scratch_dir}       when !do_preread_images and scratch_dir != ""
                --pool                       {nr_pool}
                --pad                        2
                --ctf                                            when new and do_ctf_correction
                --ctf_intact_first_peak                          when new and do_ctf_correction and ctf_intact_first_peak
                --tau2_fudge                 {tau_fudge}
                --particle_diameter          {particle_diameter}
                --K                          {nr_classes}        when new
                --flatten_solvent                                when new
                --zero_mask                                      when new and do_zero_mask
                --strict_highres_exp         {highres_limit}     when new and highres_limit > 0
                --center_classes                                 when do_center
                --oversampling               1
                --skip_align                                     when !dont_skip_align
                --psi_step                   {2 * psi_sampling}  when dont_skip_align
                --offset_range               {offset_range}      when dont_skip_align
                --offset_step                {2 * offset_step}   when dont_skip_align
                --allow_coarser_sampling                         when dont_skip_align and allow_coarser
                --helical_outer_diameter     {helical_tube_outer_diameter} when do_helix
                --bimodal_psi                                    when do_helix and dont_skip_align and do_bimodal_psi
                --sigma_psi                  {clamp(range_psi, 0, 90) / 3} when do_helix and dont_skip_align
                --helix                                          when do_helix and dont_skip_align and do_restrict_xoff
                --helical_rise_initial       {helical_rise}      when do_helix and dont_skip_align and do_restrict_xoff
                --norm                                           when new
                --scale                                          when new
                --j                          {nr_threads}
                --gpu                        "{gpu_ids}"         when use_gpu

            reads {fn_img} : ParticleGroupMetadata.star.relion when new

            writes run_it{iter:3}_data.star      : ParticleGroupMetadata.star.relion.class2d
            writes run_it{iter:3}_optimiser.star : OptimiserData.star.relion.class2d
            """#)
}
