import Reporting
import StarFormat

/// Typed columns of a particle table.
extension ParticleTable {
    package func contains(_ column: ParticleColumn) -> Bool { rows.contains(column.label) }

    /// A column's values, or its standard value for all particles where the column is missing.
    ///
    /// Missing `defocusV` is `defocusU`. - Throws: `InputError` naming file, line, label and value.
    package func values(_ column: ParticleColumn) throws -> [Double] {
        if let values = try rows.doublesIfPresent(column.label, expected: LabelTable.expectation(column.label)) { return values }
        if column == .defocusV { return try values(.defocusU) }
        return Array(repeating: column.standardValue, count: count)
    }

    /// As `values`, for whole numbers.
    package func integers(_ column: ParticleColumn) throws -> [Int] {
        try rows.intsIfPresent(column.label, expected: LabelTable.expectation(column.label))
            ?? Array(repeating: Int(column.standardValue), count: count)
    }

    /// As `values`, for text; empty where the column is missing.
    package func strings(_ column: ParticleColumn) throws -> [String] {
        try rows.stringsIfPresent(column.label) ?? Array(repeating: "", count: count)
    }

    package mutating func set(_ column: ParticleColumn, _ values: [Double]) { rows.set(column.label, doubles: values) }
    package mutating func set(_ column: ParticleColumn, _ values: [Int]) { rows.set(column.label, ints: values) }
    package mutating func set(_ column: ParticleColumn, _ values: [String]) { rows.set(column.label, strings: values) }

    /// Position of each particle's group in `opticsGroups`.
    package func opticsGroupIndices() throws -> [Int] { try integers(.opticsGroup).map { $0 - 1 } }

    /// Where each particle's image lies.
    package func imageLocations() throws -> ImageLocations { try ImageLocations(names: rows.strings(ParticleColumn.imageName.label)) }

    /// Checks that every value of every known numeric column is a number.
    ///
    /// Programs call this before they start, so that a wrong value far down the file does not stop them halfway.
    /// - Throws: one `InputError` with the first wrong value of each column.
    package func checkValues() throws {
        var problems: [InputProblem] = []
        for label in rows.labels {
            guard let known = LabelTable.label(label), known.isNumeric else { continue }
            do {
                _ = known.value == .number
                    ? try rows.doubles(label, expected: known.expectation).count
                    : try rows.ints(label, expected: known.expectation).count
            } catch let error as InputError {
                problems += error.problems
            }
        }
        if !problems.isEmpty { throw InputError(problems) }
    }
}

/// Images in stacks, by name: `000017@stack.mrcs`, or a file of one image.
package struct ImageLocations: Sendable {
    /// The different files, in order of first appearance.
    package var files: [String]
    /// Position in `files`, one an image.
    package var fileOfImage: [Int]
    /// Zero-based position in the file; 0 for files of one image.
    package var sliceOfImage: [Int]

    /// - Throws: `InputError` for a number before `@` that is none, or is zero.
    package init(names: [String]) throws {
        (files, fileOfImage, sliceOfImage) = ([], [], [])
        fileOfImage.reserveCapacity(names.count)
        sliceOfImage.reserveCapacity(names.count)
        var indexOfFile: [Substring: Int] = [:]
        for name in names {
            let (slice, file) = try Self.split(name)
            if let last = fileOfImage.last, files[last] == file {
                fileOfImage.append(last)
            } else if let known = indexOfFile[file] {
                fileOfImage.append(known)
            } else {
                indexOfFile[file] = files.count
                fileOfImage.append(files.count)
                files.append(String(file))
            }
            sliceOfImage.append(slice)
        }
    }

    /// `17@a.mrcs` → (16, a.mrcs); `a.mrc` → (0, a.mrc).
    package static func split(_ name: String) throws -> (slice: Int, file: Substring) {
        guard let at = name.firstIndex(of: "@") else { return (0, name[...]) }
        guard let number = Int(name[..<at]), number > 0 else {
            throw InputError(place: name, found: "the image's number is \"\(name[..<at])\"", expected: "1, 2, … before the @")
        }
        return (number - 1, name[name.index(after: at)...])
    }

    /// `000017@a.mrcs` for (16, a.mrcs).
    package static func name(slice: Int, file: String) -> String {
        let number = String(slice + 1)
        return String(repeating: "0", count: max(0, 6 - number.count)) + number + "@" + file
    }
}
