import Arrays
import Foundation
import ImageFormats
import Metadata
import Optics
import Picking
import ProgramKit
import Reporting

/// What relion_autopick will do: options resolved, micrographs looked at.
struct AutopickPlan: Sendable {
    /// One micrograph to pick in.
    struct Task: Sendable {
        var micrograph: Int
        var grid: PickingGrid
    }

    enum Method: Sendable {
        case laplacian(LaplacianPicker.Settings)
        case references(ReferenceImages)
    }

    let options: AutopickProgram
    let method: Method
    let names: [String]
    /// One a micrograph, where the method needs them.
    let transfers: [ContrastTransferFunction]
    private(set) var tasks: [Task] = []
    /// Micrographs whose coordinate files exist and are not made again.
    private(set) var finished: [Int] = []
    private(set) var leftOut = LeftOut()

    init(_ program: AutopickProgram, _ context: ProgramContext) throws {
        options = program
        var check = InputCheck()
        program.checkOptions(&check, context.reporter)
        let list = check.attempt { try Self.micrographs(program) }
        let method = program.method(&check, context.pool)
        if program.needsTransfer, let list {
            check.require(
                list.table?.contains(.defocusU) == true, "--i \(program.general.micrographs)", found: "has no CTF parameters",
                expected: "the STAR file of a CTF estimation", remedy: "\(program.transferOption) needs them")
        }
        try check.finish()
        guard let list, let method else { throw InputError(place: "--i", found: "is not given") }
        (self.method, names) = (method, list.names)
        transfers = try program.needsTransfer ? list.table?.contrastTransferFunctions() ?? [] : []
        try requireDifferentOutputs()
        try look(list, context)
    }

    // MARK: Micrographs

    private struct List: Sendable {
        var names: [String]
        var pixelSizes: [Double]
        var table: ParticleTable?
    }

    private static func micrographs(_ program: AutopickProgram) throws -> List {
        let input = program.general.micrographs
        guard !input.isEmpty else {
            throw InputError(place: "--i", found: "is not given", expected: "a STAR file of micrographs, or a pattern of names")
        }
        if PathName(input).pathExtension == "star" {
            let list = try MicrographList(input)
            return List(
                names: list.names, pixelSizes: list.names.indices.map(list.pixelSize(ofMicrograph:)), table: list.table)
        }
        let names = FilePattern.matches(input)
        guard !names.isEmpty else {
            throw InputError(place: "--i \(input)", found: "no file has such a name", expected: "micrographs")
        }
        return List(names: names, pixelSizes: names.map { _ in program.general.pixelSize })
    }

    private func requireDifferentOutputs() throws {
        let clashes = Dictionary(grouping: names.indices, by: root).filter { $1.count > 1 }
        guard !clashes.isEmpty else { return }
        throw InputError(
            clashes.sorted { $0.key < $1.key }.map { output, members in
                InputProblem(
                    place: output, found: "would be the picks of \(members.map { names[$0] }.joined(separator: " and "))",
                    expected: "each micrograph once", remedy: "Remove the others from \(options.general.micrographs)")
            })
    }

    private mutating func look(_ list: List, _ context: ProgramContext) throws {
        let plan = self
        let looks = context.pool.map(count: names.count) { index, _ in
            Result { try plan.look(at: index, list.pixelSizes[index]) }
        }
        for (index, look) in looks.enumerated() {
            do {
                if let task = try look.get() { tasks.append(task) } else { finished.append(index) }
            } catch {
                leftOut.add(names[index], error, context.reporter)
            }
        }
        if tasks.isEmpty, finished.isEmpty { throw InputError(leftOut.problems) }
        let general = options.general
        if general.writesMaps, !general.hasNoMapLimit, tasks.count > Self.mostMaps {
            throw InputError(
                place: "--write_fom_maps", found: "\(tasks.count) micrographs", expected: "at most \(Self.mostMaps)",
                remedy: "Add --no_fom_limit to keep maps of more")
        }
    }

    private static let mostMaps = 30

    /// - Returns: nil for one that is done.
    private func look(at index: Int, _ pixelSize: Double) throws -> Task? {
        if options.general.onlyUnfinished, FileManager.default.fileExists(atPath: picksPath(index)) { return nil }
        let header = try ImageFile.readHeader(names[index])
        guard header.shapeOfAll.z == 1 else {
            throw InputError(place: names[index], found: "\(header.shapeOfAll.z) sections", expected: "a micrograph of one")
        }
        return Task(micrograph: index, grid: try options.grid(header.shape, pixelSize, name: names[index]))
    }

    // MARK: Names

    /// What the names of a micrograph's output begin with.
    func root(_ micrograph: Int) -> String {
        let name = MicrographPath.withoutJob(names[micrograph])
        return PathName.joined(options.general.folder, PathName(name).stem) + "_" + options.general.pickName
    }

    func picksPath(_ micrograph: Int) -> String { root(micrograph) + ".star" }

    // MARK: Report

    func report(_ reporter: Reporter) {
        let before = finished.isEmpty ? "" : "; \(finished.count) had been done before"
        reporter.info("\(tasks.count) micrograph\(tasks.count == 1 ? "" : "s") to pick in" + before)
        for grid in Set(tasks.map(\.grid)).sorted(by: { $0.shape.count < $1.shape.count }) {
            let pixel = String(format: "%.2f", grid.pixelSizeInAngstrom / grid.scale)
            reporter.info("Micrographs of \(grid.shape) pixels are scaled to a side of \(grid.workSize) (\(pixel) Å a pixel)")
        }
        switch method {
        case .laplacian(let settings):
            let diameters = settings.diameters.map { String(format: "%g", $0) }.joined(separator: ", ")
            reporter.info("Diameters of the filters: \(diameters) Å")
        case .references(let references):
            let count = max(1, references.images.count)
            reporter.info("\(count) reference\(count == 1 ? "" : "s")" + (references.projections.isEmpty ? "" : ", projections of the map"))
        }
    }
}
