// The job type relion.extract: Cuts particles out of micrographs.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let extraction = CataloguePage(
        name: "Extraction",
        text: #"""
            job relion.extract
                number     5
                name       Particle extraction
                folder     Extract
                form file  .gui_extractjob.star
                offers     mpi, queue
                continues  flag
                summary    Cuts particles out of micrographs.

            label relion.extract.reextract         when do_reextract and !do_extract_helix
            label relion.extract.helical           when !do_reextract and do_extract_helix
            label relion.extract.reextract.helical when do_reextract and do_extract_helix

            tab I/O
            node star_mics = | micrograph STAR file: | MicrographGroupMetadata.star.relion | Input STAR file (*.{star}) | fixed
                Micrographs with CTF parameters.
            node coords_suffix = | Input coordinates: | MicrographCoordsGroup.star.relion | Input coordinates list file (*.star) | fixed
                Coordinates from picking or import.
            boolean do_reextract = No | OR re-extract refined particles? | fixed
                Extract particles of an earlier refinement again, for example at a finer pixel.
            node fndata_reextract = | Refined particles STAR file: | ParticleGroupMetadata.star.relion | Input STAR file (*.{star}) | fixed | if do_reextract
                Refined particles to extract again.
            boolean do_reset_offsets = No | Reset the refined offsets to zero? | fixed | if do_reextract
                Move the boxes by the refined offsets and set these to zero.
            boolean do_recenter = No | OR: re-center refined coordinates? | fixed | if do_reextract
                Centre on the point of the map given below.
            text recenter_x = 0 | Re-center on X-coordinate (in pix): | fixed | if do_reextract and do_recenter | row Recenter on - X, Y, Z (pix):
                x of the new centre from the map's centre, in pixels.
            text recenter_y = 0 | Re-center on Y-coordinate (in pix): | fixed | if do_reextract and do_recenter | row Recenter on - X, Y, Z (pix):
                y of the new centre from the map's centre, in pixels.
            text recenter_z = 0 | Re-center on Z-coordinate (in pix): | fixed | if do_reextract and do_recenter | row Recenter on - X, Y, Z (pix):
                z of the new centre from the map's centre, in pixels.
            boolean do_float16 = Yes | Write output in float16? | fixed
                Write half-precision MRC files, half as large. Not all programs read them.

            tab extract
            slider extract_size = 128 | Particle box size (pix): | 64 to 512 step 8 | fixed
                Box of the extracted particles in pixels of the micrograph; even. In polishing -1 keeps the input's.
            boolean do_invert = Yes | Invert contrast? | fixed
                Make particles white; Yes for micrographs straight from the microscope.
            boolean do_norm = Yes | Normalize particles? | fixed
                Set the background of each particle to mean 0 and standard deviation 1.
            slider bg_diameter = -1 | Diameter background circle (pix): | -1 to 600 step 10 | fixed | if do_norm
                The background lies outside a circle of this diameter in pixels; -1: 75 % of the box.
            slider white_dust = -1 | Stddev for white dust removal: | -1 to 10 step 0.1 | fixed | if do_norm
                Replace pixels this many standard deviations above the mean; -1 for none.
            slider black_dust = -1 | Stddev for black dust removal: | -1 to 10 step 0.1 | fixed | if do_norm
                Replace pixels this many standard deviations below the mean; -1 for none.
            boolean do_rescale = No | Rescale particles? | fixed
                Scale the particles to another box, mostly a smaller one.
            slider rescale = 128 | Re-scaled size (pixels): | 64 to 512 step 8 | fixed | if do_rescale
                Box in pixels after scaling; even.
            boolean do_fom_threshold = No | Use autopick FOM threshold? | fixed
                Leave out picks with a low figure of merit.
            slider minimum_pick_fom = 0 | Minimum autopick FOM: | -5 to 10 step 0.1 | fixed | if do_fom_threshold
                Smallest figure of merit that a pick may have.

            tab Helix
            boolean do_extract_helix = No | Extract helical segments? | fixed
                The coordinates are of helices.
            slider helical_tube_outer_diameter = 200 | Tube diameter (A): | 100 to 1000 step 10 | fixed | if do_extract_helix
                Outer diameter of the helix in Å.
            boolean helical_bimodal_angular_priors = Yes | Use bimodal angular priors? | fixed | if do_extract_helix
                Let the in-plane angle turn by 180 degrees, where the polarity is not known.
            boolean do_extract_helical_tubes = Yes | Coordinates are start-end only? | fixed | if do_extract_helix
                The coordinates are the two ends of each helix.
            boolean do_cut_into_segments = Yes | Cut helical tubes into segments? | fixed | if do_extract_helix and do_extract_helical_tubes
                Cut helices into overlapping segments; No makes one particle of each.
            slider helical_nr_asu = 1 | Number of unique asymmetrical units: | 1 to 100 step 1 | fixed | if do_extract_helix and do_extract_helical_tubes
                Asymmetric units by which one segment is shifted against the next.
            slider helical_rise = 1 | Helical rise (A): | 0 to 100 step 0.01 | fixed | if do_extract_helix and do_extract_helical_tubes
                Distance along the helix between neighbouring units, in Å.

            require star_mics != ""
                No micrographs are given.
            require fndata_reextract != "" when do_reextract
                No refined particles are given to extract again.
            require not (do_reset_offsets and do_recenter) when do_reextract
                Offsets can be reset, or the particles centred anew: choose one of the two.
            require coords_suffix != "" when !do_reextract
                No coordinates are given.

            # From the diameter in pixels of the extracted box to the radius in pixels of the written one.
            let bg_diameter_given = {if(bg_diameter < 0, 0.75 * extract_size, bg_diameter)}
            let bg_radius = {bg_diameter_given / 2 * rescale / extract_size} when do_rescale
            let bg_radius = {bg_diameter_given / 2}

            command relion_preprocess, relion_preprocess_mpi
                --i                      {star_mics}
                --reextract_data_star    {fndata_reextract}      when do_reextract
                --reset_offsets                                  when do_reextract and do_reset_offsets
                --recenter                                       when do_reextract and !do_reset_offsets and do_recenter
                --recenter_x             {recenter_x}            when do_reextract and !do_reset_offsets and do_recenter
                --recenter_y             {recenter_y}            when do_reextract and !do_reset_offsets and do_recenter
                --recenter_z             {recenter_z}            when do_reextract and !do_reset_offsets and do_recenter
                --coord_dir              {folder(coords_suffix)} when !do_reextract and coords_suffix contains "coords_suffix"
                --coord_suffix           {without(filename(coords_suffix), 'coords_suffix')} when !do_reextract and coords_suffix contains "coords_suffix"
                --coord_list             {coords_suffix}         when !do_reextract and not coords_suffix contains "coords_suffix"
                --part_star              {outdir}particles.star
                --pick_star              {outdir}extractpick.star when do_reextract
                --pick_star              {outdir}extractpick.star when do_extract_helix and do_extract_helical_tubes
                --part_dir               {outdir}
                --extract
                --extract_size           {extract_size}
                --minimum_pick_fom       {minimum_pick_fom}      when do_fom_threshold
                --float16                                        when do_float16
                --scale                  {rescale}               when do_rescale
                --norm                                           when do_norm
                --bg_radius              {trunc(bg_radius)}      when do_norm
                --white_dust             {white_dust}            when do_norm
                --black_dust             {black_dust}            when do_norm
                --invert_contrast                                when do_invert
                --helix                                          when do_extract_helix
                --helical_outer_diameter {helical_tube_outer_diameter} when do_extract_helix
                --helical_bimodal_angular_priors                 when do_extract_helix and helical_bimodal_angular_priors
                --helical_tubes                                  when do_extract_helix and do_extract_helical_tubes
                --helical_cut_into_segments                      when do_extract_helix and do_extract_helical_tubes and do_cut_into_segments
                --helical_nr_asu         {helical_nr_asu}        when do_extract_helix and do_extract_helical_tubes and do_cut_into_segments
                --helical_rise           {helical_rise}          when do_extract_helix and do_extract_helical_tubes and do_cut_into_segments
                --helical_nr_asu         1                       when do_extract_helix and do_extract_helical_tubes and !do_cut_into_segments
                --helical_rise           1                       when do_extract_helix and do_extract_helical_tubes and !do_cut_into_segments
                --only_do_unfinished                             when continue

            reads {star_mics}        : MicrographGroupMetadata.star.relion
            reads {fndata_reextract} : ParticleGroupMetadata.star.relion when do_reextract
            reads {coords_suffix}    : MicrographCoordsGroup.star.relion when !do_reextract

            writes extractpick.star    : MicrographCoordsGroup.star.relion.reextract       when do_reextract
            writes extractpick.star    : MicrographCoordsGroup.star.relion.helixstartend   when do_extract_helix and do_extract_helical_tubes
            writes particles.star      : ParticleGroupMetadata.star.relion.helicalsegments when do_extract_helix
            writes particles.star      : ParticleGroupMetadata.star.relion                 when !do_extract_helix
            writes reextract.star      : MicrographCoordsGroup.star.relion.reextract       when do_reextract
            writes helix_segments.star : MicrographCoordsGroup.star.relion.helixstartend   when do_extract_helix and do_extract_helical_tubes
            """#)
}
