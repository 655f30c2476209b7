import Foundation
import TestSupport
import Testing

@testable import Pipeline

/// How numbers of processes and threads are used on one machine.
@Suite struct LocalParallelismTests {
    private func parallelism(_ processes: Int, _ threads: Int, cores: Int = 16, own: Bool, launcher: String? = nil) throws -> LocalParallelism {
        var plan = JobPlan(typeLabel: "relion.x", job: "X/job001/", commands: [], inputs: [], outputs: [])
        (plan.processCount, plan.threadCount) = (processes, threads)
        let environment = ["PATH": "/usr/bin:/bin"].merging(launcher.map { ["RELION_MPIRUN": $0] } ?? ["RELION_MPIRUN": "no_such_launcher"]) { $1 }
        return LocalParallelism(plan, environment: environment, cores: cores) { _ in own }
    }

    private let refine = "`which relion_refine_mpi` --o X/job001/run --j 4  --pipeline_control X/job001/"
    private let extract = "`which relion_preprocess_mpi` --o X/job001/"

    @Test func ownProgramsAreOneProcessWithAllThreads() throws {
        let some = try parallelism(3, 4, own: true)
        #expect(some.line(refine) == "`which relion_refine_mpi` --o X/job001/run --j 12  --pipeline_control X/job001/")
        #expect(some.remark(on: [refine]) == "3 MPI processes of 4 threads were asked for: one process with 12 threads does their work.")
        let plain = try parallelism(5, 1, own: true)
        #expect(plain.line(extract) == extract + " --j 5")
        #expect(plain.remark(on: ["mkdir x", extract])?.hasPrefix("5 MPI processes were asked for") == true)
        // No more threads than cores, unless the user asks for them as threads.
        let many = try parallelism(8, 4, cores: 6, own: true)
        #expect(many.line(refine).contains(" --j 6 "))
        #expect(many.remark(on: [refine])?.contains("6 threads, as many as this machine has cores") == true)
        #expect(try parallelism(2, 8, cores: 6, own: true).line(refine).contains(" --j 8 "))
    }

    @Test func oneProcessAndOtherCommandsStayAsTheyAre() throws {
        let one = try parallelism(1, 4, own: true)
        #expect(one.line(refine) == refine && one.remark(on: [refine]) == nil)
        let some = try parallelism(3, 4, own: true)
        #expect(some.line("cp a b") == "cp a b" && some.remark(on: ["cp a b"]) == nil)
    }

    @Test func otherProgramsStartUnderTheLauncher() throws {
        let some = try parallelism(3, 4, own: false, launcher: "env -i")
        #expect(some.line(refine) == "env -i -n 3 " + refine && some.remark(on: [refine]) == nil)
        let none = try parallelism(3, 4, own: false)
        #expect(none.line(refine) == refine && none.remark(on: [refine])?.contains("no MPI launcher") == true)
    }
}
