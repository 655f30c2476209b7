// The job type relion.subtract: Takes the signal outside a mask away from particle images.
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
                summary    Takes the signal outside a mask away from particle images.

            label relion.subtract.revert when do_fliplabel

            tab I/O
            node fn_opt = | Input optimiser.star: | OptimiserData.star.relion | STAR Files (*_optimiser.star) | fixed
                Optimiser file whose orientations and map are used.
            node fn_mask = | Mask of the signal to keep: | Mask3D.mrc | Image Files (*.{spi,vol,msk,mrc}) | fixed
                Mask that is 1 where the signal stays.
            boolean do_data = No | Use different particles? | fixed
                Use other particles than those of the optimiser file.
            node fn_data = | Input particle star file: | ParticleGroupMetadata.star.relion | particle STAR file (*.star) | fixed | if do_data
                Other particles, with orientations of the same map.
            boolean do_float16 = Yes | Write output in float16? | fixed
                Write half-precision MRC files, half as large. Not all programs read them.
            boolean do_fliplabel = No | OR revert to original particles? | fixed
                Go back from subtracted to original images, keeping the orientations.
            node fn_fliplabel = | revert this particle star file: | ParticleGroupMetadata.star.relion | particle STAR file (*.star) | fixed | if do_fliplabel
                Subtracted particles that become original ones.

            tab Centering
            boolean do_center_mask = Yes | Do center subtracted images on mask? | fixed
                Centre the subtracted particles on the mask's centre of mass.
            boolean do_center_xyz = No | Do center on my coordinates? | fixed | if !do_center_mask
                Centre the subtracted particles on the point below.
            text center_x = 0 | Center coordinate (pix) - X: | fixed | if !do_center_mask and do_center_xyz | row Center coordinate - X, Y, Z (pix):
                x of that point in pixels of the map.
            text center_y = 0 | Center coordinate (pix) - Y: | fixed | if !do_center_mask and do_center_xyz | row Center coordinate - X, Y, Z (pix):
                y of that point in pixels of the map.
            text center_z = 0 | Center coordinate (pix) - Z: | fixed | if !do_center_mask and do_center_xyz | row Center coordinate - X, Y, Z (pix):
                z of that point in pixels of the map.
            slider new_box = -1 | New box size: | 64 to 512 step 32 | fixed
                Box of the subtracted particles in pixels; -1 keeps it.

            require nr_mpi <= 1 when do_fliplabel
                Going back to the original particles takes one process: set the number of MPI processes to 1.
            require fn_opt != "" when !do_fliplabel
                No optimiser file is given.
            require fn_data != "" when do_data and !do_fliplabel
                No particles are given although "Use different particles?" is Yes.

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
