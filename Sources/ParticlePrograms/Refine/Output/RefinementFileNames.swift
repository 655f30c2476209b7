import Foundation

/// Names of the files that one iteration leaves behind: `Class3D/job005/run_it012_model.star`, ….
///
/// The files of the last iteration of an auto-refinement have no number.
struct RefinementFileNames: Sendable {
    /// As `--o` gives it.
    let root: String
    /// Nil: the final files.
    let iteration: Int?

    private var stem: String { root + (iteration.map { String(format: "_it%03d", $0) } ?? "") }

    var data: String { stem + "_data.star" }
    var sampling: String { stem + "_sampling.star" }
    var optimiser: String { stem + "_optimiser.star" }
    /// Classes as nodes of a map (`--som`).
    var selfOrganisingMap: String { stem + "_som.txt" }

    /// - Parameter half: 1 or 2; nil where the model is of all particles.
    func model(half: Int?) -> String { stem + Self.half(half) + "_model.star" }

    /// Stack of all 2D references.
    func classes(half: Int?) -> String { stem + Self.half(half) + "_classes.mrcs" }

    /// - Parameter index: of the class, counted from 0.
    func map(class index: Int, half: Int?) -> String {
        stem + Self.half(half) + String(format: "_class%03d.mrc", index + 1)
    }

    /// First moments of the gradient of all 2D references: of the classes from one half of the particles, then from the other.
    var firstMoments: String { stem + "_1moment.mrcs" }

    var secondMoments: String { stem + "_2moment.mrcs" }

    /// - Parameter index: of the class, counted from 0; class count + class for the second half of the particles.
    func firstMoment(_ index: Int) -> String { stem + String(format: "_1moment%03d.mrc", index + 1) }

    func secondMoment(_ index: Int) -> String { stem + String(format: "_2moment%03d.mrc", index + 1) }

    func angularDistribution(class index: Int, half: Int?) -> String {
        stem + Self.half(half) + String(format: "_class%03d_angdist.bild", index + 1)
    }

    /// Written over in every iteration.
    var unmaskedClasses: String { root + "_unmasked_classes.mrcs" }

    /// - Parameter half: 1 or 2.
    func unfilteredMap(class index: Int, half: Int) -> String {
        root + Self.half(half) + String(format: "_class%03d_unfil.mrc", index + 1)
    }

    private static func half(_ number: Int?) -> String { number.map { "_half\($0)" } ?? "" }
}
