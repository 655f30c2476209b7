import Arrays
import Extraction
import Foundation
import ImageFormats
import Metadata
import ProgramKit
import Reporting
import StarFormat

/// What relion_preprocess will extract: options resolved, coordinates read, micrographs looked at.
struct ExtractionPlan: Sendable {
    /// The particles of one micrograph.
    struct Task: Sendable {
        var micrograph: Int
        /// One row a particle.
        var rows: StarTable
        var particles: [ParticleExtraction.Particle]
        var shape: Shape
    }

    let options: ExtractionProgram
    let settings: ExtractionSettings
    let micrographs: MicrographList
    let refined: RefinedPositions?
    let inherited: InheritedColumns
    private(set) var tasks: [Task] = []
    /// Micrographs whose particles exist and are not made again.
    private(set) var finished: [Int] = []
    private(set) var leftOut = LeftOut()
    /// How many micrographs have none, for the two reasons.
    private(set) var withoutFile = 0, withoutParticles = 0
    private(set) var fewParticles = 0
    /// Particles beside their micrographs.
    private(set) var outside = 0

    init(_ program: ExtractionProgram, _ context: ProgramContext) throws {
        options = program
        var check = InputCheck()
        program.checkOptions(&check)
        program.checkSources(&check)
        settings = program.settings(&check, context.reporter)
        let general = program.general
        let list = general.micrographs.isEmpty ? nil : check.attempt { try MicrographList(general.micrographs) }
        var picked: PickedPositions?, refined: RefinedPositions?
        if let list {
            if general.refinedParticles.ifGiven != nil {
                refined = check.attempt { try RefinedPositions(general, list) }
            } else {
                picked = check.attempt { try PickedPositions(general, list) }
            }
            if settings.transfer != nil {
                check.require(
                    list.hasCTF || refined?.table.contains(.defocusU) == true, "--i \(general.micrographs)",
                    found: "has no CTF parameters", expected: "the STAR file of a CTF estimation",
                    remedy: "--premultiply_ctf and --phase_flip need them")
            }
        }
        try check.finish()
        guard let list else { throw InputError(place: "--i", found: "is not given") }
        (micrographs, self.refined) = (list, refined)
        inherited = try InheritedColumns(list)
        try requireDifferentOutputs()
        try look(picked, context)
    }

    // MARK: Names

    private func root(_ micrograph: Int) -> String {
        let name = MicrographPath.withoutJob(micrographs.names[micrograph])
        return PathName.joined(options.general.particleFolder, PathName(name).stem)
    }

    func stackPath(_ micrograph: Int) -> String { root(micrograph) + ".mrcs" }
    func starPath(_ micrograph: Int) -> String { root(micrograph) + "_extract.star" }

    private func requireDifferentOutputs() throws {
        let clashes = Dictionary(grouping: micrographs.names.indices, by: root).filter { $1.count > 1 }
        guard !clashes.isEmpty else { return }
        throw InputError(
            clashes.sorted { $0.key < $1.key }.map { output, members in
                InputProblem(
                    place: output + ".mrcs",
                    found: "is the output for \(members.map { micrographs.names[$0] }.joined(separator: " and "))",
                    expected: "each micrograph once", remedy: "Remove the others from \(options.general.micrographs)")
            })
    }

    // MARK: Micrographs and coordinates

    private enum Look: Sendable { case finished, withoutFile, withoutParticles, task(Task, outside: Int) }

    private mutating func look(_ picked: PickedPositions?, _ context: ProgramContext) throws {
        let plan = self, extraction = ParticleExtraction(settings)
        let looks = context.pool.map(count: micrographs.names.count) { index, _ in
            Result { try plan.look(at: index, picked, extraction) }
        }
        for (index, look) in looks.enumerated() {
            do {
                switch try look.get() {
                case .finished: finished.append(index)
                case .withoutFile: withoutFile += 1
                case .withoutParticles: withoutParticles += 1
                case .task(let task, let outside):
                    self.outside += outside
                    if task.particles.isEmpty { withoutParticles += 1 } else { tasks.append(task) }
                    if (1..<Self.fewestParticles).contains(task.particles.count) { fewParticles += 1 }
                }
            } catch {
                leftOut.add(micrographs.names[index], error, context.reporter)
            }
        }
        guard tasks.isEmpty, finished.isEmpty else { return }
        if !leftOut.isEmpty { throw InputError(leftOut.problems) }
        throw InputError(
            place: "--i \(options.general.micrographs)",
            found: "there are no particles to extract: \(withoutFile) micrographs have no coordinate file,"
                + " \(withoutParticles) no particles in it",
            expected: "at least one particle",
            remedy: picked?.files.compactMap { $0 }.first.map { "A coordinate file would be \($0)" } ?? "")
    }

