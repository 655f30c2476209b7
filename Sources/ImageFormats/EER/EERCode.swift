/// The bits of one electron event, by the compression number of the TIFF page.
///
/// EER (Guo et al. 2020, IUCrJ 7:860) stores for each event the number of empty pixels before it and its place within
/// the pixel. 65000: 8 and 2 + 2 bits; 65001: 7 and 2 + 2 bits; 65002: as the page's own fields say. A run of all ones
/// stands for so many empty pixels without an event; it is followed by (meaningless) place bits only in 65000.
struct EERCode: Equatable {
    var runBits: Int
    var xBits: Int
    var yBits: Int
    var escapeHasPlace: Bool

    enum Compression: Int { case eightBit = 65000, sevenBit = 65001, detailed = 65002 }

    static let eightBit = EERCode(runBits: 8, xBits: 2, yBits: 2, escapeHasPlace: true)
    static let sevenBit = EERCode(runBits: 7, xBits: 2, yBits: 2, escapeHasPlace: false)

    var eventBits: Int { runBits + xBits + yBits }

    /// Whether these are numbers that a detector could write.
    var isPlausible: Bool { (2...15).contains(runBits) && (0...4).contains(xBits) && (0...4).contains(yBits) }
}
