import ProgramKit

/// The programs of this target, for the executable's table.
package enum UtilityPrograms {
    package static let programs: [ProgramEntry] = [
        ProgramEntry(MapPictureProgram.self),
        ProgramEntry(StackPictureProgram.self),
    ]
}
