// The job type dynamight
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
                summary    TODO

            tab I/O
            node fn_star = | Input images STAR file: | ParticleGroupMetadata.star.relion | STAR files (*.star) 	 Image stacks (not recommended, read help!) (*.{spi,mrcs}) | fixed
            node fn_map = | Consensus map: | DensityMap.mrc | Image Files (*.{spi,vol,mrc}) | fixed
            slider nr_gaussians = 10000 | Number of Gaussians: | 5000 to 40000 step 1000 | fixed
            text initial_threshold = | Initial map threshold (optional): | fixed
            slider reg_factor = 1 | Regularization factor: | 0.2 to 5 step 0.1 | fixed
            text fn_dynamight_exe = relion_python_dynamight | DynaMight executable: | fixed
            text gpu_id = 0 | Which (single) GPU to use:
            boolean do_preload = No | Preload images in RAM?

            tab Tasks
            file fn_checkpoint = | Checkpoint file: | Checkpoint files (*.pth) | CURRENT_ODIR/forward_deformations/checkpoints | continue-only
            boolean do_visualize = No | Do visualization? | continue-only
            slider halfset = 1 | Half-set to visualize: | 0 to 2 step 1 | if do_visualize
            boolean do_inverse = No | Do inverse-deformation estimation? | continue-only
            slider nr_epochs = 200 | Number of epochs to perform: | 50 to 500 step 10 | if do_inverse
            boolean do_store_deform = No | Store deformations in RAM? | if do_inverse
            boolean do_reconstruct = No | Do deformed backprojection? | continue-only
            slider backproject_batchsize = 10 | Backprojection batchsize: | 1 to 500 step 10 | if do_reconstruct


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
