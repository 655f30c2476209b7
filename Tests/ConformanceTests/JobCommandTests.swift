import Foundation
import Jobs
import MicrographPrograms
import ParticlePrograms
import ProgramKit
import ProjectPrograms
import Testing
import UtilityPrograms

/// What the job catalogue writes is what our programs read: each command line of each job type is understood by the program it names.
@Suite struct JobCommandTests {
    static let table = ProgramTable(
        MicrographPrograms.programs + ParticlePrograms.programs + UtilityPrograms.programs + ProjectPrograms.programs)

    /// Settings that can run of each job type; those that break one of its rules are drawn again, with an end to the patience.
    private static let settingsPerType = 200

    /// Job types whose programs the suite has.
    private static let withProgram: Set = [
        "relion.import", "relion.motioncorr", "relion.ctffind", "relion.manualpick", "relion.autopick", "relion.extract", "relion.select",
        "relion.class2d", "relion.class3d", "relion.refine3d", "relion.initialmodel", "relion.multibody", "relion.maskcreate",
        "relion.joinstar", "relion.subtract", "relion.localres", "relion.postprocess",
    ]

    @Test(arguments: JobCatalogue.standard.types.map(\.label))
    func commandLinesAreUnderstood(label: String) throws {
        let type = try #require(JobCatalogue.standard.type(label: label))
        var jobs = RandomJobs(seed: 20_250_412 &+ UInt64(type.number))
        var faults: [String: String] = [:]
        var parsed = 0, planned = 0
        for draw in 0..<30 * Self.settingsPerType where planned < Self.settingsPerType {
            let settings = jobs.settings(of: type, tomo: draw % 2 == 1 && type.setsTomoFlag)
            guard let plan = try? JobCommands(settings, folder: "\(type.folder)/job012/", facts: NoFiles()) else { continue }
            planned += 1
            for command in plan.commands {
                guard let name = command.program, let program = Self.table.program(named: name) else { continue }
                parsed += 1
                guard let error = program.parsingError(command.arguments) else { continue }
                let text = error.split(separator: "\n").first.map(String.init) ?? error
                faults["\(program.name): \(text.replacing(/[0-9.]+/, with: "#"))"] = "\(text)\n    \(command.line)"
            }
        }
        #expect(planned >= Self.settingsPerType / 5, "\(label): \(planned) settings that can run")
        for fault in faults.sorted(by: { $0.key < $1.key }) { Issue.record("\(label): \(fault.value)") }
        if Self.withProgram.contains(label) { #expect(parsed >= planned / 4, "\(label): \(parsed) command lines") }
    }
}
