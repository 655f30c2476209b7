// The job type relion.import: Brings movies, micrographs, coordinates, references or masks into the project.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let importing = CataloguePage(
        name: "Importing",
        text: #"""
            job relion.import
                number     0
                name       Import
                folder     Import
                form file  .gui_importjob.star
                offers     nothing
                continues  flag
                summary    Brings movies, micrographs, coordinates, references or masks into the project.

            label relion.import.movies when do_raw
            label relion.import.other  when do_other

            tab Movies/mics
            boolean do_raw = Yes | Import raw movies/micrographs? | fixed
                Import movies or micrographs.
            file fn_in_raw = Micrographs/*.tif | Raw input files: | Movie or Image (*.{mrc,mrcs,tif,tiff,eer,mrc.bz2,mrcs.bz2,mrc.zst,mrcs.zst,mrc.xz,mrcs.xz}) | . | if do_raw
                Names of the files, with * and ?, relative to the project.
            boolean is_multiframe = Yes | Are these multi-frame movies? | if do_raw
                Yes for movies, No for single images.
            text optics_group_name = opticsGroup1 | Optics group name: | if do_raw
                Name of the microscope settings that these images share; letters, digits and hyphens.
            file fn_mtf = | MTF of the detector: | STAR Files (*.star) | . | if do_raw
                STAR file with the detector's modulation transfer function.
            slider angpix = 1.4 | Pixel size (Angstrom): | 0.5 to 3 step 0.1 | if do_raw
                Size of a pixel, in Å.
            slider kV = 300 | Voltage (kV): | 50 to 500 step 10 | if do_raw
                Acceleration voltage, in kV.
            slider Cs = 2.7 | Spherical aberration (mm): | 0 to 8 step 0.1 | if do_raw
                Spherical aberration of the objective lens, in mm.
            slider Q0 = 0.1 | Amplitude contrast: | 0 to 0.3 step 0.01 | if do_raw
                Part of the contrast due to amplitudes, usually 0.07-0.1.
            slider beamtilt_x = 0 | Beamtilt in X (mrad): | -1 to 1 step 0.1 | if do_raw
                Known beam tilt in x, in mrad.
            slider beamtilt_y = 0 | Beamtilt in Y (mrad): | -1 to 1 step 0.1 | if do_raw
                Known beam tilt in y, in mrad.

            tab Others
            boolean do_other = No | Import other node types? | fixed
                Import coordinates, particles, references, masks or half maps.
            file fn_in_other = ref.mrc | Input file: | Input file (*.*) | . | if do_other
                The file; for coordinates a pattern with *.
            radio node_type = Particle coordinates (*.box, *_pick.star) | Node type: | nodetype | if do_other
                What the file is; decides which jobs offer it.
            text optics_group_particles = | Rename optics group for particles: | if do_other
                New name of the particles' optics group, if there is only one; empty keeps it.

            require count(do_raw, do_other) = 1
                Import either raw movies and micrographs or another kind of file: set one of the two to Yes.
            require not (fn_in_raw contains "../") when do_raw
                "{fn_in_raw}" leads out of the project: make a link inside it and import that.
            require not absolute(fn_in_raw) when do_raw
                "{fn_in_raw}" is an absolute path: give it relative to the project.
            require optics_group_name != "" and plainname(optics_group_name) when do_raw
                The optics group is called "{optics_group_name}": give it a name of letters, digits and hyphens.
            require plainname(optics_group_particles) when do_other and node_type = "Particles STAR file (.star)"
                The optics group is called "{optics_group_particles}": use letters, digits and hyphens only.

            let file = movies.star                            when do_raw and is_multiframe
            let file = micrographs.star                       when do_raw
            let file = coords_suffix{after(fn_in_other, '*')} when node_type = "Particle coordinates (*.box, *_pick.star)"
            let file = {filename(fn_in_other)}

            command relion_import, bare, no extra arguments
                --do_movies                                      when do_raw and is_multiframe
                --do_micrographs                                 when do_raw and !is_multiframe
                --optics_group_name           "{optics_group_name}" when do_raw
                --optics_group_mtf            {fn_mtf}           when do_raw and fn_mtf != ""
                --angpix                      {angpix}           when do_raw
                --kV                          {kV}               when do_raw
                --Cs                          {Cs}               when do_raw
                --Q0                          {Q0}               when do_raw
                --beamtilt_x                  {beamtilt_x}       when do_raw
                --beamtilt_y                  {beamtilt_y}       when do_raw
                --do_coordinates                                 when do_other and node_type = "Particle coordinates (*.box, *_pick.star)"
                --do_halfmaps                                    when do_other and node_type = "Unfiltered half-map (unfil.mrc)"
                --do_particles                                   when do_other and node_type = "Particles STAR file (.star)"
                --particles_optics_group_name "{optics_group_particles}" when do_other and node_type = "Particles STAR file (.star)" and optics_group_particles != ""
                --do_other                                       when do_other and node_type != "Particle coordinates (*.box, *_pick.star)" and node_type != "Unfiltered half-map (unfil.mrc)" and node_type != "Particles STAR file (.star)"
                --i                           "{if(do_raw, fn_in_raw, fn_in_other)}"
                --odir                        {outdir}
                --ofile                       {file}
                --continue                                       when continue

            writes {file} : MicrographMovieGroupMetadata.star.relion when do_raw and is_multiframe
            writes {file} : MicrographGroupMetadata.star.relion      when do_raw and !is_multiframe
            writes {file} : MicrographCoordsGroup.star.relion        when do_other and node_type = "Particle coordinates (*.box, *_pick.star)"
            writes {file} : ParticleGroupMetadata.star.relion        when do_other and node_type = "Particles STAR file (.star)"
            writes {file} : Image2DGroupMetadata.star.relion         when do_other and node_type = "Multiple (2D or 3D) references (.star or .mrcs)"
            writes {file} : DensityMap.mrc                           when do_other and node_type = "3D reference (.mrc)"
            writes {file} : Mask3D.mrc                               when do_other and node_type = "3D mask (.mrc)"
            writes {file} : MicrographGroupMetadata.star.relion      when do_other and node_type = "Micrographs STAR file (.star)"
            writes {file} : DensityMap.mrc.halfmap                   when do_other and node_type = "Unfiltered half-map (unfil.mrc)"
            writes {filename(otherhalf(fn_in_other))} : DensityMap.mrc.halfmap when do_other and node_type = "Unfiltered half-map (unfil.mrc)"
            """#)
}
