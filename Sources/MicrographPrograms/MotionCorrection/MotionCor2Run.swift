import Foundation
import ImageFormats
import Metadata
import Reporting

/// Runs UCSF MotionCor2 on one movie, and gives its files the names that this suite uses.
///
/// Beside the micrograph stay `.com` (the command), `.out` and `.err` (what it said) and MotionCor2's own logs.
struct MotionCor2Run: Sendable {
    let settings: MotionCor2Settings
    let options: MotionCorrectionProgram
    let gain: String?

    /// - Parameters:
    ///   - root: of the output files.
    ///   - device: which of the settings' groups of devices works on this movie.
    /// - Throws: `InputError` naming the log where MotionCor2 fails or leaves no micrograph.
    func correct(_ movie: MotionCor2Movie, root: String, device: Int) throws -> MotionCor2Log {
        OutputFolder.make(for: root)
        let script = root + ".com", files = FileManager.default
        // What an earlier run left must not pass for this one's.
        for suffix in [".mrc", "_DW.mrc", "_DWS.mrc", "_noDW.mrc", "_EVN.mrc", "_ODD.mrc", ".out", ".err", ".star", MotionCor2Log.patchSuffix] {
            try? files.removeItem(atPath: root + suffix)
        }
        let command = ([settings.executable] + arguments(movie, root: root, device: device)).joined(separator: " ")
        try "\(command) >> \(Self.shell(root + ".out")) 2>> \(Self.shell(root + ".err"))\n".write(toFile: script, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [script]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw InputError(place: movie.name, found: "\(settings.executable) ended with status \(process.terminationStatus)", expected: "0",
                             remedy: "See \(root).out and \(root).err; run sh \(script) to try it by hand")
        }
        try rename(root)
        let wanted = [root + ".mrc"] + (options.alignment.splitsEvenOdd ? [root + "_EVN.mrc", root + "_ODD.mrc"] : [])
        for path in wanted where !files.fileExists(atPath: path) {
            throw InputError(place: movie.name, found: "\(settings.executable) left no \(path)", remedy: "See \(root).out and \(root).err")
        }
        return MotionCor2Log(root: root)
    }

    /// With dose weighting MotionCor2 writes the plain sum under the name it is given and the weighted one as `_DW.mrc`.
    private func rename(_ root: String) throws {
        guard options.dose.weightsDose else { return }
        let files = FileManager.default, plain = root + ".mrc", weighted = root + "_DW.mrc"
        guard files.fileExists(atPath: weighted) else {
            throw InputError(place: root + ".mrc", found: "\(settings.executable) left no \(weighted)", remedy: "See \(root).out and \(root).err")
        }
        if files.fileExists(atPath: plain) {
            if options.own.savesUnweighted { try files.moveItem(atPath: plain, toPath: root + "_noDW.mrc") } else { try files.removeItem(atPath: plain) }
        }
        try? files.removeItem(atPath: root + "_DWS.mrc")
        try files.moveItem(atPath: weighted, toPath: plain)
    }

    /// Words of the command line after the executable, as a shell takes them.
    func arguments(_ movie: MotionCor2Movie, root: String, device: Int) -> [String] {
        let (general, alignment, dose) = (options.general, options.alignment, options.dose)
        let isTIFF = ["tif", "tiff"].contains(PathName(movie.name).pathExtension.lowercased())
        var words = [isTIFF ? "-InTiff" : "-InMrc", Self.shell(movie.name), "-OutMrc", Self.shell(root + ".mrc"), "-LogFile", Self.shell(root)]
        words += ["-Bft", Self.text(alignment.bFactor), "-PixSize", Self.text(movie.pixelSizeInAngstrom)]
        words += ["-Patch", "\(alignment.patchesX)", "\(alignment.patchesY)"]
        if alignment.groupSize > 1 { words += ["-Group", "\(alignment.groupSize)"] }
        if let gain { words += ["-Gain", Self.shell(gain)] }
        if general.firstFrame > 1 { words += ["-Throw", "\(general.firstFrame - 1)"] }
        // Motion starts at the first frame that is used.
        words += ["-FmRef", "0"]
        if general.lastFrame > 0 { words += ["-Trunc", "\(movie.frameCount - general.lastFrame)"] }
        if alignment.binning > 1 { words += ["-FtBin", Self.text(alignment.binning)] }
        if dose.weightsDose {
            words += ["-Kv", Self.text(movie.voltage), "-FmDose", Self.text(dose.dosePerFrame), "-InitDose", Self.text(movie.preExposure)]
        }
        if let defects = alignment.defects.ifGiven {
            words += [PathName(defects).pathExtension.lowercased() == "txt" ? "-DefectFile" : "-DefectMap", Self.shell(defects)]
        }
        if alignment.splitsEvenOdd { words += ["-SplitSum", "1"] }
        if let archive = alignment.archive.ifGiven { words += ["-ArcDir", Self.shell(archive)] }
        if let others = alignment.otherArguments.ifGiven { words.append(others) }
        return words + ["-Gpu"] + settings.devices[device]
    }

    private static func text(_ value: Double) -> String { String(format: "%.9g", value) }

    /// A word as the shell reads it back: in quotes where it has characters of a meaning.
    private static func shell(_ word: String) -> String {
        let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "/._-+=:,@%"))
        return word.unicodeScalars.allSatisfy(plain.contains) ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}

/// What MotionCor2 is told of a movie.
struct MotionCor2Movie: Sendable {
    var name: String
    var frameCount: Int
    var pixelSizeInAngstrom: Double
    var voltage: Double
    /// e/Å² before the first frame.
    var preExposure: Double
}
