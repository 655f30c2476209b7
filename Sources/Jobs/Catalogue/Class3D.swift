// The job type relion.class3d: Sorts particles into 3D classes.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let class3D = CataloguePage(
        name: "Class3D",
        text: #"""
            job relion.class3d
                number     9
                name       3D classification
                tomo name  3D classification
                folder     Class3D
                form file  .gui_class3djob.star
                offers     mpi, threads, queue
                continues  optimiser
                tomo flag  set
                summary    Sorts particles into 3D classes.

            label relion.class3d.helical when new and do_helix

            tab for spa I/O
            node fn_img = | Input images STAR file: | ParticleGroupMetadata.star.relion | STAR files (*.star) | fixed
                Particles, from extraction, selection or import.
            use fn_ref fn_mask fn_cont

            tab for tomo I/O
            use in_optimisation use_direct_entries in_particles in_tomograms in_trajectories
            same fn_ref fn_mask fn_cont

            tab Reference
            use ref_correct_greyscale trust_ref_size ini_high sym_name

            tab CTF
            use do_ctf_correction ctf_intact_first_peak

            tab for spa Optimisation
            use nr_classes
            slider tau_fudge = 4 | Regularisation parameter T: | 0.1 to 10 step 0.1
                Weight of the data against the prior: higher lets more resolution through, and more noise. 2D about 2, 3D about 4.
            slider nr_iter = 25 | Number of iterations: | 1 to 50 step 1
                Number of iterations.
            boolean do_fast_subsets = No | Use fast subsets (for large data sets)? | fixed
                Use growing parts of the particles in the first iterations.
            use particle_diameter do_zero_mask highres_limit do_blush

            tab for tomo Optimisation
            same nr_classes
            slider tau_fudge = 1 | Regularisation parameter T: | 0.1 to 10 step 0.1
                Weight of the data against the prior: higher lets more resolution through, and more noise. 2D about 2, 3D about 4.
            same nr_iter do_fast_subsets particle_diameter do_zero_mask highres_limit do_blush

            tab for spa Sampling
            use dont_skip_align
            radio sampling = 7.5 degrees | Angular sampling interval: | sampling | if dont_skip_align
                Angle between searched orientations at the start; refined further by oversampling.
            use offset_range offset_step
            boolean do_local_ang_searches = No | Perform local angular searches? | if dont_skip_align
                Search only around the orientations of the input.
            slider sigma_angles = 5 | Local angular search range: | 0 to 15 step 0.1 | if dont_skip_align and do_local_ang_searches
                Range of the local search, in degrees.
            text relax_sym = | Relax symmetry: | if dont_skip_align and do_local_ang_searches
                Point group whose copies of an orientation are searched as well, for broken symmetry; empty for none.
            use allow_coarser

            tab for tomo Sampling
            same dont_skip_align sampling offset_range offset_step do_local_ang_searches sigma_angles relax_sym allow_coarser
            slider sigma_tilt = -1 | Prior width on tilt angle (deg): | -1 to 30 step 1 | fixed | if dont_skip_align
                Width in degrees of the prior on tilt angles; -1 for none. For particles whose orientation to a membrane is known.

            tab Helix
            use do_helix helical_tube_inner_diameter helical_tube_outer_diameter range_rot range_tilt range_psi
                helical_range_distance keep_tilt_prior_fixed do_apply_helical_symmetry helical_nr_asu helical_twist_initial
                helical_rise_initial helical_z_percentage do_local_search_helical_symmetry helical_twist_min helical_twist_max
                helical_twist_inistep helical_rise_min helical_rise_max helical_rise_inistep

            tab Compute
            use do_parallel_discio nr_pool do_pad1 do_preread_images scratch_dir do_combine_thru_disc use_gpu gpu_ids

            require fn_cont != "" when continue
                A continued job needs an optimiser file in "Continue from here".
            require fn_ref != "" when new
                No reference map is given: choose one, or write None to start from the particles' own orientations.
            require fn_img != "" when spa and new
                No particles are given.
            require !use_gpu when !dont_skip_align
                Without alignment GPUs are not used: set "Use GPU acceleration?" to No.
            require in_optimisation != "" when tomo and new and !use_direct_entries
                No optimisation set is given: choose one, or give the particles and tomograms directly.
            require in_optimisation = "" and in_tomograms != "" and in_particles != "" when tomo and new and use_direct_entries
                Direct entries need particles and tomograms, and no optimisation set beside them.

            command relion_refine, relion_refine_mpi
                --continue               {fn_cont}               when continue
                --o                      {outdir}run
                --ios                    {in_optimisation}       when tomo and new and !use_direct_entries
                --i                      {in_particles}          when tomo and new and use_direct_entries
                --tomograms              {in_tomograms}          when tomo and new and use_direct_entries
                --trajectories           {in_trajectories}       when tomo and new and use_direct_entries and in_trajectories != ""
                --sigma_tilt             {sigma_tilt}            when tomo and new and sigma_tilt > 0
                --i                      {fn_img}                when spa and new
                --ref                    {fn_ref}                when new
                --firstiter_cc                                   when new and !ref_correct_greyscale
                --trust_ref_size                                 when new and trust_ref_size
                --ini_high               {ini_high}              when new and ini_high > 0
                --dont_combine_weights_via_disc                  when !do_combine_thru_disc
                --no_parallel_disc_io                            when !do_parallel_discio
                --preread_images                                 when do_preread_images
                --scratch_dir            {scratch_dir}           when !do_preread_images and scratch_dir != ""
                --pool                   {nr_pool}
                --pad                    1                       when do_pad1
                --pad                    2                       when !do_pad1
                --ctf                                            when new and do_ctf_correction
                --ctf_intact_first_peak                          when new and do_ctf_correction and ctf_intact_first_peak
                --iter                   {nr_iter}
                --tau2_fudge             {tau_fudge}
                --particle_diameter      {particle_diameter}
                --fast_subsets                                   when new and do_fast_subsets
                --K                      {nr_classes}            when new
                --flatten_solvent                                when new
                --zero_mask                                      when new and do_zero_mask
                --strict_highres_exp     {highres_limit}         when new and highres_limit > 0
                --blush                                          when do_blush
                --solvent_mask           {fn_mask}               when fn_mask != ""
                --skip_align                                     when !dont_skip_align
                --oversampling           1                       when dont_skip_align
                --healpix_order          {choice(sampling):1}    when dont_skip_align
                --sigma_ang              {sigma_angles / 3}      when dont_skip_align and do_local_ang_searches
                --relax_sym              {relax_sym}             when dont_skip_align and do_local_ang_searches and relax_sym != ""
                --offset_range           {offset_range}          when dont_skip_align
                --offset_step            {2 * offset_step}       when dont_skip_align
                --allow_coarser_sampling                         when dont_skip_align and allow_coarser
                --sym                    {sym_name}              when new
                --norm                                           when new
                --scale                                          when new
                --helix                                          when new and do_helix
                --helical_inner_diameter {helical_tube_inner_diameter} when new and do_helix and helical_tube_inner_diameter > 0
                --helical_outer_diameter {helical_tube_outer_diameter} when new and do_helix
                --helical_nr_asu         {helical_nr_asu}        when new and do_helix and do_apply_helical_symmetry
                --helical_twist_initial  {helical_twist_initial} when new and do_helix and do_apply_helical_symmetry
                --helical_rise_initial   {helical_rise_initial}  when new and do_helix and do_apply_helical_symmetry
                --helical_z_percentage   {helical_z_percentage / 100} when new and do_helix and do_apply_helical_symmetry
                --helical_symmetry_search                        when new and do_helix and do_apply_helical_symmetry and do_local_search_helical_symmetry
                --helical_twist_min      {helical_twist_min}     when new and do_helix and do_apply_helical_symmetry and do_local_search_helical_symmetry
                --helical_twist_max      {helical_twist_max}     when new and do_helix and do_apply_helical_symmetry and do_local_search_helical_symmetry
                --helical_twist_inistep  {helical_twist_inistep} when new and do_helix and do_apply_helical_symmetry and do_local_search_helical_symmetry and helical_twist_inistep > 0
                --helical_rise_min       {helical_rise_min}      when new and do_helix and do_apply_helical_symmetry and do_local_search_helical_symmetry
                --helical_rise_max       {helical_rise_max}      when new and do_helix and do_apply_helical_symmetry and do_local_search_helical_symmetry
                --helical_rise_inistep   {helical_rise_inistep}  when new and do_helix and do_apply_helical_symmetry and do_local_search_helical_symmetry and helical_rise_inistep > 0
                --ignore_helical_symmetry                        when new and do_helix and !do_apply_helical_symmetry
                --helical_keep_tilt_prior_fixed                  when new and do_helix and keep_tilt_prior_fixed
                --sigma_tilt             {clamp(range_tilt, 0, 90) / 3} when new and do_helix and dont_skip_align and !do_local_ang_searches
                --sigma_psi              {clamp(range_psi, 0, 90) / 3} when new and do_helix and dont_skip_align and !do_local_ang_searches
                --sigma_rot              {clamp(range_rot, 0, 90) / 3} when new and do_helix and dont_skip_align and !do_local_ang_searches
                --helical_sigma_distance {helical_range_distance / 3} when new and do_helix and dont_skip_align and !do_local_ang_searches and helical_range_distance > 0
                --j                      {nr_threads}
                --gpu                    "{gpu_ids}"             when use_gpu

            reads {fn_img}          : ParticleGroupMetadata.star.relion when spa and new
            reads {in_optimisation} : TomoOptimisationSet.star.relion   when tomo and new and !use_direct_entries
            reads {in_particles}    : ParticleGroupMetadata.star.relion when tomo and new and use_direct_entries
            reads {in_tomograms}    : TomogramGroupMetadata.star.relion when tomo and new and use_direct_entries
            reads {fn_ref}          : DensityMap.mrc                    when new and fn_ref != "None"
            reads {fn_mask}         : Mask3D.mrc                        when fn_mask != ""

            writes run_it{nr_iter:3}_data.star             : ParticleGroupMetadata.star.relion.refine3d
            writes run_it{nr_iter:3}_optimiser.star        : OptimiserData.star.relion.class3d
            writes run_it{nr_iter:3}_class{k:3}.mrc        : DensityMap.mrc.relion.class3d, for k in 1 to nr_classes
            writes run_it{nr_iter:3}_optimisation_set.star : TomoOptimisationSet.star.relion.class3d when tomo
            writes run_optimisation_set.star               : TomoOptimisationSet.star.relion.class3d when tomo and new
            """#)
}
