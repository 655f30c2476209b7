// The job type relion.picktomo: Picks particles, spheres, surfaces or filaments in tomograms.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let tomogramPicking = CataloguePage(
        name: "TomogramPicking",
        text: #"""
            job relion.picktomo
                number     59
                tomo name  Pick tomograms
                folder     Picks
                form file  .gui_tomo_pick_tomogramjob.star
                offers     queue
                continues  rerun
                summary    Picks particles, spheres, surfaces or filaments in tomograms.

            tab I/O
            node in_tomoset = | Input tomograms.star: | TomogramGroupMetadata.star.relion | STAR files (*.star) | fixed
                Tomograms (tomograms.star).
            radio pick_mode = spheres | Picking mode: | tomo_pick_mode | fixed
                What is picked.
            slider particle_spacing = -1 | Particle spacing (A): | 10 to 250 step 10 | fixed
                Distance between particles placed on surfaces or filaments, in Å.
            node in_star_file = | Input particles.star (optional): | ParticleGroupMetadata.star.relion | Particle STAR file (*.star) | fixed
                Particles to start from; empty for none.

            require in_tomoset != ""
                No tomograms are given.

            command relion_python_tomo_get_particle_poses when pick_mode = "particles" and in_star_file != ""
                particles-from-star
                --tomograms-file        {in_tomoset}
                --annotations-directory {outdir}annotations
                --in-star-file          {in_star_file}

            command relion_python_tomo_pick
                {pick_mode}
                --tilt-series-star-file {in_tomoset}
                --output-directory      {outdir}

            command relion_python_tomo_get_particle_poses
                {pick_mode}
                --tilt-series-star-file {in_tomoset}
                --annotations-directory {outdir}annotations
                --output-directory      {outdir}
                --spacing-angstroms     {particle_spacing} when pick_mode != "particles"

            reads {in_star_file} : ParticleGroupMetadata.star.relion when pick_mode = "particles" and in_star_file != ""
            reads {in_tomoset}   : TomogramGroupMetadata.star.relion

            writes particles.star        : ParticleGroupMetadata.star.relion.tomo.manualpick.particles when pick_mode = "particles"
            writes particles.star        : ParticleGroupMetadata.star.relion.tomo.manualpick.filaments when pick_mode = "filaments"
            writes particles.star        : ParticleGroupMetadata.star.relion.tomo.manualpick.spheres   when pick_mode = "spheres"
            writes particles.star        : ParticleGroupMetadata.star.relion.tomo.manualpick.surfaces  when pick_mode = "surfaces"
            writes optimisation_set.star : TomoOptimisationSet.star.relion.tomo.manualpick
            """#)
}