    /// RELION's groups of particles for noise and scale should not be smaller.
    private static let fewestParticles = 10

    private func look(at index: Int, _ picked: PickedPositions?, _ extraction: ParticleExtraction) throws -> Look {
        let isFinished =
            options.extraction.onlyUnfinished && FileManager.default.fileExists(atPath: starPath(index))
        if isFinished { return .finished }
        guard let all = try refined == nil ? picked?.rows(ofMicrograph: index) : refined?.rows(ofMicrograph: index) else {
            return refined == nil ? .withoutFile : .withoutParticles
        }
        var rows = try options.selected(all)
        if rows.isEmpty { return .withoutParticles }
        try options.addBias(to: &rows)
        let header = try ImageFile.readHeader(micrographs.names[index])
        guard header.shapeOfAll.z == 1 else {
            throw InputError(
                place: micrographs.names[index], found: "\(header.shapeOfAll.z) sections",
                expected: "a micrograph of one; extraction from tomograms is not available here")
        }
        let (x, y) = (ParticleColumn.coordinateX.label, ParticleColumn.coordinateY.label)
        var particles: [ParticleExtraction.Particle] = [], kept: [Int] = []
        for (row, (x, y)) in zip(try rows.doubles(x), try rows.doubles(y)).enumerated() {
            guard abs(x) < Self.largestCoordinate, abs(y) < Self.largestCoordinate else { continue }
            let particle = ParticleExtraction.Particle(x: Int(x), y: Int(y))
            if extraction.isOutside(particle, of: header.shape) { continue }
            particles.append(particle)
            kept.append(row)
        }
        let outside = rows.rowCount - kept.count
        if outside > 0 { rows = rows.selecting(rows: kept) }
        return .task(
            Task(micrograph: index, rows: rows, particles: particles, shape: header.shape), outside: outside)
    }

    /// In pixels; no detector is as large, and the number fits any integer.
    private static let largestCoordinate = 1e9

    // MARK: Report

    func report(_ reporter: Reporter) {
        let count = tasks.reduce(0) { $0 + $1.particles.count }
        let pixels = Double(settings.finish.outputSize(for: settings.boxSize)).squared
        let gigabytes = Double(count) * pixels * (options.general.float16 ? 2 : 4) / 1e9
        reporter.info(
            "\(count) particles in \(tasks.count) micrograph\(tasks.count == 1 ? "" : "s"), \(String(format: "%.2f", gigabytes)) GB of images"
                + (finished.isEmpty ? "" : "; \(finished.count) micrographs had been done before"))
        func warn(_ number: Int, _ one: String, _ many: String) {
            if number > 0 { reporter.warning("\(number) " + (number == 1 ? one : many)) }
        }
        warn(withoutFile, "micrograph has no coordinate file and is left out", "micrographs have no coordinate file and are left out")
        warn(withoutParticles, "micrograph has no particles and is left out", "micrographs have no particles and are left out")
        let join = "fewer than \(Self.fewestParticles) particles; consider joining micrographs into groups"
        warn(fewParticles, "micrograph has " + join, "micrographs have " + join)
        warn(
            outside, "particle is left out because its box lies completely outside its micrograph",
            "particles are left out because their boxes lie completely outside their micrographs")
        if let (old, new) = refined?.changedPixelSize {
            reporter.warning(
                "the particles were picked in micrographs of \(old) Å a pixel, these have \(new) Å; coordinates are taken as they are,"
                    + " in pixels of these micrographs")
        }
        let missing = "not in \(options.general.micrographs)"
        warn(
            refined?.strayCount ?? 0, "particle is left out because its micrograph is \(missing)",
            "particles are left out because their micrographs are \(missing)")
    }
}

extension Double {
    fileprivate var squared: Double { self * self }
}
