// What several job types have in common: lists of choices, options, the Running tab.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let shared = CataloguePage(
        name: "Shared",
        text: #"""
            # Lists of choices.
            choices ctffit
                No
                Per-micrograph
                Per-particle

            choices gain_flip
                No flipping (0)
                Flip upside down (1)
                Flip left to right (2)

            choices gain_rotation
                No rotation (0)
                90 degrees (1)
                180 degrees (2)
                270 degrees (3)

            choices modelangelo_alphabet
                amino
                DNA
                RNA

            choices nodetype
                Particle coordinates (*.box, *_pick.star)
                Particles STAR file (.star)
                Multiple (2D or 3D) references (.star or .mrcs)
                Micrographs STAR file (.star)
                3D reference (.mrc)
                3D mask (.mrc)
                Unfiltered half-map (unfil.mrc)

            choices sampling
                30 degrees
                15 degrees
                7.5 degrees
                3.7 degrees
                1.8 degrees
                0.9 degrees
                0.5 degrees
                0.2 degrees
                0.1 degrees

            choices tomo_align_shiftonly
                Entire micrographs
                Only particles

            choices tomo_pick_mode
                particles
                spheres
                surfaces
                filaments

            # Options that several job types have alike.
            node input_star_mics = | Input tilt series: | TomogramGroupMetadata.star.relion | Tilt series STAR file (*.star) | fixed
            boolean use_gpu = No | Use GPU acceleration?
            text gpu_ids = | Which GPUs to use: | if use_gpu
            file fn_cont = | Continue from here: | STAR Files (*_optimiser.star) | CURRENT_ODIR | continue-only
            boolean do_ctf_correction = Yes | Do CTF-correction? | fixed
            boolean ctf_intact_first_peak = No | Ignore CTFs until first peak? | fixed | if do_ctf_correction
            slider nr_classes = 1 | Number of classes: | 1 to 50 step 1 | fixed
            slider particle_diameter = 200 | Mask diameter (A): | 0 to 1000 step 10
            boolean do_zero_mask = Yes | Mask individual particles with zeros? | fixed
            slider highres_limit = -1 | Limit resolution E-step to (A): | -1 to 20 step 1 | fixed
            boolean dont_skip_align = Yes | Perform image alignment?
            slider offset_range = 5 | Offset search range (pix): | 0 to 30 step 1 | if dont_skip_align
            slider offset_step = 1 | Offset search step (pix): | 0.1 to 5 step 0.1 | if dont_skip_align
            boolean allow_coarser = No | Allow coarser sampling? | if dont_skip_align
            boolean do_parallel_discio = Yes | Use parallel disc I/O?
            slider nr_pool = 3 | Number of pooled particles: | 1 to 16 step 1
            boolean do_preread_images = No | Pre-read all particles into RAM?
            text scratch_dir = | Copy particles to scratch directory: | if !do_preread_images | environment RELION_SCRATCH_DIR
            boolean do_combine_thru_disc = No | Combine iterations through disc?
            node fn_ref = | Reference map: | DensityMap.mrc | Image Files (*.{spi,vol,mrc}) | fixed
            node fn_mask = | Reference mask (optional): | Mask3D.mrc | Image Files (*.{spi,vol,msk,mrc})
            boolean ref_correct_greyscale = No | Ref. map is on absolute greyscale? | fixed
            boolean trust_ref_size = Yes | Resize reference if needed? | fixed
            slider ini_high = 60 | Initial low-pass filter (A): | 0 to 200 step 5 | fixed
            text sym_name = C1 | Symmetry: | fixed
            boolean do_blush = No | Use Blush regularisation? | fixed
            boolean do_helix = No | Do helical reconstruction? | fixed
            text helical_tube_inner_diameter = -1 | Tube diameter - inner (A): | fixed | if do_helix | row Tube diameter - inner, outer (A):
            text helical_tube_outer_diameter = -1 | Tube diameter - outer (A): | fixed | if do_helix | row Tube diameter - inner, outer (A):
            text range_rot = -1 | Angular search range - rot (deg): | fixed | if do_helix | row Angular search range - rot, tilt, psi (deg):
            text range_tilt = 15 | Angular search range - tilt (deg): | fixed | if do_helix | row Angular search range - rot, tilt, psi (deg):
            text range_psi = 10 | Angular search range - psi (deg): | fixed | if do_helix | row Angular search range - rot, tilt, psi (deg):
            slider helical_range_distance = -1 | Range factor of local averaging: | 1 to 5 step 0.1 | fixed | if do_helix
            boolean keep_tilt_prior_fixed = Yes | Keep tilt-prior fixed: | fixed | if do_helix
            boolean do_apply_helical_symmetry = Yes | Apply helical symmetry? | fixed | if do_helix
            slider helical_nr_asu = 1 | Number of unique asymmetrical units: | 1 to 100 step 1 | fixed | if do_helix and do_apply_helical_symmetry
            text helical_twist_initial = 0 | Initial helical twist (deg): | fixed | if do_helix and do_apply_helical_symmetry | row Initial twist (deg), rise (A):
            text helical_rise_initial = 0 | Initial helical rise (A): | fixed | if do_helix and do_apply_helical_symmetry | row Initial twist (deg), rise (A):
            slider helical_z_percentage = 30 | Central Z length (%): | 5 to 80 step 1 | fixed | if do_helix and do_apply_helical_symmetry
            boolean do_local_search_helical_symmetry = No | Do local searches of symmetry? | fixed | if do_helix
            text helical_twist_min = 0 | Helical twist search (deg) - Min: | fixed | if do_helix and do_local_search_helical_symmetry | row Twist search - Min, Max, Step (deg):
            text helical_twist_max = 0 | Helical twist search (deg) - Max: | fixed | if do_helix and do_local_search_helical_symmetry | row Twist search - Min, Max, Step (deg):
            text helical_twist_inistep = 0 | Helical twist search (deg) - Step: | fixed | if do_helix and do_local_search_helical_symmetry | row Twist search - Min, Max, Step (deg):
            text helical_rise_min = 0 | Helical rise search (A) - Min: | fixed | if do_helix and do_local_search_helical_symmetry | row Rise search - Min, Max, Step (A):
            text helical_rise_max = 0 | Helical rise search (A) - Max: | fixed | if do_helix and do_local_search_helical_symmetry | row Rise search - Min, Max, Step (A):
            text helical_rise_inistep = 0 | Helical rise search (A) - Step: | fixed | if do_helix and do_local_search_helical_symmetry | row Rise search - Min, Max, Step (A):
            boolean do_pad1 = No | Skip padding?
            node in_optimisation = | Input optimisation set: | TomoOptimisationSet.star.relion | Optimisation set STAR file (*optimisation_set.star) | fixed
            boolean use_direct_entries = No | OR: use direct entries? | fixed
            node in_particles = | Input particle set: | ParticleGroupMetadata.star.relion | Particle STAR file (*.star) | fixed | if use_direct_entries
            node in_tomograms = | Input tomogram set: | TomogramGroupMetadata.star.relion | Tomogram set STAR file (*.star) | fixed | if use_direct_entries
            node in_trajectories = | Input trajectory set: | TomoTrajectoryData.star.relion | Trajectory set STAR file (*.star) | fixed | if use_direct_entries
            slider sigma_tilt = -1 | Prior width on tilt angle (deg): | -1 to 30 step 1 | fixed
            node in_halfmaps = | One of the 2 reference half-maps: | DensityMap.mrc.relion.tomo.halfmap.reconstruct | MRC map files (*half1*.mrc) | fixed | depth 99
            node in_refmask = | Reference mask: | Mask3D.mrc | Image Files (*.mrc) | fixed
            node in_post = | Input postprocess STAR: | ProcessData.star.relion.postprocess | Postprocess STAR file (postprocess.star) | fixed

            # On the last page of every form; the numbers of processes and threads where the programs have them.
            tab Running
            slider nr_mpi = 1 | Number of MPI procs: | 1 to 64 step 1 | environment RELION_QSUB_NRMPI | most RELION_MPI_MAX
            slider nr_threads = 1 | Number of threads: | 1 to 16 step 1 | environment RELION_QSUB_NRTHREADS | most RELION_THREAD_MAX
            boolean do_queue = No | Submit to queue? | environment RELION_QUEUE_USE
            text queuename = openmpi | Queue name: | if do_queue | environment RELION_QUEUE_NAME
            text qsub = sbatch | Queue submit command: | if do_queue | environment RELION_QSUB_COMMAND
            file qsubscript = relion_qsub.csh | Standard submission script: | Script Files (*.{csh,sh,bash,script}) | . | if do_queue | environment RELION_QSUB_TEMPLATE
            slider min_dedicated = 1 | Minimum dedicated cores per node: | 1 to 64 step 1 | if do_queue | environment RELION_MINIMUM_DEDICATED
            text other_args = | Additional arguments:
            """#)
}
