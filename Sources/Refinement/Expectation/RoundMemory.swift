/// What a round of particles may take between comparison and insertion, in bytes.
///
/// The more particles share a round, the more of their samples have an orientation in common and are inserted as one slice. In
/// 3D that is worth memory (a round a quarter as large makes broad searches a third slower, one twice as large 3 % faster);
/// in 2D orientations are few, and small rounds stay in the caches.
package struct RoundMemory {
    /// Samples of the particles of a round.
    package let samples: Int
    /// Slices that are made before they are inserted.
    package let slices: Int

    package init(isVolume: Bool) {
        samples = isVolume ? 152 << 20 : 24 << 20
        slices = isVolume ? 32 << 20 : 16 << 20
    }
}
