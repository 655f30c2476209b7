// The job type relion.reconstructparticletomo: Averages particles of tilt series into a map.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let tomoParticleReconstruction = CataloguePage(
        name: "TomoParticleReconstruction",
        text: #"""
            job relion.reconstructparticletomo
                number     54
                tomo name  Reconstruct particle
                folder     Reconstruct
                form file  .gui_tomo_reconstruct_particlejob.star
                offers     mpi, threads, queue
                continues  flag
                summary    Averages particles of tilt series into a map.

            tab I/O
            use in_optimisation use_direct_entries in_particles in_tomograms in_trajectories

            tab Average
            slider binning = 1 | Binning factor: | 1 to 16 step 1 | fixed
                Factor by which pixels are larger than in the tilt images.
            slider box_size = 128 | Box size (binned pix): | 32 to 512 step 16 | fixed
                Box of the particles in binned pixels, large enough for the signal spread by defocus.
            slider crop_size = -1 | Cropped box size (binned pix): | -1 to 512 step 16 | fixed
                Box after CTF correction, in binned pixels; -1 keeps the box.
            slider snr = 0 | Wiener SNR constant: | 0 to 0.0001 step 1e-05 | fixed
                Signal-to-noise ratio of a simple Wiener filter; 0 weighs by the data.
            use sym_name

            tab Helix
            boolean do_helix = No | Apply helical symmetry? | fixed
                Treat the particles as segments of helices.
            slider helical_nr_asu = 1 | Number of unique asymmetrical units: | 1 to 100 step 1 | if do_helix
                Asymmetric units by which one segment is shifted against the next.
            slider helical_twist = -1 | Helical twist (deg): | -50 to 50 step 1 | if do_helix
                Rotation from one unit to the next, in degrees.
            slider helical_rise = 4.75 | Helical rise (A): | 0 to 50 step 0.5 | if do_helix
                Distance along the helix between neighbouring units, in Å.
            slider helical_tube_outer_diameter = 200 | Outer helical diameter (A): | 50 to 300 step 10 | if do_helix
                Outer diameter of the helix in Å.
            slider helical_z_percentage = 20 | Central Z length (%): | 5 to 80 step 1 | if do_helix
                Central part of the box, in % of its length, used to find and impose symmetry; about 30.

            require in_optimisation != "" when !use_direct_entries
                No optimisation set is given: choose one, or give the particles and tomograms directly.
            require in_optimisation = "" and in_tomograms != "" and in_particles != "" when use_direct_entries
                Direct entries need particles and tomograms, and no optimisation set beside them.

            command relion_tomo_reconstruct_particle, relion_tomo_reconstruct_particle_mpi
                --i              {in_optimisation} when !use_direct_entries
                --p              {in_particles}    when use_direct_entries and in_particles != ""
                --t              {in_tomograms}    when use_direct_entries and in_tomograms != ""
                --mot            {in_trajectories} when use_direct_entries and in_trajectories != ""
                --theme          classic
                --o              {outdir}
                --b              {box_size}
                --crop           {crop_size}       when crop_size > 0
                --bin            {binning}
                --SNR            {snr}             when snr > 0
                --nr_helical_asu {helical_nr_asu}  when do_helix
                --helical_twist  {helical_twist}   when do_helix
                --helical_rise   {helical_rise}    when do_helix
                --j              {nr_threads}
                --j_out          {nr_threads}
                --j_in           1
                --only_do_unfinished               when continue
                --sym            {sym_name}

            command relion_helix_toolbox, no extra arguments, for map in half1 half2 merged when do_helix
                --impose
                --i                  {outdir}{map}.mrc
                --o                  {outdir}helical_{map}.mrc
                --twist              {helical_twist}
                --rise               {helical_rise}
                --z_percentage       {helical_z_percentage / 100}
                --cyl_outer_diameter {helical_tube_outer_diameter}

            reads {in_optimisation} : TomoOptimisationSet.star.relion   when !use_direct_entries
            reads {in_particles}    : ParticleGroupMetadata.star.relion when use_direct_entries and in_particles != ""
            reads {in_tomograms}    : TomogramGroupMetadata.star.relion when use_direct_entries and in_tomograms != ""
            reads {in_trajectories} : TomoTrajectoryData.star.relion    when use_direct_entries and in_trajectories != ""

            writes merged.mrc            : DensityMap.mrc.relion.tomo.map.reconstruct
            writes half1.mrc             : DensityMap.mrc.relion.tomo.halfmap.reconstruct, depth 99
            writes optimisation_set.star : TomoOptimisationSet.star.relion.tomo.reconstruct
            writes helical_half1.mrc     : DensityMap.mrc.relion.tomo.halfmap.reconstruct when do_helix
            writes helical_merged.mrc    : DensityMap.mrc.relion.tomo.map.reconstruct     when do_helix
            """#)
}
