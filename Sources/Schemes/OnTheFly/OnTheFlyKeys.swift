import Foundation
import Pipeline

/// The keys of an options file that everybody needs, with defaults. All options of the schemes' jobs (`SCHEME__JOB__OPTION`) and all
/// their variables (`SCHEME__VARIABLE`) are keys as well.
package struct OnTheFlyKey: Sendable {
    package let name: String
    package let value: OptionsFile.Value
    package let explanation: String

    private init(_ name: String, _ value: OptionsFile.Value, _ explanation: String) {
        (self.name, self.value, self.explanation) = (name, value, explanation)
    }

    package static let all: [OnTheFlyKey] = [
        .init("do_prep", .flag(true), "Import movies, correct motion, estimate CTFs (scheme prep)"),
        .init("do_proc", .flag(true), "Pick, extract, classify and refine particles (scheme proc)"),
        .init("do_auto_boxsize", .flag(true), "Box sizes and masks from the longest diameter, where they are not given"),
        .init("prep__importmovies__fn_in_raw", .text("Movies/*.tiff"), "Movies; new ones that match are taken in as they come"),
        .init("prep__importmovies__is_multiframe", .flag(true), "Movies, not single images"),
        .init("prep__importmovies__angpix", .number("0.885"), "Pixel size of the movies (Å)"),
        .init("prep__importmovies__kV", .number("200"), "Voltage (kV)"),
        .init("prep__importmovies__Cs", .number("1.4"), "Spherical aberration (mm)"),
        .init("prep__motioncorr__dose_per_frame", .number("1.277"), "Exposure of a frame (e/Å²)"),
        .init("prep__motioncorr__fn_gain_ref", .text(""), "Gain reference; empty: the movies have been corrected for it"),
        .init("prep__motioncorr__eer_grouping", .number("20"), "Frames of an EER movie that are summed into one"),
        .init("prep__motioncorr__bin_factor", .number("1"), "Pixels to bin; 2 for super-resolution"),
        .init("prep__motioncorr__nr_threads", .number("16"), "Threads of motion correction"),
        .init("prep__ctffind__do_phaseshift", .flag(false), "Estimate phase shifts (phase plate)"),
        .init("prep__do_at_most", .number("50"), "Movies to correct in one round"),
        .init("prep__wait_sec", .number("180"), "Time from one round to the next, at least (s)"),
        .init("prep__max_idle_sec", .number("7200"), "End when nothing has been new for so long (s)"),
        .init("proc__ctffind_mics", .text("Schemes/prep/ctffind/micrographs_ctf.star"), "Micrographs to work on; another file without do_prep"),
        .init("proc__select_mics__select_maxval", .number("6"), "Take micrographs whose CTF fits to this resolution or better (Å)"),
        .init("proc__do_log", .flag(true), "Pick blobs; False: pick with the templates below"),
        .init("proc__templates", .text("None"), "Class averages as templates (STAR or MRC stack)"),
        .init("proc__autopick__log_diam_min", .number("150.0"), "Shortest diameter of a particle (Å)"),
        .init("proc__autopick__log_diam_max", .number("180.0"), "Longest diameter (Å)"),
        .init("proc__autopick__log_adjust_thr", .number("0.0"), "Above 0 picks fewer, below 0 more"),
        .init("proc__extract__extract_size", .number("256"), "Box in the micrograph (pixels)"),
        .init("proc__extract__do_rescale", .flag(true), "Scale particles down"),
        .init("proc__extract__rescale", .number("64"), "Box after scaling (pixels)"),
        .init("proc__do_class2d", .flag(true), "Classify; False stops at particles"),
        .init("proc__class2d__particle_diameter", .number("200"), "Mask of 2D classes (Å)"),
        .init("proc__select_parts__rank_threshold", .number("0.25"), "Keep classes with this score or better (0 to 1)"),
        .init("proc__min_nr_parts_3d", .number("5000"), "Make a map from this many selected particles on"),
        .init("proc__ask_before_3d", .flag(false), "Wait for a person's yes before that (relion scheme answer proc yes)"),
        .init("proc__iniref", .text("None"), "First map; a file that does not exist: an initial model is made"),
        .init("proc__inimodel3d__sym_name", .text("C1"), "Symmetry of the initial model"),
        .init("proc__refine3d__sym_name", .text("C1"), "Symmetry of the refinement"),
        .init("proc__inimodel3d__particle_diameter", .number("200"), "Mask of the initial model (Å)"),
        .init("proc__refine3d__particle_diameter", .number("200"), "Mask of the refinement (Å)"),
        .init("proc__wait_sec", .number("180"), "Time from one round to the next, at least (s)"),
        .init("proc__max_idle_sec", .number("7200"), "End when no micrograph has been new for so long (s)"),
    ]

    /// An options file with all keys, their defaults and what they are.
    package static var template: String {
        all.reduce("# Options of relion it. Any other option: 'SCHEME__JOB__OPTION', any variable: 'SCHEME__VARIABLE'.\n{\n") {
            $0 + "# \($1.explanation)\n'\($1.name)' : \($1.value.python),\n"
        } + "}\n"
    }
}

extension OptionsFile.Value {
    /// As Python writes it.
    var python: String {
        switch self {
        case .text(let text): "'" + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "'", with: "\\'") + "'"
        case .number(let text): text
        case .flag(let flag): flag ? "True" : "False"
        case .none: "None"
        }
    }
}
