import ProgramKit

/// Programs that work on projects.
package enum ProjectPrograms {
    package static let programs = [ProgramEntry(PipelinerProgram.self), ProgramEntry(SchemerProgram.self)]
}
