// The job type relion.postprocess: Sharpens a map, masks it and estimates its resolution.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let postprocessing = CataloguePage(
        name: "Postprocessing",
        text: #"""
            job relion.postprocess
                number     15
                name       Post-processing
                tomo name  Post-processing
                folder     PostProcess
                form file  .gui_postjob.star
                offers     queue
                continues  rerun
                tomo flag  set
                summary    Sharpens a map, masks it and estimates its resolution.

            tab I/O
            node fn_in = | One of the 2 unfiltered half-maps: | DensityMap.mrc.halfmap | MRC map files (*half1*.mrc) | fixed
                One of the two unfiltered half maps.
            node fn_mask = | Solvent mask: | Mask3D.mrc | Image Files (*.{spi,vol,msk,mrc}) | fixed
                Mask with values from 0 to 1, of the same box and pixel size as the map.
            slider angpix = -1 | Calibrated pixel size (A) | 0.3 to 5 step 0.1
                Pixel size of the map in Å, calibrated if known; -1 reads it from the file.

            tab Sharpen
            boolean do_auto_bfac = Yes | Estimate B-factor automatically?
                Estimate the sharpening from the falloff of the map (Guinier plot).
            slider autob_lowres = 10 | Lowest resolution for auto-B fit (A): | 8 to 15 step 0.5 | if do_auto_bfac
                Lowest resolution of that fit, in Å; about 10.
            boolean do_adhoc_bfac = No | Use your own B-factor?
                Sharpen with the B-factor below.
            slider adhoc_bfac = -1000 | User-provided B-factor: | -2000 to 0 step -50 | if do_adhoc_bfac
                B-factor in Å²; negative sharpens.
            boolean do_skip_fsc_weighting = No | Skip FSC-weighting?
                Do not weight the map by its FSC; then filter by hand.
            slider low_pass = 5 | Ad-hoc low-pass filter (A): | 1 to 40 step 1 | if do_skip_fsc_weighting
                Filter to this resolution in Å where the FSC does not weight.
            file fn_mtf = | MTF of the detector (STAR file) | STAR Files (*.star) | .
                STAR file with the detector's modulation transfer function.
            slider mtf_angpix = 1 | Original detector pixel size: | 0.3 to 2 step 0.1
                Pixel size that the MTF was measured at, in Å.

            require fn_mask != ""
                No mask is given.
            require fn_in != "" and (filename(fn_in) contains "half1" or filename(fn_in) contains "half2")
                The half map is "{fn_in}": choose one whose name contains half1 or half2; the other one is found by its name.

            command relion_postprocess
                --mask         {fn_mask}
                --i            {fn_in}
                --o            {outdir}postprocess
                --angpix       {angpix}
                --mtf          {fn_mtf}       when fn_mtf != ""
                --mtf_angpix   {mtf_angpix}   when fn_mtf != ""
                --auto_bfac                   when do_auto_bfac
                --autob_lowres {autob_lowres} when do_auto_bfac
                --adhoc_bfac   {adhoc_bfac}   when do_adhoc_bfac
                --skip_fsc_weighting          when do_skip_fsc_weighting
                --low_pass     {low_pass}     when do_skip_fsc_weighting

            reads {fn_mask} : Mask3D.mrc
            reads {fn_in}   : DensityMap.mrc.halfmap

            writes postprocess.mrc        : DensityMap.mrc.relion.postprocess
            writes postprocess_masked.mrc : DensityMap.mrc.relion.postprocess.masked
            writes logfile.pdf            : LogFile.pdf.relion.postprocess
            writes postprocess.star       : ProcessData.star.relion.postprocess
            """#)
}
