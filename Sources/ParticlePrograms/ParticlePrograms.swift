import ProgramKit

/// The programs of this target, for the executable's table.
package enum ParticlePrograms {
    package static let programs: [ProgramEntry] = [
        ProgramEntry(AlignSymmetryProgram.self),
        ProgramEntry(CTFToolboxProgram.self),
        ProgramEntry(ClassRankerProgram.self),
        ProgramEntry(CompareTruthProgram.self),
        ProgramEntry(DisplayProgram.self),
        ProgramEntry(ParticleRepositionProgram.self),
        ProgramEntry(ParticleSubtractProgram.self),
        ProgramEntry(ParticleSymmetryExpandProgram.self),
        ProgramEntry(PostprocessProgram.self),
        ProgramEntry(ProjectProgram.self),
        ProgramEntry(ReconstructProgram.self),
        ProgramEntry(RefineProgram.self),
        ProgramEntry(SelectClassesProgram.self),
        ProgramEntry(SimulateProgram.self),
        ProgramEntry(SimulateMoviesProgram.self),
    ]
}
