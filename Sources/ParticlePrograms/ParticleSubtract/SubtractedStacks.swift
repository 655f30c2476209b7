import Arrays
import ImageFormats
import Reporting

/// The stacks of new particles: one an optics group, its images in the order of the particles.
struct SubtractedStacks: Sendable {
    /// Of the new images, one a particle.
    let names: [String]
    private let writers: [StackWriter?]
    private let groups: [Int]
    /// In the stack of the particle's group.
    private let positions: [Int]

    init(folder: String, input: SubtractionInput, newBox: Int?, mode: PixelMode) throws {
        func path(_ group: Int) -> String { folder + "Particles/subtracted_opticsgroup\(group + 1).mrcs" }
        OutputFolder.make(for: path(0))
        writers = try input.boxes.enumerated().map { group, box in
            guard let box else { return nil }
            return try StackWriter(
                path: path(group), shape: .square(newBox ?? box), mode: mode,
                pixelSizeInAngstrom: input.opticsGroups[group].pixelSizeInAngstrom)
        }
        groups = input.groups
        var next = [Int](repeating: 0, count: input.boxes.count)
        var positions: [Int] = []
        for group in input.groups {
            positions.append(next[group])
            next[group] += 1
        }
        self.positions = positions
        names = zip(input.groups, positions).map { ImageName(path: path($0), index: $1).description }
    }

    func write(_ image: RealArray, particle: Int) throws {
        try writers[groups[particle]]?.write(image, at: positions[particle])
    }

    func finish() throws {
        for writer in writers { try writer?.finish() }
    }
}
