// The job type relion.maskcreate
// See docs/jobs.md for the language.
extension CataloguePage {
    static let maskCreation = CataloguePage(
        name: "MaskCreation",
        text: #"""
            job relion.maskcreate
                number     12
                name       Mask creation
                tomo name  Mask creation
                folder     MaskCreate
                form file  .gui_maskcreatejob.star
                offers     threads, queue
                continues  rerun
                summary    TODO

            tab I/O
            node fn_in = | Input 3D map: | DensityMap.mrc | MRC map files (*.mrc) | fixed

            tab Mask
            slider lowpass_filter = 15 | Lowpass filter map (A) | 10 to 100 step 5
            slider angpix = -1 | Pixel size (A) | 0.3 to 5 step 0.1
            slider inimask_threshold = 0.02 | Initial binarisation threshold: | 0 to 0.5 step 0.01
            slider extend_inimask = 3 | Extend binary map this many pixels: | 0 to 20 step 1
            slider width_mask_edge = 3 | Add a soft-edge of this many pixels: | 0 to 20 step 1

            tab Helix
            boolean do_helix = No | Mask a 3D helix?
            slider helical_z_percentage = 30 | Central Z length (%): | 5 to 80 step 1 | if do_helix


            command relion_mask_create
                --i               {fn_in}
                --o               {outdir}mask.mrc
                --lowpass         {lowpass_filter}             when lowpass_filter > 0
                --angpix          {angpix}                     when angpix > 0
                --ini_threshold   {inimask_threshold}
                --extend_inimask  {extend_inimask}
                --width_soft_edge {width_mask_edge}
                --helix                                        when do_helix
                --z_percentage    {helical_z_percentage / 100} when do_helix
                --j               {nr_threads}

            reads {fn_in} : DensityMap.mrc

            writes mask.mrc : Mask3D.mrc.relion
            """#)
}
