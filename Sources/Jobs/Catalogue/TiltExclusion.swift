// The job type relion.excludetilts: Leaves bad images out of tilt series.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let tiltExclusion = CataloguePage(
        name: "TiltExclusion",
        text: #"""
            job relion.excludetilts
                number     57
                tomo name  Exclude tilt-images
                folder     ExcludeTiltImages
                form file  .gui_tomo_exclude_tilt_imagesjob.star
                offers     queue
                continues  rerun
                summary    Leaves bad images out of tilt series.

            tab I/O
            node in_tiltseries = | Input tilt series: | TomogramGroupMetadata.star.relion | Tilt sereis STAR files (*.star) | fixed
                Tilt series.
            slider cache_size = 5 | Number of cached tilt series | 1 to 10 step 1 | fixed
                Tilt series kept in memory.

            require in_tiltseries != ""
                No tilt series are given.

            command relion_python_tomo_exclude_tilt_images
                --tilt-series-star-file {in_tiltseries}
                --cache-size            {cache_size}
                --output-directory      {outdir}

            reads {in_tiltseries} : TomogramGroupMetadata.star.relion

            writes selected_tilt_series.star : TomogramGroupMetadata.star.relion.tomo.excludeimages
            """#)
}
