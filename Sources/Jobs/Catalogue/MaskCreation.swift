// The job type relion.maskcreate: Makes a soft mask from a map.
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
                summary    Makes a soft mask from a map.

            tab I/O
            node fn_in = | Input 3D map: | DensityMap.mrc | MRC map files (*.mrc) | fixed
                Map that the mask is made from.

            tab Mask
            slider lowpass_filter = 15 | Lowpass filter map (A) | 10 to 100 step 5
                Filter the map to this resolution in Å before thresholding; -1 for none.
            slider angpix = -1 | Pixel size (A) | 0.3 to 5 step 0.1
                Pixel size of the map in Å; -1 reads it from the file.
            slider inimask_threshold = 0.02 | Initial binarisation threshold: | 0 to 0.5 step 0.01
                Map values above this belong to the particle.
            slider extend_inimask = 3 | Extend binary map this many pixels: | 0 to 20 step 1
                Grow the mask by so many pixels.
            slider width_mask_edge = 3 | Add a soft-edge of this many pixels: | 0 to 20 step 1
                Width of the soft edge, in pixels.

            tab Helix
            boolean do_helix = No | Mask a 3D helix?
                Treat the particles as segments of helices.
            slider helical_z_percentage = 30 | Central Z length (%): | 5 to 80 step 1 | if do_helix
                Central part of the box, in % of its length, used to find and impose symmetry; about 30.

            require fn_in != ""
                No map is given.

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
