import ArgumentParser
import Foundation
import ProgramKit
import Reporting

/// The CTF of every micrograph of a list, or of every image of a list of tilt series.
struct CTFFindProgram: RelionProgram {
    static let programName = "relion_run_ctffind"
    static let summary =
        "Fit defocus, astigmatism and phase shift to the power spectra of micrographs, with a built-in estimator or CTFFIND-4.1."

    @OptionGroup(title: "CTF estimation") var input: CTFOptions.Input
    @OptionGroup(title: "Tilt series") var tomography: CTFOptions.Tomography
    @OptionGroup(title: "Microscopy parameters") var microscopy: CTFOptions.Microscopy
    @OptionGroup(title: "Search") var search: CTFOptions.Search
    @OptionGroup(title: "Images, phase shift and speed") var version: CTFOptions.Version4
    @OptionGroup(title: "Running") var common: CommonOptions

    func run(in context: ProgramContext) throws {
        var check = InputCheck()
        let plan = CTFPlan(input, search, version, tomography, &check)
        check.output(folder + "logfile.pdf", option: "--o")
        let found = check.attempt { try CTFImageList(input, version, microscopy, tomography) }
        try check.finish()
        guard let list = found else { return }
        for warning in list.warnings { context.reporter.warning(warning) }
        var leftOut = LeftOut()
        var records = earlierRecords(list)
        let selected = select(list, records, context.reporter)
        let reader = CTFImageReader(plan.source, box: plan.box)
        let todo = input.onlyJoins ? [] : usable(selected, list, reader, &leftOut, context)
        describe(plan, list, todo.count, context.reporter)
        if context.isDryRun { return }
        try estimate(todo, plan, list, reader, &records, &leftOut, context)
        try finish(list, records, leftOut, context.reporter)
    }

    private var folder: String {
        input.output.hasSuffix("/") || input.output.isEmpty ? input.output : input.output + "/"
    }

    // MARK: Selection

    /// What earlier runs have found, for runs that go on from there.
    private func earlierRecords(_ list: CTFImageList) -> [CTFRecord?] {
        guard input.onlyUnfinished || input.onlyJoins else { return list.images.map { _ in nil } }
        return list.images.map { image in
            var record = CTFRecord.read(image.root)
            // CTFFIND writes one whether it was looked for or not.
            if !version.fitsPhaseShift, record?.validation == nil { record?.phaseShift = nil }
            return record
        }
    }

    private func select(_ list: CTFImageList, _ records: [CTFRecord?], _ reporter: Reporter) -> [Int] {
        let unfinished = list.images.indices.filter { records[$0] == nil }
        guard !input.onlyJoins, input.atMost >= 0, unfinished.count > input.atMost else { return unfinished }
        reporter.info(
            "\(unfinished.count - input.atMost) images are left for later, as --do_at_most \(input.atMost) says.")
        return Array(unfinished.prefix(input.atMost))
    }

    /// Looks at all files before the work starts.
    private func usable(
        _ selected: [Int], _ list: CTFImageList, _ reader: CTFImageReader, _ leftOut: inout LeftOut,
        _ context: ProgramContext
    ) -> [Int] {
        let images = selected.map { list.images[$0] }
        let looks: [Result<Void, any Error>] = context.pool.map(count: images.count) { index, _ in
            Result { try reader.requireUsable(images[index].source) }
        }
        var good: [Int] = []
        for (index, look) in zip(selected, looks) {
            do {
                try look.get()
                good.append(index)
            } catch {
                leftOut.add(list.images[index].source, error, context.reporter)
            }
        }
        return good
    }

    private func describe(_ plan: CTFPlan, _ list: CTFImageList, _ count: Int, _ reporter: Reporter) {
        let what = list.kind == .micrographs ? "micrographs" : "images of \(list.tables.count) tilt series"
        let way =
            switch plan.estimator {
            case .own: "the built-in estimator" + (plan.missingExecutable.map { " (there is no \($0) on this machine)" } ?? "")
            case .executable(let path): path
            }
        reporter.info("\(list.images.count) \(what); \(count) will be fitted by \(way).")
    }

    // MARK: Work

    /// Images between two looks for an abort.
    private static let batchPerThread = 4

    private func estimate(
        _ todo: [Int], _ plan: CTFPlan, _ list: CTFImageList, _ reader: CTFImageReader, _ records: inout [CTFRecord?],
        _ leftOut: inout LeftOut, _ context: ProgramContext
    ) throws {
        guard !todo.isEmpty else { return }
        let own = OwnEstimation(plan, list, reader)
        let (search, version) = (search, version)
        let progress = context.reporter.progress("CTF estimation", total: todo.count)
        let batch = Self.batchPerThread * context.pool.threadCount
        for start in stride(from: 0, to: todo.count, by: batch) {
            try context.jobControl.checkForAbort()
            let part = Array(todo[start..<min(todo.count, start + batch)])
            let found: [Result<CTFRecord, any Error>] = context.pool.map(count: part.count) { index, _ in
                defer { progress.advance() }
                return Result {
                    switch plan.estimator {
                    case .own: try own.estimate(list.images[part[index]])
                    case .executable(let path):
                        try CTFFINDRun(executable: path, plan: plan, list: list, search: search, version: version)
                            .estimate(list.images[part[index]])
                    }
                }
            }
            for (index, result) in zip(part, found) {
                do { records[index] = try result.get() } catch {
                    leftOut.add(list.images[index].source, error, context.reporter)
                }
            }
        }
        progress.finish()
    }

    // MARK: Results

    private func finish(_ list: CTFImageList, _ records: [CTFRecord?], _ leftOut: LeftOut, _ reporter: Reporter) throws
    {
        let results = zip(list.images, records).compactMap { image, record in record.map { (image: image, record: $0) }
        }
        guard !results.isEmpty else {
            throw InputError(
                leftOut.isEmpty
                    ? [InputProblem(place: folder, found: "has no results of an earlier run", expected: "at least one")]
                    : leftOut.problems)
        }
        let output = CTFOutput(list: list, folder: folder, results: results)
        try output.write()
        try CTFPlots.log(results.map(\.image.name), results.map(\.record)).write(pdf: folder + "logfile.pdf")
        reporter.info("Written: \(output.path), \(folder)logfile.pdf")
        report(results, list.kind, reporter)
        if !leftOut.isEmpty {
            reporter.warning(
                "\(leftOut.count) of \(list.images.count) images were left out: "
                    + leftOut.problems.map(\.place).joined(separator: ", ")
                    + ". Run again with --only_do_unfinished when they are whole.")
        }
    }

    private func report(
        _ results: [(image: CTFImage, record: CTFRecord)], _ kind: CTFImageList.Kind, _ reporter: Reporter
    ) {
        let resolutions = results.map(\.record.resolution).sorted(),
            means = results.map { ($0.record.defocusU + $0.record.defocusV) / 2 }
        reporter.info(
            String(
                format: "Defocus from %.0f to %.0f Å; median fit resolution %.1f Å.", means.min() ?? 0,
                means.max() ?? 0,
                resolutions[resolutions.count / 2]))
        let doubtful = results.filter { $0.record.validation == 0 && !$0.record.doubts.isEmpty }
        for (image, record) in doubtful {
            reporter.warning("\(image.name): the fit is not to be trusted: \(record.doubts.joined(separator: "; "))")
        }
        if !doubtful.isEmpty {
            reporter.info(
                "\(doubtful.count) of \(results.count) fits are not to be trusted (rlnCtfValidationScore 0): see the warnings, logfile.pdf and the pictures _ctf.png."
            )
        }
    }
}
