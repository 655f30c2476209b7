import Arrays
import Foundation
import ImageFormats
import Metadata
import Parallel
import Refinement
import Reporting
import StarFormat
import Synchronization
import TestSupport

/// Particle images of a STAR file held in memory.
struct MemoryImages: ImageSource {
    let images: [[Float]]

    func readImage(_ particle: Int, into destination: UnsafeMutableBufferPointer<Float>) throws {
        _ = destination.update(fromContentsOf: images[particle])
    }
}

/// Keeps the snapshots of a run.
final class RecordedOutput: RefinementOutput {
    private let recorded = Mutex<[RefinementSnapshot]>([])
    var snapshots: [RefinementSnapshot] { recorded.withLock { $0 } }

    func write(_ snapshot: RefinementSnapshot) throws { recorded.withLock { $0.append(snapshot) } }
}

/// Reads particles as the program does, without its checks, for runs of the engine alone.
enum GoldenRun {
    static func data(star path: URL, folder: URL) throws -> (data: RefinementData, groups: ParticleGroups) {
        var table = try ParticleTable(contentsOf: path.path)
        try table.sortForRefinement()
        let groups = try table.groups()
        let optics = table.opticsGroups.map { group in
            var geometry = OpticsGeometry(box: group.imageSize ?? 64, pixelSize: group.pixelSizeInAngstrom)
            geometry.voltageInKilovolts = group.voltageInKilovolts
            geometry.sphericalAberrationInMillimetres = group.sphericalAberrationInMillimetres
            geometry.amplitudeContrast = group.amplitudeContrast
            return geometry
        }
        let names = try table.strings(.imageName)
        let images = try names.map { name in
            let parsed = try ImageName(parsing: name)
            let full = ImageName(path: folder.appendingPathComponent(parsed.path).path, index: parsed.index)
            return try ImageFile.read(full.description).image.values
        }
        let group = try table.opticsGroupIndices()
        let u = try table.values(.defocusU), v = try table.values(.defocusV), a = try table.values(.defocusAngle)
        var particles = (0..<table.count).map { Particle(index: $0, opticsGroup: group[$0], group: groups.groupOfParticle[$0]) }
        for i in particles.indices {
            particles[i].defocusU = u[i]
            particles[i].defocusV = v[i]
            particles[i].defocusAngle = a[i]
        }
        return (RefinementData(particles: particles, optics: optics, images: MemoryImages(images: images)), groups)
    }

    static func run(_ settings: RefinementSettings, data: RefinementData, references: [RealArray], groups: ParticleGroups,
                    threads: Int = 2) throws -> [RefinementSnapshot] {
        let output = RecordedOutput()
        let engine = try RefinementEngine(
            settings: settings, data: data, references: references, referencePixelSize: references.isEmpty ? nil : Double(Float(3.54)), groupNames: groups.names, masks: RefinementMasks(),
            pool: ThreadPool(threads: threads), reporter: Reporter(verbosity: .silent), output: output, checkForAbort: {})
        try engine.run()
        return output.snapshots
    }
}
