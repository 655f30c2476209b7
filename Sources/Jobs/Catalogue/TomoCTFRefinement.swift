// The job type relion.ctfrefinetomo: Refines defocus, aberrations and scale of tilt series.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let tomoCTFRefinement = CataloguePage(
        name: "TomoCTFRefinement",
        text: #"""
            job relion.ctfrefinetomo
                number     52
                tomo name  CTF refinement
                folder     CtfRefine
                form file  .gui_tomo_refine_ctfjob.star
                offers     mpi, threads, queue
                continues  flag
                summary    Refines defocus, aberrations and scale of tilt series.

            tab I/O
            use in_optimisation use_direct_entries in_particles in_tomograms in_trajectories in_halfmaps in_refmask in_post

            tab Defocus
            slider box_size = 128 | Box size for estimation (pix): | 32 to 512 step 16 | fixed
                Box of the particles in binned pixels, large enough for the signal spread by defocus.
            boolean do_defocus = Yes | Refine defocus? | fixed
                Fit the defocus, per micrograph or particle; for tilt series, of each image.
            slider focus_range = 3000 | Defocus search range (A): | 0 to 10000 step 500 | fixed | if do_defocus
                Defocus is searched this far to both sides, in Å.
            boolean do_reg_def = No | Do defocus regularisation? | fixed | if do_defocus
                Keep defocus values of one tilt series near one another.
            slider lambda = 0.1 | Defocus regularisation lambda: | 0 to 1 step 0.05 | fixed | if do_defocus and do_reg_def
                Strength with which they are kept together.
            boolean do_scale = Yes | Refine contrast scale? | fixed
                Refine the strength of the signal.
            boolean do_frame_scale = Yes | Refine scale per frame? | fixed | if do_scale
                One scale for each image.
            boolean do_tomo_scale = No | Refine scale per tomogram? | fixed | if do_scale
                One scale for each tilt series, with the ice's thickness.

            require in_optimisation != "" when !use_direct_entries
                No optimisation set is given: choose one, or give the particles and tomograms directly.
            require in_optimisation = "" and in_tomograms != "" and in_particles != "" when use_direct_entries
                Direct entries need particles and tomograms, and no optimisation set beside them.
            require in_halfmaps != "" and (filename(in_halfmaps) contains "half1" or filename(in_halfmaps) contains "half2")
                The half map is "{in_halfmaps}": choose one whose name contains half1 or half2; the other one is found by its name.
            require not (do_frame_scale and do_tomo_scale) when do_scale
                Scale is refined per frame or per tilt series: choose one of the two.

            command relion_tomo_refine_ctf, relion_tomo_refine_ctf_mpi
                --i      {in_optimisation} when !use_direct_entries
                --p      {in_particles}    when use_direct_entries and in_particles != ""
                --t      {in_tomograms}    when use_direct_entries and in_tomograms != ""
                --mot    {in_trajectories} when use_direct_entries and in_trajectories != ""
                --ref1   {in_halfmaps}
                --ref2   {otherhalf(in_halfmaps)}
                --mask   {in_refmask}      when in_refmask != ""
                --fsc    {in_post}         when in_post != ""
                --theme  classic
                --o      {outdir}
                --b      {box_size}
                --do_defocus               when do_defocus
                --d0     -{focus_range}    when do_defocus
                --d1     {focus_range}     when do_defocus
                --do_reg_defocus           when do_defocus and do_reg_def
                --lambda {lambda}          when do_defocus and do_reg_def
                --do_scale                 when do_scale
                --per_frame_scale          when do_scale and do_frame_scale
                --per_tomo_scale           when do_scale and do_tomo_scale
                --only_do_unfinished       when continue
                --j      {nr_threads}

            reads {in_optimisation} : TomoOptimisationSet.star.relion     when !use_direct_entries
            reads {in_particles}    : ParticleGroupMetadata.star.relion   when use_direct_entries and in_particles != ""
            reads {in_tomograms}    : TomogramGroupMetadata.star.relion   when use_direct_entries and in_tomograms != ""
            reads {in_trajectories} : TomoTrajectoryData.star.relion      when use_direct_entries and in_trajectories != ""
            reads {in_halfmaps}     : DensityMap.mrc.relion.tomo.halfmap.reconstruct
            reads {in_refmask}      : Mask3D.mrc                          when in_refmask != ""
            reads {in_post}         : ProcessData.star.relion.postprocess when in_post != ""

            writes optimisation_set.star : TomoOptimisationSet.star.relion.tomo.ctfrefine
            writes tomograms.star        : TomogramGroupMetadata.star.relion.tomo.ctfrefine
            writes logfile.pdf           : LogFile.pdf.relion.tomo.ctfrefine
            """#)
}
