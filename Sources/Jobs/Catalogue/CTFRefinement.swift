// The job type relion.ctfrefine: Refines defocus, magnification and aberrations from particles and their map.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let ctfRefinement = CataloguePage(
        name: "CTFRefinement",
        text: #"""
            job relion.ctfrefine
                number     21
                name       CTF refinement
                folder     CtfRefine
                form file  .gui_ctfrefinejob.star
                offers     mpi, threads, queue
                continues  flag
                summary    Refines defocus, magnification and aberrations from particles and their map.

            label relion.ctfrefine.anisomag when do_aniso_mag

            tab I/O
            node fn_data = | Particles (from Refine3D): | ParticleGroupMetadata.star.relion | STAR files (*.star) | fixed
                Refined particles.
            node fn_post = | Postprocess STAR file: | ProcessData.star.relion.postprocess | STAR files (postprocess.star) | fixed
                Postprocess STAR file; its half maps, mask and FSC are used.

            tab Fit
            boolean do_aniso_mag = No | Estimate (anisotropic) magnification?
                Refine magnification, also where it differs between directions.
            boolean do_ctf = Yes | Perform CTF parameter fitting? | if !do_aniso_mag
                Refine CTF parameters.
            radio do_defocus = No | Fit defocus? | ctffit | if !do_aniso_mag and do_ctf
                Fit the defocus, per micrograph or particle; for tilt series, of each image.
            radio do_astig = No | Fit astigmatism? | ctffit | if !do_aniso_mag and do_ctf
                Fit the astigmatism.
            radio do_bfactor = No | Fit B-factor? | ctffit | if !do_aniso_mag and do_ctf
                Fit the falloff of the signal.
            radio do_phase = No | Fit phase-shift? | ctffit | if !do_aniso_mag and do_ctf
                Fit the phase shift of a phase plate.
            boolean do_tilt = No | Estimate beamtilt? | if !do_aniso_mag
                Fit the beam tilt of each optics group.
            boolean do_trefoil = No | Also estimate trefoil? | if !do_aniso_mag and do_tilt
                Fit three-fold aberration as well.
            boolean do_4thorder = No | Estimate 4th order aberrations? | if !do_aniso_mag
                Fit symmetric aberrations up to fourth order.
            slider minres = 30 | Minimum resolution for fits (A): | 8 to 40 step 1 | fixed
                Lowest resolution used in the fits, in Å.

            require fn_data != "" and fn_post != ""
                Particles and a postprocess STAR file are both needed.
            require count(do_aniso_mag, do_ctf, do_tilt, do_4thorder) >= 1
                Choose something to refine: magnification, CTF parameters, beam tilt or higher aberrations.
            require do_defocus != "No" or do_astig != "No" or do_bfactor != "No" or do_phase != "No" when !do_aniso_mag and do_ctf
                Choose at least one CTF parameter to fit per micrograph or per particle.

            command relion_ctf_refine, relion_ctf_refine_mpi
                --i               {fn_data}
                --f               {fn_post}
                --o               {outdir}
                --fit_aniso                                      when do_aniso_mag
                --kmin_mag        {minres}                       when do_aniso_mag
                --fit_defocus                                    when !do_aniso_mag and do_ctf
                --kmin_defocus    {minres}                       when !do_aniso_mag and do_ctf
                --fit_mode        {letter(do_phase, 'fmp')}{letter(do_defocus, 'fmp')}{letter(do_astig, 'fmp')}f{letter(do_bfactor, 'fmp')} when !do_aniso_mag and do_ctf
                --fit_beamtilt                                   when !do_aniso_mag and do_tilt
                --kmin_tilt       {minres}                       when !do_aniso_mag and do_tilt
                --odd_aberr_max_n 3                              when !do_aniso_mag and do_tilt and do_trefoil
                --fit_aberr                                      when !do_aniso_mag and do_4thorder
                --only_do_unfinished                             when continue
                --j               {nr_threads}

            reads {fn_data} : ParticleGroupMetadata.star.relion

            writes logfile.pdf               : LogFile.pdf.relion.ctfrefine
            writes particles_ctf_refine.star : ParticleGroupMetadata.star.relion.anisomagrefine when do_aniso_mag
            writes particles_ctf_refine.star : ParticleGroupMetadata.star.relion.ctfrefine      when !do_aniso_mag
            """#)
}
