// The job type relion.localres: Estimates the resolution at each place of a map.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let localResolution = CataloguePage(
        name: "LocalResolution",
        text: #"""
            job relion.localres
                number     16
                name       Local resolution
                tomo name  Local resolution
                folder     LocalRes
                form file  .gui_localresjob.star
                offers     mpi, queue
                continues  rerun
                summary    Estimates the resolution at each place of a map.

            label relion.localres.resmap when do_resmap_locres
            label relion.localres.own    when do_relion_locres

            tab I/O
            node fn_in = | One of the 2 unfiltered half-maps: | DensityMap.mrc.halfmap | MRC map files (*half1*.mrc) | fixed
                One of the two unfiltered half maps.
            node fn_mask = | User-provided solvent mask: | Mask3D.mrc | Image Files (*.{spi,vol,msk,mrc})
                Mask with values from 0 to 1, of the same box and pixel size as the map.
            slider angpix = 1 | Calibrated pixel size (A) | 0.3 to 5 step 0.1 | fixed
                Pixel size of the map, in Å.

            tab ResMap
            boolean do_resmap_locres = Yes | Use ResMap? | fixed
                Estimate with ResMap.
            file fn_resmap = ResMap-1.1.4-linux64 | ResMap executable: | ResMap* | . | fixed | if do_resmap_locres | environment RELION_RESMAP_EXECUTABLE
                The ResMap program.
            slider pval = 0.05 | P-value: | 0 to 1 step 0.01 | fixed | if do_resmap_locres
                Significance level of ResMap, usually 0.05.
            slider minres = 0 | Highest resolution (A): | 0 to 10 step 0.1 | fixed | if do_resmap_locres
                Best resolution that ResMap looks for, in Å; 0 chooses it.
            slider maxres = 0 | Lowest resolution (A): | 0 to 10 step 0.1 | fixed | if do_resmap_locres
                Worst resolution that ResMap looks for, in Å; 0 chooses it.
            slider stepres = 1 | Resolution step size (A) | 0.1 to 3 step 0.1 | fixed | if do_resmap_locres
                Step of the resolutions tested, in Å.

            tab Relion
            boolean do_relion_locres = No | Use Relion? | fixed
                Estimate by moving a small soft sphere over the half maps.
            slider adhoc_bfac = -100 | User-provided B-factor: | -500 to 0 step -25 | fixed | if do_relion_locres
                B-factor in Å²; negative sharpens.
            file fn_mtf = | MTF of the detector (STAR file) | STAR Files (*.star) | . | fixed | if do_relion_locres
                STAR file with the detector's modulation transfer function.

            require count(do_resmap_locres, do_relion_locres) = 1
                Choose one program: ResMap or our own.
            require fn_in != "" and (filename(fn_in) contains "half1" or filename(fn_in) contains "half2")
                The half map is "{fn_in}": choose one whose name contains half1 or half2; the other one is found by its name.
            require fn_resmap != "" and fn_mask != "" when do_resmap_locres
                ResMap needs its program and a mask.
            require !do_queue and nr_mpi <= 1 when do_resmap_locres
                ResMap runs in one process on this machine: no queue, no MPI.

            shell ln -s ../../{fn_in} {outdir}half1.mrc when do_resmap_locres
            shell ln -s ../../{otherhalf(fn_in)} {outdir}half2.mrc when do_resmap_locres

            command {fn_resmap} when do_resmap_locres
                --maskVol={fn_mask}
                --noguiSplit {outdir}half1.mrc {outdir}half2.mrc
                --vxSize={angpix}
                --pVal={pval}
                --minRes={minres}
                --maxRes={maxres}
                --stepRes={stepres}

            command relion_postprocess, relion_postprocess_mpi when do_relion_locres
                --locres
                --i          {fn_in}
                --o          {outdir}relion
                --angpix     {angpix}
                --adhoc_bfac {adhoc_bfac}
                --mtf        {fn_mtf}  when fn_mtf != ""
                --mask       {fn_mask} when fn_mask != ""

            reads {fn_in}   : DensityMap.mrc.halfmap
            reads {fn_mask} : Mask3D.mrc when do_resmap_locres

            writes half1_resmap.mrc           : Image3D.mrc.resmap.localresmap         when do_resmap_locres
            writes histogram.pdf              : LogFile.pdf.relion.localres            when do_relion_locres and fn_mask != ""
            writes relion_locres_filtered.mrc : DensityMap.mrc.relion.localresfiltered when do_relion_locres
            writes relion_locres.mrc          : Image3D.mrc.resmap.localresmap         when do_relion_locres
            """#)
}
