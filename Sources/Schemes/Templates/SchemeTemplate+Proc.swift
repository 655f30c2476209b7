extension SchemeTemplate {
    /// Particles from micrographs as they come: selection by CTF resolution, picking, extraction, 2D classes and their selection, and
    /// with enough particles an initial model and a refinement. Ends when no micrograph has been new for `max_idle_sec`.
    package static let proc = SchemeTemplate(
        name: "proc", summary: "Picks particles as micrographs come, makes 2D classes, selects among them and refines a map.",
        scheme: procScheme, jobs: procJobs)

    private static let procScheme: Scheme = {
        var scheme = Scheme(name: "proc")
        declareProc(&scheme)
        defineProc(&scheme)
        let continued = ["select_mics", "autopick", "extract"], new = ["class2d", "select_parts", "inimodel3d", "refine3d"]
        scheme.jobs = continued.map { .init(name: $0, mode: .again) } + new.map { .init(name: $0, mode: .new) }
        scheme.chain("WAIT", "EXIT_maxtime", "HAS_ctffind")
        scheme.fork("HAS_ctffind", if: "has_ctffind", to: "select_mics", else: "ADD_idle")
        scheme.chain("select_mics", "COUNT_mics", "HAS_mics_increased")
        scheme.fork("HAS_mics_increased", if: "has_larger_nr_mics", to: "SET_do_refs", else: "ADD_idle")
        scheme.chain("ADD_idle", "IS_idle")
        scheme.fork("IS_idle", if: "is_idle", to: "CLEAR_idle", else: "WAIT")
        scheme.chain("CLEAR_idle", "EXIT_idle")
        scheme.chain("SET_do_refs", "autopick", "extract", "SET_prev_nr_mics", "RESET_idle", "IS_class2d_wanted")
        scheme.fork("IS_class2d_wanted", if: "do_class2d", to: "class2d", else: "WAIT")
        scheme.chain("class2d", "select_parts", "COUNT_parts", "CHECK_do_3d")
        scheme.fork("CHECK_do_3d", if: "do_3d", to: "IS_asking", else: "WAIT")
        scheme.fork("IS_asking", if: "ask_before_3d", to: "ASK_3d", else: "CHECK_iniref")
        scheme.fork("ASK_3d", if: "go_3d", to: "CHECK_iniref", else: "WAIT")
        scheme.fork("CHECK_iniref", if: "has_iniref", to: "SET_myref_user", else: "inimodel3d")
        scheme.chain("inimodel3d", "SET_myref_inimodel", "refine3d", "WAIT")
        scheme.chain("SET_myref_user", "refine3d")
        scheme.current = scheme.start
        return scheme
    }()

    private static func declareProc(_ scheme: inout Scheme) {
        scheme.declare([
            "maxtime_hr": .number(48), "wait_sec": .number(180), "max_idle_sec": .number(7200), "waited_sec": .number(0),
            "idle_sec": .number(0), "zero": .number(0), "is_idle": .flag(false),
            "current_nr_mics": .number(0), "prev_nr_mics": .number(0), "current_nr_parts": .number(0), "min_nr_parts_3d": .number(5000),
            "has_ctffind": .flag(false), "has_larger_nr_mics": .flag(false), "do_log": .flag(true), "do_refs": .flag(false),
            "do_class2d": .flag(true), "class2d_wanted": .flag(true), "do_3d": .flag(false), "has_iniref": .flag(false),
            "ask_before_3d": .flag(false), "asks": .flag(false), "go_3d": .flag(false),
            "ctffind_mics": .text("Schemes/prep/ctffind/micrographs_ctf.star"),
            "selected_mics": .text("Schemes/proc/select_mics/micrographs.star"),
            "selected_parts": .text("Schemes/proc/select_parts/particles.star"),
            "particles": .text("particles"), "micrographs": .text("micrographs"), "templates": .text("None"),
            "topaz_model": .text("None"), "iniref": .text("None"), "myref": .text("None"),
            "inimodel_output": .text("Schemes/proc/inimodel3d/initial_model.mrc"),
            "question": .text("Look at the selected classes: go on with a map?"),
        ])
    }

    private static func defineProc(_ scheme: inout Scheme) {
        scheme.define("WAIT", "wait", "wait_sec", to: "waited_sec")
        scheme.define("EXIT_maxtime", "exit_maxtime", "maxtime_hr")
        scheme.define("HAS_ctffind", "bool=file_exists", "ctffind_mics", to: "has_ctffind")
        scheme.define("COUNT_mics", "float=count_images", "selected_mics", "micrographs", to: "current_nr_mics")
        scheme.define("HAS_mics_increased", "bool=gt", "current_nr_mics", "prev_nr_mics", to: "has_larger_nr_mics")
        scheme.define("SET_do_refs", "bool=not", "do_log", to: "do_refs")
        scheme.define("SET_prev_nr_mics", "float=set", "current_nr_mics", to: "prev_nr_mics")
        scheme.define("RESET_idle", "float=set", "zero", to: "idle_sec")
        // What WAIT gives includes jobs, questions and breaks between runs: none of it is idleness.
        scheme.define("ADD_idle", "float=plus", "idle_sec", "wait_sec", to: "idle_sec")
        scheme.define("IS_idle", "bool=ge", "idle_sec", "max_idle_sec", to: "is_idle")
        // The next run begins to count anew.
        scheme.define("CLEAR_idle", "float=set", "zero", to: "idle_sec")
        scheme.define("EXIT_idle", "exit")
        scheme.define("IS_class2d_wanted", "bool=set", "do_class2d", to: "class2d_wanted")
        scheme.define("COUNT_parts", "float=count_images", "selected_parts", "particles", to: "current_nr_parts")
        scheme.define("CHECK_do_3d", "bool=ge", "current_nr_parts", "min_nr_parts_3d", to: "do_3d")
        scheme.define("IS_asking", "bool=set", "ask_before_3d", to: "asks")
        scheme.define("ASK_3d", "pause", "question", to: "go_3d")
        scheme.define("CHECK_iniref", "bool=file_exists", "iniref", to: "has_iniref")
        scheme.define("SET_myref_user", "string=set", "iniref", to: "myref")
        scheme.define("SET_myref_inimodel", "string=set", "inimodel_output", to: "myref")
    }

    private static let procJobs: [String: (type: String, values: [String: String])] = [
        "select_mics": ("relion.select", [
            "fn_mic": "$$ctffind_mics", "do_select_values": "Yes", "select_label": "rlnCtfMaxResolution", "select_maxval": "6",
        ]),
        "autopick": ("relion.autopick", [
            "fn_input_autopick": "Schemes/proc/select_mics/micrographs.star", "do_log": "$$do_log", "log_diam_min": "150",
            "log_diam_max": "180", "do_refs": "$$do_refs", "fn_refs_autopick": "$$templates",
        ]),
        "extract": ("relion.extract", [
            "star_mics": "Schemes/proc/select_mics/micrographs.star", "coords_suffix": "Schemes/proc/autopick/autopick.star",
            "extract_size": "256", "do_rescale": "Yes", "rescale": "64",
        ]),
        "class2d": ("relion.class2d", [
            "fn_img": "Schemes/proc/extract/particles.star", "nr_classes": "100", "do_em": "No", "do_grad": "Yes",
            "nr_iter_grad": "200", "particle_diameter": "200",
        ]),
        // At least one class: without any the job fails and the scheme with it, though the next micrographs may bring better ones.
        "select_parts": ("relion.select", [
            "fn_model": "Schemes/proc/class2d/run_it*_optimiser.star", "do_class_ranker": "Yes", "rank_threshold": "0.25",
            "select_nr_classes": "1",
        ]),
        "inimodel3d": ("relion.initialmodel", [
            "fn_img": "Schemes/proc/select_parts/particles.star", "nr_iter": "200", "nr_classes": "1", "particle_diameter": "200",
        ]),
        "refine3d": ("relion.refine3d", [
            "fn_img": "Schemes/proc/select_parts/particles.star", "fn_ref": "$$myref", "ini_high": "40", "particle_diameter": "200",
        ]),
    ]
}
