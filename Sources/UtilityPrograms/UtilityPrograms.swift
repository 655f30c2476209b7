import ProgramKit

/// The programs of this target, for the executable's table.
package enum UtilityPrograms {
    package static let programs: [ProgramEntry] = [
        ProgramEntry(ConvertStarProgram.self),
        ProgramEntry(ImageHandlerProgram.self),
        ProgramEntry(LocalSymmetryProgram.self),
        ProgramEntry(MapPictureProgram.self),
        ProgramEntry(MaskCreateProgram.self),
        ProgramEntry(ParticleSelectProgram.self),
        ProgramEntry(StackCreateProgram.self),
        ProgramEntry(StackPictureProgram.self),
        ProgramEntry(StarHandlerProgram.self),
        ProgramEntry(StarPlotTableProgram.self),
        ProgramEntry(StarPrintTableProgram.self),
        ProgramEntry(SuggestTValueProgram.self),
    ]
}
