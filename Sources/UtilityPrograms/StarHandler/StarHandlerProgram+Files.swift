import Foundation
import Metadata
import ProgramKit
import Randomness
import Reporting
import StarFormat

/// Operations that join or split files.
extension StarHandlerProgram {
    /// The files that the words of `--i` name; patterns with `*`, `?` and `[…]` are filled in.
    private func inputFiles(_ context: ProgramContext) throws -> [String] {
        var files: [String] = []
        for word in general.input.split(whereSeparator: \.isWhitespace).map(String.init) {
            var matches = glob_t()
            defer { globfree(&matches) }
            if glob(word, 0, nil, &matches) == 0 {
                files += (0..<Int(matches.gl_pathc)).compactMap { matches.gl_pathv[$0].map { String(cString: $0) } }
            } else {
                context.reporter.warning("\(word) matches no file.")
            }
        }
        if files.isEmpty { throw InputError(place: "--i \(general.input)", found: "no such file", expected: "STAR files to combine") }
        return files
    }

    func combine(_ context: ProgramContext) throws {
        let tables = try inputFiles(context).map { try read($0, context) }
        var notes = ParticleTable.CombiningNotes()
        let images = tables.compactMap(\.images)
        var result: HandledTable
        if images.count == tables.count {
            result = HandledTable(try ParticleTable.combined(images, notes: &notes))
        } else {
            var rows = try StarTable.joined(tables.map(\.rows), notes: &notes)
            rows.removeColumn(ParticleColumn.groupNumber.label)
            result = HandledTable(rows)
        }
        notes.information.forEach(context.reporter.info)
        notes.warnings.forEach(context.reporter.warning)
        if !combining.duplicatesLabel.isEmpty { try warnOfDuplicates(result, context) }
        try write(result, to: general.output, context)
    }

    private func warnOfDuplicates(_ table: HandledTable, _ context: ProgramContext) throws {
        try require(combining.duplicatesLabel, of: "--check_duplicates", in: table)
        let (texts, indexOfRow) = try table.rows.distinctStrings(combining.duplicatesLabel)
        var counts = Array(repeating: 0, count: texts.count)
        for index in indexOfRow { counts[index] += 1 }
        let repeated = texts.indices.filter { counts[$0] > 1 }
        for index in repeated { context.reporter.warning("duplicate entry: \(texts[index])") }
        if !repeated.isEmpty {
            context.reporter.warning(
                "\(indexOfRow.count - texts.count) rows repeat the \(combining.duplicatesLabel) of another one.")
        }
    }

    /// Joins lists of coordinate files, micrograph by micrograph. A pick within 0.1 pixels of an earlier one in x and y
    /// is left out.
    func combinePicks(_ context: ProgramContext) throws {
        let folder = general.output.lastIndex(of: "/").map { String(general.output[...$0]) } ?? ""
        var micrographs: [String] = []
        var filesOfMicrograph: [String: [String]] = [:]
        for file in try inputFiles(context) {
            let table = try StarDocument(contentsOf: file).table("coordinate_files")
            for (micrograph, coordinates) in zip(try table.strings("rlnMicrographName"), try table.strings("rlnMicrographCoordinates")) {
                if filesOfMicrograph[micrograph] == nil { micrographs.append(micrograph) }
                filesOfMicrograph[micrograph, default: []].append(coordinates)
            }
        }
        let picks = try micrographs.map { try Self.joinedPicks(filesOfMicrograph[$0] ?? []) }
        let names = micrographs.map { folder + Self.root(of: ParticleTable.nameWithoutJob($0)) + "_combined.star" }
        if !context.isDryRun {
            for (name, picks) in zip(names, picks) {
                let parent = URL(fileURLWithPath: name).deletingLastPathComponent()
                try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
                try StarDocument(tables: [picks]).write(to: name)
            }
        }
        var list = StarTable(name: "coordinate_files")
        list.set("rlnMicrographName", strings: micrographs)
        list.set("rlnMicrographCoordinates", strings: names)
        context.reporter.info("\(picks.map(\.rowCount).reduce(0, +)) picks in \(micrographs.count) micrographs")
        try write(StarDocument(tables: [list]), rows: micrographs.count, to: general.output, context)
    }

    private static func joinedPicks(_ files: [String]) throws -> StarTable {
        var joined = StarTable(name: "")
        var notes = ParticleTable.CombiningNotes()
        for file in files {
            guard let table = try StarDocument(contentsOf: file).tables.first(where: { !$0.isEmpty }) else { continue }
            try table.require(["rlnCoordinateX", "rlnCoordinateY"])
            joined = try StarTable.joined(joined.isEmpty ? [table] : [joined, table], notes: &notes)
        }
        joined.name = ""
        if joined.isEmpty { return joined }
        let tolerance = 0.1
        let (x, y) = (try joined.doubles("rlnCoordinateX"), try joined.doubles("rlnCoordinateY"))
        var kept: [Int] = []
        for row in x.indices where !kept.contains(where: { abs(x[$0] - x[row]) < tolerance && abs(y[$0] - y[row]) < tolerance }) {
            kept.append(row)
        }
        return joined.selecting(rows: kept)
    }

    func split(_ context: ProgramContext) throws {
        guard splitting.count > 0 || splitting.size > 0 else {
            throw InputError(place: "--split", found: "neither --nr_split nor --size_split", expected: "at least one of them above 0")
        }
        let table = try readInput(context)
        var rows = Array(0..<table.rows.rowCount)
        if splitting.randomOrder {
            let seed = splitting.seed >= 0 ? splitting.seed : Int(Date().timeIntervalSince1970)
            var generator = CounterGenerator(seed: seed, stream: 0)
            rows.shuffle(using: &generator)
            context.reporter.info("Random seed: \(seed)")
        }
        let size = splitting.size > 0 ? splitting.size : (rows.count + splitting.count - 1) / splitting.count
        let count = splitting.count > 0 ? splitting.count : (rows.count + size - 1) / size
        var names: [String] = []
        for index in 0..<count {
            let part = rows.dropFirst(index * size).prefix(size)
            if part.isEmpty {
                context.reporter.warning("only \(names.count) files are written: there are no rows left for more.")
                break
            }
            let name = Self.name(general.output, inserting: "_split\(index + 1)")
            try write(table.selecting(rows: Array(part)), to: name, context)
            names.append(name)
        }
        if !context.isDryRun { try writeOutputNodes(names, content: table.images?.content ?? .particles) }
    }

    /// Tells the pipeline what the files are.
    private func writeOutputNodes(_ names: [String], content: ParticleTable.Content) throws {
        let type =
            switch content {
            case .micrographs: "MicrographGroupMetadata.star.relion"
            case .movies: "MicrographMovieGroupMetadata.star.relion"
            case .particles, .tiltImages: "ParticleGroupMetadata.star.relion"
            }
        var nodes = StarTable(name: "output_nodes")
        nodes.set("rlnPipeLineNodeName", strings: names)
        nodes.fill("rlnPipeLineNodeTypeLabel", with: type)
        let folder = general.output.lastIndex(of: "/").map { String(general.output[...$0]) } ?? ""
        try StarDocument(tables: [nodes]).write(to: folder + "RELION_OUTPUT_NODES.star")
    }
}
