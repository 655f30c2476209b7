// The job type relion.aligntiltseries: Aligns tilt series with fiducials or patches.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let tiltSeriesAlignment = CataloguePage(
        name: "TiltSeriesAlignment",
        text: #"""
            job relion.aligntiltseries
                number     55
                tomo name  Align tilt-series
                folder     AlignTiltSeries
                form file  .gui_tomo_align_tiltseriesjob.star
                offers     mpi, queue
                continues  flag
                summary    Aligns tilt series with fiducials or patches.

            tab I/O
            node in_tiltseries = | Input tilt series: | TomogramGroupMetadata.star.relion | STAR files (*.star) | fixed
                Tilt series.
            slider tomogram_thickness = 300 | Estimated tomogram thickness (nm): | 50 to 500 step 10 | fixed
                Thickness of the sample, in nm.
            file fn_batchtomo_exe = batchruntomo | Batchruntomo executable: | * | . | fixed | environment RELION_BATCHTOMO_EXECUTABLE
                IMOD's batchruntomo program.
            file fn_aretomo_exe = AreTomo2 | AreTomo2 executable: | * | . | fixed | environment RELION_ARETOMO_EXECUTABLE
                The AreTomo2 program.

            tab IMOD
            boolean do_imod_fiducials = No | Use IMOD's fiducial based alignment? | fixed
                Align with gold beads in IMOD.
            slider fiducial_diameter = 10 | Fiducial diameter (nm): | 1 to 20 step 1 | fixed | if do_imod_fiducials
                Diameter of the beads, in nm.
            boolean do_imod_patchtrack = No | Use IMOD's patch-tracking for alignment? | fixed
                Align with patches in IMOD.
            slider patch_size = 100 | Patch size (in nm): | 1 to 500 step 1 | fixed | if do_imod_patchtrack
                Size of the patches, in nm.
            slider patch_overlap = 50 | Patch overlap (%): | 0 to 100 step 10 | fixed | if do_imod_patchtrack
                Overlap of the patches, in %.

            tab AreTomo2
            boolean do_aretomo2 = No | Use AreTomo2? | fixed
                Align with AreTomo2.
            boolean do_aretomo_tiltcorrect = No | Correct Tilt Angle Offset? | fixed | if do_aretomo2
                Level the sample by a tilt offset.
            slider aretomo_tiltcorrect_angle = 999 | Tilt Angle Offset: | -50 to 50 step 5 | fixed | if do_aretomo2 and do_aretomo_tiltcorrect
                The offset in degrees; 999 measures it.
            boolean do_aretomo_ctf = No | Also do CTF estimation? | fixed | if do_aretomo2
                Estimate the CTF with AreTomo2 as well.
            boolean do_aretomo_phaseshift = No | Also estimate phase shift? | fixed | if do_aretomo2 and do_aretomo_ctf
                Estimate the phase shift as well.
            text other_aretomo_args = | Other AreTomo2 arguments | fixed | if do_aretomo2
                Options for AreTomo2, as they are.
            text gpu_ids = | Which GPUs to use for AreTomo: | if do_aretomo2
                Numbers of the GPUs, such as 0:1 for one process each or 0,1 for threads; empty lets the program choose.

            require count(do_imod_fiducials, do_imod_patchtrack, do_aretomo2) = 1
                Choose one way of aligning: IMOD with fiducials, IMOD with patches, or AreTomo2.
            require in_tiltseries != ""
                No tilt series are given.

            command relion_align_tiltseries, relion_align_tiltseries_mpi
                --i                         {in_tiltseries}
                --o                         {outdir}
                --tomogram_thickness        {tomogram_thickness}
                --imod_fiducials                                 when do_imod_fiducials
                --fiducial_diameter         {fiducial_diameter}  when do_imod_fiducials
                --batchtomo_exe             {fn_batchtomo_exe}   when do_imod_fiducials
                --imod_patchtrack                                when do_imod_patchtrack
                --patch_size                {patch_size}         when do_imod_patchtrack
                --patch_overlap             {patch_overlap}      when do_imod_patchtrack
                --batchtomo_exe             {fn_batchtomo_exe}   when do_imod_patchtrack
                --aretomo2                                       when do_aretomo2
                --aretomo_exe               {fn_aretomo_exe}     when do_aretomo2
                --aretomo_tiltcorrect                            when do_aretomo2 and do_aretomo_tiltcorrect
                --aretomo_tiltcorrect_angle {aretomo_tiltcorrect_angle} when do_aretomo2 and do_aretomo_tiltcorrect
                --aretomo_ctf                                    when do_aretomo2 and do_aretomo_ctf
                --aretomo_phaseshift                             when do_aretomo2 and do_aretomo_ctf and do_aretomo_phaseshift
                --other_wrapper_args        " {other_aretomo_args} " when do_aretomo2
                --gpu                       {gpu_ids}            when do_aretomo2
                --only_do_unfinished                             when continue

            reads {in_tiltseries} : TomogramGroupMetadata.star.relion

            writes power_spectra_fits.star  : Image2DGroupMetadata.star.relion.ctffind.power_spectra when do_aretomo2 and do_aretomo_ctf
            writes aligned_tilt_series.star : TomogramGroupMetadata.star.relion.tomo.aligntiltseries
            writes logfile.pdf              : LogFile.pdf.relion.tomo.aligntiltseries
            """#)
}
