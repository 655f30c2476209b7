import ArgumentParser
import Arrays
import Foundation
import Fourier
import Geometry
import ImageFormats
import Plotting
import ProgramKit
import Reporting

/// Pictures of a map for reports and web pages. New in this suite.
struct MapPictureProgram: RelionProgram {
    static let programName = "relion_map_picture"
    static let summary = "Draw a map as a lit surface, as central slices or as projections, into a PNG file."

    enum Style: String, ExpressibleByArgument, CaseIterable { case surface, slices, projections }

    struct InputOptions: ParsableArguments {
        @Option(name: .customLong("i"), parsing: .unconditional, help: "Map to be drawn (.mrc), a cube.")
        var input = ""
        @Option(name: .customLong("o"), parsing: .unconditional, help: "Output picture (.png).")
        var output = "map.png"
        @Option(name: .customLong("mask"), parsing: .unconditional, help: "Mask by which the map is multiplied first.")
        var mask = ""
        @Option(name: .customLong("style"), parsing: .unconditional, help: "surface, slices (central, across z, y and x) or projections (along z, y and x).")
        var style = Style.surface
        @Option(name: .customLong("pixels"), parsing: .unconditional, help: "Height of the picture (in pixels); each view is as wide.")
        var pixels = 500
    }

    struct SurfaceOptions: ParsableArguments {
        @Option(name: .customLong("level"), parsing: .unconditional, help: "Density of the surface; overrides --mass. Without both it is chosen from the map.")
        var level: Double?
        @Option(name: .customLong("mass"), parsing: .unconditional, help: "Mass that the surface should enclose (in kDa).")
        var mass = 0.0
        @Option(name: .customLong("views"), parsing: .unconditional,
                help: "Number of views side by side: the one of --rot, --tilt and --psi, then turned by 90 degrees about the vertical, then from above.")
        var views = 3
        @Option(name: .customLong("rot"), parsing: .unconditional, help: "First Euler angle of the first view (in degrees).")
        var rot = 0.0
        @Option(name: .customLong("tilt"), parsing: .unconditional, help: "Second Euler angle of the first view (in degrees).")
        var tilt = 0.0
        @Option(name: .customLong("psi"), parsing: .unconditional, help: "Third Euler angle of the first view (in degrees).")
        var psi = 0.0
        @Option(name: .customLong("colour"), parsing: .unconditional, help: "'radius', 'height' or a colour in hexadecimal, such as 5BA4CF.")
        var colour = "radius"
        @Option(name: .customLong("background"), parsing: .unconditional, help: "Background colour in hexadecimal.")
        var background = "FFFFFF"
        @Option(name: .customLong("zoom"), parsing: .unconditional, help: "Magnification; 0 fits the surface into the picture.")
        var zoom = 0.0
    }

