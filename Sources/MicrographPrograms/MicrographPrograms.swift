import ProgramKit

/// The programs of this target, for the executable's table.
package enum MicrographPrograms {
    package static let programs: [ProgramEntry] = [
        ProgramEntry(AutopickProgram.self),
        ProgramEntry(CTFFindProgram.self),
        ProgramEntry(CompareMoviesProgram.self),
        ProgramEntry(ConvertToTIFFProgram.self),
        ProgramEntry(EERTrajectoryProgram.self),
        ProgramEntry(EstimateGainProgram.self),
        ProgramEntry(ExtractionProgram.self),
        ProgramEntry(ImportProgram.self),
        ProgramEntry(ManualPickProgram.self),
        ProgramEntry(MotionCorrectionProgram.self),
    ]
}
