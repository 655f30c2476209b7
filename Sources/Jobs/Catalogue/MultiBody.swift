// The job type relion.multibody: Refines parts of a particle that move against one another.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let multiBody = CataloguePage(
        name: "MultiBody",
        text: #"""
            job relion.multibody
                number     19
                name       3D multi-body
                tomo name  3D multi-body
                folder     MultiBody
                form file  .gui_multibodyjob.star
                offers     mpi, threads, queue
                continues  optimiser
                summary    Refines parts of a particle that move against one another.

            tab I/O
            file fn_in = | Consensus refinement optimiser.star: | STAR Files (run_it*_optimiser.star) | Refine3D/. | fixed
                Optimiser file of the refinement of the whole particle.
            use fn_cont
            file fn_bodies = | Body STAR file: | STAR Files (*.{star}) | . | fixed
                STAR file with a mask for each body and how it moves.
            boolean do_subtracted_bodies = Yes | Reconstruct subtracted bodies? | fixed
                Reconstruct each body from particles with the others taken away.
            use do_blush

            tab Auto-sampling
            radio sampling = 1.8 degrees | Initial angular sampling: | sampling | fixed
                Angle between searched orientations at the start; refined further by oversampling.
            slider offset_range = 3 | Initial offset range (pix): | 0 to 30 step 1 | fixed
                Largest shift searched in each direction around the last centre, in pixels.
            slider offset_step = 0.75 | Initial offset step (pix): | 0.1 to 5 step 0.1 | fixed
                Distance of the searched shifts, in pixels; refined further by oversampling.

            tab Analyse
            boolean do_analyse = Yes | Run flexibility analysis?
                Find the main motions of the bodies (principal components).
            slider nr_movies = 3 | Number of eigenvector movies: | 0 to 16 step 1 | if do_analyse
                Number of motions made into maps.
            boolean do_select = No | Select particles based on eigenvalues? | if do_analyse
                Keep particles whose position along one motion lies in a range.
            slider select_eigenval = 1 | Select on eigenvalue: | 1 to 20 step 1 | if do_analyse and do_select
                Number of the motion, from 1.
            slider eigenval_min = -999 | Minimum eigenvalue: | -50 to 50 step 1 | if do_analyse and do_select
                Smallest position kept.
            slider eigenval_max = 999 | Maximum eigenvalue: | -50 to 50 step 1 | if do_analyse and do_select
                Largest position kept.

            tab Compute
            use do_parallel_discio nr_pool do_pad1 do_preread_images scratch_dir do_combine_thru_disc use_gpu gpu_ids

            require bodies_readable
                The file of bodies "{fn_bodies}" cannot be read.
            require do_analyse when continue and fn_cont = ""
                There is nothing to do: give an optimiser file to continue from, or run the flexibility analysis.
            require eigenval_min < eigenval_max when do_select
                The smallest eigenvalue to select must be below the largest.

            let root = run                               when new
            let root = run_ct{iteration(fn_cont):1}      when fn_cont != ""
            # Only the analysis: of the one model in the job's folder.
            let root = {finished_root}

            let eigen_min  = _min{round(eigenval_min):1} when round(eigenval_min) > -99998
            let eigen_min  = {''}
            let eigen_max  = _max{round(eigenval_max):1} when round(eigenval_max) < 99998
            let eigen_max  = {''}
            let eigen_file = analyse_eval{select_eigenval:3}_select{eigen_min}{eigen_max}

            command relion_refine, relion_refine_mpi when new or fn_cont != ""
                --continue                 {fn_cont}            when continue
                --o                        {outdir}{root}       when continue
                --continue                 {fn_in}              when new
                --o                        {outdir}run          when new
                --solvent_correct_fsc                           when new
                --multibody_masks          {fn_bodies}          when new
                --oversampling             1                    when new
                --healpix_order            {choice(sampling):1} when new
                --auto_local_healpix_order {choice(sampling):1} when new
                --offset_range             {offset_range}       when new
                --offset_step              {2 * offset_step}    when new
                --blush                                         when do_blush
                --reconstruct_subtracted_bodies                 when do_subtracted_bodies
                --dont_combine_weights_via_disc                 when !do_combine_thru_disc
                --no_parallel_disc_io                           when !do_parallel_discio
                --preread_images                                when do_preread_images
                --scratch_dir              {scratch_dir}        when !do_preread_images and scratch_dir != ""
                --pool                     {nr_pool}
                --pad                      1                    when do_pad1
                --pad                      2                    when !do_pad1
                --j                        {nr_threads}
                --gpu                      "{gpu_ids}"          when use_gpu

            command relion_flex_analyse, no extra arguments when do_analyse
                --PCA_orient
                --model                 {outdir}{root}_model.star
                --data                  {outdir}{root}_data.star
                --bodies                {fn_bodies}
                --o                     {outdir}analyse
                --do_maps                                 when nr_movies > 0
                --k                     {nr_movies}       when nr_movies > 0
                --select_eigenvalue     {select_eigenval} when do_select
                --select_eigenvalue_min {eigenval_min}    when do_select
                --select_eigenvalue_max {eigenval_max}    when do_select

            reads {fn_in} : OptimiserData.star.relion.refine3d when new

            writes {root}_half1_body{b:3}_unfil.mrc   : DensityMap.mrc.relion.halfmap.multibody, for b in 1 to bodies when (new or fn_cont != "") and bodies > 1
            writes {root}_half1_class001_unfil.mrc    : DensityMap.mrc.relion.halfmap.multibody                       when (new or fn_cont != "") and bodies <= 1
            writes {root}_optimisation_set.star       : TomoOptimisationSet.star.relion.multibody                     when tomo and (new or fn_cont != "") and bodies <= 1
            writes {eigen_file}.star                  : ParticleGroupMetadata.star.relion.flexanalysis.eigenselected  when do_analyse and do_select
            writes analyse_logfile.pdf                : LogFile.pdf.relion.flexanalysis                               when do_analyse
            """#)
}
