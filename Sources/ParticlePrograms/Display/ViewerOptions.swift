import ArgumentParser

/// How `relion_display` shows what it is given; the page can change all of it.
struct ViewerOptions: ParsableArguments {
    @Option(name: .customLong("display"), parsing: .unconditional, help: "Label of the column with the images.")
    var imageLabel = "rlnImageName"
    @Option(name: .customLong("text_label"), parsing: .unconditional, help: "Label of the text below each image.")
    var textLabel = ""
    @Option(name: .customLong("table"), parsing: .unconditional, help: "Table of the STAR file; without, the largest.")
    var table = ""
    @Option(name: .customLong("scale"), parsing: .unconditional, help: "Size of the images relative to their pixels.")
    var scale = 1.0
    @Option(name: .customLong("black"), parsing: .unconditional, help: "Value shown black; 0 as well as --white: found from the image.")
    var black = 0.0
    @Option(name: .customLong("white"), parsing: .unconditional, help: "Value shown white.")
    var white = 0.0
    @Option(name: .customLong("sigma_contrast"), parsing: .unconditional, help: "Contrast in standard deviations about the mean; 0: from smallest to largest value.")
    var sigma = 0.0
    @Option(name: .customLong("col"), parsing: .unconditional, help: "Images in a row.")
    var columns = 5
    @Option(name: .customLong("sort"), parsing: .unconditional, help: "Label to sort by.")
    var sortLabel = ""
    @Flag(name: .customLong("reverse"), help: "Sort downwards.")
    var isReversed = false
    @Flag(name: .customLong("class"), help: "Show the classes of an optimiser or model file.")
    var showsClasses = false
    @Option(name: .customLong("lowpass"), parsing: .unconditional, help: "Low-pass filter in Å; 0: none.")
    var lowPass = 0.0
    @Option(name: .customLong("highpass"), parsing: .unconditional, help: "High-pass filter in Å; 0: none.")
    var highPass = 0.0
    @Flag(name: .customLong("read_whole_stack"), help: "Has no effect on what is shown: images are read as they come into view.")
    var readsWholeStacks = false
}
