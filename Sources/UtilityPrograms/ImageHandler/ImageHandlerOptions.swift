import ArgumentParser
import ProgramKit

extension ImageHandlerProgram {
    struct GeneralOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "Image or map (.mrc), stack (.mrcs), one image of a stack (N@stack.mrcs) or STAR file of images.")
        var input: String
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Output image or stack. For a STAR file or stack as input, a name that does not end in .mrcs is inserted before the extension of every file. A name ending in .png makes a picture.")
        var output = ""
        @Flag(name: .customLong("float16"), help: "Write 16-bit floats (MRC mode 12) instead of 32-bit ones (mode 2).")
        var float16 = false
    }

    struct ConstantOptions: ParsableArguments {
        @Option(name: .customLong("multiply_constant"), parsing: .unconditional, help: "Multiply all pixels by this number. All operations that are given are done, in the order of this help.")
        var multiply = 1.0
        @Option(name: .customLong("divide_constant"), parsing: .unconditional, help: "Divide all pixels by this number.")
        var divide = 1.0
        @Option(name: .customLong("add_constant"), parsing: .unconditional, help: "Add this number to all pixels.")
        var add = 0.0
        @Option(name: .customLong("subtract_constant"), parsing: .unconditional, help: "Subtract this number from all pixels.")
        var subtract = 0.0
        @Option(name: .customLong("threshold_above"), parsing: .unconditional, help: "Larger pixels are set to this value, after all other operations; 999: no limit.")
        var above = 999.0
        @Option(name: .customLong("threshold_below"), parsing: .unconditional, help: "Smaller pixels are set to this value, after all other operations; -999: no limit.")
        var below = -999.0
    }

    struct ImageOptions: ParsableArguments {
        @Option(name: .customLong("multiply"), parsing: .unconditional, help: "Multiply by this image, pixel by pixel.")
        var multiply = ""
        @Option(name: .customLong("divide"), parsing: .unconditional, help: "Divide by this image; where it is zero the result is zero.")
        var divide = ""
        @Option(name: .customLong("add"), parsing: .unconditional, help: "Add this image.")
        var add = ""
        @Option(name: .customLong("subtract"), parsing: .unconditional, help: "Subtract this image.")
        var subtract = ""
        @Option(name: .customLong("fsc"), parsing: .unconditional, help: "Print the Fourier shell correlation with this image.")
        var fsc = ""
        @Flag(name: .customLong("power"), help: "Print the power spectrum, shell by shell.")
        var power = false
        @Flag(name: .customLong("guinier"), help: "Print the B-factor from a straight line through the Guinier plot.")
        var guinier = false
        @Option(name: .customLong("guinier_minres"), parsing: .unconditional, help: "Coarsest resolution of the Guinier fit (in Å).")
        var guinierCoarsest = 10.0
        @Option(name: .customLong("guinier_maxres"), parsing: .unconditional, help: "Finest resolution of the Guinier fit (in Å).")
        var guinierFinest = 0.01
        @Option(name: .customLong("adjust_power"), parsing: .unconditional, help: "Give each resolution shell the mean amplitude that this image has there.")
        var adjustPower = ""
        @Option(name: .customLong("fourier_filter"), parsing: .unconditional, help: "Multiply the transform by this image, zero frequency at its centre; it turns with rlnAnglePsi of a STAR file.")
        var fourierFilter = ""
    }

    struct SubtractionOptions: ParsableArguments {
        @Flag(name: .customLong("optimise_scale_subtract"), help: "Fit a scale to the image of --subtract first.")
        var optimisesScale = false
        @Option(name: .customLong("optimise_bfactor_subtract"), parsing: .unconditional, help: "Search a relative B-factor within plus and minus this (in Å²), in steps of 10.")
        var bFactorRange = 0.0
        @Option(name: .customLong("mask_optimise_subtract"), parsing: .unconditional, help: "Mask of the voxels that count for the fit.")
        var mask = ""
    }

    struct PerImageOptions: ParsableArguments {
        @Flag(name: .customLong("stats"), help: "Print size, mean, standard deviation, extremes and pixel size.")
        var statistics = false
        @Flag(name: .customLong("com"), help: "Print the centre of mass of the positive pixels.")
        var centreOfMass = false
        @Option(name: .customLong("bfactor"), parsing: .unconditional, help: "B-factor to apply (in Å²); a negative one sharpens.")
        var bFactor = 0.0
        @Option(name: .customLong("lowpass"), parsing: .unconditional, help: "Low-pass filter at this resolution (in Å).")
        var lowPass = -1.0
        @Option(name: .customLong("highpass"), parsing: .unconditional, help: "High-pass filter at this resolution (in Å).")
        var highPass = -1.0
        @Option(name: .customLong("directional"), parsing: .unconditional, help: "X, Y or Z: the low-pass filter acts along this axis only.")
        var directional = ""
        @Option(name: .customLong("LoG"), parsing: .unconditional, help: "Laplacian-of-Gaussian filter for discs of this diameter (in Å).")
        var laplacian = -1.0
        @Option(name: .customLong("angpix"), parsing: .unconditional, help: "Pixel size of the input (in Å); -1: from its header.")
        var pixelSize = -1.0
        @Option(name: .customLong("rescale_angpix"), parsing: .unconditional, help: "Resample to this pixel size (in Å); the box is made even.")
        var newPixelSize = -1.0
        @Option(name: .customLong("force_header_angpix"), parsing: .unconditional, help: "Pixel size to write into the header (in Å), without resampling.")
        var headerPixelSize = -1.0
        @Option(name: .customLong("new_box"), parsing: .unconditional, help: "Crop or pad to this box (in pixels), after resampling.")
        var newBox = -1
        @Option(name: .customLong("filter_edge_width"), parsing: .unconditional, help: "Width of the filters' soft edge (in resolution shells).")
        var edgeWidth = 2
        @Flag(name: .customLong("flipX"), help: "Mirror in x: the last column becomes the first.")
        var flipX = false
        @Flag(name: .customLong("flipY"), help: "Mirror in y.")
        var flipY = false
        @Flag(name: .customLong("flipZ"), help: "Mirror a map in z.")
        var flipZ = false
        @Flag(name: .customLong("invert_hand"), help: "Mirror in x about the box centre, which keeps symmetry axes in place.")
        var invertHand = false
        @Flag(name: .customLong("shift_com"), help: "Move the centre of mass of the positive pixels to the box centre.")
        var shiftToCentreOfMass = false
        @Option(name: .customLong("shift_x"), parsing: .unconditional, help: "Move the content in x (in pixels).")
        var shiftX = 0.0
        @Option(name: .customLong("shift_y"), parsing: .unconditional, help: "Move the content in y (in pixels).")
        var shiftY = 0.0
        @Option(name: .customLong("shift_z"), parsing: .unconditional, help: "Move the content in z (in pixels).")
        var shiftZ = 0.0
        @Flag(name: .customLong("avg_ampl"), help: "Write the mean amplitude spectrum of all images.")
        var averageAmplitude = false
        @Flag(name: .customLong("avg_ampl2"), help: "Write the mean power spectrum of all images.")
        var averagePower = false
        @Flag(name: .customLong("avg_ampl2_ali"), help: "Write the mean power spectrum of all images after in-plane alignment by their angles and origins.")
        var averageAlignedPower = false
        @Flag(name: .customLong("average"), help: "Write the mean of all images, not aligned.")
        var average = false
        @Option(name: .customLong("correct_avg_ampl"), parsing: .unconditional, help: "Divide the transforms by this spectrum (from --avg_ampl) relative to its radial mean.")
        var correctAmplitude = ""
        @Option(name: .customLong("minr_ampl_corr"), parsing: .unconditional, help: "Frequencies up to this radius (in Fourier pixels) stay as they are in --correct_avg_ampl.")
        var minimumShell = 0
        @Flag(name: .customLong("remove_nan"), help: "Replace pixels that are no numbers or infinite.")
        var removesNonFinite = false
        @Option(name: .customLong("replace_nan"), parsing: .unconditional, help: "Value that --remove_nan puts in.")
        var replacement = 0.0
        @Option(name: .customLong("phase_randomise"), parsing: .unconditional, help: "Randomise the phases beyond this resolution (in Å).")
        var randomiseBeyond = -1.0
    }

    struct MapOptions: ParsableArguments {
        @Option(name: .customLong("sym"), parsing: .unconditional, help: "Average a map over this point group (such as D6).")
        var symmetry = ""
    }

    struct MicrographOptions: ParsableArguments {
        @Flag(name: .customLong("flipXY"), help: "Exchange rows and columns.")
        var flipXY = false
        @Flag(name: .customLong("flipmXY"), help: "Exchange rows and columns, both counted from their ends.")
        var flipMXY = false
        @Flag(name: .customLong("add_edge"), help: "Repeat the outermost columns and rows given below out to the border.")
        var addEdge = false
        @Option(name: .customLong("edge_x0"), parsing: .unconditional, help: "First column with data.")
        var edgeX0 = 0
        @Option(name: .customLong("edge_y0"), parsing: .unconditional, help: "First row with data.")
        var edgeY0 = 0
        @Option(name: .customLong("edge_xF"), parsing: .unconditional, help: "Last column with data.")
        var edgeXF = 4095
        @Option(name: .customLong("edge_yF"), parsing: .unconditional, help: "Last row with data.")
        var edgeYF = 4095
    }

    struct MovieOptions: ParsableArguments {
        @Option(name: .customLong("avg_bin"), parsing: .unconditional, help: "Sum every so many frames of a movie.")
        var bin = -1
        @Option(name: .customLong("avg_first"), parsing: .unconditional, help: "First frame to sum, counted from 1.")
        var first = -1
        @Option(name: .customLong("avg_last"), parsing: .unconditional, help: "Last frame to sum.")
        var last = -1
        @Flag(name: .customLong("average_all_movie_frames"), help: "Mean of all frames of all movies (rlnMicrographMovieName) of the STAR file.")
        var averageAll = false
    }

    struct PictureOptions: ParsableArguments {
        @Option(name: .customLong("black"), parsing: .unconditional, help: "Pixel value of black; with --white equal, the extremes are used.")
        var black = 0.0
        @Option(name: .customLong("white"), parsing: .unconditional, help: "Pixel value of white.")
        var white = 0.0
        @Option(name: .customLong("sigma_contrast"), parsing: .unconditional, help: "Black and white are this many standard deviations from the mean; 0: not used.")
        var sigma = 0.0
        @Flag(name: .customLong("colour_fire"), help: "Black, grey, white, red.")
        var fire = false
        @Flag(name: .customLong("colour_ice"), help: "Blue, black, grey, white.")
        var ice = false
        @Flag(name: .customLong("colour_fire-n-ice"), help: "Blue, grey, red.")
        var fireAndIce = false
        @Flag(name: .customLong("colour_rainbow"), help: "Blue, cyan, green, yellow, red.")
        var rainbow = false
        @Flag(name: .customLong("colour_difference"), help: "Cyan, blue, black, red, yellow; for difference images.")
        var difference = false
    }
}
