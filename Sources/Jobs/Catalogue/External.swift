// The job type relion.external: Runs a program of your own as part of the project.
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
                summary    Runs a program of your own as part of the project.

            tab Input
            file fn_exe = | External executable: |  | . | fixed
                Program to run; it gets --o and the inputs below.
            node in_mov = | Input movies: | MicrographMovieGroupMetadata.star.relion | movie STAR file (*.star) | fixed
                Movies passed to the program.
            node in_mic = | Input micrographs: | MicrographGroupMetadata.star.relion | micrographs STAR file (*.star) | fixed
                Micrographs passed to the program.
            node in_part = | Input particles: | ParticleGroupMetadata.star.relion | particles STAR file (*.star) | fixed
                Particles passed to the program.
            node in_coords = | Input coordinates: | MicrographCoordsGroup.star.relion | STAR files (coords_suffix*.star) | fixed
                Coordinates passed to the program.
            node in_3dref = | Input 3D reference: | DensityMap.mrc | MRC files (*.mrc) | fixed
                Map passed to the program.
            node in_mask = | Input 3D mask: | Mask3D.mrc | MRC files (*.mrc) | fixed
                Mask passed to the program.

            tab Params
            text param1_label = | Param1 - label: | row Param1 label, value:
                Name of option 1 of the program, without dashes; empty for none.
            text param1_value = | Param1 - value: | row Param1 label, value:
                Value of option 1.
            text param2_label = | Param2 - label: | row Param2 label, value:
                Name of option 2 of the program, without dashes; empty for none.
            text param2_value = | Param2 - value: | row Param2 label, value:
                Value of option 2.
            text param3_label = | Param3 - label: | row Param3 label, value:
                Name of option 3 of the program, without dashes; empty for none.
            text param3_value = | Param3 - value: | row Param3 label, value:
                Value of option 3.
            text param4_label = | Param4 - label: | row Param4 label, value:
                Name of option 4 of the program, without dashes; empty for none.
            text param4_value = | Param4 - value: | row Param4 label, value:
                Value of option 4.
            text param5_label = | Param5 - label: | row Param5 label, value:
                Name of option 5 of the program, without dashes; empty for none.
            text param5_value = | Param5 - value: | row Param5 label, value:
                Value of option 5.
            text param6_label = | Param6 - label: | row Param6 label, value:
                Name of option 6 of the program, without dashes; empty for none.
            text param6_value = | Param6 - value: | row Param6 label, value:
                Value of option 6.
            text param7_label = | Param7 - label: | row Param7 label, value:
                Name of option 7 of the program, without dashes; empty for none.
            text param7_value = | Param7 - value: | row Param7 label, value:
                Value of option 7.
            text param8_label = | Param8 - label: | row Param8 label, value:
                Name of option 8 of the program, without dashes; empty for none.
            text param8_value = | Param8 - value: | row Param8 label, value:
                Value of option 8.
            text param9_label = | Param9 - label: | row Param9 label, value:
                Name of option 9 of the program, without dashes; empty for none.
            text param9_value = | Param9 - value: | row Param9 label, value:
                Value of option 9.
            text param10_label = | Param10 - label: | row Param10 label, value:
                Name of option 10 of the program, without dashes; empty for none.
            text param10_value = | Param10 - value: | row Param10 label, value:
                Value of option 10.

            require fn_exe != ""
                No program is given.

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
