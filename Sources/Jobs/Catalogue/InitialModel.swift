// The job type relion.initialmodel: Makes a first 3D map from particles alone.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let initialModel = CataloguePage(
        name: "InitialModel",
        text: #"""
            job relion.initialmodel
                number     18
                name       3D initial reference
                tomo name  3D initial reference
                folder     InitialModel
                form file  .gui_inimodeljob.star
                offers     mpi, threads, queue
                continues  optimiser
                tomo flag  set
                summary    Makes a first 3D map from particles alone.

            label relion.initialmodel.tomo when tomo

            tab for spa I/O
            node fn_img = | Input images STAR file: | ParticleGroupMetadata.star.relion | STAR files (*.star) 	 Image stacks (not recommended, read help!) (*.{spi,mrcs}) | fixed
                Particles, from extraction, selection or import.
            use fn_cont

            tab for tomo I/O
            use in_optimisation use_direct_entries in_particles in_tomograms in_trajectories
            same fn_cont

            tab CTF
            use do_ctf_correction ctf_intact_first_peak

            tab for spa Optimisation
            slider nr_iter = 200 | Number of VDAM mini-batches: | 50 to 500 step 10
                Number of iterations.
            slider tau_fudge = 4 | Regularisation parameter T: | 0.1 to 10 step 0.1
                Weight of the data against the prior: higher lets more resolution through, and more noise. 2D about 2, 3D about 4.
            use nr_classes particle_diameter
            boolean do_solvent = Yes | Flatten and enforce non-negative solvent? | fixed
                Set the solvent to zero and keep densities positive.
            use sym_name
            boolean do_run_C1 = Yes | Run in C1 and apply symmetry later? | fixed
                Refine without symmetry, then find the axes and apply it; mostly converges better.

            tab for tomo Optimisation
            same nr_iter tau_fudge nr_classes particle_diameter do_solvent sym_name do_run_C1
            use sigma_tilt

            tab Compute
            use do_parallel_discio nr_pool do_preread_images scratch_dir do_combine_thru_disc use_gpu gpu_ids

            require nr_mpi <= 1
                A first model is made in one process: set the number of MPI processes to 1.
            require fn_cont != "" when continue
                A continued job needs an optimiser file in "Continue from here".
            require fn_img != "" when spa and new
                No particles are given.
            require in_optimisation != "" when tomo and new and !use_direct_entries
                No optimisation set is given: choose one, or give the particles and tomograms directly.
            require in_optimisation = "" and in_tomograms != "" and in_particles != "" when tomo and new and use_direct_entries
                Direct entries need particles and tomograms, and no optimisation set beside them.

            command relion_refine
                --continue          {fn_cont}         when continue
                --o                 {outdir}run
                --iter              {nr_iter}
                --grad                                when new
                --denovo_3dref                        when new
                --ios               {in_optimisation} when tomo and new and !use_direct_entries
                --i                 {in_particles}    when tomo and new and use_direct_entries
                --tomograms         {in_tomograms}    when tomo and new and use_direct_entries
                --trajectories      {in_trajectories} when tomo and new and use_direct_entries and in_trajectories != ""
                --sigma_tilt        {sigma_tilt}      when tomo and new and sigma_tilt > 0
                --i                 {fn_img}          when spa and new
                --ctf                                 when new and do_ctf_correction
                --ctf_intact_first_peak               when new and do_ctf_correction and ctf_intact_first_peak
                --K                 {nr_classes}      when new
                --sym               C1                when new and do_run_C1
                --sym               {sym_name}        when new and !do_run_C1
                --flatten_solvent                     when new and do_solvent
                --zero_mask                           when new
                --dont_combine_weights_via_disc       when !do_combine_thru_disc
                --no_parallel_disc_io                 when !do_parallel_discio
                --preread_images                      when do_preread_images
                --scratch_dir       {scratch_dir}     when !do_preread_images and scratch_dir != ""
                --pool              {nr_pool}
                --pad               1
                --particle_diameter {particle_diameter}
                --oversampling      1
                --healpix_order     1
                --offset_range      6
                --offset_step       2
                --auto_sampling
                --tau2_fudge        {tau_fudge}
                --j                 {nr_threads}
                --gpu               "{gpu_ids}"       when use_gpu

            shell rm -f {outdir}RELION_JOB_EXIT_SUCCESS

            command relion_align_symmetry, no extra arguments
                --i   {outdir}run_it{nr_iter:3}_model.star
                --o   {outdir}initial_model.mrc
                --sym {sym_name} when do_run_C1 and sym_name != "C1" and sym_name != "c1"
                --sym C1         when !do_run_C1 or sym_name = "C1" or sym_name = "c1"
                --apply_sym
                --select_largest_class

            shell touch {outdir}RELION_JOB_EXIT_SUCCESS

            reads {fn_img}          : ParticleGroupMetadata.star.relion when spa and new
            reads {in_optimisation} : TomoOptimisationSet.star.relion   when tomo and new and !use_direct_entries
            reads {in_particles}    : ParticleGroupMetadata.star.relion when tomo and new and use_direct_entries
            reads {in_tomograms}    : TomogramGroupMetadata.star.relion when tomo and new and use_direct_entries

            writes run_optimisation_set.star        : TomoOptimisationSet.star.relion.initialmodel                 when tomo and new
            writes initial_model.mrc                : DensityMap.mrc.relion.initialmodel
            writes run_it{nr_iter:3}_class{k:3}.mrc : DensityMap.mrc.relion.initialmodel, for k in 1 to nr_classes when nr_classes > 1
            """#)
}
