import Foundation
import Plotting
import Postprocessing

/// The pages of `logfile.pdf`.
struct PostprocessPlots {
    let result: PostprocessingResult
    let settings: PostprocessingSettings

    var pages: [Page] {
        var pages = [Page(correlation)]
        if result.curves.particleByMask != nil || result.curves.particleByMolecularWeight != nil { pages.append(Page(particle)) }
        if result.curves.unmaskedAmplitudeCorrelation != nil { pages.append(Page(columns: 2, [.plot(amplitudes), .plot(phases)])) }
        return pages + [Page(guinier)]
    }

    private var frequencies: [Double] {
        let count = result.curves.unmasked.count
        let side = settings.pixelSizeInAngstrom * Double(boxSize)
        return (0..<count).map { Double($0) / side }
    }

    private var boxSize: Int { result.sharpened.map.shape.x }

    private func correlationPlot(_ title: String) -> Plot {
        var plot = Plot(title: title, x: Axis("Resolution (1/Å)"), y: Axis("Fourier shell correlation", range: -0.1...1.05))
        plot.guides = [.horizontal(PostprocessingSettings.resolutionThreshold, label: "0.143")]
        plot.showsResolutionOnTop = true
        return plot
    }

    var correlation: Plot {
        let resolution = result.finalResolutionInAngstrom
        var plot = correlationPlot(String(format: "Final resolution = %.2f Å", resolution))
        let curves = result.curves
        func add(_ name: String, _ values: [Double]?, _ colour: Colour, width: Double = 1.3, dash: Series.Dash = .solid) {
            guard let values else { return }
            plot.series.append(.line(name, x: frequencies, y: values, colour: colour, width: width, dash: dash))
        }
        add("unmasked", curves.unmasked, .green)
        add("masked", curves.masked, .blue)
        add("phase-randomised, masked", curves.randomised, .vermilion)
        if curves.masked != nil { add("corrected", curves.corrected, .black, width: 2) }
        if resolution < 900 { plot.guides.append(.vertical(1 / resolution, label: String(format: "%.2f Å", resolution))) }
        return plot
    }

    private var particle: Plot {
        var plot = correlationPlot("Correlation of the particle without solvent")
        let curves = result.curves
        plot.series.append(.line("corrected", x: frequencies, y: curves.corrected, colour: .black, width: 2))
        if let values = curves.particleByMask { plot.series.append(.line("from the mask's volume", x: frequencies, y: values, colour: .orange)) }
        if let values = curves.particleByMolecularWeight {
            plot.series.append(.line("from the molecular weight", x: frequencies, y: values, colour: .skyBlue))
        }
        return plot
    }

    private var amplitudes: Plot {
        var plot = Plot(title: "Amplitude correlation", x: Axis("Resolution (1/Å)"), y: Axis("Correlation"))
        if let values = result.curves.unmaskedAmplitudeCorrelation { plot.series.append(.line("unmasked", x: frequencies, y: values)) }
        if let values = result.curves.maskedAmplitudeCorrelation { plot.series.append(.line("masked", x: frequencies, y: values)) }
        return plot
    }

    private var phases: Plot {
        var plot = Plot(title: "Differential phase residual", x: Axis("Resolution (1/Å)"), y: Axis("Degrees"))
        if let values = result.curves.unmaskedPhaseResidual { plot.series.append(.line("unmasked", x: frequencies, y: values)) }
        if let values = result.curves.maskedPhaseResidual { plot.series.append(.line("masked", x: frequencies, y: values)) }
        return plot
    }

    var guinier: Plot {
        let map = result.sharpened
        let title = map.bFactor == 0 ? "Guinier plot" : String(format: "Guinier plot, B-factor %.1f Å²", map.bFactor)
        var plot = Plot(title: title, x: Axis("Resolution² (1/Å²)"), y: Axis("ln(amplitude)"))
        func add(_ name: String, _ guinier: GuinierPlot, _ colour: Colour) {
            let values = guinier.logAmplitudes.map { $0 == GuinierPlot.empty ? .nan : $0 }
            plot.series.append(.line(name, x: guinier.squaredResolutions, y: values, colour: colour))
        }
        add("original", map.original, .black)
        if settings.detectorTransfer != nil { add("divided by MTF", map.transferCorrected, .green) }
        if settings.weighting == .byCorrelation { add("weighted by FSC", map.weighted, .blue) }
        if settings.sharpening != .none { add("sharpened", map.sharpened, .vermilion) }
        if let fit = map.fit, case .fitted(let lowest, let highest) = settings.sharpening {
            let end = highest > 0 ? 1 / (highest * highest) : map.original.squaredResolutions.last ?? 0
            let x = [1 / (lowest * lowest), end]
            plot.series.append(
                .line("fit", x: x, y: x.map { fit.intercept + fit.slope * $0 }, colour: .orange, width: 1, dash: .dashed))
        }
        return plot
    }
}
