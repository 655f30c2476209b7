import Foundation
import Postprocessing

/// What the program is about to do, as lines of its log.
struct PostprocessPlan {
    let lines: [String]

    init(_ program: PostprocessProgram, input: PostprocessInput) {
        let settings = input.settings
        var lines: [String] = []
        func add(_ name: String, _ value: String) {
            lines.append("  + " + "\(name):".padding(toLength: max(38, name.count + 2), withPad: " ", startingAt: 0) + value)
        }
        add("half map 1", input.names.first)
        add("half map 2", input.names.second)
        add("box and pixel size", "\(input.halves.first.shape), \(settings.pixelSizeInAngstrom) Å")
        if let header = input.headerPixelSize, abs(header / settings.pixelSizeInAngstrom - 1) > 0.02 {
            add("note", String(format: "the headers say %.4f Å; the pixel size given is used", header))
        }
        if input.mask != nil { add("mask", input.maskName) }
        if let transfer = program.sharpening.transferFile.ifGiven {
            add("detector's MTF", "\(transfer), \(settings.detectorPixelSizeInAngstrom) Å per pixel")
        }
        switch settings.sharpening {
        case .none: break
        case .fitted(let lowest, let highest):
            add("B-factor", "fitted from \(lowest) Å to \(highest > 0 ? "\(highest) Å" : "Nyquist")")
        case .bFactor(let value): add("B-factor", "\(value) Å²")
        }
        if program.local.isWanted {
            let local = program.local.settings
            add("local resolution", "every \(local.sampling) Å in spheres of \(local.maskRadius) + \(local.maskEdgeWidth) Å")
        }
        add("output", program.general.output + (program.local.isWanted ? "_locres*.mrc" : ".mrc, .star"))
        self.lines = lines
    }
}
