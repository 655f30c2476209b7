// The job type relion.reconstructtomograms: Makes tomograms from aligned tilt series.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let tomogramReconstruction = CataloguePage(
        name: "TomogramReconstruction",
        text: #"""
            job relion.reconstructtomograms
                number     56
                tomo name  Reconstruct tomograms
                folder     Tomograms
                form file  .gui_tomo_reconstruct_tomogramsjob.star
                offers     mpi, threads, queue
                continues  flag
                summary    Makes tomograms from aligned tilt series.

            tab I/O
            node in_tiltseries = | Input tilt series: | TomogramGroupMetadata.star.relion | STAR files (*.star) | fixed
                Tilt series.
            boolean generate_split_tomograms = No | Generate tomograms for denoising?: | fixed
                Make two tomograms from even and odd frames for denoising.
            boolean do_proj = Yes | Also write 2D sums of central Z-slices?: | fixed
                Write a picture of the central slices summed.
            slider centre_proj = 0 | Central Z-slice (in binned pix): | -50 to 50 step 10 | fixed | if do_proj
                Middle slice of that sum, from the centre in binned pixels.
            slider thickness_proj = 10 | Number of Z-slices (in binned pix): | 1 to 30 step 1 | fixed | if do_proj
                Number of slices summed, in binned pixels.

            tab Reconstruct
            slider xdim = 4000 | Unbinned tomogram width (Xdim): | 1 to 6000 step 100 | fixed
                Width of the tomogram in unbinned pixels.
            slider ydim = 4000 | Unbinned tomogram height (Ydim): | 1 to 6000 step 100 | fixed
                Height of the tomogram in unbinned pixels.
            slider zdim = 2000 | Unbinned tomogram thickness (Zdim): | 1 to 6000 step 100 | fixed
                Thickness of the tomogram in unbinned pixels.
            slider binned_angpix = 10 | Binned pixel size (A): | 1 to 20 step 1 | fixed
                Pixel size of the tomogram, in Å.
            slider tiltangle_offset = 0 | Tilt angle offset (deg): | -25 to 25 step 1 | fixed
                Added to all tilt angles to level the sample, in degrees.
            text tomo_name = | Reconstruct only this tomogram:
                Name of one tomogram to make; empty for all.
            boolean do_fourier = Yes | Fourier-inversion with odd/even frames? | fixed
                Reconstruct by inversion in Fourier space.
            boolean ctf_intact_first_peak = Yes | Ignore CTFs until first peak? | fixed | if do_fourier
                Leave frequencies below the first peak of the CTF as they are; for particles with strong contrast at low resolution.

            require in_tiltseries != ""
                No tilt series are given.
            require not (generate_split_tomograms and do_fourier)
                Split tomograms for denoising cannot be made by Fourier inversion.

            command relion_tomo_reconstruct_tomogram, relion_tomo_reconstruct_tomogram_mpi
                --t                {in_tiltseries}
                --o                {outdir}
                --tn               {tomo_name}        when tomo_name != ""
                --generate_split_tomograms            when generate_split_tomograms
                --w                {xdim}
                --h                {ydim}
                --d                {zdim}
                --binned_angpix    {binned_angpix}
                --fourier                             when do_fourier
                --ctf_intact_first_peak               when do_fourier and ctf_intact_first_peak
                --do_proj                             when do_proj
                --centre_proj      {centre_proj}      when do_proj
                --thickness_proj   {thickness_proj}   when do_proj
                --tiltangle_offset {tiltangle_offset} when tiltangle_offset != 0
                --only_do_unfinished                  when continue
                --j                {nr_threads}

            reads {in_tiltseries} : TomogramGroupMetadata.star.relion

            writes tomograms.star : TomogramGroupMetadata.star.relion.tomo.reconstruct
            """#)
}
