// The job type relion.pseudosubtomo: Extracts particles from tilt series.
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
                summary    Extracts particles from tilt series.

            tab I/O
            use in_optimisation use_direct_entries in_particles in_tomograms in_trajectories

            tab Reconstruct
            slider binning = 1 | Binning factor: | 1 to 16 step 1 | fixed
                Factor by which pixels are larger than in the tilt images.
            slider box_size = 128 | Box size (binned pix): | 32 to 512 step 16 | fixed
                Box of the particles in binned pixels, large enough for the signal spread by defocus.
            slider crop_size = -1 | Cropped box size (binned pix): | -1 to 512 step 16 | fixed
                Box after CTF correction, in binned pixels; -1 keeps the box.
            slider max_dose = -1 | Maximum dose (e/A^2): | -1 to 200 step 1 | fixed
                Leave out images after this dose in e/Å²; -1 for all.
            slider min_frames = 1 | Minimum nr. frames: | 1 to 40 step 1 | fixed
                Fewest images that a particle must be seen in.
            boolean do_stack2d = Yes | Write output as 2D stacks? | fixed
                Write a stack of tilt images for each particle; No writes 3D boxes.
            boolean do_float16 = Yes | Write output in float16? | fixed
                Write half-precision MRC files, half as large. Not all programs read them.

            require in_optimisation != "" when !use_direct_entries
                No optimisation set is given: choose one, or give the particles and tomograms directly.
            require in_optimisation = "" and in_tomograms != "" and in_particles != "" when use_direct_entries
                Direct entries need particles and tomograms, and no optimisation set beside them.

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
