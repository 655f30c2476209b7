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
                Movies or tilt series to work on, from an Import job (CTF estimation: from motion correction).
            boolean use_gpu = No | Use GPU acceleration?
                Run the heavy steps on GPUs instead of on the cores.
            text gpu_ids = | Which GPUs to use: | if use_gpu
                Numbers of the GPUs, such as 0:1 for one process each or 0,1 for threads; empty lets the program choose.
            file fn_cont = | Continue from here: | STAR Files (*_optimiser.star) | CURRENT_ODIR | continue-only
                The optimiser file (run_itNNN_optimiser.star) of the iteration to go on from.
            boolean do_ctf_correction = Yes | Do CTF-correction? | fixed
                Correct amplitudes and phases for the contrast transfer function. Leave it on unless the images are corrected already.
            boolean ctf_intact_first_peak = No | Ignore CTFs until first peak? | fixed | if do_ctf_correction
                Leave frequencies below the first peak of the CTF as they are; for particles with strong contrast at low resolution.
            slider nr_classes = 1 | Number of classes: | 1 to 50 step 1 | fixed
                How many classes, that is references, the particles are divided into.
            slider particle_diameter = 200 | Mask diameter (A): | 0 to 1000 step 10
                Diameter of the round mask put on each particle, in Å. A little larger than the particle's longest extent.
            boolean do_zero_mask = Yes | Mask individual particles with zeros? | fixed
                Fill the surroundings of the particle with zeros; No fills them with random noise of the same spectrum.
            slider highres_limit = -1 | Limit resolution E-step to (A): | -1 to 20 step 1 | fixed
                Resolution in Å up to which images are compared; -1 sets no limit. A limit keeps noise from being fitted.
            boolean dont_skip_align = Yes | Perform image alignment?
                Search orientations and shifts. No keeps those of the input and only classifies.
            slider offset_range = 5 | Offset search range (pix): | 0 to 30 step 1 | if dont_skip_align
                Largest shift searched in each direction around the last centre, in pixels.
            slider offset_step = 1 | Offset search step (pix): | 0.1 to 5 step 0.1 | if dont_skip_align
                Distance of the searched shifts, in pixels; refined further by oversampling.
            boolean allow_coarser = No | Allow coarser sampling? | if dont_skip_align
                Search in coarser steps while the accuracy of the alignment is low; faster early on.
            boolean do_parallel_discio = Yes | Use parallel disc I/O?
                Each process reads its own particles; No lets the first process read for all.
            slider nr_pool = 3 | Number of pooled particles: | 1 to 16 step 1
                Particles that are read and worked on together; more need more memory.
            boolean do_preread_images = No | Pre-read all particles into RAM?
                Keep all particles in memory. Size: number of particles times box size squared times 4 bytes.
            text scratch_dir = | Copy particles to scratch directory: | if !do_preread_images | environment RELION_SCRATCH_DIR
                Fast local disk that the particles are copied to first; empty for none.
            boolean do_combine_thru_disc = No | Combine iterations through disc?
                Exchange sums between processes in files; No sends them over the network.
            node fn_ref = | Reference map: | DensityMap.mrc | Image Files (*.{spi,vol,mrc}) | fixed
                Map to start from; its pixel size and box should be those of the particles.
            node fn_mask = | Reference mask (optional): | Mask3D.mrc | Image Files (*.{spi,vol,msk,mrc})
                Mask with values from 0 to 1, of the same box and pixel size as the map.
            boolean ref_correct_greyscale = No | Ref. map is on absolute greyscale? | fixed
                Yes if the reference was reconstructed from data of this kind; No scales it by cross-correlation in the first iteration.
            boolean trust_ref_size = Yes | Resize reference if needed? | fixed
                Scale and pad the reference when its box or pixel size differs from the particles'.
            slider ini_high = 60 | Initial low-pass filter (A): | 0 to 200 step 5 | fixed
                Resolution in Å that the reference is filtered to at the start, against bias; usually 20-60.
            text sym_name = C1 | Symmetry: | fixed
                Point group, such as C1, D2, O or I1.
            boolean do_blush = No | Use Blush regularisation? | fixed
                Regularise the maps with a trained denoising network, for low signal.
            boolean do_helix = No | Do helical reconstruction? | fixed
                Treat the particles as segments of helices.
            text helical_tube_inner_diameter = -1 | Tube diameter - inner (A): | fixed | if do_helix | row Tube diameter - inner, outer (A):
                Inner diameter of the helix in Å; -1 where it is not hollow.
            text helical_tube_outer_diameter = -1 | Tube diameter - outer (A): | fixed | if do_helix | row Tube diameter - inner, outer (A):
                Outer diameter of the helix in Å.
            text range_rot = -1 | Angular search range - rot (deg): | fixed | if do_helix | row Angular search range - rot, tilt, psi (deg):
                Range around the last value searched for rot, in degrees; -1: as without priors.
            text range_tilt = 15 | Angular search range - tilt (deg): | fixed | if do_helix | row Angular search range - rot, tilt, psi (deg):
                Range around the prior searched for tilt, in degrees; helices in ice stay near 90.
            text range_psi = 10 | Angular search range - psi (deg): | fixed | if do_helix | row Angular search range - rot, tilt, psi (deg):
                Range around the prior searched for the in-plane angle, in degrees.
            slider helical_range_distance = -1 | Range factor of local averaging: | 1 to 5 step 0.1 | fixed | if do_helix
                Averages orientations along a helix over this multiple of the segment length; -1 for none.
            boolean keep_tilt_prior_fixed = Yes | Keep tilt-prior fixed: | fixed | if do_helix
                Keep the tilt angles at their prior instead of letting it follow the refinement.
            boolean do_apply_helical_symmetry = Yes | Apply helical symmetry? | fixed | if do_helix
                Impose the helical symmetry after each iteration.
            slider helical_nr_asu = 1 | Number of unique asymmetrical units: | 1 to 100 step 1 | fixed | if do_helix and do_apply_helical_symmetry
                Asymmetric units by which one segment is shifted against the next.
            text helical_twist_initial = 0 | Initial helical twist (deg): | fixed | if do_helix and do_apply_helical_symmetry | row Initial twist (deg), rise (A):
                First value of the rotation from one unit to the next, in degrees; positive is right-handed.
            text helical_rise_initial = 0 | Initial helical rise (A): | fixed | if do_helix and do_apply_helical_symmetry | row Initial twist (deg), rise (A):
                First value of the shift from one unit to the next along the axis, in Å.
            slider helical_z_percentage = 30 | Central Z length (%): | 5 to 80 step 1 | fixed | if do_helix and do_apply_helical_symmetry
                Central part of the box, in % of its length, used to find and impose symmetry; about 30.
            boolean do_local_search_helical_symmetry = No | Do local searches of symmetry? | fixed | if do_helix
                Refine twist and rise while the map is refined.
            text helical_twist_min = 0 | Helical twist search (deg) - Min: | fixed | if do_helix and do_local_search_helical_symmetry | row Twist search - Min, Max, Step (deg):
                Smallest twist searched, in degrees.
            text helical_twist_max = 0 | Helical twist search (deg) - Max: | fixed | if do_helix and do_local_search_helical_symmetry | row Twist search - Min, Max, Step (deg):
                Largest twist searched, in degrees.
            text helical_twist_inistep = 0 | Helical twist search (deg) - Step: | fixed | if do_helix and do_local_search_helical_symmetry | row Twist search - Min, Max, Step (deg):
                First step of the twist search, in degrees; 0 chooses it.
            text helical_rise_min = 0 | Helical rise search (A) - Min: | fixed | if do_helix and do_local_search_helical_symmetry | row Rise search - Min, Max, Step (A):
                Smallest rise searched, in Å.
            text helical_rise_max = 0 | Helical rise search (A) - Max: | fixed | if do_helix and do_local_search_helical_symmetry | row Rise search - Min, Max, Step (A):
                Largest rise searched, in Å.
            text helical_rise_inistep = 0 | Helical rise search (A) - Step: | fixed | if do_helix and do_local_search_helical_symmetry | row Rise search - Min, Max, Step (A):
                First step of the rise search, in Å; 0 chooses it.
            boolean do_pad1 = No | Skip padding?
                Do not pad the maps: eight times less memory, a little less accurate near the box's edge.
            node in_optimisation = | Input optimisation set: | TomoOptimisationSet.star.relion | Optimisation set STAR file (*optimisation_set.star) | fixed
                File that names particles, tomograms and trajectories together.
            boolean use_direct_entries = No | OR: use direct entries? | fixed
                Give particles, tomograms and trajectories one by one instead of as an optimisation set.
            node in_particles = | Input particle set: | ParticleGroupMetadata.star.relion | Particle STAR file (*.star) | fixed | if use_direct_entries
                Particles of tilt series (particles.star).
            node in_tomograms = | Input tomogram set: | TomogramGroupMetadata.star.relion | Tomogram set STAR file (*.star) | fixed | if use_direct_entries
                Tomograms with their geometry (tomograms.star).
            node in_trajectories = | Input trajectory set: | TomoTrajectoryData.star.relion | Trajectory set STAR file (*.star) | fixed | if use_direct_entries
                Motion of the particles (motion.star), where it is known.
            slider sigma_tilt = -1 | Prior width on tilt angle (deg): | -1 to 30 step 1 | fixed
                Width in degrees of the prior on tilt angles; -1 for none. For particles whose orientation to a membrane is known.
            node in_halfmaps = | One of the 2 reference half-maps: | DensityMap.mrc.relion.tomo.halfmap.reconstruct | MRC map files (*half1*.mrc) | fixed | depth 99
                One of two independent half maps; the other is found by its name.
            node in_refmask = | Reference mask: | Mask3D.mrc | Image Files (*.mrc) | fixed
                Mask around the reference's signal.
            node in_post = | Input postprocess STAR: | ProcessData.star.relion.postprocess | Postprocess STAR file (postprocess.star) | fixed
                Postprocess STAR file of the reference; its FSC weighs frequencies.

            # On the last page of every form; the numbers of processes and threads where the programs have them.
            tab Running
            slider nr_mpi = 1 | Number of MPI procs: | 1 to 64 step 1 | environment RELION_QSUB_NRMPI | most RELION_MPI_MAX
                Processes that share the work through MPI; 1 runs without MPI.
            slider nr_threads = 1 | Number of threads: | 1 to 16 step 1 | environment RELION_QSUB_NRTHREADS | most RELION_THREAD_MAX
                Threads of each process.
            boolean do_queue = No | Submit to queue? | environment RELION_QUEUE_USE
                Hand the job to the cluster's queue instead of running it here.
            text queuename = openmpi | Queue name: | if do_queue | environment RELION_QUEUE_NAME
                Queue or partition of the cluster; stands for XXXqueueXXX in the script.
            text qsub = sbatch | Queue submit command: | if do_queue | environment RELION_QSUB_COMMAND
                Command that takes a submission script, such as sbatch or qsub.
            file qsubscript = relion_qsub.csh | Standard submission script: | Script Files (*.{csh,sh,bash,script}) | . | if do_queue | environment RELION_QSUB_TEMPLATE
                Script with XXX...XXX variables that are filled in from this job.
            slider min_dedicated = 1 | Minimum dedicated cores per node: | 1 to 64 step 1 | if do_queue | environment RELION_MINIMUM_DEDICATED
                Cores that each node gives at least; decides how many nodes are asked for.
            text other_args = | Additional arguments:
                Options added at the end of the command line as they are.
            """#)
}
