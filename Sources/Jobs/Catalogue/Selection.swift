// The job type relion.select: Selects classes, particles or micrographs, or splits a set.
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
                summary    Selects classes, particles or micrographs, or splits a set.

            label relion.select.filamentsdendrogram when task = "filaments"
            label relion.select.removeduplicates    when task = "duplicates"
            label relion.select.onvalue             when task = "rows" and do_select_values
            label relion.select.discard             when task = "rows" and do_discard
            label relion.select.split               when task = "rows" and do_split
            label relion.select.class2dauto         when task = "ranking"
            label relion.select.interactive         when task = "display"

            tab I/O
            node fn_model = | Select classes from job: | OptimiserData.star.relion | STAR files (*_optimiser.star) | fixed
                Optimiser or model file whose classes are shown.
            node fn_mic = | OR select from micrographs.star: | MicrographGroupMetadata.star.relion | STAR files (*.star) | fixed
                Micrographs to select from.
            node fn_data = | OR select from particles.star: | ParticleGroupMetadata.star.relion | STAR files (*.star) | fixed
                Particles to select from.

            tab Class options
            boolean do_class_ranker = No | Automatically select 2D classes? | fixed
                Let a trained network score the 2D classes and select them.
            slider rank_threshold = 0.5 | Minimum threshold for auto-selection: | 0 to 1 step 0.05 | fixed | if do_class_ranker
                Score from 0 to 1 that a class needs.
            slider select_nr_parts = -1 | Select at least this many particles: | -1 to 10000 step 500 | fixed | if do_class_ranker
                Go on down the ranking until this many particles are selected; -1: by score only.
            slider select_nr_classes = -1 | OR: select at least this many classes: | -1 to 24 step 1 | fixed | if do_class_ranker
                Go on down the ranking until this many classes are selected; -1: by score only.
            boolean do_recenter = No | Re-center the class averages? | fixed
                Centre the selected class averages on their centre of mass.
            boolean do_regroup = No | Regroup the particles? | fixed
                Put particles of micrographs with few of them into common groups, for their noise and scale.
            slider nr_groups = 1 | Approximate nr of groups: | 50 to 20 step 1 | fixed | if do_regroup
                About how many groups.

            tab Subsets
            boolean do_select_values = No | Select based on metadata values? | fixed
                Keep rows whose value lies in a range.
            text select_label = rlnCtfMaxResolution | Metadata label for subset selection: | fixed | if do_select_values
                Label of the value, such as rlnCtfMaxResolution.
            text select_minval = -9999. | Minimum metadata value: | fixed | if do_select_values
                Smallest value kept.
            text select_maxval = 9999. | Maximum metadata value: | fixed | if do_select_values
                Largest value kept.
            boolean do_discard = No | OR: select on image statistics? | fixed
                Leave out images whose mean or spread is unusual.
            text discard_label = rlnImageName | Metadata label for images: | fixed | if do_discard
                Label with the images' names.
            slider discard_sigma = 4 | Sigma-value for discarding images: | 1 to 10 step 0.1 | fixed | if do_discard
                Leave out beyond this many standard deviations.
            boolean do_split = No | OR: split into subsets? | fixed
                Divide into several files.
            boolean do_random = No | Randomise order before making subsets?: | fixed | if do_split
                Shuffle before dividing.
            slider split_size = 100 | Subset size: | 100 to 10000 step 100 | fixed | if do_split
                Rows in each part; -1 where the number of parts is given.
            slider nr_split = -1 | OR: number of subsets: | 1 to 50 step 1 | fixed | if do_split
                Number of parts; -1 where their size is given.

            tab Duplicates
            boolean do_remove_duplicates = No | OR: remove duplicates? | fixed
                Leave out particles that lie too near to another one.
            slider duplicate_threshold = 30 | Minimum inter-particle distance (A) | 0 to 1000 step 1 | fixed | if do_remove_duplicates
                Particles nearer than this, in Å, are duplicates.
            slider image_angpix = -1 | Pixel size before extraction (A) | -1 to 10 step 0.01 | fixed | if do_remove_duplicates
                Pixel size of the micrographs in Å where the file does not tell; -1 otherwise.

            tab Filaments
            boolean do_filaments = No | OR: select filaments by dendrogram? | fixed
                Select filaments by similarity of their classes.
            slider dendrogram_threshold = 0.85 | Dendrogram threshold: | 0 to 1 step 0.05 | if do_filaments
                Height at which the tree is cut.
            slider dendrogram_minclass = -1000 | Minimum class size: | -1000 to 50000 step 1000 | if do_filaments
                Fewest particles in a group.

            require first(fn_model, fn_mic, fn_data) != ''
                Nothing is given to select from: choose classes, micrographs or particles.
            require count(do_select_values, do_discard, do_split, do_remove_duplicates, do_filaments) <= 1
                Choose one task: selecting by value, discarding, splitting, removing duplicates or filaments.
            require fn_model != "" and fn_mic = "" and fn_data = "" when do_filaments
                Filaments are selected from an optimiser file alone: clear micrographs and particles.
            require fn_data != "" and fn_mic = "" and fn_model = "" when do_remove_duplicates
                Duplicates are removed from a particle file alone: clear classes and micrographs.
            require fn_model = "" when do_select_values or do_discard or do_split
                Values, statistics and splits work on particles or micrographs: clear the classes.
            require nr_split > 0 or split_size > 0 or variable(nr_split) or variable(split_size) when do_split
                A split needs a number of subsets or their size.
            require fn_model != "" and !do_regroup and !do_recenter when task = "ranking"
                Ranking needs an optimiser file, and neither regroups nor centres.
            require fn_model != "" when do_regroup
                Only particles of a model file can be regrouped.

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
