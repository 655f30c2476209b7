/// What a round of particles may take between comparison and insertion, in bytes.
///
/// The more particles share a round, the more of their samples have an orientation in common and are inserted as one slice. In
/// 3D that is worth memory (a round of 64 MB makes broad searches a third slower, one of 512 MB 3 % faster than one of 256 MB);
/// in 2D orientations are few, and small rounds stay in the caches.
package struct RoundMemory {
    /// Samples of the particles of a round.
    package let samples: Int
    /// Slices that are made before they are inserted.
    package let slices: Int

    package init(isVolume: Bool) {
        samples = isVolume ? 256 << 20 : 64 << 20
        slices = isVolume ? 32 << 20 : 16 << 20
    }
}
