import ArgumentParser

extension StarHandlerProgram {
    struct GeneralOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional,
                help: "STAR file to work on; for --combine several names or patterns, within quotes and with blanks between them.")
        var input: String
        @Option(name: .customLong("o"), parsing: .unconditional, help: "STAR file to write.")
        var output = "out.star"
        @Flag(name: .customLong("ignore_optics"), help: "Take the file as one plain table without optics groups.")
        var ignoreOptics = false
        @Option(name: .customLong("angpix"), parsing: .unconditional, help: "Pixel size (in Å) of the images where optics groups are ignored.")
        var pixelSize = 1.0
        @Option(name: .customLong("i_tablename"), parsing: .unconditional,
                help: "Table to read where optics groups are ignored or missing; empty: the first.")
        var tableName = ""
    }

    struct CompareOptions: ParsableArguments {
        @Option(name: .customLong("compare"), parsing: .unconditional, help: "Second STAR file: write the rows that are in both files and in one only.")
        var file = ""
        @Option(name: .customLong("label1"), parsing: .unconditional, help: "Column that is compared: text, or numbers within --max_dist.")
        var label1 = ""
        @Option(name: .customLong("label2"), parsing: .unconditional, help: "Second coordinate, for distances in a plane.")
        var label2 = ""
        @Option(name: .customLong("label3"), parsing: .unconditional, help: "Third coordinate, for distances in space.")
        var label3 = ""
        @Option(name: .customLong("max_dist"), parsing: .unconditional, help: "Largest distance (in the column's unit) between matching rows.")
        var maximalDistance = 0.0
    }

    struct SelectOptions: ParsableArguments {
        @Option(name: .customLong("select"), parsing: .unconditional, help: "Numeric column by which rows are kept, e.g. rlnCtfMaxResolution.")
        var label = ""
        @Option(name: .customLong("minval"), parsing: .unconditional, help: "Smallest value that is kept (in the column's unit).")
        var minimum = -99999999.0
        @Option(name: .customLong("maxval"), parsing: .unconditional, help: "Largest value that is kept (in the column's unit).")
        var maximum = 99999999.0
        @Option(name: .customLong("select_by_str"), parsing: .unconditional, help: "Text column by which rows are kept, e.g. rlnMicrographName.")
        var textLabel = ""
        @Option(name: .customLong("select_include"), parsing: .unconditional, help: "Keep rows whose text has this in it.")
        var include = ""
        @Option(name: .customLong("select_exclude"), parsing: .unconditional, help: "Keep rows whose text does not have this in it.")
        var exclude = ""
    }

    struct DiscardOptions: ParsableArguments {
        @Flag(name: .customLong("discard_on_stats"),
              help: "Drop rows whose image has a mean or standard deviation far from that of the others.")
        var isWanted = false
        @Option(name: .customLong("discard_label"), parsing: .unconditional, help: "Column with the images' names.")
        var label = "rlnImageName"
        @Option(name: .customLong("discard_sigma"), parsing: .unconditional, help: "What is far: this many standard deviations over all images.")
        var sigma = 4.0
    }

    struct CombineOptions: ParsableArguments {
        @Flag(name: .customLong("combine"), help: "Join all files of --i, row after row.")
        var isWanted = false
        @Flag(name: .customLong("combine_picks"), help: "Join picks: the files of --i list coordinate files of micrographs.")
        var picks = false
        @Option(name: .customLong("check_duplicates"), parsing: .unconditional, help: "Warn of equal text in this column, e.g. rlnImageName.")
        var duplicatesLabel = ""
    }

    struct SplitOptions: ParsableArguments {
        @Flag(name: .customLong("split"), help: "Write the rows into several files, <output>_split1.star and so on.")
        var isWanted = false
        @Flag(name: .customLong("random_order"), help: "Shuffle the rows before.")
        var randomOrder = false
        @Option(name: .customLong("random_seed"), parsing: .unconditional, help: "Seed of --random_order; negative: from the clock.")
        var seed = -1
        @Option(name: .customLong("nr_split"), parsing: .unconditional, help: "Number of files of equal size.")
        var count = -1
        @Option(name: .customLong("size_split"), parsing: .unconditional, help: "Rows in each file.")
        var size = -1
    }

    struct OperateOptions: ParsableArguments {
        @Option(name: .customLong("operate"), parsing: .unconditional, help: "Column to change with --set_to, --multiply_by and --add_to.")
        var label = ""
        @Option(name: .customLong("operate2"), parsing: .unconditional, help: "Second column to change.")
        var label2 = ""
        @Option(name: .customLong("operate3"), parsing: .unconditional, help: "Third column to change.")
        var label3 = ""
        @Option(name: .customLong("set_to"), parsing: .unconditional, help: "Value for all rows.")
        var value = ""
        @Option(name: .customLong("multiply_by"), parsing: .unconditional, help: "Factor.")
        var factor = 1.0
        @Option(name: .customLong("add_to"), parsing: .unconditional, help: "Number that is added after multiplication.")
        var addend = 0.0
    }

    struct CenterOptions: ParsableArguments {
        @Flag(name: .customLong("center"), help: "Change the origins so that a point of the reference comes into the centre.")
        var isWanted = false
        @Option(name: .customLong("center_X"), parsing: .unconditional, help: "The point's x from the box's centre (in pixels).")
        var x = 0.0
        @Option(name: .customLong("center_Y"), parsing: .unconditional, help: "The point's y (in pixels).")
        var y = 0.0
        @Option(name: .customLong("center_Z"), parsing: .unconditional, help: "The point's z (in pixels).")
        var z = 0.0
    }

    struct ColumnOptions: ParsableArguments {
        @Option(name: .customLong("remove_column"), parsing: .unconditional, help: "Column to drop.")
        var removed = ""
        @Option(name: .customLong("add_column"), parsing: .unconditional, help: "Column to add (or replace).")
        var added = ""
        @Option(name: .customLong("add_column_value"), parsing: .unconditional, help: "Value of the added column in all rows.")
        var value = ""
        @Option(name: .customLong("copy_column_from"), parsing: .unconditional, help: "Column whose values the added one gets.")
        var source = ""
        @Option(name: .customLong("hist_column"), parsing: .unconditional, help: "Print and plot the histogram of this column.")
        var histogram = ""
        @Flag(name: .customLong("in_percent"), help: "Histogram in percent of the rows.")
        var inPercent = false
        @Flag(name: .customLong("show_cumulative"), help: "Histogram of all rows up to each bin, in percent.")
        var isCumulative = false
        @Option(name: .customLong("hist_bins"), parsing: .unconditional, help: "Number of bins; negative: from the values' spread (Freedman and Diaconis).")
        var bins = -1
        @Option(name: .customLong("hist_min"), parsing: .unconditional, help: "Lower edge of the histogram (with --hist_bins).")
        var minimum = -Double.infinity
        @Option(name: .customLong("hist_max"), parsing: .unconditional, help: "Upper edge of the histogram (with --hist_bins).")
        var maximum = Double.infinity
    }

    struct DuplicateOptions: ParsableArguments {
        @Option(name: .customLong("remove_duplicates"), parsing: .unconditional,
                help: "Drop all but the last of particles of one micrograph within this distance (in Å); negative: keep all.")
        var distance = -1.0
        @Option(name: .customLong("image_angpix"), parsing: .unconditional,
                help: "Pixel size (in Å) of the micrographs in which coordinates are given; negative: that of the particles.")
        var pixelSize = -1.0
    }
}
