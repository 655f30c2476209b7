import Arrays
import ImageFormats
import Parallel
import ProgramKit
import Reporting

/// Whether the particles' image files are what the tables say: present, long enough, of the right box.
enum StackCheck {
    /// Opens every stack once.
    ///
    /// - Throws: `InputError` with the problems of the first files that have any.
    static func check(_ input: ParticleInput, pool: ThreadPool, reporter: Reporter) throws {
        let uses = stackUses(input)
        let problems = pool.map(count: uses.count) { index, _ in self.problems(uses[index], input: input, reporter: reporter) }
        var check = InputCheck()
        // A missing folder would be told once for each of its stacks: ten show what is wrong.
        for problem in problems.joined().prefix(10) { check.add(problem) }
        let count = problems.reduce(0) { $0 + $1.count }
        if count > 10 { check.add(input.file, found: "\(count - 10) more images or stacks like these") }
        try check.finish()
    }

    /// What the table wants of one stack: its highest position and the optics groups of its images.
    private struct StackUse: Sendable {
        var path = ""
        /// Counted from 0.
        var highest = -1
        /// Row with the highest position.
        var row = 0
        /// A row of each optics group.
        var rowOfOpticsGroup: [Int: Int] = [:]
    }

    private static func stackUses(_ input: ParticleInput) -> [StackUse] {
        var uses = input.images.files.map { StackUse(path: $0) }
        for particle in input.particles {
            let row = particle.index
            let stack = input.images.fileOfImage[row]
            if input.images.sliceOfImage[row] >= uses[stack].highest {
                uses[stack].highest = input.images.sliceOfImage[row]
                uses[stack].row = row
            }
            if uses[stack].rowOfOpticsGroup[particle.opticsGroup] == nil {
                uses[stack].rowOfOpticsGroup[particle.opticsGroup] = row
            }
        }
        return uses
    }

    private static func problems(_ use: StackUse, input: ParticleInput, reporter: Reporter) -> [InputProblem] {
        let header: ImageHeader
        do {
            header = try StackReader(path: use.path, layout: .sections).header
        } catch let error as InputError {
            return error.problems.map { problem in
                var problem = problem
                if !problem.remedy.hasSuffix(".") && !problem.remedy.isEmpty { problem.remedy += "." }
                problem.remedy += (problem.remedy.isEmpty ? "" : " ") + "It is named in \(input.table.rows.place(ofRow: use.row))"
                return problem
            }
        } catch {
            return [InputProblem(place: use.path, found: "\(error)")]
        }
        var problems: [InputProblem] = []
        if use.highest >= header.imageCount {
            problems.append(
                InputProblem(
                    place: input.table.rows.place(ofRow: use.row), found: "\(use.highest + 1)@\(use.path)",
                    expected: "a position up to \(header.imageCount), the number of images in \(use.path)"))
        }
        for (group, row) in use.rowOfOpticsGroup.sorted(by: { $0.key < $1.key }) {
            let geometry = input.optics[group]
            if header.shape != .square(geometry.box) {
                problems.append(
                    InputProblem(
                        place: use.path, found: "has images of \(header.shape) pixels",
                        expected: "\(geometry.box) × \(geometry.box), the rlnImageSize of optics group "
                            + "\(input.table.opticsGroups[group].number) (\(input.table.rows.place(ofRow: row)))"))
            }
            if let size = header.pixelSizeInAngstrom, abs(size - 1) > 1e-4, abs(size / geometry.pixelSize - 1) > 0.01 {
                // Calibrated pixel sizes are corrected in the table alone: doubtful, not wrong.
                reporter.warning(
                    "\(use.path) says \(size) Å/pixel, the optics table of \(input.file) says \(geometry.pixelSize):"
                        + " the table is believed.")
            }
        }
        return problems
    }
}
