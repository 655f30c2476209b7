// The job type relion.autopick: Picks particles by blobs, references or a neural network.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let autoPicking = CataloguePage(
        name: "AutoPicking",
        text: #"""
            job relion.autopick
                number     4
                name       Auto-picking
                folder     AutoPick
                form file  .gui_autopickjob.star
                offers     mpi, queue
                continues  flag
                summary    Picks particles by blobs, references or a neural network.

            label relion.autopick.continuemanual when continue and continue_manual
            label relion.autopick.topaz.train    when not (continue and continue_manual) and do_topaz and do_topaz_train
            label relion.autopick.topaz.pick     when not (continue and continue_manual) and do_topaz and do_topaz_pick
            label relion.autopick.log            when not (continue and continue_manual) and do_log
            label relion.autopick.ref3d          when not (continue and continue_manual) and do_refs and do_ref3d
            label relion.autopick.ref2d          when not (continue and continue_manual) and do_refs and !do_ref3d

            tab I/O
            node fn_input_autopick = | Input micrographs for autopick: | MicrographGroupMetadata.star.relion | Input micrographs (*.{star}) | fixed
                Micrographs to pick from.
            slider angpix = -1 | Pixel size in micrographs (A) | 0.3 to 5 step 0.1 | fixed
                Pixel size of the micrographs in Å; -1 reads it from the file.
            boolean do_refs = No | Use reference-based template-matching? | fixed
                Compare with class averages or projections of a map.
            boolean do_log = No | OR: use Laplacian-of-Gaussian? | fixed
                Find blobs with a Laplacian-of-Gaussian filter; needs no references.
            boolean do_topaz = No | OR: use Topaz? | fixed
                Pick with the Topaz neural network.
            boolean continue_manual = No | OR: continue manually? | continue-only
                When continued, open the picker on the picks instead of picking on.

            tab Laplacian
            slider log_diam_min = 200 | Min. diameter for LoG filter (A) | 50 to 500 step 10 | fixed
                Smallest diameter of particles, in Å.
            slider log_diam_max = 250 | Max. diameter for LoG filter (A) | 50 to 500 step 10 | fixed
                Largest diameter of particles, in Å.
            boolean log_invert = No | Are the particles white? | fixed
                Yes if particles are brighter than the background.
            slider log_maxres = 20 | Maximum resolution to consider (A) | 10 to 100 step 5 | fixed
                Micrographs are filtered to this resolution in Å first.
            slider log_adjust_thr = 0 | Adjust default threshold (stddev): | -1 to 1 step 0.05
                Moves the threshold by so many standard deviations; positive for fewer picks.
            slider log_upper_thr = 999 | Upper threshold (stddev): | 0 to 10 step 0.5
                Leaves out picks this far above average, such as ice; 999 for none.

            tab Topaz
            text fn_topaz_exe = relion_python_topaz | Topaz executable: | fixed
                The Topaz program.
            slider topaz_particle_diameter = -1 | Particle diameter (A) | 0 to 2000 step 20 | fixed
                Longest extent of the particle in Å; -1 lets the program estimate it.
            boolean do_topaz_train = No | Perform topaz training? | fixed
                Train a model on given picks.
            slider topaz_nr_particles = -1 | Nr of particles per micrograph: | 0 to 2000 step 20 | fixed | if do_topaz_train
                Particles expected in each micrograph.
            node topaz_train_picks = | Input picked coordinates for training: | MicrographCoordsGroup.star.relion | Input micrographs (*.{star}) | fixed | if do_topaz_train
                Picks to learn from.
            boolean do_topaz_train_parts = No | OR train on a set of particles? | fixed | if do_topaz_train
                Learn from particles of a STAR file instead of picks.
            node topaz_train_parts = | Particles STAR file for training: | ParticleGroupMetadata.star.relion | Input STAR file (*.{star}) | fixed | if do_topaz_train and do_topaz_train_parts
                Particles to learn from, such as those of good classes.
            boolean do_topaz_pick = No | Perform topaz picking? | fixed
                Pick with a trained model.
            file topaz_model = | Trained topaz model: | SAV Files (*.sav) | . | fixed | if do_topaz_pick
                Model to pick with; empty for the one that Topaz brings.
            boolean do_topaz_filaments = No | Pick filaments? | fixed | if do_topaz_pick
                Pick filaments instead of single particles.
            text topaz_filament_threshold = -5 | Threshold: | fixed | if do_topaz_pick and do_topaz_filaments | row Threshold, Hough length (A)
                Threshold above which pixels belong to filaments.
            text topaz_hough_length = -1 | Hough length (A): | fixed | if do_topaz_pick and do_topaz_filaments | row Threshold, Hough length (A)
                Shortest filament in Å; -1 chooses it.
            text topaz_other_args = | Additional topaz arguments: | fixed
                Options for Topaz, as they are.

            tab References
            node fn_refs_autopick = | 2D references: | Image2DGroupMetadata.star.relion | Input references (*.{star,mrcs}) | fixed
                Class averages to compare with.
            boolean do_ref3d = No | OR: provide a 3D reference? | fixed
                Compare with projections of a map.
            node fn_ref3d_autopick = | 3D reference: | DensityMap.mrc | Input reference (*.{mrc}) | fixed | if do_ref3d
                Map to project.
            text ref3d_symmetry = C1 | Symmetry: | fixed | if do_ref3d
                Point group of the map; fewer projections are needed.
            radio ref3d_sampling = 30 degrees | 3D angular sampling: | sampling | fixed | if do_ref3d
                Angle between the projections.
            slider lowpass = 20 | Lowpass filter references (A) | 10 to 100 step 5 | fixed
                Low-pass filter of micrographs and references, in Å; -1 for none.
            slider highpass = -1 | Highpass filter (A) | 100 to 1000 step 100 | fixed
                High-pass filter of the images, in Å; -1 for none.
            slider angpix_ref = -1 | Pixel size in references (A) | 0.3 to 5 step 0.1 | fixed
                Pixel size of the references in Å; -1: that of the micrographs.
            slider psi_sampling_autopick = 5 | In-plane angular sampling (deg) | 1 to 30 step 1 | fixed
                Step of the in-plane rotation, in degrees; 5 is usual.
            boolean do_invert_refs = Yes | References have inverted contrast? | fixed
                Yes if particles are bright in the references and dark in the micrographs.
            boolean do_ctf_autopick = Yes | Are References CTF corrected? | fixed
                Yes if the references are CTF-corrected; each micrograph's CTF is then applied.
            boolean do_ignore_first_ctfpeak_autopick = No | Ignore CTFs until first peak? | fixed | if do_ctf_autopick
                Leave the references as they are below the first peak of the CTF.

            tab autopicking
            slider threshold_autopick = 0.05 | Picking threshold: | 0 to 1 step 0.01
                Lowest figure of merit of a pick; higher for fewer and better picks.
            slider mindist_autopick = 100 | Minimum inter-particle distance (A): | 0 to 1000 step 20
                Smallest distance between picks, in Å.
            slider maxstddevnoise_autopick = 1.1 | Maximum stddev noise: | 0.9 to 1.5 step 0.02
                Leave out areas of higher standard deviation, such as carbon; -1 for no limit.
            slider minavgnoise_autopick = -999 | Minimum avg noise: | -2 to 0.5 step 0.05
                Leave out areas whose background is darker than this; -999 for no limit.
            boolean do_write_fom_maps = No | Write FOM maps?
                Write figure-of-merit maps, to try thresholds quickly on a few micrographs.
            boolean do_read_fom_maps = No | Read FOM maps?
                Use the maps written before instead of computing them.
            slider shrink = 0 | Shrink factor: | 0 to 1 step 0.1 | fixed
                0-1: work at this part of the resolution that the low-pass filter allows; faster.
            use use_gpu gpu_ids

            tab Helix
            boolean do_pick_helical_segments = No | Pick 2D helical segments? | fixed
                Pick segments along helices.
            slider helical_tube_outer_diameter = 200 | Tube diameter (A): | 100 to 1000 step 10 | if do_pick_helical_segments
                Outer diameter of the helix in Å.
            slider helical_tube_length_min = -1 | Minimum length (A): | 100 to 1000 step 10 | if do_pick_helical_segments
                Shortest helix in Å; -1 for no limit.
            slider helical_tube_kappa_max = 0.1 | Maximum curvature (kappa): | 0.05 to 0.5 step 0.01 | if do_pick_helical_segments
                Strongest curvature allowed, relative to a circle of the particle's diameter.
            slider helical_nr_asu = 1 | Number of unique asymmetrical units: | 1 to 100 step 1 | if do_pick_helical_segments
                Asymmetric units by which one segment is shifted against the next.
            slider helical_rise = -1 | Helical rise (A): | 0 to 100 step 0.01 | if do_pick_helical_segments
                Distance along the helix between neighbouring units, in Å.
            boolean do_amyloid = No | Pick amyloid segments? | if do_pick_helical_segments
                Use the search made for amyloids.

            require count(do_log, do_topaz, do_refs) = 1
                Choose one way of picking: Laplacian, Topaz or references.
            require fn_input_autopick != ""
                No micrographs are given.
            require count(do_topaz_train, do_topaz_pick) = 1 when do_topaz
                Topaz either trains or picks: set one of the two to Yes.
            require use_gpu when do_topaz and do_topaz_train
                Training Topaz needs a GPU.
            require !use_gpu when do_log
                Picking by the Laplacian does not use a GPU: set "Use GPU acceleration?" to No.
            require fn_ref3d_autopick != "" when do_refs and do_ref3d
                No 3D reference is given.
            require fn_refs_autopick != "" when do_refs and !do_ref3d
                No 2D references are given.

            command relion_manualpick when continue and continue_manual
                --i                 {fn_input_autopick}
                --odir              {outdir}
                --pickname          autopick
                --allow_save
                --selection         {outdir}micrographs_selected.star
                --scale             {manualpick.micscale}        when has_manualpick
                --sigma_contrast    {manualpick.sigma_contrast}  when has_manualpick
                --black             {manualpick.black_val}       when has_manualpick
                --white             {manualpick.white_val}       when has_manualpick
                --pick_start_end                                 when has_manualpick and manualpick.do_startend
                --topaz_denoise                                  when has_manualpick and manualpick.do_topaz_denoise
                --lowpass           {manualpick.lowpass}         when has_manualpick and !manualpick.do_topaz_denoise and manualpick.lowpass > 0
                --highpass          {manualpick.highpass}        when has_manualpick and !manualpick.do_topaz_denoise and manualpick.highpass > 0
                --angpix            {manualpick.angpix}          when has_manualpick and !manualpick.do_topaz_denoise and manualpick.angpix > 0
                --particle_diameter {manualpick.diameter}        when has_manualpick
                --minimum_pick_fom  {manualpick.minimum_pick_fom} when has_manualpick and manualpick.do_fom_threshold
                --color_label       {manualpick.color_label}     when has_manualpick and manualpick.do_color
                --blue              {manualpick.blue_value}      when has_manualpick and manualpick.do_color
                --red               {manualpick.red_value}       when has_manualpick and manualpick.do_color
                --color_star        {manualpick.fn_color}        when has_manualpick and manualpick.do_color and manualpick.fn_color != ""
                --scale             0.25                         when not has_manualpick
                --sigma_contrast    3                            when not has_manualpick
                --lowpass           20                           when not has_manualpick
                --particle_diameter 100                          when not has_manualpick

            command relion_autopick, relion_autopick_mpi when not (continue and continue_manual)
                --fn_topaz_exe                {fn_topaz_exe}
                --i                           {fn_input_autopick}
                --odir                        {outdir}
                --pickname                    autopick
                --particle_diameter           {topaz_particle_diameter} when do_topaz and topaz_particle_diameter > 0
                --topaz_train                                    when do_topaz and do_topaz_train
                --topaz_nr_particles          {topaz_nr_particles} when do_topaz and do_topaz_train and topaz_nr_particles > 0
                --topaz_train_parts           {topaz_train_parts} when do_topaz and do_topaz_train and do_topaz_train_parts
                --topaz_train_picks           {topaz_train_picks} when do_topaz and do_topaz_train and !do_topaz_train_parts
                --topaz_extract                                  when do_topaz and do_topaz_pick
                --topaz_model                 {topaz_model}      when do_topaz and do_topaz_pick and topaz_model != ""
                --helix                                          when do_topaz and do_topaz_pick and do_topaz_filaments
                --topaz_threshold             {topaz_filament_threshold} when do_topaz and do_topaz_pick and do_topaz_filaments
                --helical_tube_length_min     {topaz_hough_length} when do_topaz and do_topaz_pick and do_topaz_filaments and topaz_hough_length > 0
                --topaz_args                  " {topaz_other_args} " when do_topaz and topaz_other_args != ""
                --gpu                         "{gpu_ids}"        when do_topaz and use_gpu
                --LoG                                            when do_log
                --LoG_diam_min                {log_diam_min}     when do_log
                --LoG_diam_max                {log_diam_max}     when do_log
                --shrink                      0                  when do_log
                --lowpass                     {log_maxres}       when do_log
                --LoG_adjust_threshold        {log_adjust_thr}   when do_log
                --LoG_upper_threshold         {log_upper_thr}    when do_log and log_upper_thr < 999
                --Log_invert                                     when do_log and log_invert
                --ref                         {fn_ref3d_autopick} when do_refs and do_ref3d
                --sym                         {ref3d_symmetry}   when do_refs and do_ref3d
                --healpix_order               {choice(ref3d_sampling) + 1:1} when do_refs and do_ref3d
                --ref                         {fn_refs_autopick} when do_refs and !do_ref3d
                --invert                                         when do_refs and do_invert_refs
                --ctf                                            when do_refs and do_ctf_autopick
                --ctf_intact_first_peak                          when do_refs and do_ctf_autopick and do_ignore_first_ctfpeak_autopick
                --ang                         {psi_sampling_autopick} when do_refs
                --shrink                      {shrink}           when do_refs
                --lowpass                     {lowpass}          when do_refs and lowpass > 0
                --highpass                    {highpass}         when do_refs and highpass > 0
                --angpix                      {angpix}           when do_refs and angpix > 0
                --angpix_ref                  {angpix_ref}       when do_refs and angpix_ref > 0
                --threshold                   {threshold_autopick} when do_refs
                --min_distance                {helical_nr_asu * helical_rise} when do_refs and do_pick_helical_segments
                --min_distance                {mindist_autopick} when do_refs and !do_pick_helical_segments
                --max_stddev_noise            {maxstddevnoise_autopick} when do_refs
                --min_avg_noise               {minavgnoise_autopick} when do_refs and minavgnoise_autopick > -900
                --helix                                          when do_refs and do_pick_helical_segments
                --amyloid                                        when do_refs and do_pick_helical_segments and do_amyloid
                --helical_tube_outer_diameter {helical_tube_outer_diameter} when do_refs and do_pick_helical_segments
                --helical_tube_kappa_max      {helical_tube_kappa_max} when do_refs and do_pick_helical_segments
                --helical_tube_length_min     {helical_tube_length_min} when do_refs and do_pick_helical_segments
                --gpu                         "{gpu_ids}"        when do_refs and use_gpu
                --write_fom_maps                                 when (do_refs or do_log) and do_write_fom_maps
                --read_fom_maps                                  when (do_refs or do_log) and do_read_fom_maps
                --only_do_unfinished                             when continue and (do_refs or do_log) and !do_read_fom_maps and !do_write_fom_maps
                --only_do_unfinished                             when continue and do_topaz

            reads {fn_input_autopick} : MicrographGroupMetadata.star.relion
            reads {fn_ref3d_autopick} : DensityMap.mrc                   when not (continue and continue_manual) and do_refs and do_ref3d
            reads {fn_refs_autopick}  : Image2DGroupMetadata.star.relion when not (continue and continue_manual) and do_refs and !do_ref3d

            writes autopick.star              : MicrographCoordsGroup.star.relion.autopick when (continue and continue_manual) or not (do_topaz and do_topaz_train)
            writes micrographs_selected.star  : MicrographGroupMetadata.star.relion        when continue and continue_manual
            writes logfile.pdf                : LogFile.pdf.relion.autopick                when not (continue and continue_manual) and not (do_topaz and do_topaz_train)
            writes input_training_coords.star : MicrographCoordsGroup.star.relion          when not (continue and continue_manual) and do_topaz and do_topaz_train and do_topaz_train_parts
            """#)
}
