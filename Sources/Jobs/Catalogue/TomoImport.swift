// The job type relion.importtomo: Brings tilt series or coordinates in tomograms into the project.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let tomoImport = CataloguePage(
        name: "TomoImport",
        text: #"""
            job relion.importtomo
                number     50
                tomo name  Import
                folder     Import
                form file  .gui_tomo_importjob.star
                offers     queue
                continues  rerun
                summary    Brings tilt series or coordinates in tomograms into the project.

            tab General
            text movie_files = frames/*.mrc | Tilt image files: | fixed
                Names of the tilt images or movies, with *.
            boolean images_are_motion_corrected = No | Movies already motion corrected? | fixed
                Yes if the files are single corrected images; no motion correction is needed.
            text mdoc_files = mdoc/*.mdoc | mdoc files: | fixed
                Names of the microscope's mdoc files, with *.
            text optics_group_name = | Optics group name: | fixed
                Name of the microscope settings that these images share; letters, digits and hyphens.
            text prefix = | Prefix: | fixed
                Text put before the tilt series' names, to tell sessions apart; empty for none.
            slider angpix = 0.675 | Pixel size (Angstrom): | 0.5 to 10 step 0.1 | fixed
                Size of a pixel, in Å.
            slider kV = 300 | Voltage (kV): | 80 to 300 step 10 | fixed
                Acceleration voltage, in kV.
            slider Cs = 2.7 | Spherical aberration (mm): | 0.01 to 4 step 0.1 | fixed
                Spherical aberration of the objective lens, in mm.
            slider Q0 = 0.1 | Amplitude contrast: | 0.05 to 1 step 0.01 | fixed
                Part of the contrast due to amplitudes, usually 0.07-0.1.

            tab Tilt series
            slider dose_rate = 3 | Dose rate per tilt-image: | 0 to 20 step 1 | fixed
                Electrons per Å² in each tilt image, or each frame.
            boolean dose_is_per_movie_frame = No | Is dose rate per movie frame? | fixed
                The dose above is of one movie frame.
            slider tilt_axis_angle = 85 | Tilt axis angle (deg): | 0 to 180 step 1 | fixed
                Direction of the tilt axis in the images, in degrees.
            text mtf_file = | MTF file: | fixed
                STAR file with the detector's modulation transfer function.
            boolean flip_tiltseries_hand = Yes | Invert defocus handedness? | fixed
                Turn round how defocus changes with the tilt; Yes for most microscopes.

            tab Coordinates
            boolean do_coords = No | Or Import coordinates instead? | fixed
                Import coordinates of particles instead of tilt series.
            file in_coords = | Input coordinates: | Input file (*.star) | . | fixed | if do_coords
                File with coordinates.
            text remove_substring = | Remove substring from filenames: | fixed | if do_coords
                Part of the coordinate files' names that is not in the tomograms' names.
            text remove_substring2 = | Second substring to remove: | fixed | if do_coords
                Another such part.
            boolean is_center = No | Text files contain centered coordinates? | fixed | if do_coords
                The coordinates are measured from the tomogram's centre.
            slider scale_factor = 1 | Multiply coords in text files with: | 0 to 20 step 1 | fixed | if do_coords
                Coordinates are multiplied by this.
            slider add_factor = 0 | Add this to coords in text files: | -10 to 10 step 1 | fixed | if do_coords
                This is added to the coordinates afterwards.

            command relion_tomo_import_coordinates, bare when do_coords
                --i                 "{in_coords}"
                --o                 {outdir}
                --remove_substring  {remove_substring}  when remove_substring != ""
                --remove_substring2 {remove_substring2} when remove_substring2 != ""
                --centered                              when is_center
                --scale_factor      {scale_factor}
                --add_factor        {add_factor}

            command relion_python_tomo_import, bare when !do_coords
                SerialEM
                --tilt-image-movie-pattern "{movie_files}"
                --mdoc-file-pattern        "{mdoc_files}"
                --nominal-tilt-axis-angle  {tilt_axis_angle}
                --nominal-pixel-size       {angpix}
                --voltage                  {kV}
                --spherical-aberration     {Cs}
                --amplitude-contrast       {Q0}
                --tilt-image-movie-pattern "{movie_files}"
                --optics-group-name        "{optics_group_name}"
                --dose-per-movie-frame     {dose_rate} when dose_is_per_movie_frame
                --dose-per-tilt-image      {dose_rate} when !dose_is_per_movie_frame
                --prefix                   {prefix}    when prefix != ""
                --mtf-file                 {mtf_file}  when mtf_file != ""
                --invert-defocus-handedness            when flip_tiltseries_hand
                --images-are-motion-corrected          when images_are_motion_corrected
                --output-directory         {outdir}

            writes particles.star   : ParticleGroupMetadata.star.relion.tomo.import when do_coords
            writes tilt_series.star : TomogramGroupMetadata.star.relion.tomo.import when !do_coords
            """#)
}
