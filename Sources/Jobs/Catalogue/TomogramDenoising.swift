// The job type relion.denoisetomo: Denoises tomograms with a neural network (cryoCARE).
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
                summary    Denoises tomograms with a neural network (cryoCARE).

            tab I/O
            node in_tomoset = | Input tomograms.star: | TomogramGroupMetadata.star.relion | STAR files (*.star) | fixed
                Tomograms (tomograms.star).
            text cryocare_path = | Directory with cryoCARE executables:
                Folder of the cryoCARE programs; empty: found on the PATH.
            text gpu_ids = | Which GPU to use:
                Numbers of the GPUs, such as 0:1 for one process each or 0,1 for threads; empty lets the program choose.

            tab CryoCARE: Train
            boolean do_cryocare_train = No | Train denoising model: | fixed
                Train the network on some tomograms.
            text tomograms_for_training = | Tomograms for model training: | fixed | if do_cryocare_train
                Names of these tomograms, with colons between.
            slider number_training_subvolumes = 1200 | Number of sub-volumes per tomogram: | 100 to 2000 step 100 | fixed | if do_cryocare_train
                Boxes taken from each tomogram.
            slider subvolume_dimensions = 72 | Sub-volume dimensions (px): | 64 to 256 step 1 | fixed | if do_cryocare_train
                Size of these boxes in pixels; a multiple of 16.

            tab CryoCARE: Predict
            boolean do_cryocare_predict = No | Generate denoised tomograms: | fixed
                Denoise tomograms with a trained network.
            file care_denoising_model = | Path to denoising model: | * | . | fixed | if do_cryocare_predict
                The trained network (.tar.gz).
            text ntiles_x = 2 | Number of tiles - X: | fixed | if do_cryocare_predict | row Number of tiles in X,Y,Z:
                Tiles along x that the tomogram is worked on in; more for less GPU memory.
            text ntiles_y = 2 | Number of tiles - Y: | fixed | if do_cryocare_predict | row Number of tiles in X,Y,Z:
                Tiles along y.
            text ntiles_z = 2 | Number of tiles - Z: | fixed | if do_cryocare_predict | row Number of tiles in X,Y,Z:
                Tiles along z.
            text denoising_tomo_name = | Reconstruct only this tomogram: | fixed | if do_cryocare_predict
                Name of one tomogram to denoise; empty for all.

            require count(do_cryocare_train, do_cryocare_predict) = 1
                Choose one: train the network or denoise with it.
            require tomograms_for_training != "" when do_cryocare_train
                Name the tomograms to train on.
            require care_denoising_model != "" when do_cryocare_predict
                No trained network is given.
            require in_tomoset != ""
                No tomograms are given.
            require gpu_ids != "" and not (gpu_ids contains ':') and not (gpu_ids contains ',')
                The GPU is "{gpu_ids}": give one number.

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
