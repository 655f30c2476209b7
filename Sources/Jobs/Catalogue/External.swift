// The job type relion.external
// See docs/jobs.md for the language.
extension CataloguePage {
    static let external = CataloguePage(
        name: "External",
        text: #"""
            job relion.external
                number     99
                name       External
                tomo name  External
                folder     External
                form file  .gui_externaljob.star
                offers     threads, queue
                continues  rerun
                summary    TODO

            tab Input
            file fn_exe = | External executable: |  | . | fixed
            node in_mov = | Input movies: | MicrographMovieGroupMetadata.star.relion | movie STAR file (*.star) | fixed
            node in_mic = | Input micrographs: | MicrographGroupMetadata.star.relion | micrographs STAR file (*.star) | fixed
            node in_part = | Input particles: | ParticleGroupMetadata.star.relion | particles STAR file (*.star) | fixed
            node in_coords = | Input coordinates: | MicrographCoordsGroup.star.relion | STAR files (coords_suffix*.star) | fixed
            node in_3dref = | Input 3D reference: | DensityMap.mrc | MRC files (*.mrc) | fixed
            node in_mask = | Input 3D mask: | Mask3D.mrc | MRC files (*.mrc) | fixed

            tab Params
            text param1_label = | Param1 - label: | row Param1 label, value:
            text param1_value = | Param1 - value: | row Param1 label, value:
            text param2_label = | Param2 - label: | row Param2 label, value:
            text param2_value = | Param2 - value: | row Param2 label, value:
            text param3_label = | Param3 - label: | row Param3 label, value:
            text param3_value = | Param3 - value: | row Param3 label, value:
            text param4_label = | Param4 - label: | row Param4 label, value:
            text param4_value = | Param4 - value: | row Param4 label, value:
            text param5_label = | Param5 - label: | row Param5 label, value:
            text param5_value = | Param5 - value: | row Param5 label, value:
            text param6_label = | Param6 - label: | row Param6 label, value:
            text param6_value = | Param6 - value: | row Param6 label, value:
            text param7_label = | Param7 - label: | row Param7 label, value:
            text param7_value = | Param7 - value: | row Param7 label, value:
            text param8_label = | Param8 - label: | row Param8 label, value:
            text param8_value = | Param8 - value: | row Param8 label, value:
            text param9_label = | Param9 - label: | row Param9 label, value:
            text param9_value = | Param9 - value: | row Param9 label, value:
            text param10_label = | Param10 - label: | row Param10 label, value:
            text param10_value = | Param10 - value: | row Param10 label, value:


            command {fn_exe}
                --o               {outdir}
                --in_movies       {in_mov}        when in_mov != ""
                --in_mics         {in_mic}        when in_mic != ""
                --in_parts        {in_part}       when in_part != ""
                --in_coords       {in_coords}     when in_coords != ""
                --in_3dref        {in_3dref}      when in_3dref != ""
                --in_mask         {in_mask}       when in_mask != ""
                --{param1_label}  {param1_value}  when param1_label != ""
                --{param2_label}  {param2_value}  when param2_label != ""
                --{param3_label}  {param3_value}  when param3_label != ""
                --{param4_label}  {param4_value}  when param4_label != ""
                --{param5_label}  {param5_value}  when param5_label != ""
                --{param6_label}  {param6_value}  when param6_label != ""
                --{param7_label}  {param7_value}  when param7_label != ""
                --{param8_label}  {param8_value}  when param8_label != ""
                --{param9_label}  {param9_value}  when param9_label != ""
                --{param10_label} {param10_value} when param10_label != ""
                --j               {nr_threads}

            reads {in_mov}    : MicrographMovieGroupMetadata.star.relion when in_mov != ""
            reads {in_mic}    : MicrographGroupMetadata.star.relion      when in_mic != ""
            reads {in_part}   : ParticleGroupMetadata.star.relion        when in_part != ""
            reads {in_coords} : MicrographCoordsGroup.star.relion        when in_coords != ""
            reads {in_3dref}  : DensityMap.mrc                           when in_3dref != ""
            reads {in_mask}   : Mask3D.mrc                               when in_mask != ""
            """#)
}
