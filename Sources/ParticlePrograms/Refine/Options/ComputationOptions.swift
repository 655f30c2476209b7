import ArgumentParser

/// Section “Computation” of `relion_refine`: threads, memory, disks, accelerators.
struct ComputationOptions: ParsableArguments {
    @Option(
        name: .customLong("pool"), parsing: .unconditional,
        help: "Particles per task of a thread; accepted for compatibility, tasks are sized automatically.")
    var pool: Int = 1

    @Flag(
        name: .customLong("dont_combine_weights_via_disc"),
        help: "Accepted for compatibility: sums never go through the disc.")
    var noWeightsThroughDisc = false

    @Flag(
        name: .customLong("onthefly_shifts"),
        help: "Shift images when needed instead of keeping shifted copies: less memory.")
    var shiftsOnTheFly = false

    @Flag(
        name: .customLong("no_parallel_disc_io"),
        help: "Read images by one thread at a time, for slow network discs.")
    var noParallelDisc = false

    @Flag(name: .customLong("preread_images"), help: "Read all particles into memory at the start.")
    var preread = false

    @Option(
        name: .customLong("scratch_dir"), parsing: .unconditional,
        help: "Copy the particles to this fast local disc first.")
    var scratch: String = ""

    @Option(
        name: .customLong("keep_free_scratch"), parsing: .unconditional,
        help: "Space left free on the scratch disc, in GB.")
    var keepFree: Double = 10

    @Flag(name: .customLong("reuse_scratch"), help: "Use the copy that an earlier run left on the scratch disc.")
    var reuseScratch = false

    @Flag(name: .customLong("keep_scratch"), help: "Leave the copy on the scratch disc.")
    var keepScratch = false

    @Flag(name: .customLong("fast_subsets"), help: "Use subsets of the particles in the first 15 iterations.")
    var fastSubsets = false

    @Option(
        name: .customLong("slice_memory"), parsing: .unconditional,
        help: """
            Memory for slices of the references that all particles share, in GB. More is faster until all fit; results differ \
            in the last bits.
            """)
    var sliceMemory: Double = 3

    @Flag(name: .customLong("cpu"), help: "Accepted for compatibility: the vectorised code is always used.")
    var cpu = false

    @Option(
        name: .customLong("gpu"), defaultAsFlag: "default", parsing: .next,
        help: """
            Use GPUs, with an optional list of devices; without an accelerator the CPU does the work, with a \
            warning.
            """)
    var gpu: String?

    @Option(name: .customLong("free_gpu_memory"), parsing: .unconditional, help: "GPU memory to leave free, in MB.")
    var freeGPUMemory: Double = 0
}
