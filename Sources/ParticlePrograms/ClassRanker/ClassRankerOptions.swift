import ArgumentParser

extension ClassRankerProgram {
    struct GeneralOptions: ParsableArguments {
        @Option(name: .customLong("opt"), parsing: .unconditional, help: "Optimiser of a 2D classification (run_it025_optimiser.star).")
        var optimiser = ""
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Folder for the output files.")
        var output = "./"
        @Option(name: .customLong("ext"), parsing: .unconditional, help: "Has no effect; --fn_root gives the names.")
        var ending = "ranked"
        @Flag(name: .customLong("auto_select"), help: "Select the classes whose score is in range, and write their particles.")
        var selects = false
        @Option(name: .customLong("min_score"), parsing: .unconditional, help: "Lowest score that is selected.")
        var minimum = 0.5
        @Option(name: .customLong("max_score"), parsing: .unconditional, help: "Highest score that is selected.")
        var maximum = 999.0
        @Option(name: .customLong("select_min_nr_particles"), parsing: .unconditional,
                help: "Go on down the ranking until this many particles are selected; negative: by score only.")
        var smallestParticleCount = -1
        @Option(name: .customLong("select_min_nr_classes"), parsing: .unconditional,
                help: "Go on down the ranking until this many classes are selected; negative: by score only.")
        var smallestClassCount = -1
        @Flag(name: .customLong("relative_thresholds"), help: "Take --min_score and --max_score as fractions of the best score.")
        var isRelative = false
        @Option(name: .customLong("fn_sel_parts"), parsing: .unconditional, help: "Name of the file of selected particles, in the folder.")
        var particles = "particles.star"
        @Option(name: .customLong("fn_sel_classavgs"), parsing: .unconditional, help: "Name of the file of selected class averages, in the folder.")
        var averages = "class_averages.star"
        @Option(name: .customLong("fn_root"), parsing: .unconditional, help: "Root of the names of the optimiser, model and data files.")
        var root = "rank"
    }

    struct TrainingOptions: ParsableArguments {
        @Flag(name: .customLong("train"), help: "Only write the features of the classes; rank and select none.")
        var onlyFeatures = false
        @Option(name: .customLong("select"), parsing: .unconditional,
                help: "With --train: file of a selection whose marks go into the features; left out where it does not exist.")
        var selection = "backup_selection.star"
        @Option(name: .customLong("fn_score"), parsing: .unconditional, help: "With --train: file with a person's score of the whole job; another than the default is refused.")
        var jobScore = "job_score.txt"
        @Option(name: .customLong("cf_file"), parsing: .unconditional, help: "Features of an earlier run; their accuracies are taken with --skip_angular_errors.")
        var features = ""
        @Option(name: .customLong("only_class_nr"), parsing: .unconditional, help: "Number of the only class to look at; negative: all.")
        var onlyClass = -1
        @Flag(name: .customLong("skip_angular_errors"), help: "Take accuracies from --cf_file instead of the model. The score does not use them.")
        var skipsAccuracies = false
        @Flag(name: .customLong("do_granularity_features"), help: "Also measure texture (entropies and local binary patterns). The score does not use them.")
        var measuresGranularity = false
        @Flag(name: .customLong("save_masks"), help: "Write pictures of each class, smoothed, and of the regions found in it.")
        var savesMasks = false
        @Flag(name: .customLong("save_mask_c"), help: "Write pictures of the outlines of the density.")
        var savesOutlines = false
        @Option(name: .customLong("mask_folder_name"), parsing: .unconditional, help: "Folder of these pictures, in the output folder.")
        var maskFolder = "protein_solvent_masks"
    }

    struct SubimageOptions: ParsableArguments {
        @Flag(name: .customLong("extract_subimages"), help: "Not available: input of the network.")
        var extracts = false
        @Option(name: .customLong("nr_subimages"), parsing: .unconditional, help: "Number of subimages for the network.")
        var count = 25
        @Option(name: .customLong("subimage_boxsize"), parsing: .unconditional, help: "Size of subimages for the network (in pixels).")
        var box = 24
        @Flag(name: .customLong("only_do_subimages"), help: "Not available: input of the network.")
        var only = false
    }

    struct ExpertOptions: ParsableArguments {
        @Option(name: .customLong("radius_ratio"), parsing: .unconditional, help: "Inner radius of the ring at the mask's border, over that of the mask.")
        var ringStart = 0.95
        @Option(name: .customLong("radius"), parsing: .unconditional, help: "The same radius (in pixels of 4 A); negative: by the ratio.")
        var ringStartInPixels = -1.0
        @Option(name: .customLong("lowpass"), parsing: .unconditional, help: "Averages are smoothed to this (in A) before their density is found.")
        var smoothing = 25.0
        @Option(name: .customLong("binary_threshold"), parsing: .unconditional, help: "What is density in the smoothed average; 0: found from the histogram.")
        var threshold = 0.0
        @Option(name: .customLong("debug"), parsing: .unconditional, help: "1 prints the terms of each class's score.")
        var debug = 0
        @Option(name: .customLong("verb"), parsing: .unconditional, help: "0 prints no log.")
        var verbosity = 1
        @Option(name: .customLong("fn_features"), parsing: .unconditional, help: "Name of the file of features (--train).")
        var featureFile = "features.star"
        @Flag(name: .customLong("write_normalized_features"), help: "With --train: also write the terms of the score, standardised.")
        var writesNormalised = false
    }
}
