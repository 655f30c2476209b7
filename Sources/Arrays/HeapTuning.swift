#if os(Linux)
import CMalloc
#endif
import Foundation

/// How the C library keeps memory that was given back.
///
/// Left to itself it makes up to eight heaps for each core, each with room to spare, and learns to serve ever larger blocks from
/// them, which never go back to the system in pieces. 2D classification took a quarter more memory so.
package enum HeapTuning {
    /// To be called once, before threads start.
    package static func apply(processorCount: Int = ProcessInfo.processInfo.activeProcessorCount) {
        #if os(Linux)
        // Blocks up to 1 KB come from lists of each thread without a lock; larger ones are few.
        mallopt(M_ARENA_MAX, Int32(max(1, processorCount / 8)))
        mallopt(M_MMAP_THRESHOLD, 1 << 20)
        mallopt(M_TRIM_THRESHOLD, 4 << 20)
        #endif
    }
}
