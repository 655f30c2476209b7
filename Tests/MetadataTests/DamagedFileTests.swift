import Foundation
import Reporting
import StarFormat
import TestSupport
import Testing

@testable import Metadata

/// Damaged files are read or refused with an `InputError`, never a crash.
@Suite struct DamagedFileTests {
    private func lines(_ url: URL, _ count: Int) throws -> [UInt8] {
        let text = try String(contentsOf: url, encoding: .utf8)
        return Array(text.split(separator: "\n", omittingEmptySubsequences: false).prefix(count).joined(separator: "\n").utf8)
    }

    private func expectOnlyInputErrors(_ name: String, seed: Int, _ body: () throws -> Void) {
        do {
            try body()
        } catch let error as InputError {
            #expect(!error.problems.isEmpty, "\(name), seed \(seed)")
        } catch {
            Issue.record("\(name), seed \(seed): \(error)")
        }
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint))
    func particleTables() throws {
        let original = try lines(SharedData.golden("refine3d/run_it001_data.star"), 60)
        for (seed, bytes) in Damage.versions(of: original, count: 900).enumerated() {
            expectOnlyInputErrors("data", seed: seed) {
                let document = try StarDocument(text: String(decoding: bytes, as: UTF8.self), name: "damaged.star")
                var table = try ParticleTable(document, content: .particles)
                try table.checkValues()
                _ = try table.imageLocations()
                try table.sortForRefinement()
                table.addRefinementColumns(try table.groups())
                try table.removeUnusedOpticsGroups()
                _ = try table.document.serialized()
            }
        }
    }

    @Test(.enabled(if: SharedData.isPresent, SharedData.hint), arguments: [
        "refine3d/run_it001_model.star", "class3d/run_it001_model.star", "class2d/run_it001_model.star",
        "refine3d/run_it001_optimiser.star", "refine3d/run_it001_sampling.star",
    ])
    func refinementFiles(name: String) throws {
        let original = [UInt8](try Data(contentsOf: SharedData.golden(name)))
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("damaged-\(UUID().uuidString).star").path
        defer { unlink(path) }
        for (seed, bytes) in Damage.versions(of: original, count: 300).enumerated() {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            expectOnlyInputErrors(name, seed: seed) {
                if name.contains("model") { _ = try ModelFile(contentsOf: path).document.serialized() }
                if name.contains("optimiser") { _ = try OptimiserFile(contentsOf: path).document.serialized() }
                if name.contains("sampling") { _ = try SamplingFile(contentsOf: path).document.serialized() }
            }
        }
    }
}
