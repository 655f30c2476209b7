// The job type relion.joinstar: Joins sets of particles, micrographs or movies.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let joinStar = CataloguePage(
        name: "JoinStar",
        text: #"""
            job relion.joinstar
                number     13
                name       Join star files
                tomo name  Join star files
                folder     JoinStar
                form file  .gui_joinstarjob.star
                offers     queue
                continues  rerun
                summary    Joins sets of particles, micrographs or movies.

            label relion.joinstar.particles   when do_part
            label relion.joinstar.micrographs when do_mic
            label relion.joinstar.movies      when do_mov

            tab particles
            boolean do_part = No | Combine particle STAR files? | fixed
                Join particle files.
            node fn_part1 = | Particle STAR file 1: | ParticleGroupMetadata.star.relion | particle STAR file (*.star) | fixed | if do_part
                First particle file.
            node fn_part2 = | Particle STAR file 2: | ParticleGroupMetadata.star.relion | particle STAR file (*.star) | fixed | if do_part
                Second particle file.
            node fn_part3 = | Particle STAR file 3: | ParticleGroupMetadata.star.relion | particle STAR file (*.star) | fixed | if do_part
                Third particle file; empty for none.
            node fn_part4 = | Particle STAR file 4: | ParticleGroupMetadata.star.relion | particle STAR file (*.star) | fixed | if do_part
                Fourth particle file; empty for none.

            tab micrographs
            boolean do_mic = No | Combine micrograph STAR files? | fixed
                Join micrograph files.
            node fn_mic1 = | Micrograph STAR file 1: | MicrographGroupMetadata.star.relion | micrograph STAR file (*.star) | fixed | if do_mic
                First micrograph file.
            node fn_mic2 = | Micrograph STAR file 2: | MicrographGroupMetadata.star.relion | micrograph STAR file (*.star) | fixed | if do_mic
                Second micrograph file.
            node fn_mic3 = | Micrograph STAR file 3: | MicrographGroupMetadata.star.relion | micrograph STAR file (*.star) | fixed | if do_mic
                Third micrograph file; empty for none.
            node fn_mic4 = | Micrograph STAR file 4: | MicrographGroupMetadata.star.relion | micrograph STAR file (*.star) | fixed | if do_mic
                Fourth micrograph file; empty for none.

            tab movies
            boolean do_mov = No | Combine movie STAR files? | fixed
                Join movie files.
            node fn_mov1 = | Movie STAR file 1: | MicrographMovieGroupMetadata.star.relion | movie STAR file (*.star) | fixed | if do_mov
                First movie file.
            node fn_mov2 = | Movie STAR file 2: | MicrographMovieGroupMetadata.star.relion | movie STAR file (*.star) | fixed | if do_mov
                Second movie file.
            node fn_mov3 = | Movie STAR file 3: | MicrographMovieGroupMetadata.star.relion | movie STAR file (*.star) | fixed | if do_mov
                Third movie file; empty for none.
            node fn_mov4 = | Movie STAR file 4: | MicrographMovieGroupMetadata.star.relion | movie STAR file (*.star) | fixed | if do_mov
                Fourth movie file; empty for none.

            require count(do_part, do_mic, do_mov) = 1
                Join one kind: particles, micrographs or movies.
            require fn_part1 != "" and fn_part2 != "" when do_part
                Give at least the first and the second particle file.
            require fn_mic1 != "" and fn_mic2 != "" when do_mic
                Give at least the first and the second micrograph file.
            require fn_mov1 != "" and fn_mov2 != "" when do_mov
                Give at least the first and the second movie file.

            command relion_star_handler
                --combine                                        when do_part
                --i                "{list(fn_part1, fn_part2, fn_part3, fn_part4)}" when do_part
                --check_duplicates rlnImageName                  when do_part
                --o                {outdir}join_particles.star   when do_part
                --combine                                        when do_mic
                --i                "{list(fn_mic1, fn_mic2, fn_mic3, fn_mic4)}" when do_mic
                --check_duplicates rlnMicrographName             when do_mic
                --o                {outdir}join_mics.star        when do_mic
                --combine                                        when do_mov
                --i                "{list(fn_mov1, fn_mov2, fn_mov3, fn_mov4)}" when do_mov
                --check_duplicates rlnMicrographMovieName        when do_mov
                --o                {outdir}join_movies.star      when do_mov

            reads {fn_part1} : ParticleGroupMetadata.star.relion        when do_part
            reads {fn_part2} : ParticleGroupMetadata.star.relion        when do_part
            reads {fn_part3} : ParticleGroupMetadata.star.relion        when do_part and fn_part3 != ""
            reads {fn_part4} : ParticleGroupMetadata.star.relion        when do_part and fn_part4 != ""
            reads {fn_mic1}  : MicrographGroupMetadata.star.relion      when do_mic
            reads {fn_mic2}  : MicrographGroupMetadata.star.relion      when do_mic
            reads {fn_mic3}  : MicrographGroupMetadata.star.relion      when do_mic and fn_mic3 != ""
            reads {fn_mic4}  : MicrographGroupMetadata.star.relion      when do_mic and fn_mic4 != ""
            reads {fn_mov1}  : MicrographMovieGroupMetadata.star.relion when do_mov
            reads {fn_mov2}  : MicrographMovieGroupMetadata.star.relion when do_mov
            reads {fn_mov3}  : MicrographMovieGroupMetadata.star.relion when do_mov and fn_mov3 != ""
            reads {fn_mov4}  : MicrographMovieGroupMetadata.star.relion when do_mov and fn_mov4 != ""

            writes join_particles.star : ParticleGroupMetadata.star.relion        when do_part
            writes join_mics.star      : MicrographGroupMetadata.star.relion      when do_mic
            writes join_movies.star    : MicrographMovieGroupMetadata.star.relion when do_mov
            """#)
}
