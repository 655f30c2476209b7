// The job type modelangelo
// See docs/jobs.md for the language.
extension CataloguePage {
    static let modelAngelo = CataloguePage(
        name: "ModelAngelo",
        text: #"""
            job modelangelo
                number     23
                name       ModelAngelo building
                tomo name  ModelAngelo building
                folder     ModelAngelo
                form file  .gui_modelangelojob.star
                offers     queue
                continues  tasks
                summary    TODO

            tab I/O
            node fn_map = | B-factor sharpened map: | DensityMap.mrc | MRC map files (*.mrc) | fixed
            node p_seq = | FASTA sequence for proteins: | Sequence.fasta | FASTA sequence files (*.{fasta,txt}) | fixed
            node d_seq = | FASTA sequence for DNA: | Sequence.fasta | FASTA sequence files (*.{fasta,txt}) | fixed
            node r_seq = | FASTA sequence for RNA: | Sequence.fasta | FASTA sequence files (*.{fasta,txt}) | fixed
            text fn_modelangelo_exe = relion_python_modelangelo | ModelAngelo executable: | fixed
            text gpu_id = 0 | Which GPUs to use: | fixed

            tab Hmmer
            boolean do_hhmer = No | Perform HMMer search?
            node fn_lib = | Library with sequences for HMMer search: | Sequence.fasta | FASTA sequence files (*.{fasta,txt}) | if do_hhmer
            radio alphabet = amino | Alphabet for the HMMer search: | modelangelo_alphabet | if do_hhmer
            slider F1 = 0.02 | HMMSearch F1: | 1 to 10 step 0.1 | if do_hhmer
            slider F2 = 0.001 | HMMSearch F2: | 1 to 10 step 0.1 | if do_hhmer
            slider F3 = 1e-05 | HMMSearch F3: | 0 to 10 step 0.1 | if do_hhmer
            slider E = 10 | HMMSearch E: | 0 to 100 step 10 | if do_hhmer


            command {fn_modelangelo_exe}, control --pipeline-control when new or not model_built
                build        when p_seq != "" or d_seq != "" or r_seq != ""
                -pf {p_seq}  when p_seq != ""
                -df {d_seq}  when d_seq != ""
                -rf {r_seq}  when r_seq != ""
                build_no_seq when p_seq = "" and d_seq = "" and r_seq = ""
                -v  {fn_map}
                -o  {outdir}
                -d  {gpu_id}

            command {fn_modelangelo_exe}, control --pipeline-control when do_hhmer
                hmm_search
                -i   {outdir}
                -f   {fn_lib}
                -o   {outdir}
                -a   {alphabet}
                --F1 {F1}
                --F2 {F2}
                --F3 {F3}
                --E  {E}

            reads {fn_map} : DensityMap.mrc when new or not model_built
            reads {p_seq}  : Sequence.fasta when (new or not model_built) and p_seq != ""
            reads {d_seq}  : Sequence.fasta when (new or not model_built) and d_seq != ""
            reads {r_seq}  : Sequence.fasta when (new or not model_built) and r_seq != ""

            writes {jobname}.cif : AtomCoords.cif when new or not model_built
            """#)
}
