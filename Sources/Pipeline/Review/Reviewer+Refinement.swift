import Foundation

/// Rules of 2D and 3D classification, initial models and auto-refinement.
extension Reviewer {
    mutating func reviewRefinement() {
        let order = reviewSymmetry("sym_name")
        reviewSampling(order: order)
        guard let name = text("fn_img"), let particles = ParticleFacts(project.path(name)) else { return }
        reviewDiameter(particles)
        reviewCount(particles)
        reviewOffsets(particles)
        reviewReference(particles)
        if isYes("do_ctf_correction"), !particles.hasDefocus {
            obstacle(
                "do_ctf_correction", "particles with a defocus; \(name) has none",
                remedy: "Extract the particles from micrographs of a CTF estimation, or switch the correction off")
        }
        estimateRefinement(particles, order: order)
    }

    // MARK: Sampling

    /// In degrees, of a choice such as `7.5 degrees`.
    private func angle(_ key: String) -> Double? {
        settings[key].flatMap { $0.split(separator: " ").first }.flatMap { Double($0) }
    }

    private var aligns: Bool { settings["dont_skip_align"] != "No" }

    private mutating func reviewSampling(order: Int) {
        guard aligns else { return }
        if let step = number("psi_sampling"), step <= 0 {
            obstacle("psi_sampling", "an angle above 0", remedy: "6 is usual")
        }
        guard let step = angle("sampling") else { return }
        // Neighbouring copies of an icosahedron's asymmetric unit are 30 to 36 degrees apart, of an octahedron's 45.
        if order >= 24, step >= 7.5 {
            doubt("sampling", "3.7 degrees or finer for a symmetry of order \(order)", remedy: "The directions to search are few, so that a finer step costs little")
        } else if step > 15 {
            doubt("sampling", "7.5 degrees, or 15 for a first look", remedy: "So coarse a step misses the right orientation")
        }
        if isYes("do_local_ang_searches"), let range = number("sigma_angles"), range <= step {
            doubt("sigma_angles", "more than the angular step of \(Self.short(step)) degrees", remedy: "Widen the range or choose a finer step: no neighbours are searched")
        }
        if let local = angle("auto_local_sampling"), local >= step {
            doubt("auto_local_sampling", "finer than the initial step of \(Self.short(step)) degrees", remedy: "All searches will be local, around the angles that the particles bring")
        }
    }

    private mutating func reviewOffsets(_ particles: ParticleFacts) {
        guard aligns, let range = number("offset_range"), let step = number("offset_step") else { return }
        if step <= 0 { obstacle("offset_step", "a step above 0", remedy: "1 is usual") }
        if range > 0, step > range {
            doubt("offset_step", "at most the range of \(Self.short(range)) pixels", remedy: "Only one shift is searched")
        }
        if range >= Double(particles.box) / 2 {
            obstacle("offset_range", "less than half the box of \(particles.box) pixels", remedy: "5 is usual")
        } else if let diameter = number("particle_diameter"), diameter > 0, range * particles.pixelSize > diameter / 2 {
            doubt("offset_range", "less than the particle's radius, \(Self.short(diameter / 2 / particles.pixelSize)) pixels", remedy: "Neighbours may be found instead of the particle")
        }
    }

    // MARK: Particles

    private mutating func reviewDiameter(_ particles: ParticleFacts) {
        guard let diameter = number("particle_diameter") else { return }
        let width = particles.width
        if diameter <= 0 {
            obstacle("particle_diameter", "a diameter above 0", remedy: "Take a little more than the particle's longest extent")
        } else if diameter > width {
            obstacle(
                "particle_diameter", "at most the box, \(particles.box) pixels × \(Self.short(particles.pixelSize)) Å = \(Self.short(width)) Å",
                remedy: "Correct the diameter, or extract the particles in a larger box")
        } else if diameter > 0.95 * width {
            doubt("particle_diameter", "less than 0.95 of the box, \(Self.short(0.95 * width)) Å", remedy: "The mask's soft edge does not fit; a larger box is better")
        } else if diameter < 0.15 * width {
            doubt("particle_diameter", "a third to three quarters of the box of \(Self.short(width)) Å", remedy: "Is it in Å? A smaller box would be faster")
        }
    }

    private mutating func reviewCount(_ particles: ParticleFacts) {
        if particles.count == 0 { obstacle("fn_img", "particles; the file has none", remedy: "Choose another file") }
        if settings.type.label == "relion.refine3d", particles.count == 1 {
            obstacle("fn_img", "two particles at least, one for each half", remedy: "Choose a file with more particles")
        }
        guard let classes = number("nr_classes"), particles.count > 0 else { return }
        let share = Double(particles.count) / max(1, classes)
        if classes < 1 {
            obstacle("nr_classes", "at least 1", remedy: "50 is usual in 2D, 3 to 5 in 3D")
        } else if share < 1 {
            obstacle("nr_classes", "at most the number of particles, \(particles.count)", remedy: "Use fewer classes")
        } else if share < 10 {
            doubt("nr_classes", "ten particles or more for a class; there are \(particles.count)", remedy: "Use fewer classes")
        }
    }

    // MARK: Reference

    private mutating func reviewReference(_ particles: ParticleFacts) {
        for key in ["ini_high", "highres_limit"] { reviewResolution(key, pixelSize: particles.pixelSize) }
        if text("fn_ref") != nil, let filter = number("ini_high") {
            if filter <= 0 {
                doubt("ini_high", "a filter of 20 to 60 Å", remedy: "Without one, details of the reference can come back as if the particles had them")
            } else if filter > particles.width {
                doubt("ini_high", "less than the box of \(Self.short(particles.width)) Å", remedy: "Nothing would be left of the reference")
            }
        }
        if let name = text("fn_ref"), let map = MapFacts(project.path(name)) {
            if !map.isCube { obstacle("fn_ref", "a map that is a cube", remedy: "Choose a three-dimensional map") }
            if !isYes("trust_ref_size") {
                reviewFrame("fn_ref", map, particles, remedy: "Set trust_ref_size (Resize reference if needed) to Yes, or rescale the map")
            }
        }
        if let name = text("fn_mask"), let mask = MapFacts(project.path(name)) {
            reviewFrame("fn_mask", mask, particles, remedy: "Make the mask from a map of this box and pixel size, or change it with relion_image_handler")
        }
    }

    /// Box and pixel size of a map beside those of the particles.
    private mutating func reviewFrame(_ key: String, _ map: MapFacts, _ particles: ParticleFacts, remedy: String) {
        if map.box != particles.box {
            obstacle(key, "a box of \(particles.box) pixels, as the particles have; it has \(map.box)", remedy: remedy)
        } else if let size = map.pixelSize, abs(size / particles.pixelSize - 1) > 0.01 {
            obstacle(key, "\(Self.short(particles.pixelSize)) Å a pixel, as the particles have; it says \(Self.short(size))", remedy: remedy)
        }
    }
}
