import ArgumentParser
import Arrays
import Foundation
import ImageFormats
import Plotting
import ProgramKit
import Reporting
import StarFormat

/// Class averages or particles side by side in one picture. New in this suite.
struct StackPictureProgram: RelionProgram {
    static let programName = "relion_stack_picture"
    static let summary = "Draw the images of a stack side by side into a PNG file, best classes first."

    struct InputOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional,
                help: "Stack of images (.mrcs), or the model of a 2D classification (_model.star), whose classes are sorted and labelled.")
        var input = ""
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Output picture (.png).")
        var output = "stack.png"
        @Option(name: .customLong("max_images"), parsing: .unconditional, help: "Draw at most so many images.")
        var maximum = 50
        @Option(name: .customLong("columns"), parsing: .unconditional, help: "Images side by side.")
        var columns = 10
        @Option(name: .customLong("sigma_contrast"), parsing: .unconditional, help: "Standard deviations from the mean that are black and white.")
        var sigma = 3.0
        @Option(name: .customLong("image_width"), parsing: .unconditional, help: "Width of one image in the picture (in pixels).")
        var width = 120
        @Option(name: .customLong("bin"), parsing: .unconditional, help: "Average blocks of this many pixels first, to show noisy particles; 1: none.")
        var binning = 1
    }

    @OptionGroup(title: "Input and output") var io: InputOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        check.require((1...1000).contains(io.maximum), "--max_images", found: "\(io.maximum)", expected: "from 1 to 1000")
        check.require((1...100).contains(io.columns), "--columns", found: "\(io.columns)", expected: "from 1 to 100")
        check.require(io.sigma > 0, "--sigma_contrast", found: "\(io.sigma)", expected: "a number above 0")
        check.require((16...1024).contains(io.width), "--image_width", found: "\(io.width)", expected: "from 16 to 1024")
        check.require((1...64).contains(io.binning), "--bin", found: "\(io.binning)", expected: "from 1 to 64")
        check.output(io.output, option: "--o")
        check.require(!io.input.isEmpty, "--i", found: "is not given", expected: "a stack or a model")
        try check.finish()
        let entries = check.attempt { try self.entries() }
        try check.finish()
        guard let entries, !context.isDryRun else { return }
        guard !entries.isEmpty else { throw InputError(place: "--i \(io.input)", found: "no images to draw") }
        let columns = min(io.columns, entries.count), rows = (entries.count + columns - 1) / columns
        let hasCaptions = entries.contains { !$0.caption.isEmpty }
        // In points, two pixels each at 144 dots an inch: the page's margins, the gaps between images, a line below each.
        let (margins, gap, line) = (44.0, 5.0, hasCaptions ? 13.4 : 0)
        let cell = Double(io.width) / 2
        let size = PageSize(width: margins + (cell + gap) * Double(columns) - gap, height: margins + (cell + line + gap) * Double(rows) - gap + 0.5)
        let grid = ImageGrid(entries: entries, columns: columns)
        try Figure(pages: [Page([.images(grid)])], size: size).write(png: io.output, dotsPerInch: 144)
        context.reporter.info("Written: \(io.output), \(entries.count) images")
    }

    private func entries() throws -> [ImageGrid.Entry] {
        if io.input.hasSuffix(".star") { return try classEntries() }
        let stack = try StackReader(path: io.input)
        return try (0..<min(io.maximum, stack.count)).map { ImageGrid.Entry(grey(try stack.image($0))) }
    }

    /// Classes by their numbers of particles, largest first, with percentage and resolution.
    private func classEntries() throws -> [ImageGrid.Entry] {
        let table = try StarDocument(contentsOf: io.input).table("model_classes")
        let names = try table.strings("rlnReferenceImage")
        let fractions = try table.doubles("rlnClassDistribution"), resolutions = try table.doubles("rlnEstimatedResolution")
        // Classes that died out are left out.
        let order = names.indices.filter { fractions[$0] > Self.smallestFraction }.sorted { fractions[$0] > fractions[$1] }.prefix(io.maximum)
        return try order.map { i in
            let image = try ImageFile.read(names[i]).image
            return ImageGrid.Entry(grey(image), caption: [String(format: "%.1f %%  %.0f Å", 100 * fractions[i], resolutions[i])])
        }
    }

    private static let smallestFraction = 1e-4

    private func grey(_ image: RealArray) -> GreyImage {
        guard io.binning > 1 else { return GreyImage(image, contrast: .sigma(io.sigma)) }
        let b = io.binning
        var small = RealArray(shape: Shape(x: image.shape.x / b, y: image.shape.y / b))
        for y in 0..<small.shape.y {
            for x in 0..<small.shape.x {
                var sum: Float = 0
                for j in 0..<b { for i in 0..<b { sum += image[x * b + i, y * b + j] } }
                small[x, y] = sum
            }
        }
        return GreyImage(small, contrast: .sigma(io.sigma))
    }
}
