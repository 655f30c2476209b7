extension SchemeTemplate {
    /// Movies as they arrive: import, motion correction, CTF estimation, in rounds. Ends when nothing has been new for `max_idle_sec`.
    package static let prep = SchemeTemplate(
        name: "prep", summary: "Imports movies as they arrive, corrects their motion and estimates their CTF.",
        scheme: prepScheme, jobs: prepJobs)

    private static let prepScheme: Scheme = {
        var scheme = Scheme(name: "prep")
        scheme.declare([
            "do_at_most": .number(50), "maxtime_hr": .number(48), "wait_sec": .number(180), "max_idle_sec": .number(7200),
            "waited_sec": .number(0), "idle_sec": .number(0), "zero": .number(0),
            "nr_movies": .number(0), "nr_done": .number(0), "nr_done_before": .number(0),
            "has_undone": .flag(false), "has_new": .flag(false), "is_idle": .flag(false),
            "movies": .text("movies"), "micrographs": .text("micrographs"),
            "movies_star": .text("Schemes/prep/importmovies/movies.star"),
            "ctf_star": .text("Schemes/prep/ctffind/micrographs_ctf.star"),
        ])
        scheme.define("WAIT", "wait", "wait_sec", to: "waited_sec")
        scheme.define("EXIT_maxtime", "exit_maxtime", "maxtime_hr")
        scheme.define("COUNT_movies", "float=count_images", "movies_star", "movies", to: "nr_movies")
        scheme.define("COUNT_before", "float=count_images", "ctf_star", "micrographs", to: "nr_done_before")
        scheme.define("HAS_undone", "bool=gt", "nr_movies", "nr_done_before", to: "has_undone")
        scheme.define("COUNT_done", "float=count_images", "ctf_star", "micrographs", to: "nr_done")
        scheme.define("HAS_new", "bool=gt", "nr_done", "nr_done_before", to: "has_new")
        scheme.define("RESET_idle", "float=set", "zero", to: "idle_sec")
        // What WAIT gives includes jobs, questions and breaks between runs: none of it is idleness.
        scheme.define("ADD_idle", "float=plus", "idle_sec", "wait_sec", to: "idle_sec")
        scheme.define("IS_idle", "bool=ge", "idle_sec", "max_idle_sec", to: "is_idle")
        // The next run begins to count anew.
        scheme.define("CLEAR_idle", "float=set", "zero", to: "idle_sec")
        scheme.define("EXIT_idle", "exit")
        scheme.jobs = ["importmovies", "motioncorr", "ctffind"].map { .init(name: $0, mode: .again) }
        scheme.chain("WAIT", "EXIT_maxtime", "importmovies", "COUNT_movies", "COUNT_before", "HAS_undone")
        scheme.fork("HAS_undone", if: "has_undone", to: "motioncorr", else: "ADD_idle")
        scheme.chain("motioncorr", "ctffind", "COUNT_done", "HAS_new")
        // A movie that cannot be processed must not keep the scheme alive: only progress counts.
        scheme.fork("HAS_new", if: "has_new", to: "RESET_idle", else: "ADD_idle")
        scheme.chain("RESET_idle", "WAIT")
        scheme.chain("ADD_idle", "IS_idle")
        scheme.fork("IS_idle", if: "is_idle", to: "CLEAR_idle", else: "WAIT")
        scheme.chain("CLEAR_idle", "EXIT_idle")
        scheme.current = scheme.start
        return scheme
    }()

    private static let prepJobs: [String: (type: String, values: [String: String])] = [
        "importmovies": ("relion.import", ["fn_in_raw": "Movies/*.tiff", "is_multiframe": "Yes"]),
        "motioncorr": ("relion.motioncorr", [
            "input_star_mics": "Schemes/prep/importmovies/movies.star", "do_own_motioncor": "Yes", "do_dose_weighting": "Yes",
            "do_save_ps": "Yes", "patch_x": "5", "patch_y": "5", "other_args": "--do_at_most $$do_at_most",
        ]),
        "ctffind": ("relion.ctffind", ["input_star_mics": "Schemes/prep/motioncorr/corrected_micrographs.star", "use_given_ps": "Yes"]),
    ]
}
