import CTFEstimation
import Foundation
import Plotting

/// The pictures of CTF estimation.
enum CTFPlots {
    /// The spectrum along the rings and what was fitted to it.
    static func radialFit(_ name: String, _ fit: CTFFit, _ settings: CTFSearchSettings) -> Figure {
        let profile = fit.profile
        // Rings fill the lower half of the plot's height, agreement has its own scale of −1 to 1.
        let largest = profile.fitted.reduce(0) { max($0, abs($1)) }
        let scale = largest > 0 ? 1 / largest : 1
        let transfer = fit.transfer
        let title = String(
            format: "U %.0f Å, V %.0f Å, %.1f°%@, correlation %.3f", transfer.defocusUInAngstrom,
            transfer.defocusVInAngstrom,
            transfer.defocusAngleInDegrees,
            settings.phaseShift == nil ? "" : String(format: ", phase shift %.0f°", transfer.phaseShiftInDegrees),
            fit.figureOfMerit)
        var plot = Plot(title: title, x: Axis("Spatial frequency (1/Å)"), y: Axis("Rings", range: -2...2))
        plot.series = [
            .line(
                "spectrum along the rings", x: profile.frequency,
                y: profile.measured.map { min(max($0 * scale, -2), 2) },
                width: 0.8),
            .line("fitted rings", x: profile.frequency, y: profile.fitted.map { $0 * scale }),
            .line("agreement", x: profile.frequency, y: profile.agreement, width: 1, dash: .dashed),
        ]
        plot.guides = [
            .vertical(1 / settings.lowestResolutionInAngstrom), .vertical(1 / settings.highestResolutionInAngstrom),
            .vertical(
                1 / fit.fitResolutionInAngstrom, label: String(format: "%.1f Å", fit.fitResolutionInAngstrom)),
        ]
        plot.showsResolutionOnTop = true
        let heading = fit.doubts.isEmpty ? name : name + " (not to be trusted: " + fit.doubts[0].description + ")"
        return Figure(pages: [Page(title: fit.isTrusted ? name : heading, [.plot(plot)])])
    }

    /// Values over all images, and their distribution.
    static func log(_ names: [String], _ records: [CTFRecord]) -> Figure {
        let columns: [(title: String, values: [Double?])] = [
            ("Defocus U (Å)", records.map { $0.defocusU }),
            ("Astigmatism (Å)", records.map { $0.defocusU - $0.defocusV }),
            ("Angle of astigmatism (°)", records.map { $0.angle }), ("Phase shift (°)", records.map { $0.phaseShift }),
            ("Fit resolution (Å)", records.map { $0.resolution }),
            ("Figure of merit", records.map { $0.figureOfMerit }),
            ("Distinctness of the fit", records.map { $0.validation }),
            ("Ice ring density", records.map { $0.iceRingDensity }),
        ]
        var pages: [Page] = []
        for column in columns where column.values.contains(where: { $0 != nil }) {
            let values = column.values.map { $0 ?? .nan }
            let all = Plot(
                title: column.title + " of all images", x: Axis("Image"), y: Axis(column.title),
                series: [.scatter(x: values.indices.map { Double($0 + 1) }, y: values)])
            var elements: [PageElement] = [.plot(all)]
            if values.count > 3 {
                elements.append(.plot(.histogram(title: "Distribution", label: column.title, values: values)))
            }
            pages.append(Page(columns: elements.count, elements))
        }
        let doubtful = zip(names, records).filter { !$0.1.doubts.isEmpty }
        if !doubtful.isEmpty {
            pages.append(
                Page([
                    .table(
                        TextTable(
                            title: "Fits to look at", headings: ["Image", "Defocus (Å)", "Why"],
                            rows: doubtful.map {
                                [
                                    $0.0, String(format: "%.0f", ($0.1.defocusU + $0.1.defocusV) / 2),
                                    $0.1.doubts.joined(separator: "; "),
                                ]
                            }))
                ]))
        }
        return Figure(pages: pages, size: PageSize(width: 842, height: 420))
    }
}
