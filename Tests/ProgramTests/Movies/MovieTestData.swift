import Arrays
import Foundation
import ImageFormats
import MicrographPrograms
import Reporting
import TestSupport

func runMovieProgram(_ program: String, _ arguments: [String]) -> (status: Int32, text: String) {
    let reporter = Reporter.recording(verbosity: .normal)
    guard let entry = MicrographPrograms.programs.first(where: { $0.name == program }) else {
        return (-1, "no \(program)")
    }
    let status = entry.run(arguments, reporter)
    return (status, reporter.recordedText)
}

/// Repeatable numbers below a limit.
struct TestNumbers {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }
}

/// Small movies for tests of programs.
enum MovieTestData {
    /// Frames with 0 to 3 counts in a pixel, mostly 0 and 1.
    static func counts(_ shape: Shape, frames: Int, seed: UInt64) -> [RealArray] {
        var numbers = TestNumbers(seed: seed)
        let values: [Float] = [0, 0, 0, 0, 0, 1, 1, 1, 2, 3]
        return (0..<frames).map { _ in
            RealArray(shape: shape, values: (0..<shape.count).map { _ in values[numbers.next(below: 10)] })
        }
    }

    static func events(_ shape: Shape, frames: Int, perFrame: Int, seed: UInt64) -> [[ElectronEvent]] {
        var numbers = TestNumbers(seed: seed)
        return (0..<frames).map { _ in
            (0..<perFrame).map { _ in
                ElectronEvent(
                    x: numbers.next(below: shape.x), y: numbers.next(below: shape.y), quarterX: numbers.next(below: 4),
                    quarterY: numbers.next(below: 4))
            }
        }
    }

    static func writeEER(_ events: [[ElectronEvent]], _ shape: Shape, to path: String) throws {
        var writer = EERWriter(shape: shape)
        for frame in events { writer.append(frame) }
        try writer.write(to: path)
    }

    static func star(_ names: [String]) -> String {
        "\ndata_movies\n\nloop_\n_rlnMicrographMovieName #1\n_rlnOpticsGroup #2\n" + names.map { "\($0) 1\n" }.joined()
            + "\n"
    }
}
