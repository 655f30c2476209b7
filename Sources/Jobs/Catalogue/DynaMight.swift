// The job type dynamight: Learns continuous motion of particles with a neural network (DynaMight).
// See docs/jobs.md for the language.
extension CataloguePage {
    static let dynaMight = CataloguePage(
        name: "DynaMight",
        text: #"""
            job dynamight
                number     22
                name       DynaMight flexibility
                folder     DynaMight
                form file  .gui_dynamightjob.star
                offers     threads, queue
                continues  tasks
                summary    Learns continuous motion of particles with a neural network (DynaMight).

            tab I/O
            node fn_star = | Input images STAR file: | ParticleGroupMetadata.star.relion | STAR files (*.star) 	 Image stacks (not recommended, read help!) (*.{spi,mrcs}) | fixed
                Refined particles.
            node fn_map = | Consensus map: | DensityMap.mrc | Image Files (*.{spi,vol,mrc}) | fixed
                Map to start from.
            slider nr_gaussians = 10000 | Number of Gaussians: | 5000 to 40000 step 1000 | fixed
                Gaussians that describe the map; about two for each residue.
            text initial_threshold = | Initial map threshold (optional): | fixed
                Map value above which Gaussians are placed; empty chooses it.
            slider reg_factor = 1 | Regularization factor: | 0.2 to 5 step 0.1 | fixed
                How strongly motion is held back.
            text fn_dynamight_exe = relion_python_dynamight | DynaMight executable: | fixed
                The DynaMight program.
            text gpu_id = 0 | Which (single) GPU to use:
                Number of the one GPU.
            boolean do_preload = No | Preload images in RAM?
                Keep the images in memory.

            tab Tasks
            file fn_checkpoint = | Checkpoint file: | Checkpoint files (*.pth) | CURRENT_ODIR/forward_deformations/checkpoints | continue-only
                Training state to use; empty for the last.
            boolean do_visualize = No | Do visualization? | continue-only
                Look at the space of motions.
            slider halfset = 1 | Half-set to visualize: | 0 to 2 step 1 | if do_visualize
                Half set shown: 0 for both, 1 or 2.
            boolean do_inverse = No | Do inverse-deformation estimation? | continue-only
                Estimate the motions' inverse, which the reconstruction needs.
            slider nr_epochs = 200 | Number of epochs to perform: | 50 to 500 step 10 | if do_inverse
                Passes over the particles.
            boolean do_store_deform = No | Store deformations in RAM? | if do_inverse
                Keep the motions in memory.
            boolean do_reconstruct = No | Do deformed backprojection? | continue-only
                Reconstruct a map with the motion undone.
            slider backproject_batchsize = 10 | Backprojection batchsize: | 1 to 500 step 10 | if do_reconstruct
                Particles worked on together; fewer for less GPU memory.

            require count(do_visualize, do_inverse, do_reconstruct) = 1 when continue
                Choose one follow-up task: visualise, inverse deformations or backprojection.

            command {fn_dynamight_exe}, control --pipeline-control
                optimize-deformations                            when new
                --refinement-star-file        {fn_star}          when new
                --output-directory            {outdir}           when new
                --initial-model               {fn_map}           when new
                --n-gaussians                 {nr_gaussians}     when new
                --initial-threshold           {initial_threshold} when new and initial_threshold != ""
                --regularization-factor       {reg_factor}       when new
                --n-threads                   {nr_threads}       when new
                --preload-images                                 when new and do_preload
                explore-latent-space          {outdir}           when continue and do_visualize
                --half-set                    {halfset}          when continue and do_visualize
                --checkpoint-file             {fn_checkpoint}    when continue and do_visualize and fn_checkpoint != ""
                optimize-inverse-deformations {outdir}           when continue and do_inverse
                --n-epochs                    {nr_epochs}        when continue and do_inverse
                --checkpoint-file             {fn_checkpoint}    when continue and do_inverse and fn_checkpoint != ""
                --save-deformations                              when continue and do_inverse and do_store_deform
                --preload-images                                 when continue and do_inverse and do_preload
                deformable-backprojection     {outdir}           when continue and do_reconstruct
                --batch-size                  {backproject_batchsize} when continue and do_reconstruct
                --checkpoint-file             {fn_checkpoint}    when continue and do_reconstruct and fn_checkpoint != ""
                --preload-images                                 when continue and do_reconstruct and do_preload
                --gpu-id                      {gpu_id}           when gpu_id != ""

            reads {fn_star} : ParticleGroupMetadata.star.relion when new
            reads {fn_map}  : DensityMap.mrc                    when new

            writes backprojection/map_half1.mrc : DensityMap.mrc.relion.halfmap.dynamight when continue and do_reconstruct
            writes backprojection/map_half2.mrc : DensityMap.mrc.relion.halfmap.dynamight when continue and do_reconstruct
            """#)
}