    @OptionGroup(title: "Input and output") var io: InputOptions
    @OptionGroup(title: "Surface") var surface: SurfaceOptions
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        check.require((16...8192).contains(io.pixels), "--pixels", found: "\(io.pixels)", expected: "from 16 to 8192")
        check.require((1...3).contains(surface.views), "--views", found: "\(surface.views)", expected: "1, 2 or 3")
        check.require(surface.mass >= 0, "--mass", found: "\(surface.mass)", expected: "a mass in kDa above 0")
        check.require(surface.zoom >= 0, "--zoom", found: "\(surface.zoom)", expected: "0 or more")
        let colouring = check.attempt { try self.colouring() }
        let background = check.attempt { try Self.colour(surface.background, option: "--background") }
        check.output(io.output, option: "--o")
        check.require(!io.input.isEmpty, "--i", found: "is not given", expected: "a map")
        let map = io.input.isEmpty ? nil : check.attempt { try readMap() }
        try check.finish()
        guard let colouring, let background, let map, !context.isDryRun else { return }
        switch io.style {
        case .surface: try drawSurface(map, colouring, background, context)
        case .slices: try drawGrey(Self.centralSlices(of: map.volume))
        case .projections: try drawGrey(Self.projections(of: map.volume))
        }
        context.reporter.info("Written: \(io.output)")
    }

    private func readMap() throws -> (volume: RealArray, header: ImageHeader) {
        var (volume, header) = try ImageFile.readVolume(io.input)
        guard volume.shape.isCube else {
            throw InputError(place: "--i \(io.input)", found: "a map of \(volume.shape) voxels", expected: "a cube")
        }
        if let name = io.mask.ifGiven {
            let mask = try ImageFile.readVolume(name).volume
            guard mask.shape == volume.shape else {
                throw InputError(place: "--mask \(name)", found: "\(mask.shape) voxels", expected: "the size of the map, \(volume.shape)")
            }
            for i in volume.values.indices { volume.values[i] *= mask.values[i] }
        }
        return (volume, header)
    }

    // MARK: Surface

    private func drawSurface(
        _ map: (volume: RealArray, header: ImageHeader), _ colouring: SurfaceRenderer.Colouring, _ background: Colour, _ context: ProgramContext
    ) throws {
        let level = try self.level(of: map)
        var renderer = SurfaceRenderer(level: level)
        renderer.colouring = colouring
        renderer.background = background
        renderer.pixels = io.pixels
        let fine = Self.refined(map.volume, context)
        renderer.fieldOfView = surface.zoom > 0 ? 1 / surface.zoom : SurfaceRenderer.fittingFieldOfView(of: fine, level: level)
        let pictures = orientations.map { renderer.render(fine, orientation: $0.elements, pool: context.pool) }
        let (n, width) = (io.pixels, io.pixels * pictures.count)
        var pixels = [UInt8](repeating: 0, count: 3 * n * width)
        for (index, picture) in pictures.enumerated() {
            for row in 0..<n {
                let target = 3 * (row * width + index * n)
                pixels.replaceSubrange(target..<target + 3 * n, with: picture[3 * row * n..<3 * (row + 1) * n])
            }
        }
        try PNGFile.write(pixels, width: width, height: n, channels: .rgb, to: io.output)
        context.reporter.info("Surface at density \(level)")
    }

    private func level(of map: (volume: RealArray, header: ImageHeader)) throws -> Float {
        if let level = surface.level { return Float(level) }
        guard surface.mass > 0 else { return SurfaceRenderer.suggestedLevel(of: map.volume) }
        guard let pixel = map.header.pixelSizeInAngstrom, pixel > 0 else {
            throw InputError(place: io.input, found: "no pixel size in the header", expected: "one, for --mass", remedy: "Give --level instead")
        }
        return SurfaceRenderer.level(enclosing: 1210 * surface.mass, of: map.volume, pixelSizeInAngstrom: pixel)
    }

    /// The viewer looks down the z axis of the turned map; the others turn with that view.
    private var orientations: [RotationMatrix] {
        let first = EulerAngles(rot: surface.rot, tilt: surface.tilt, psi: surface.psi).matrix
        let side = RotationMatrix(angleInDegrees: -90, axis: Vector3(0, 1, 0)) * first
        let above = RotationMatrix(angleInDegrees: 90, axis: Vector3(1, 0, 0)) * first
        return Array([first, side, above].prefix(surface.views))
    }

    /// Small maps are resampled twice as finely in Fourier space, so that the surface does not show the voxels.
    private static func refined(_ map: RealArray, _ context: ProgramContext) -> RealArray {
        let n = map.shape.x
        guard n <= 160 else { return map }
        let spectrum = FourierTransform(shape: map.shape).forward(map, pool: context.pool)
        let fine = Shape.cube(2 * n)
        return FourierTransform(shape: fine).inverse(spectrum.resized(to: fine), pool: context.pool)
    }

    private func colouring() throws -> SurfaceRenderer.Colouring {
        switch surface.colour {
        case "radius": .radius(SurfaceRenderer.seaToSun)
        case "height": .height(SurfaceRenderer.seaToSun)
        default: .plain(try Self.colour(surface.colour, option: "--colour"))
        }
    }

    private static func colour(_ text: String, option: String) throws -> Colour {
        guard text.count == 6, let value = UInt32(text, radix: 16) else {
            throw InputError(place: option, found: "\"\(text)\"", expected: "a colour of six hexadecimal digits, such as 5BA4CF")
        }
        return Colour(hex: value)
    }

    // MARK: Slices and projections

    private func drawGrey(_ sections: [RealArray]) throws {
        let n = sections[0].shape.x, scale = max(1, io.pixels / n)
        let (height, width) = (n * scale, n * scale * sections.count)
        var pixels = [UInt8](repeating: 0, count: width * height)
        for (index, section) in sections.enumerated() {
            let grey = GreyImage(section, contrast: .percentile(0.002))
            for y in 0..<height {
                for x in 0..<n * scale { pixels[y * width + index * n * scale + x] = grey.pixels[y / scale * n + x / scale] }
            }
        }
        try PNGFile.write(pixels, width: width, height: height, channels: .grey, to: io.output)
    }

    static func centralSlices(of map: RealArray) -> [RealArray] {
        let n = map.shape.x, c = n / 2
        return axes(n) { a, b, axis in axis == 0 ? map[a, b, c] : axis == 1 ? map[a, c, b] : map[c, a, b] }
    }

    static func projections(of map: RealArray) -> [RealArray] {
        let n = map.shape.x
        return axes(n) { a, b, axis in
            var sum: Float = 0
            for c in 0..<n { sum += axis == 0 ? map[a, b, c] : axis == 1 ? map[a, c, b] : map[c, a, b] }
            return sum
        }
    }

    private static func axes(_ n: Int, _ value: (Int, Int, Int) -> Float) -> [RealArray] {
        (0..<3).map { axis in
            var image = RealArray(shape: .square(n))
            for b in 0..<n { for a in 0..<n { image[a, b] = value(a, b, axis) } }
            return image
        }
    }
}
