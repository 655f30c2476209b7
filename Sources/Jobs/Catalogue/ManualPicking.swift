// The job type relion.manualpick: Shows micrographs for picking particles by hand.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let manualPicking = CataloguePage(
        name: "ManualPicking",
        text: #"""
            job relion.manualpick
                number     3
                name       Manual picking
                folder     ManualPick
                form file  .gui_manualpickjob.star
                offers     nothing
                continues  rerun
                summary    Shows micrographs for picking particles by hand.

            label relion.manualpick.helical when do_startend

            tab I/O
            node fn_in = | Input micrographs: | MicrographGroupMetadata.star.relion | Input micrographs (*.{star,mrc}) | fixed
                Micrographs to show.
            boolean do_startend = No | Pick start-end coordinates helices?
                Pick the two ends of each helix instead of particles.
            boolean do_fom_threshold = No | Use autopick FOM threshold? | fixed
                Leave out picks with a low figure of merit.
            slider minimum_pick_fom = 0 | Minimum autopick FOM: | -5 to 10 step 0.1 | fixed | if do_fom_threshold
                Smallest figure of merit that a pick may have.

            tab Display
            slider diameter = 100 | Particle diameter (A): | 0 to 500 step 50
                Diameter of the circles drawn, in Å.
            slider micscale = 0.2 | Scale for micrographs: | 0.1 to 1 step 0.05
                Size of the display relative to the micrograph.
            slider sigma_contrast = 3 | Sigma contrast: | 0 to 10 step 0.5
                Black and white lie this many standard deviations from the mean; 0 uses the values below.
            slider white_val = 0 | White value: | 0 to 512 step 16
                Pixel value shown white, where no contrast is set.
            slider black_val = 0 | Black value: | 0 to 512 step 16
                Pixel value shown black, where no contrast is set.
            slider lowpass = 20 | Lowpass filter (A) | 10 to 100 step 5
                Low-pass filter of the images, in Å; -1 for none.
            slider highpass = -1 | Highpass filter (A) | 100 to 1000 step 100
                High-pass filter of the images, in Å; -1 for none.
            slider angpix = -1 | Pixel size (A) | 0.3 to 5 step 0.1
                Pixel size in Å for filters and diameters; -1 reads it from the micrographs.
            boolean do_topaz_denoise = No | OR: use Topaz denoising? | fixed
                Show micrographs denoised by Topaz instead of filtered.

            tab Colors
            boolean do_color = No | Blue<>red color particles?
                Colour the circles from blue to red by a value.
            text color_label = rlnAutopickFigureOfMerit | MetaDataLabel for color: | if do_color
                Label of the value that gives the colour.
            file fn_color = | STAR file with color label: | STAR file (*.star) | . | if do_color
                STAR file with that value; empty: the coordinates' own.
            slider blue_value = 0 | Blue value: | 0 to 4 step 0.1 | if do_color
                Value shown blue.
            slider red_value = 2 | Red value: | 0 to 4 step 0.1 | if do_color
                Value shown red.

            require fn_in != ""
                No micrographs are given.

            command relion_manualpick
                --i                 {fn_in}
                --odir              {outdir}
                --pickname          manualpick
                --allow_save
                --fast_save
                --selection         {outdir}micrographs_selected.star
                --scale             {micscale}
                --sigma_contrast    {sigma_contrast}
                --black             {black_val}
                --white             {white_val}
                --topaz_denoise                        when do_topaz_denoise
                --lowpass           {lowpass}          when !do_topaz_denoise and lowpass > 0
                --highpass          {highpass}         when !do_topaz_denoise and highpass > 0
                --angpix            {angpix}           when !do_topaz_denoise and angpix > 0
                --minimum_pick_fom  {minimum_pick_fom} when do_fom_threshold
                --particle_diameter {diameter}
                --pick_start_end                       when do_startend
                --color_label       {color_label}      when do_color
                --blue              {blue_value}       when do_color
                --red               {red_value}        when do_color
                --color_star        {fn_color}         when do_color and fn_color != ""

            reads {fn_in} : MicrographGroupMetadata.star.relion

            writes micrographs_selected.star : MicrographGroupMetadata.star.relion
            writes manualpick.star           : MicrographCoordsGroup.star.relion.manualpick.helixstartend when do_startend
            writes manualpick.star           : MicrographCoordsGroup.star.relion.manualpick               when !do_startend
            """#)
}
