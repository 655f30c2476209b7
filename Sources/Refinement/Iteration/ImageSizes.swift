import Foundation

/// Image sizes of one iteration: how far into Fourier space the two passes go.
struct ImageSizes: Sendable {
    /// Of the references, pixels.
    var modelSize: Int
    /// Per optics group, radii in pixels of the image's transform.
    var groups: [GroupContext.Sizes]

    init(model: RefinementModel, optics: [OpticsGeometry], settings: RefinementSettings, state: RunState) {
        var shell = model.shell(ofResolution: model.currentResolution)
        // Far from convergence take steps of a quarter of the box, unless probabilities are spread out: two maps that are
        // smooth averages may correlate at high resolution without meaning it.
        if model.averageMaximumProbability > 0.1 && state.hasHighFSCAtLimit {
            shell += Int((0.25 * Double(model.box) / 2).rounded())
        } else {
            shell += state.incrementOfShells
        }
        modelSize = state.usesAllData ? model.box : min(model.box, 2 * shell)
        let isVolume = model.isVolume
        let step = state.angularStep(isVolume: isVolume, oversampling: 0)
        groups = optics.map { [modelSize] group in
            let ratio = group.pixelSize * Double(group.box) / (model.pixelSize * Double(model.box))
            let fine = min(group.box, 2 * Int((0.5 * ratio * Double(modelSize)).rounded(.up)))
            var coarse = fine
            if settings.strictHighResolution > 0 {
                coarse = 2 * Int((ratio * Double(model.box) * model.pixelSize / settings.strictHighResolution).rounded())
            } else if settings.oversamplingOrder > 0 {
                // What moves at the particle's rim from one orientation to the next limits the useful resolution.
                let distance = step / 360 * Double.pi * settings.particleDiameter
                let resolution = distance / (isVolume ? 1.2 : 1.5)
                coarse = 2 * Int((ratio * model.pixelSize * Double(model.box) / resolution).rounded(.up))
                let largest = settings.coarseSizeInPixels > 0 ? Int(ratio * Double(settings.coarseSizeInPixels)) : group.box
                coarse = min(largest, coarse)
            }
            // References end at their own size; with other fields of view that may be less than the image's.
            let reach = Int(Double(modelSize / 2) * ratio + 1e-6)
            return GroupContext.Sizes(currentRadius: fine / 2, fineRadius: min(fine / 2, reach),
                                      coarseRadius: min(min(fine, coarse) / 2, reach))
        }
    }
}
