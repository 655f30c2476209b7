// The job type relion.refine3d: Refines one map from two independent halves of the particles.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let refine3D = CataloguePage(
        name: "Refine3D",
        text: #"""
            job relion.refine3d
                number     10
                name       3D auto-refine
                tomo name  3D auto-refine
                folder     Refine3D
                form file  .gui_auto3djob.star
                offers     mpi, threads, queue
                continues  optimiser
                tomo flag  set
                summary    Refines one map from two independent halves of the particles.

            label relion.refine3d.tomo         when tomo and (continue or !do_helix)
            label relion.refine3d.helical      when spa and new and do_helix
            label relion.refine3d.tomo.helical when tomo and new and do_helix

            tab for spa I/O
            node fn_img = | Input images STAR file: | ParticleGroupMetadata.star.relion | STAR files (*.star) | fixed
                Particles, from extraction, selection or import.
            use fn_ref fn_mask
            file fn_cont = | Continue from here: | STAR Files (*_it*_optimiser.star) | CURRENT_ODIR | continue-only
                The optimiser file (run_itNNN_optimiser.star) of the iteration to go on from.

            tab for tomo I/O
            use in_optimisation use_direct_entries in_particles in_tomograms in_trajectories
            same fn_ref fn_mask fn_cont

            tab Reference
            use ref_correct_greyscale trust_ref_size ini_high sym_name

            tab CTF
            use do_ctf_correction ctf_intact_first_peak

            tab Optimisation
            use particle_diameter do_zero_mask
            boolean do_solvent_fsc = No | Use solvent-flattened FSCs?
                Correct the FSC for the mask in each iteration; needs a mask.
            use do_blush

            tab for spa Auto-sampling
            radio sampling = 7.5 degrees | Initial angular sampling: | sampling | fixed
                Angle between searched orientations at the start; refined further by oversampling.
            slider offset_range = 5 | Initial offset range (pix): | 0 to 30 step 1 | fixed
                Largest shift searched in each direction around the last centre, in pixels.
            slider offset_step = 1 | Initial offset step (pix): | 0.1 to 5 step 0.1 | fixed
                Distance of the searched shifts, in pixels; refined further by oversampling.
            radio auto_local_sampling = 1.8 degrees | Local searches from auto-sampling: | sampling | fixed
                From this angular step on, only the neighbourhood of the last orientation is searched.
            text relax_sym = | Relax symmetry:
                Point group whose copies of an orientation are searched as well, for broken symmetry; empty for none.
            boolean auto_faster = No | Use finer angular sampling faster?
                Go on to finer angles sooner; up to twice as fast, a little less thorough.

            tab for tomo Auto-sampling
            same sampling offset_range offset_step auto_local_sampling relax_sym auto_faster
            use sigma_tilt

            tab Helix
            use do_helix helical_tube_inner_diameter helical_tube_outer_diameter range_rot range_tilt range_psi
                helical_range_distance keep_tilt_prior_fixed do_apply_helical_symmetry helical_nr_asu helical_twist_initial
                helical_rise_initial helical_z_percentage do_local_search_helical_symmetry helical_twist_min helical_twist_max
                helical_twist_inistep helical_rise_min helical_rise_max helical_rise_inistep

            tab Compute
            use do_parallel_discio nr_pool do_pad1 do_preread_images scratch_dir do_combine_thru_disc use_gpu gpu_ids

            require fn_cont contains "_it" and fn_cont contains "_optimiser" when continue
                A continued job needs the optimiser file of an iteration (run_it012_optimiser.star) in "Continue from here".
            require fn_ref != "" when new
                No reference map is given: choose one, or write None to start from the particles' own orientations.
            require fn_img != "" when spa and new
                No particles are given.
            require in_optimisation != "" when tomo and new and !use_direct_entries
                No optimisation set is given: choose one, or give the particles and tomograms directly.
            require in_optimisation = "" and in_tomograms != "" and in_particles != "" when tomo and new and use_direct_entries
                Direct entries need particles and tomograms, and no optimisation set beside them.

            command relion_refine, relion_refine_mpi
                --continue                 {fn_cont}             when continue
                --o                        {outdir}run
                --auto_refine                                    when new
                --split_random_halves                            when new
                --ios                      {in_optimisation}     when tomo and new and !use_direct_entries
                --i                        {in_particles}        when tomo and new and use_direct_entries
                --tomograms                {in_tomograms}        when tomo and new and use_direct_entries
                --trajectories             {in_trajectories}     when tomo and new and use_direct_entries and in_trajectories != ""
                --sigma_tilt               {sigma_tilt}          when tomo and new and sigma_tilt > 0
                --i                        {fn_img}              when spa and new
                --ref                      {fn_ref}              when new
                --firstiter_cc                                   when new and !ref_correct_greyscale
                --trust_ref_size                                 when new and trust_ref_size
                --ini_high                 {ini_high}            when new and ini_high > 0
                --blush                                          when do_blush
                --dont_combine_weights_via_disc                  when !do_combine_thru_disc
                --no_parallel_disc_io                            when !do_parallel_discio
                --preread_images                                 when do_preread_images
                --scratch_dir              {scratch_dir}         when !do_preread_images and scratch_dir != ""
                --pool                     {nr_pool}
                --pad                      1                     when do_pad1
                --pad                      2                     when !do_pad1
                --auto_ignore_angles                             when auto_faster
                --auto_resol_angles                              when auto_faster
                --ctf                                            when new and do_ctf_correction
                --ctf_intact_first_peak                          when new and do_ctf_correction and ctf_intact_first_peak
                --particle_diameter        {particle_diameter}
                --flatten_solvent                                when new
                --zero_mask                                      when new and do_zero_mask
                --solvent_mask             {fn_mask}             when fn_mask != ""
                --solvent_correct_fsc                            when fn_mask != "" and do_solvent_fsc
                --oversampling             1                     when new
                --healpix_order            {choice(sampling):1}  when new
                --auto_local_healpix_order {choice(auto_local_sampling):1} when new
                --offset_range             {offset_range}        when new
                --offset_step              {2 * offset_step}     when new
                --sym                      {sym_name}            when new
                --low_resol_join_halves    40                    when new
                --norm                                           when new
                --scale                                          when new
                --helix                                          when new and do_helix
                --helical_inner_diameter   {helical_tube_inner_diameter} when new and do_helix and helical_tube_inner_diameter > 0
                --helical_outer_diameter   {helical_tube_outer_diameter} when new and do_helix
                --helical_nr_asu           {helical_nr_asu}      when new and do_helix and do_apply_helical_symmetry
                --helical_twist_initial    {helical_twist_initial} when new and do_helix and do_apply_helical_symmetry
                --helical_rise_initial     {helical_rise_initial} when new and do_helix and do_apply_helical_symmetry
                --helical_z_percentage     {helical_z_percentage / 100} when new and do_helix and do_apply_helical_symmetry
                --helical_symmetry_search                        when new and do_helix and do_apply_helical_symmetry and do_local_search_helical_symmetry
                --helical_twist_min        {helical_twist_min}   when new and do_helix and do_apply_helical_symmetry and do_local_search_helical_symmetry
                --helical_twist_max        {helical_twist_max}   when new and do_helix and do_apply_helical_symmetry and do_local_search_helical_symmetry
                --helical_twist_inistep    {helical_twist_inistep} when new and do_helix and do_apply_helical_symmetry and do_local_search_helical_symmetry and helical_twist_inistep > 0
                --helical_rise_min         {helical_rise_min}    when new and do_helix and do_apply_helical_symmetry and do_local_search_helical_symmetry
                --helical_rise_max         {helical_rise_max}    when new and do_helix and do_apply_helical_symmetry and do_local_search_helical_symmetry
                --helical_rise_inistep     {helical_rise_inistep} when new and do_helix and do_apply_helical_symmetry and do_local_search_helical_symmetry and helical_rise_inistep > 0
                --ignore_helical_symmetry                        when new and do_helix and !do_apply_helical_symmetry
                --sigma_tilt               {clamp(range_tilt, 0, 90) / 3} when new and do_helix and sampling != auto_local_sampling
                --sigma_psi                {clamp(range_psi, 0, 90) / 3} when new and do_helix and sampling != auto_local_sampling
                --sigma_rot                {clamp(range_rot, 0, 90) / 3} when new and do_helix and sampling != auto_local_sampling
                --helical_sigma_distance   {helical_range_distance / 3} when new and do_helix and helical_range_distance > 0
                --helical_keep_tilt_prior_fixed                  when new and do_helix and keep_tilt_prior_fixed
                --relax_sym                {relax_sym}           when relax_sym != ""
                --j                        {nr_threads}
                --gpu                      "{gpu_ids}"           when use_gpu

            reads {fn_img}          : ParticleGroupMetadata.star.relion when spa and new
            reads {in_optimisation} : TomoOptimisationSet.star.relion   when tomo and new and !use_direct_entries
            reads {in_particles}    : ParticleGroupMetadata.star.relion when tomo and new and use_direct_entries
            reads {in_tomograms}    : TomogramGroupMetadata.star.relion when tomo and new and use_direct_entries
            reads {fn_ref}          : DensityMap.mrc                    when new and fn_ref != "None"
            reads {fn_mask}         : Mask3D.mrc                        when fn_mask != ""

            writes run_data.star                : ParticleGroupMetadata.star.relion.refine3d
            writes run_optimiser.star           : OptimiserData.star.relion.refine3d
            writes run_half1_class001_unfil.mrc : DensityMap.mrc.relion.halfmap.refine3d
            writes run_class001.mrc             : DensityMap.mrc.relion.refine3d
            writes run_optimisation_set.star    : TomoOptimisationSet.star.relion.refine3d when tomo
            """#)
}
