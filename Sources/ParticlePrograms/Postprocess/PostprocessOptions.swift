import ArgumentParser
import Postprocessing

extension PostprocessProgram {
    struct GeneralOptions: ParsableArguments {
        @Option(
            name: .customLong("i"), parsing: .unconditional,
            help: "Map of the first half, unfiltered (run_half1_class001_unfil.mrc).")
        var firstHalf = ""

        @Option(
            name: .customLong("i2"), parsing: .unconditional,
            help: "Map of the second half; by default --i with half2 for half1 (or half1 for half2).")
        var secondHalf = ""

        @Option(
            name: .customLong("ios"), parsing: .unconditional,
            help: "Optimisation set of a tomography project: names the half maps where --i does not; an updated one is written.")
        var optimisationSet = ""

        @Option(name: .customLong("o"), parsing: .unconditional, help: "What the names of all output files begin with.")
        var output = "postprocess"

        @Option(
            name: .customLong("angpix"), parsing: .unconditional,
            help: "Calibrated pixel size in Å; -1: that of the maps' headers.")
        var pixelSize = -1.0

        @Flag(name: .customLong("half_maps"), help: "Write both half maps too, treated like their average.")
        var writesHalfMaps = false

        @Option(
            name: .customLong("mtf_angpix"), parsing: .unconditional,
            help: "Pixel size in Å of the detector's images, to which --mtf refers; -1: that of the maps.")
        var detectorPixelSize = -1.0

        @Option(
            name: .customLong("molweight"), parsing: .unconditional,
            help: "Mass in kDa of the ordered part, for the correlation of the particle without solvent; -1: not computed.")
        var molecularWeight = -1.0
    }

    struct MaskingOptions: ParsableArguments {
        @Flag(name: .customLong("auto_mask"), help: "Make a mask from the average of the halves, filtered to 15 Å; it is written as …_automask.mrc.")
        var makesMask = false

        @Option(name: .customLong("inimask_threshold"), parsing: .unconditional, help: "Density above which --auto_mask takes voxels.")
        var threshold = 0.02

        @Option(name: .customLong("extend_inimask"), parsing: .unconditional, help: "Pixels by which --auto_mask is widened.")
        var extend = 3.0

        @Option(
            name: .customLong("width_mask_edge"), parsing: .unconditional,
            help: "Width in pixels of the soft edge of --auto_mask.")
        var edgeWidth = 6.0

        @Option(
            name: .customLong("mask"), parsing: .unconditional,
            help: "Mask: 1 in the particle, 0 in the solvent, with a soft edge; the size of the maps.")
        var mask = ""

        @Flag(name: .customLong("force_mask"), help: "Use the mask even where it makes the resolution worse.")
        var isForced = false
    }

    struct SharpeningOptions: ParsableArguments {
        @Option(
            name: .customLong("mtf"), parsing: .unconditional,
            help: "STAR file with the detector's modulation transfer function, by which the map is divided.")
        var transferFile = ""

        @Flag(name: .customLong("auto_bfac"), help: "Find the B-factor from the Guinier plot (Rosenthal & Henderson 2003).")
        var fitsBFactor = false

        @Option(
            name: .customLong("autob_lowres"), parsing: .unconditional,
            help: "Lowest resolution in Å that the B-factor is fitted to.")
        var lowestResolution = 10.0

        @Option(
            name: .customLong("autob_highres"), parsing: .unconditional,
            help: "Highest resolution in Å that the B-factor is fitted to; 0: Nyquist.")
        var highestResolution = 0.0

        @Option(
            name: .customLong("adhoc_bfac"), parsing: .unconditional,
            help: "B-factor in Å² to apply; negative values sharpen, 0: none.")
        var bFactor = 0.0
    }

    struct FilteringOptions: ParsableArguments {
        @Flag(name: .customLong("skip_fsc_weighting"), help: "Do not weight the map by the correlation of its halves.")
        var skipsWeighting = false

        @Option(
            name: .customLong("low_pass"), parsing: .unconditional,
            help: "Resolution in Å to filter the final map to; 0: no filter, negative: the resolution found.")
        var lowPass = 0.0
    }

    struct LocalResolutionOptions: ParsableArguments {
        @Flag(name: .customLong("locres"), help: "Estimate local resolution instead.")
        var isWanted = false

        @Option(
            name: .customLong("locres_sampling"), parsing: .unconditional, help: "Distance in Å between points of estimation.")
        var sampling = 25.0

        @Option(
            name: .customLong("locres_maskrad"), parsing: .unconditional,
            help: "Radius in Å of the sphere around each point; -1: half of --locres_sampling.")
        var maskRadius = -1.0

        @Option(
            name: .customLong("locres_edgwidth"), parsing: .unconditional,
            help: "Width in Å of the sphere's soft edge; -1: --locres_sampling.")
        var edgeWidth = -1.0

        @Option(
            name: .customLong("locres_randomize_at"), parsing: .unconditional,
            help: "Resolution in Å beyond which phases are random in the control.")
        var randomisedFrom = 25.0

        @Option(
            name: .customLong("locres_minres"), parsing: .unconditional, help: "Lowest local resolution in Å that is reported.")
        var lowestResolution = 50.0

        var settings: LocalResolutionSettings {
            var settings = LocalResolutionSettings()
            settings.sampling = sampling
            settings.maskRadius = maskRadius < 0 ? 0.5 * sampling : maskRadius
            settings.maskEdgeWidth = edgeWidth < 0 ? sampling : edgeWidth
            settings.randomisedFrom = randomisedFrom
            settings.lowestResolution = lowestResolution
            return settings
        }
    }

    struct ExpertOptions: ParsableArguments {
        @Flag(
            name: .customLong("ampl_corr"),
            help: "Also correlate amplitudes, and measure phase residuals; amplitudes are evened out over directions first.")
        var correlatesAmplitudes = false

        @Option(
            name: .customLong("randomize_at_fsc"), parsing: .unconditional,
            help: "Phases are random from where the correlation without mask falls below this.")
        var randomisedBelow = 0.8

        @Option(
            name: .customLong("randomize_at_A"), parsing: .unconditional,
            help: "Resolution in Å from which phases are random instead, when positive.")
        var randomisedFrom = -1.0

        @Option(
            name: .customLong("filter_edge_width"), parsing: .unconditional,
            help: "Width of the low-pass filter's edge, in shells.")
        var filterEdgeWidth = 2

        @Flag(
            name: .customLong("interpolate"),
            help: "Also print the resolution interpolated between shells.")
        var interpolates = false

        @Option(name: .customLong("verb"), parsing: .unconditional, help: "0: print warnings only.")
        var verbosity = 1

        @Option(
            name: .customLong("random_seed"), parsing: .unconditional,
            help: "Seed of the random phases; negative: another one each time.")
        var seed = 0
    }
}
