// The job type relion.subtract
// See docs/jobs.md for the language.
extension CataloguePage {
    static let subtraction = CataloguePage(
        name: "Subtraction",
        text: #"""
            job relion.subtract
                number     14
                name       Particle subtraction
                folder     Subtract
                form file  .gui_subtractjob.star
                offers     mpi, queue
                continues  rerun
                summary    TODO

            label relion.subtract.revert when do_fliplabel

            tab I/O
            node fn_opt = | Input optimiser.star: | OptimiserData.star.relion | STAR Files (*_optimiser.star) | fixed
            node fn_mask = | Mask of the signal to keep: | Mask3D.mrc | Image Files (*.{spi,vol,msk,mrc}) | fixed
            boolean do_data = No | Use different particles? | fixed
            node fn_data = | Input particle star file: | ParticleGroupMetadata.star.relion | particle STAR file (*.star) | fixed | if do_data
            boolean do_float16 = Yes | Write output in float16? | fixed
            boolean do_fliplabel = No | OR revert to original particles? | fixed
            node fn_fliplabel = | revert this particle star file: | ParticleGroupMetadata.star.relion | particle STAR file (*.star) | fixed | if do_fliplabel

            tab Centering
            boolean do_center_mask = Yes | Do center subtracted images on mask? | fixed
            boolean do_center_xyz = No | Do center on my coordinates? | fixed | if !do_center_mask
            text center_x = 0 | Center coordinate (pix) - X: | fixed | if !do_center_mask and do_center_xyz | row Center coordinate - X, Y, Z (pix):
            text center_y = 0 | Center coordinate (pix) - Y: | fixed | if !do_center_mask and do_center_xyz | row Center coordinate - X, Y, Z (pix):
            text center_z = 0 | Center coordinate (pix) - Z: | fixed | if !do_center_mask and do_center_xyz | row Center coordinate - X, Y, Z (pix):
            slider new_box = -1 | New box size: | 64 to 512 step 32 | fixed


            command relion_particle_subtract when do_fliplabel
                --revert {fn_fliplabel}
                --o      {outdir}

            command relion_particle_subtract, relion_particle_subtract_mpi when !do_fliplabel
                --i        {fn_opt}
                --mask     {fn_mask}  when fn_mask != ""
                --data     {fn_data}  when do_data
                --o        {outdir}
                --recenter_on_mask    when do_center_mask
                --center_x {center_x} when !do_center_mask and do_center_xyz
                --center_y {center_y} when !do_center_mask and do_center_xyz
                --center_z {center_z} when !do_center_mask and do_center_xyz
                --float16             when do_float16
                --new_box  {new_box}  when new_box > 0

            reads {fn_fliplabel} : ParticleGroupMetadata.star.relion when do_fliplabel
            reads {fn_opt}       : OptimiserData.star.relion         when !do_fliplabel
            reads {fn_mask}      : Mask3D.mrc                        when !do_fliplabel and fn_mask != ""
            reads {fn_data}      : ParticleGroupMetadata.star.relion when !do_fliplabel and do_data

            writes original.star             : ParticleGroupMetadata.star.relion            when do_fliplabel
            writes particles_subtracted.star : ParticleGroupMetadata.star.relion.subtracted when !do_fliplabel
            """#)
}
