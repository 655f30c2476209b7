// The job type relion.denoisetomo
// See docs/jobs.md for the language.
extension CataloguePage {
    static let tomogramDenoising = CataloguePage(
        name: "TomogramDenoising",
        text: #"""
            job relion.denoisetomo
                number     58
                tomo name  Denoise tomograms
                folder     Denoise
                form file  .gui_tomo_denoise_tomogramjob.star
                offers     queue
                continues  rerun
                summary    TODO

            tab I/O
            node in_tomoset = | Input tomograms.star: | TomogramGroupMetadata.star.relion | STAR files (*.star) | fixed
            text cryocare_path = | Directory with cryoCARE executables:
            text gpu_ids = | Which GPU to use:

            tab CryoCARE: Train
            boolean do_cryocare_train = No | Train denoising model: | fixed
            text tomograms_for_training = | Tomograms for model training: | fixed | if do_cryocare_train
            slider number_training_subvolumes = 1200 | Number of sub-volumes per tomogram: | 100 to 2000 step 100 | fixed | if do_cryocare_train
            slider subvolume_dimensions = 72 | Sub-volume dimensions (px): | 64 to 256 step 1 | fixed | if do_cryocare_train

            tab CryoCARE: Predict
            boolean do_cryocare_predict = No | Generate denoised tomograms: | fixed
            file care_denoising_model = | Path to denoising model: | * | . | fixed | if do_cryocare_predict
            text ntiles_x = 2 | Number of tiles - X: | fixed | if do_cryocare_predict | row Number of tiles in X,Y,Z:
            text ntiles_y = 2 | Number of tiles - Y: | fixed | if do_cryocare_predict | row Number of tiles in X,Y,Z:
            text ntiles_z = 2 | Number of tiles - Z: | fixed | if do_cryocare_predict | row Number of tiles in X,Y,Z:
            text denoising_tomo_name = | Reconstruct only this tomogram: | fixed | if do_cryocare_predict


            command relion_python_tomo_denoise
                cryoCARE:train                                   when do_cryocare_train
                cryoCARE:predict                                 when do_cryocare_predict
                --tomogram-star-file         {in_tomoset}
                --cryocare-path              {cryocare_path}     when cryocare_path != ""
                --output-directory           {outdir}
                --gpu                        {gpu_ids}
                --training-tomograms         {tomograms_for_training} when do_cryocare_train
                --number-training-subvolumes {number_training_subvolumes} when do_cryocare_train
                --subvolume-sidelength       {subvolume_dimensions} when do_cryocare_train
                --tomogram-name              {denoising_tomo_name} when do_cryocare_predict and denoising_tomo_name != ""
                --model-file                 {care_denoising_model} when do_cryocare_predict
                --n-tiles                    {ntiles_x} {ntiles_y} {ntiles_z} when do_cryocare_predict and ntiles_x != "" and ntiles_y != "" and ntiles_z != ""

            reads {in_tomoset} : TomogramGroupMetadata.star.relion

            writes tomograms.star : TomogramGroupMetadata.star.relion.tomo.denoise
            """#)
}
