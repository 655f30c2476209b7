// The job type modelangelo: Builds an atomic model into a map (ModelAngelo).
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
                summary    Builds an atomic model into a map (ModelAngelo).

            tab I/O
            node fn_map = | B-factor sharpened map: | DensityMap.mrc | MRC map files (*.mrc) | fixed
                Map to start from.
            node p_seq = | FASTA sequence for proteins: | Sequence.fasta | FASTA sequence files (*.{fasta,txt}) | fixed
                Protein sequences.
            node d_seq = | FASTA sequence for DNA: | Sequence.fasta | FASTA sequence files (*.{fasta,txt}) | fixed
                DNA sequences.
            node r_seq = | FASTA sequence for RNA: | Sequence.fasta | FASTA sequence files (*.{fasta,txt}) | fixed
                RNA sequences.
            text fn_modelangelo_exe = relion_python_modelangelo | ModelAngelo executable: | fixed
                The ModelAngelo program.
            text gpu_id = 0 | Which GPUs to use: | fixed
                Number of the one GPU.

            tab Hmmer
            boolean do_hhmer = No | Perform HMMer search?
                Search a library for sequences that fit the built chains.
            node fn_lib = | Library with sequences for HMMer search: | Sequence.fasta | FASTA sequence files (*.{fasta,txt}) | if do_hhmer
                Library of sequences (FASTA).
            radio alphabet = amino | Alphabet for the HMMer search: | modelangelo_alphabet | if do_hhmer
                Kind of the sequences.
            slider F1 = 0.02 | HMMSearch F1: | 1 to 10 step 0.1 | if do_hhmer
                HMMER's first filter threshold (P-value).
            slider F2 = 0.001 | HMMSearch F2: | 1 to 10 step 0.1 | if do_hhmer
                HMMER's second filter threshold (P-value).
            slider F3 = 1e-05 | HMMSearch F3: | 0 to 10 step 0.1 | if do_hhmer
                HMMER's third filter threshold (P-value).
            slider E = 10 | HMMSearch E: | 0 to 100 step 10 | if do_hhmer
                Largest E-value that counts as found.

            require fn_lib != "" when do_hhmer
                No sequence library is given for the search.

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
