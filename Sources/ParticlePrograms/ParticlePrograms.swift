import ProgramKit

/// The programs of this target, for the executable's table.
package enum ParticlePrograms {
    package static let programs: [ProgramEntry] = [
        ProgramEntry(CompareTruthProgram.self),
        ProgramEntry(PostprocessProgram.self),
        ProgramEntry(RefineProgram.self),
        ProgramEntry(SelectClassesProgram.self),
        ProgramEntry(SimulateProgram.self),
        ProgramEntry(ParticleSymmetryExpandProgram.self),
        ProgramEntry(CTFToolboxProgram.self),
        ProgramEntry(AlignSymmetryProgram.self),
    ]
}
