// The job type relion.ctffind: Estimates defocus and astigmatism of micrographs.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let ctfEstimation = CataloguePage(
        name: "CTFEstimation",
        text: #"""
            job relion.ctffind
                number     2
                name       CTF estimation
                tomo name  CTF estimation
                folder     CtfFind
                form file  .gui_ctffindjob.star
                offers     mpi, queue
                continues  flag
                tomo flag  set
                summary    Estimates defocus and astigmatism of micrographs.

            label relion.ctffind.ctffind4

            tab for spa I/O
            node input_star_mics = | Input micrographs STAR file: | MicrographGroupMetadata.star.relion | STAR files (*.star) | fixed
                Movies or tilt series to work on, from an Import job (CTF estimation: from motion correction).
            boolean use_noDW = No | Use micrograph without dose-weighting? | fixed
                Estimate from the sums without dose weighting, which keep more signal at high resolution.
            boolean do_phaseshift = No | Estimate phase shifts? | fixed
                Estimate the shift of a phase plate.
            text phase_min = 0 | Phase shift (deg) - Min: | fixed | if do_phaseshift | row Phase shift - Min, Max, Step (deg)
                Smallest phase shift searched, in degrees.
            text phase_max = 180 | Phase shift (deg) - Max: | fixed | if do_phaseshift | row Phase shift - Min, Max, Step (deg)
                Largest phase shift searched, in degrees.
            text phase_step = 10 | Phase shift (deg) - Step: | fixed | if do_phaseshift | row Phase shift - Min, Max, Step (deg)
                Step of the phase shift search, in degrees.
            slider dast = 100 | Amount of astigmatism (A): | 0 to 2000 step 100 | fixed
                Astigmatism expected, in Å; larger values are less likely to be found.

            tab for tomo I/O
            use input_star_mics
            same do_phaseshift phase_min phase_max phase_step dast

            tab for spa CTFFIND-4.1
            file fn_ctffind_exe = ctffind.exe | CTFFIND-4.1 executable: | * | . | fixed | environment RELION_CTFFIND_EXECUTABLE
                The CTFFIND program.
            boolean use_given_ps = Yes | Use power spectra from MotionCorr job? | fixed
                Use the power spectra that motion correction wrote instead of the micrographs.
            boolean slow_search = No | Use exhaustive search? | fixed
                Search more thoroughly; slower, for difficult micrographs.
            slider ctf_win = -1 | Estimate CTF on window size (pix) | -16 to 4096 step 16 | fixed
                Size of a central window in pixels; -1 uses the whole micrograph.
            slider box = 512 | FFT box size (pix): | 64 to 1024 step 8 | fixed
                Size in pixels of the tiles whose spectra are averaged.
            slider resmin = 30 | Minimum resolution (A): | 10 to 200 step 10 | fixed
                Lowest resolution used in the fit, in Å.
            slider resmax = 5 | Maximum resolution (A): | 1 to 20 step 1 | fixed
                Highest resolution used in the fit, in Å.
            slider dfmin = 5000 | Minimum defocus value (A): | 0 to 25000 step 1000 | fixed
                Smallest defocus searched, in Å.
            slider dfmax = 50000 | Maximum defocus value (A): | 20000 to 100000 step 1000 | fixed
                Largest defocus searched, in Å.
            slider dfstep = 500 | Defocus step size (A): | 200 to 2000 step 100 | fixed
                Step of the defocus search, in Å.

            tab for tomo CTFFIND-4.1
            same fn_ctffind_exe use_given_ps slow_search ctf_win box resmin resmax dfmin dfmax dfstep
            slider localsearch_nominal_defocus = 10000 | Nominal defocus search range (A) | 0 to 20000 step 1000 | fixed
                Search this far around the nominal defocus of each tilt, in Å; 0 or below searches the full range.
            slider exp_factor_dose = 100 | Dose-dependent Thon ring fading (e/A^2) | 0 to 200 step 10 | fixed
                Dose in e/Å² by which Thon rings fade by e; limits the resolution of later tilts.

            require input_star_mics != ""
                No micrographs are given.

            command relion_run_ctffind, relion_run_ctffind_mpi
                --i                           {input_star_mics}
                --o                           {outdir}
                --Box                         {box}
                --ResMin                      {resmin}
                --ResMax                      {resmax}
                --dFMin                       {dfmin}
                --dFMax                       {dfmax}
                --FStep                       {dfstep}
                --dAst                        {dast}
                --localsearch_nominal_defocus {localsearch_nominal_defocus} when tomo
                --exp_factor_dose             {exp_factor_dose}  when tomo
                --use_noDW                                       when spa and use_noDW
                --do_phaseshift                                  when do_phaseshift
                --phase_min                   {phase_min}        when do_phaseshift
                --phase_max                   {phase_max}        when do_phaseshift
                --phase_step                  {phase_step}       when do_phaseshift
                --ctffind_exe                 {fn_ctffind_exe}
                --ctfWin                      {ctf_win}
                --is_ctffind4
                --fast_search                                    when !slow_search
                --use_given_ps                                   when use_given_ps
                --only_do_unfinished                             when continue

            reads {input_star_mics} : MicrographGroupMetadata.star.relion, tomo TomogramGroupMetadata.star.relion

            writes tilt_series_ctf.star    : TomogramGroupMetadata.star.relion.tomo.ctffind         when tomo
            writes micrographs_ctf.star    : MicrographGroupMetadata.star.relion.ctf                when spa
            writes logfile.pdf             : LogFile.pdf.relion.ctffind
            writes power_spectra_fits.star : Image2DGroupMetadata.star.relion.ctffind.power_spectra when tomo
            """#)
}
