import Foundation
import Reporting

/// What the deposition system asks about a map, filled in from the project as far as it knows.
package struct DepositionSheet: Codable, Sendable, Equatable {
    package struct Entry: Codable, Sendable, Equatable {
        package var section: String
        package var name: String
        /// Nil: to be filled in by hand.
        package var value: String?
        package var unit: String?
    }

    package var schema = "relion-deposition/1"
    package var entries: [Entry] = []
    package var methods = ""

    package init(_ history: ProjectHistory, result: PipelineProcess, in project: Project) {
        methods = MethodsText(history, in: project).text
        let figures = JobFigures(project: project)
        func job(_ kind: String) -> JobRecord? { history.jobs.last { $0.type == "relion.\(kind)" || $0.type.hasPrefix("relion.\(kind).") } }
        func add(_ section: String, _ name: String, _ value: String?, _ unit: String? = nil) {
            // Plain minus signs: programs read these values, too.
            let plain = value?.replacingOccurrences(of: "−", with: "-")
            entries.append(Entry(section: section, name: name, value: plain, unit: value == nil ? nil : unit))
        }
        let movies = figures.document(job("import").flatMap { figures.output("Micrograph", of: $0) })
        func optics(_ label: String) -> String? {
            let values = figures.values(label, in: movies)
            return values.isEmpty ? nil : values.map { FigureText.number($0, digits: 5) }.joined(separator: ", ")
        }
        for name in ["title", "authors", "sample name", "organism", "molecular weight", "buffer and pH", "grid and support film", "vitrification"] {
            add("sample", name, nil)
        }
        for name in ["microscope model", "detector", "nominal magnification", "energy filter and slit width"] { add("microscopy", name, nil) }
        add("microscopy", "acceleration voltage", optics("rlnVoltage"), "kV")
        add("microscopy", "nominal Cs", optics("rlnSphericalAberration"), "mm")
        add("microscopy", "pixel size of the detector on the specimen", optics("rlnMicrographOriginalPixelSize"), "Å")
        let motion = job("motioncorr").flatMap { figures.document(figures.output("MicrographGroupMetadata", of: $0)) }
        let exposure = figures.exposure(ofMicrographs: motion)
        add("microscopy", "average electron dose", exposure?.dose.map { FigureText.number($0) }, "e/Å²")
        add("microscopy", "frames per movie", exposure.map { String($0.frames) })
        let micrographs = job("ctffind").flatMap { figures.document(figures.output("MicrographGroupMetadata", of: $0)) }
        let range = figures.defocusRange(micrographs)
        add("microscopy", "calibrated defocus, least", range.map { FigureText.number($0.lowerBound, digits: 3) }, "µm")
        add("microscopy", "calibrated defocus, most", range.map { FigureText.number($0.upperBound, digits: 3) }, "µm")
        add("processing", "number of movies or micrographs", figures.items(movies).map { String($0.rowCount) })
        add("processing", "number of particles extracted", job("extract").flatMap { figures.items(figures.document(figures.output("ParticleGroup", of: $0))) }.map { String($0.rowCount) })
        let refinement = job("refine3d")
        let particles = refinement.flatMap { figures.items(figures.document(figures.output("ParticleGroup", of: $0))) }
        add("processing", "number of particles in the final map", particles.map { String($0.rowCount) })
        add("processing", "symmetry", refinement?.text("sym_name")?.uppercased())
        add("processing", "initial model", job("initialmodel").map { "\($0.name) (from random orientations)" } ?? refinement?.text("fn_ref"))
        add("processing", "software", Self.software(history))
        let final = history.jobs.first { $0.name == result.name }.flatMap { figures.postprocessing($0) }
        add("resolution", "resolution", final.map { FigureText.number($0.resolution, digits: 4) }, "Å")
        add("resolution", "criterion", final == nil ? nil : "FSC = 0.143, gold-standard halves" + (final?.masked == true ? ", corrected for the mask" : ""))
        add("resolution", "B factor of sharpening", final?.bfactor.map { FigureText.number($0, digits: 4) }, "Å²")
    }

    private static func software(_ history: ProjectHistory) -> String {
        let versions = Set(history.jobs.compactMap(\.version)).sorted()
        return "RELION" + (versions.isEmpty ? "" : " " + versions.joined(separator: ", "))
    }

    /// - Parameter level: density of the surface in the picture.
    package mutating func addContourLevel(_ level: String) {
        entries.append(Entry(section: "map", name: "recommended contour level (that of the picture; look at it)", value: level, unit: nil))
    }

    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// For people; what is not known says so.
    package var text: String {
        var lines = ["Metadata for the deposition. What stands as ___ is not known to the project."]
        var section = ""
        for entry in entries {
            if entry.section != section {
                section = entry.section
                lines += ["", section.uppercased()]
            }
            lines.append("  \(entry.name): \(entry.value ?? "___")\(entry.unit.map { " " + $0 } ?? "")")
        }
        return (lines + ["", "METHODS", "  " + methods, ""]).joined(separator: "\n")
    }
}
