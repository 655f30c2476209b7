// The job type relion.pseudosubtomo
// See docs/jobs.md for the language.
extension CataloguePage {
    static let tomoExtraction = CataloguePage(
        name: "TomoExtraction",
        text: #"""
            job relion.pseudosubtomo
                number     51
                tomo name  Extract subtomos
                folder     Extract
                form file  .gui_tomo_subtomojob.star
                offers     mpi, threads, queue
                continues  flag
                summary    TODO

            tab I/O
            use in_optimisation use_direct_entries in_particles in_tomograms in_trajectories

            tab Reconstruct
            slider binning = 1 | Binning factor: | 1 to 16 step 1 | fixed
            slider box_size = 128 | Box size (binned pix): | 32 to 512 step 16 | fixed
            slider crop_size = -1 | Cropped box size (binned pix): | -1 to 512 step 16 | fixed
            slider max_dose = -1 | Maximum dose (e/A^2): | -1 to 200 step 1 | fixed
            slider min_frames = 1 | Minimum nr. frames: | 1 to 40 step 1 | fixed
            boolean do_stack2d = Yes | Write output as 2D stacks? | fixed
            boolean do_float16 = Yes | Write output in float16? | fixed


            command relion_tomo_subtomo, relion_tomo_subtomo_mpi
                --i          {in_optimisation} when !use_direct_entries
                --p          {in_particles}    when use_direct_entries and in_particles != ""
                --t          {in_tomograms}    when use_direct_entries and in_tomograms != ""
                --mot        {in_trajectories} when use_direct_entries and in_trajectories != ""
                --theme      classic
                --o          {outdir}
                --b          {box_size}
                --crop       {crop_size}       when crop_size > 0
                --bin        {binning}
                --max_dose   {max_dose}        when max_dose > 0
                --min_frames {min_frames}      when min_frames > 0
                --float16                      when do_float16
                --stack2d                      when do_stack2d
                --only_do_unfinished           when continue
                --j          {nr_threads}

            reads {in_optimisation} : TomoOptimisationSet.star.relion   when !use_direct_entries
            reads {in_particles}    : ParticleGroupMetadata.star.relion when use_direct_entries and in_particles != ""
            reads {in_tomograms}    : TomogramGroupMetadata.star.relion when use_direct_entries and in_tomograms != ""
            reads {in_trajectories} : TomoTrajectoryData.star.relion    when use_direct_entries and in_trajectories != ""

            writes optimisation_set.star : TomoOptimisationSet.star.relion.tomo.extract
            writes particles.star        : ParticleGroupMetadata.star.relion.tomo.extract
            """#)
}
