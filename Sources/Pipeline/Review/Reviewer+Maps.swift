import Foundation

/// Rules of masks, post-processing and local resolution.
extension Reviewer {
    mutating func reviewMask() {
        guard let name = text("fn_in"), let map = MapFacts(project.path(name)) else { return }
        if !map.isCube { obstacle("fn_in", "a map that is a cube", remedy: "Choose a three-dimensional map") }
        let pixelSize = number("angpix").flatMap { $0 > 0 ? $0 : nil } ?? map.pixelSize
        reviewResolution("lowpass_filter", pixelSize: pixelSize)
        if let threshold = number("inimask_threshold"), let largest = map.largestValue, threshold >= largest {
            obstacle("inimask_threshold", "less than the map's largest value, \(largest)", remedy: "The mask would be empty")
        }
        let growth = (number("extend_inimask") ?? 0) + (number("width_mask_edge") ?? 0)
        if growth * 4 >= Double(map.box) {
            doubt("extend_inimask", "an extension with soft edge below a quarter of the box of \(map.box) pixels; together they are \(Self.short(growth))", remedy: "Both are in pixels")
        }
    }

    mutating func reviewHalfMaps() {
        reviewFile("fn_mtf")
        guard let name = text("fn_in"), let map = MapFacts(project.path(name)) else { return }
        if !project.exists(Self.otherHalf(of: name)) {
            obstacle("fn_in", "the other half map, \(Self.otherHalf(of: name)), beside it", remedy: "Both halves are needed")
        }
        if let mask = text("fn_mask").flatMap({ MapFacts(project.path($0)) }), mask.box != map.box {
            obstacle("fn_mask", "a box of \(map.box) pixels, as the half maps have; the mask has \(mask.box)", remedy: "Make the mask from a map of this refinement")
        }
        let given = number("angpix").flatMap { $0 > 0 ? $0 : nil }
        if let given, let size = map.pixelSize, abs(given / size - 1) > 0.1 {
            doubt("angpix", "about \(Self.short(size)) Å, as the map says", remedy: "Calibration changes it by a few percent only")
        }
        let pixelSize = given ?? map.pixelSize
        if isYes("do_skip_fsc_weighting") { reviewResolution("low_pass", pixelSize: pixelSize) }
        if isYes("do_auto_bfac"), let limit = number("autob_lowres"), let pixelSize, limit <= 2 * pixelSize {
            obstacle("autob_lowres", "more than \(Self.short(2 * pixelSize)) Å, the Nyquist resolution", remedy: "Nothing is left to fit; give your own B-factor")
        }
        if isYes("do_auto_bfac"), isYes("do_adhoc_bfac") {
            obstacle("do_adhoc_bfac", "No where the B-factor is estimated", remedy: "Choose one of the two")
        }
    }

    /// The name with `half1` for `half2` or the other way round in its last part.
    static func otherHalf(of name: String) -> String {
        let slash = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        let (folder, file) = (name[..<slash], String(name[slash...]))
        let other = file.contains("half1") ? file.replacingOccurrences(of: "half1", with: "half2") : file.replacingOccurrences(of: "half2", with: "half1")
        return folder + other
    }
}
