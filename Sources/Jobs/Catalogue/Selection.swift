// The job type relion.select
// See docs/jobs.md for the language.
extension CataloguePage {
    static let selection = CataloguePage(
        name: "Selection",
        text: #"""
            job relion.select
                number     7
                name       Subset selection
                tomo name  Subset selection
                folder     Select
                form file  .gui_selectjob.star
                offers     nothing
                continues  rerun
                summary    TODO

            label relion.select.filamentsdendrogram when task = "filaments"
            label relion.select.removeduplicates    when task = "duplicates"
            label relion.select.onvalue             when task = "rows" and do_select_values
            label relion.select.discard             when task = "rows" and do_discard
            label relion.select.split               when task = "rows" and do_split
            label relion.select.class2dauto         when task = "ranking"
            label relion.select.interactive         when task = "display"

            tab I/O
            node fn_model = | Select classes from job: | OptimiserData.star.relion | STAR files (*_optimiser.star) | fixed
            node fn_mic = | OR select from micrographs.star: | MicrographGroupMetadata.star.relion | STAR files (*.star) | fixed
            node fn_data = | OR select from particles.star: | ParticleGroupMetadata.star.relion | STAR files (*.star) | fixed

            tab Class options
            boolean do_class_ranker = No | Automatically select 2D classes? | fixed
            slider rank_threshold = 0.5 | Minimum threshold for auto-selection: | 0 to 1 step 0.05 | fixed | if do_class_ranker
            slider select_nr_parts = -1 | Select at least this many particles: | -1 to 10000 step 500 | fixed | if do_class_ranker
            slider select_nr_classes = -1 | OR: select at least this many classes: | -1 to 24 step 1 | fixed | if do_class_ranker
            boolean do_recenter = No | Re-center the class averages? | fixed
            boolean do_regroup = No | Regroup the particles? | fixed
            slider nr_groups = 1 | Approximate nr of groups: | 50 to 20 step 1 | fixed | if do_regroup

            tab Subsets
            boolean do_select_values = No | Select based on metadata values? | fixed
            text select_label = rlnCtfMaxResolution | Metadata label for subset selection: | fixed | if do_select_values
            text select_minval = -9999. | Minimum metadata value: | fixed | if do_select_values
            text select_maxval = 9999. | Maximum metadata value: | fixed | if do_select_values
            boolean do_discard = No | OR: select on image statistics? | fixed
            text discard_label = rlnImageName | Metadata label for images: | fixed | if do_discard
            slider discard_sigma = 4 | Sigma-value for discarding images: | 1 to 10 step 0.1 | fixed | if do_discard
            boolean do_split = No | OR: split into subsets? | fixed
            boolean do_random = No | Randomise order before making subsets?: | fixed | if do_split
            slider split_size = 100 | Subset size: | 100 to 10000 step 100 | fixed | if do_split
            slider nr_split = -1 | OR: number of subsets: | 1 to 50 step 1 | fixed | if do_split

            tab Duplicates
            boolean do_remove_duplicates = No | OR: remove duplicates? | fixed
            slider duplicate_threshold = 30 | Minimum inter-particle distance (A) | 0 to 1000 step 1 | fixed | if do_remove_duplicates
            slider image_angpix = -1 | Pixel size before extraction (A) | -1 to 10 step 0.01 | fixed | if do_remove_duplicates

            tab Filaments
            boolean do_filaments = No | OR: select filaments by dendrogram? | fixed
            slider dendrogram_threshold = 0.85 | Dendrogram threshold: | 0 to 1 step 0.05 | if do_filaments
            slider dendrogram_minclass = -1000 | Minimum class size: | -1000 to 50000 step 1000 | if do_filaments


            let task = filaments  when do_filaments
            let task = duplicates when do_remove_duplicates
            let task = rows       when do_select_values or do_discard or do_split
            let task = ranking    when do_class_ranker
            let task = display

            command relion_filament_selection when task = "filaments"
                -i          {fn_model}
                -o          {outdir}
                -t          {dendrogram_threshold}
                -c          {dendrogram_minclass}
                --regroup   {nr_groups}             when do_regroup

            command relion_star_handler when task = "duplicates"
                --i                 {fn_data}
                --o                 {outdir}particles.star
                --remove_duplicates {duplicate_threshold}
                --image_angpix      {image_angpix}  when image_angpix > 0

            command relion_star_handler when task = "rows"
                --i             {first(fn_mic, fn_data)}
                --o             {outdir}{if(fn_mic != '', 'micrographs.star', 'particles.star')}
                --select        {select_label}      when do_select_values
                --minval        {select_minval}     when do_select_values
                --maxval        {select_maxval}     when do_select_values
                --discard_on_stats                  when do_discard
                --discard_label {discard_label}     when do_discard
                --discard_sigma {discard_sigma}     when do_discard
                --split                             when do_split
                --random_order                      when do_split and do_random
                --nr_split      {nr_split}          when do_split and nr_split > 0
                --size_split    {split_size}        when do_split and split_size > 0

            command relion_class_ranker when task = "ranking"
                --opt              {fn_model}
                --o                {outdir}
                --fn_sel_parts     particles.star
                --fn_sel_classavgs class_averages.star
                --select_min_nr_particles {select_nr_parts}   when select_nr_parts > 0
                --select_min_nr_classes   {select_nr_classes} when select_nr_parts <= 0 and select_nr_classes > 0
                --fn_root          rank
                --do_granularity_features
                --auto_select
                --min_score        {rank_threshold}

            command relion_display when task = "display"
                --gui
                --i             {first(fn_model, fn_mic, fn_data)}
                --allow_save
                --fn_parts      {outdir}particles.star      when fn_model != ""
                --fn_imgs       {outdir}class_averages.star when fn_model contains "Class2D/"
                --recenter                                  when fn_model contains "Class2D/" and do_recenter
                --fn_imgs       {outdir}micrographs.star    when fn_model = "" and fn_mic != ""
                --fn_imgs       {outdir}particles.star      when fn_model = "" and fn_mic = "" and fn_data != ""
                --regroup       {nr_groups}                 when do_regroup

            reads {fn_model} : OptimiserData.star.relion           when task = "filaments" or task = "ranking" or task = "display"
            reads {fn_mic}   : MicrographGroupMetadata.star.relion when task = "rows" or (task = "display" and fn_model = "")
            reads {fn_data}  : ParticleGroupMetadata.star.relion   when task = "duplicates" or (fn_mic = "" and (task = "rows" or (task = "display" and fn_model = "")))

            # A split tells its files, whose number only the program knows, in RELION_OUTPUT_NODES.star.
            writes run_optimiser.star   : OptimiserData.star.relion.select         when task = "filaments"
            writes logfile.pdf          : LogFile.pdf.relion.select                when task = "filaments"
            writes particles.star       : ParticleGroupMetadata.star.relion        when task = "duplicates" or task = "ranking"
            writes particles.star       : ParticleGroupMetadata.star.relion        when task = "rows" and (do_select_values or do_discard) and fn_mic = "" and fn_data != ""
            writes particles.star       : ParticleGroupMetadata.star.relion        when task = "display" and (fn_model != "" or (fn_mic = "" and fn_data != ""))
            writes micrographs.star     : MicrographGroupMetadata.star.relion      when task = "rows" and (do_select_values or do_discard) and fn_mic != ""
            writes micrographs.star     : MicrographGroupMetadata.star.relion      when task = "display" and fn_model = "" and fn_mic != ""
            writes class_averages.star  : Image2DGroupMetadata.star.relion.classaverages when task = "ranking" or (task = "display" and fn_model contains "Class2D/")
            writes rank_optimiser.star  : OptimiserData.star.relion.select         when task = "ranking"
            """#)
}
