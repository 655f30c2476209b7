// The job type relion.framealigntomo: Refines alignment and particle motion of tilt series.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let tomoFrameAlignment = CataloguePage(
        name: "TomoFrameAlignment",
        text: #"""
            job relion.framealigntomo
                number     53
                tomo name  Bayesian polishing
                folder     Polish
                form file  .gui_tomo_alignjob.star
                offers     mpi, threads, queue
                continues  flag
                summary    Refines alignment and particle motion of tilt series.

            tab I/O
            use in_optimisation use_direct_entries in_particles in_tomograms in_trajectories in_halfmaps in_refmask in_post

            tab Polish
            slider box_size = 128 | Box size for estimation (pix): | 32 to 512 step 16 | fixed
                Box of the particles in binned pixels, large enough for the signal spread by defocus.
            slider max_error = 5 | Max position error (pix): | 0 to 64 step 1 | fixed
                Largest shift looked for, in pixels.
            boolean do_shift_align = No | Align by shift only? | fixed
                Align images by shifts only.
            radio shift_align_type = Entire micrographs | Alignment model: | tomo_align_shiftonly | fixed | if do_shift_align
                Align whole images, or by the particles alone.

            tab Motion
            boolean do_motion = No | Fit per-particle motion? | fixed
                Follow the motion of each particle.
            slider sigma_vel = 0.2 | Sigma for velocity (A/dose): | 1 to 10 step 0.1 | fixed | if do_motion
                How fast particles move, in Å per e/Å².
            slider sigma_div = 5000 | Sigma for divergence (A): | 0 to 10000 step 10000 | fixed | if do_motion
                Distance in Å over which neighbours move alike.
            boolean do_sq_exp_ker = No | Use Gaussian decay? | fixed | if do_motion
                Let the likeness of motions fall as a Gaussian of the distance instead of exponentially.

            require in_optimisation != "" when !use_direct_entries
                No optimisation set is given: choose one, or give the particles and tomograms directly.
            require in_optimisation = "" and in_tomograms != "" and in_particles != "" when use_direct_entries
                Direct entries need particles and tomograms, and no optimisation set beside them.
            require in_halfmaps != "" and (filename(in_halfmaps) contains "half1" or filename(in_halfmaps) contains "half2")
                The half map is "{in_halfmaps}": choose one whose name contains half1 or half2; the other one is found by its name.
            require not (do_shift_align and do_motion)
                Aligning by shifts only and modelling motion exclude one another.

            command relion_tomo_align, relion_tomo_align_mpi
                --i     {in_optimisation} when !use_direct_entries
                --p     {in_particles}    when use_direct_entries and in_particles != ""
                --t     {in_tomograms}    when use_direct_entries and in_tomograms != ""
                --mot   {in_trajectories} when use_direct_entries and in_trajectories != ""
                --ref1  {in_halfmaps}
                --ref2  {otherhalf(in_halfmaps)}
                --mask  {in_refmask}      when in_refmask != ""
                --fsc   {in_post}         when in_post != ""
                --theme classic
                --o     {outdir}
                --b     {box_size}
                --r     {max_error}
                --shift_only              when do_shift_align
                --shift_only_by_particles when do_shift_align and shift_align_type = "Only particles"
                --motion                  when do_motion
                --s_vel {sigma_vel}       when do_motion
                --s_div {sigma_div}       when do_motion
                --sq_exp_ker              when do_motion and do_sq_exp_ker
                --only_do_unfinished      when continue
                --j     {nr_threads}

            reads {in_optimisation} : TomoOptimisationSet.star.relion     when !use_direct_entries
            reads {in_particles}    : ParticleGroupMetadata.star.relion   when use_direct_entries and in_particles != ""
            reads {in_tomograms}    : TomogramGroupMetadata.star.relion   when use_direct_entries and in_tomograms != ""
            reads {in_trajectories} : TomoTrajectoryData.star.relion      when use_direct_entries and in_trajectories != ""
            reads {in_halfmaps}     : DensityMap.mrc.relion.tomo.halfmap.reconstruct
            reads {in_refmask}      : Mask3D.mrc                          when in_refmask != ""
            reads {in_post}         : ProcessData.star.relion.postprocess when in_post != ""

            writes optimisation_set.star : TomoOptimisationSet.star.relion.tomo.polish
            writes tomograms.star        : TomogramGroupMetadata.star.relion.tomo.polish
            writes particles.star        : ParticleGroupMetadata.star.relion.tomo.polish
            writes motion.star           : TomoTrajectoryData.star.relion.polish when do_motion
            writes logfile.pdf           : LogFile.pdf.relion.tomo.polish
            """#)
}
