import CTFEstimation
import Foundation
import ImageFormats
import Reporting

/// Runs CTFFIND-4.1 on one image: its answers to the program's questions in a script beside the output.
struct CTFFINDRun: Sendable {
    let executable: String
    let plan: CTFPlan
    let list: CTFImageList
    let search: CTFOptions.Search
    let version: CTFOptions.Version4

    func estimate(_ image: CTFImage) throws -> CTFRecord {
        OutputFolder.make(for: image.root)
        var input = image.source, window: String?
        if case .micrograph(.some(let size)) = plan.source {
            let path = image.root + "_win.mrc"
            let (whole, header) = try ImageFile.read(image.source)
            try ImageFile.write(
                whole.windowed(to: .square(size)), to: path, pixelSizeInAngstrom: header.pixelSizeInAngstrom)
            (input, window) = (path, path)
        }
        defer { if let window { try? FileManager.default.removeItem(atPath: window) } }
        let script = image.root + "_ctffind4.com", log = CTFFINDResult.logPath(image.root)
        // A log of an earlier run must not pass for this one's.
        try? FileManager.default.removeItem(atPath: log)
        try? FileManager.default.removeItem(atPath: CTFRecord.path(image.root))
        try text(image, input: input, log: log).write(toFile: script, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [script]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw InputError(
                place: image.name, found: "\(executable) ended with status \(process.terminationStatus)", expected: "0",
                remedy: "See \(log); run sh \(script) to try it by hand")
        }
        var record = try CTFFINDResult.read(image.root)
        if !plan.fitsPhaseShift { record.phaseShift = nil }
        return record
    }

    /// One answer a line, in the order in which version 4.1 asks.
    private func text(_ image: CTFImage, input: String, log: String) throws -> String {
        let group = list.groups[image.group], settings = try plan.settings(image, group)
        var box = plan.box, pixelSize = group.pixelSizeInAngstrom
        if case .spectrum = plan.source {
            let header = try ImageFile.readHeader(input)
            (box, pixelSize) = (header.shape.x, header.pixelSizeInAngstrom ?? pixelSize)
        }
        var answers = [input]
        if case .movie(let count) = plan.source { answers += ["yes", "\(count)"] }
        answers += [image.root + ".ctf", number(pixelSize)]
        answers += [
            settings.microscope.voltageInKilovolts, settings.microscope.sphericalAberrationInMillimetres,
            settings.microscope.amplitudeContrast, Double(box), settings.lowestResolutionInAngstrom,
            settings.highestResolutionInAngstrom, settings.defocusInAngstrom.lowerBound,
            settings.defocusInAngstrom.upperBound, settings.defocusStepInAngstrom,
        ].map(number)
        // Known astigmatism, exhaustive search, restrained astigmatism.
        answers += ["no", version.isFast ? "no" : "yes", "yes", number(search.astigmatism)]
        if let phase = settings.phaseShift {
            answers +=
                ["yes"]
                + [phase.rangeInDegrees.lowerBound, phase.rangeInDegrees.upperBound, phase.stepInDegrees].map {
                    number($0 * .pi / 180)
                }
        } else {
            answers.append("no")
        }
        // Tilt of the specimen, expert options.
        answers += ["no", "no"]
        let option = version.usesSpectra ? " --amplitude-spectrum-input" : ""
        return """
            #!/bin/sh
            LC_ALL=C \(executable)\(option) > "\(log)" 2>&1 << 'END_OF_INPUT'
            \(answers.joined(separator: "\n"))
            END_OF_INPUT

            """
    }

    private func number(_ value: Double) -> String { String(format: "%.9g", value) }
}
